"""Prices of Amazon OpenSearch Service domains, on demand. Only us-east-1 is known; reserved instances cost less."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from streaming_constructs.facts.prices.price import Confidence, Price

_PAGE = "https://aws.amazon.com/opensearch-service/pricing/"


def _node(usd: float, copied: str, confidence: Confidence) -> Price:
    return Price("node-hour", _PAGE).also("us-east-1", usd, copied=copied, confidence=confidence)


_LARGE = {"m7g": 0.134, "r7g": 0.176}
_LARGES = {"medium": 0.5, "large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8}
NODE_HOUR: Mapping[str, Price] = MappingProxyType(
    {
        "t3.small.search": _node(0.036, "2026-08", "high"),
        "t3.medium.search": _node(0.073, "2026-08", "high"),
        **{
            f"{family}.{size}.search": _node(large * times, "2026", "medium")
            for family, large in _LARGE.items()
            for size, times in _LARGES.items()
        },
    }
)
"""A node by its type. The price of a family grows with the size as its processors do, so it is stated for `large` alone."""
GP3 = Price("GB-month", _PAGE, moves="volume").also("us-east-1", 0.122, copied="2024-07-01", confidence="medium")
"""Of the volume of each node."""
