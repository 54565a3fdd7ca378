"""Prices of one's own: read from a file of AWS's price list, kept in a file beside the spec."""

from __future__ import annotations

NAME = "streaming-constructs-prices.json"
"""The file of one's own prices: it stands beside the spec, to be reviewed and committed with it."""
