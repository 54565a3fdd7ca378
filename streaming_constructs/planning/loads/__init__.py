"""The same system at other loads: what it is then, what it costs, and where it stops fitting."""
