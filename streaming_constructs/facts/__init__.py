"""Dated, sourced numbers about AWS: limits, metrics, permissions, create-only properties.

Imports nothing but the standard library. Every number names its source; nothing here decides anything.
"""
