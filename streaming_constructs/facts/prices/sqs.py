"""Prices of Amazon SQS: each request of up to 64 KB, of which a message takes three without batches."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact
from streaming_constructs.facts.prices.price import Price, Rate

_PAGE = "https://aws.amazon.com/sqs/pricing/"
_TIERS = (100e9, 200e9)


def _price(copied: str, *usd: float) -> Price:
    rates = {region: Rate(usd, copied) for region in ("us-east-1", "us-east-2")}
    return Price("request", _PAGE, rates, 1e6, _TIERS)


STANDARD = _price("2026-10-01", 0.40, 0.30, 0.24)
FIFO = _price("2026-05", 0.50, 0.40, 0.35)
REQUEST_KIB = Fact(64, "KiB of a request, rounded up", _PAGE, "2026-11-27")
