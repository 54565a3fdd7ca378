"""Prices of Amazon SNS, standard topics. Messages to SQS and to Lambda are delivered for nothing."""

from __future__ import annotations

from streaming_constructs.facts.prices.price import Price, everywhere, listed

_PAGE = "https://aws.amazon.com/sns/pricing/"
_COPIED = "2025-08-28"

PUBLISHED = everywhere(_PAGE, _COPIED, "request", 0.50, per=1e6)
HTTP = everywhere(_PAGE, _COPIED, "notification", 0.60, per=1e6)
FIREHOSE = listed(
    _PAGE, _COPIED, "notification", 0.19, 0.19, 0.19, 0.19, 0.234, 0.236, 0.258, per=1e6, moves="on_demand"
)
EMAIL = Price("notification", _PAGE, per=100_000).also("us-east-1", 2.00, copied="2026-07")
