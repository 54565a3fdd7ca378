"""What an Amazon OpenSearch Service domain costs by the list, on demand in us-east-1, in USD: to tell orders of magnitude.

The page shows its prices by a program; these are as copies of AWS's price list have them. Other regions cost up to a half
more; reserved instances cost less.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from streaming_constructs.facts.fact import Fact

_PRICES = "https://aws.amazon.com/opensearch-service/pricing/"
_READ = "2026-11-27"

_CALCULATOR = "https://docs.aws.amazon.com/pricing-calculator/latest/userguide/what-is-pricing-calculator.html"

HOURS_A_MONTH = Fact(730, "hours", _CALCULATOR, _READ)
"""As AWS's own calculator has them."""
GP3_GB_MONTH = Fact(0.122, "USD for a GB-month", _PRICES, _READ)

_LARGE_HOUR = {"m7g": 0.134, "r7g": 0.176}
_LARGES = {"medium": 0.5, "large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8}
NODE_HOUR: Mapping[str, Fact] = MappingProxyType(
    {
        "t3.small.search": Fact(0.036, "USD for a node-hour", _PRICES, _READ),
        "t3.medium.search": Fact(0.073, "USD for a node-hour", _PRICES, _READ),
        **{
            f"{family}.{size}.search": Fact(large * times, "USD for a node-hour", _PRICES, _READ)
            for family, large in _LARGE_HOUR.items()
            for size, times in _LARGES.items()
        },
    }
)
"""A node by its type. The price of a family grows with the size as its processors do, so it is stated for `large` alone."""
