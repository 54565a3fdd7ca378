"""Producers: what writes records that is not your own code."""
