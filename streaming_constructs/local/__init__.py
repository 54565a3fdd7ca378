"""Rehearses a system on one machine: an embedded AWS, the pattern's own template, and real records through it."""
