"""A system minute by minute over some days, as arithmetic: what comes in, what waits, what is lost, and what alarms say.

No records are made: a minute of a stream is a count. What the arithmetic assumes, and where it is from, is in
docs/simulate.md.
"""
