"""Queues: messages that are processed once, by one reader."""
