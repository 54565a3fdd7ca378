"""Prices of Amazon EventBridge."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact
from streaming_constructs.facts.prices.price import Price

_PAGE = "https://aws.amazon.com/eventbridge/pricing/"

EVENTS = Price("event", _PAGE, per=1e6, moves="on_demand").also("us-east-1", 1.00, copied="2026-10-01")
"""Of one's own, for each 64 KB."""
ARCHIVED = Price("GB", _PAGE, moves="on_demand").also("us-east-1", 0.10, copied="2024-07-01", confidence="medium")
ARCHIVE_STORAGE = Price("GB-month", _PAGE, moves="volume").also(
    "us-east-1", 0.023, copied="2024-07-01", confidence="medium"
)
EVENT_KIB = Fact(64, "KiB of an event, rounded up", _PAGE, "2026-11-27")
