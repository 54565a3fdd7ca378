"""Prices of Amazon API Gateway. Of regions but us-east-1 the tiers beyond a billion requests are not known."""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.prices.price import listed

_listed = partial(listed, "https://aws.amazon.com/api-gateway/pricing/", "2025-10-20", moves="on_demand")
_REST = (3.50, 2.80)

REST_REQUESTS = _listed(
    "request",
    (*_REST, 2.38, 1.51),
    _REST,
    _REST,
    (3.50, 3.19),
    (3.50, 3.33),
    (3.70, 3.19),
    (4.25, 3.53),
    per=1e6,
    edges=(333e6, 1e9, 20e9),
)
HTTP_REQUESTS = _listed(
    "request",
    *((1.00, 0.90),) * 3,
    (1.11, 1.00),
    (1.16, 1.04),
    (1.20, 1.08),
    (1.29, 1.18),
    per=1e6,
    edges=(300e6,),
)
"""For each 512 KB."""
