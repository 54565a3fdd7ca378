"""Streams: what is written to, and read from."""
