"""Starts an AWS on this machine, and ends it."""

from streaming_constructs.local import Rehearsal

with Rehearsal():
    pass
