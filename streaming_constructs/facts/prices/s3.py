"""Prices of Amazon S3, class Standard."""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.prices.price import listed

_listed = partial(listed, "https://aws.amazon.com/s3/pricing/", "2025-10-22", moves="volume")
_VIRGINIA = (0.023, 0.022, 0.021)

STORAGE = _listed(
    "GB-month",
    *(_VIRGINIA,) * 4,
    (0.024, 0.023, 0.022),
    (0.0245, 0.0235, 0.0225),
    (0.025, 0.024, 0.023),
    edges=(51_200, 512_000),
)
PUT = _listed("request", 0.005, 0.005, 0.005, 0.005, 0.0053, 0.0054, 0.0047, per=1000)
GET = _listed("request", 0.0004, 0.0004, 0.0004, 0.0004, 0.00042, 0.00043, 0.00037, per=1000)
