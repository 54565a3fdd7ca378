"""Consumers: code that reads a stream."""
