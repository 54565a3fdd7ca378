"""Prices of AWS KMS: keys, and requests that encrypt and decrypt with them."""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.prices.price import everywhere

_everywhere = partial(everywhere, "https://aws.amazon.com/kms/pricing/", "2025-08-28")

KEY = _everywhere("key-month", 1.00)
REQUESTS = _everywhere("request", 0.03, per=10_000)
