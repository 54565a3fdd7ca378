"""Jars that a rehearsal runs: brought into the cache from a folder, the local Maven repository, or by the user's own Maven."""
