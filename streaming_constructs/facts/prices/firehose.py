"""Prices of Amazon Data Firehose. Only us-east-1 is known whole: other regions are reckoned where a price is missing."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact
from streaming_constructs.facts.prices.price import Price, Rate

_PAGE = "https://aws.amazon.com/firehose/pricing/"
_US, _LONDON = "2026-05", "2024-07-01"
_TIERS = (512_000, 2_048_000)
"""GB a month: 500 TB, and 1,500 TB more."""


def _price(unit: str, *usd: float, per: float = 1, edges: tuple[float, ...] = ()) -> Price:
    """A price that us-east-1 and us-east-2 have alike."""
    rates = {"us-east-1": Rate(usd, _US), "us-east-2": Rate(usd, _US)}
    return Price(unit, _PAGE, rates, per, edges)


IN = (
    _price("GB", 0.029, 0.025, 0.020, edges=_TIERS)
    .also("eu-west-2", 0.035, 0.030, 0.024, copied=_LONDON, confidence="medium")
    .also("eu-central-1", 0.033, copied="2026-07", confidence="medium")
)
"""From a stream or by direct put; each record rounded up to 5 KB."""
IN_FROM_MSK = Price("GB", _PAGE).also("us-east-1", 0.055, copied="2026-05-05", confidence="medium")
"""Not rounded up; beyond 500 TB a month it is less, by how much is not known."""
CONVERSION = _price("GB", 0.018).also("eu-west-2", 0.021, copied=_LONDON, confidence="medium")
"""Of the records as they came in, rounded up to 5 KB too."""
PARTITIONED = _price("GB", 0.020)
PARTITIONED_OBJECTS = _price("object", 0.005, per=1000)
JQ_HOUR = _price("JQ-hour", 0.07)
VPC_DATA = _price("GB", 0.01).also("eu-west-2", 0.01, copied=_LONDON, confidence="medium")
VPC_HOUR = _price("AZ-hour", 0.01).also("eu-west-2", 0.011, copied=_LONDON, confidence="medium")
SNOWFLAKE = Price("GB", _PAGE).also("us-east-1", 0.071, copied="2026-05-05", confidence="medium")
"""In place of what comes in."""
ICEBERG = Price("GB", _PAGE).also("us-east-1", 0.045, copied="2026-05-05", confidence="medium")
"""In place of what comes in."""

RECORD_KIB = Fact(5, "KiB that a record is rounded up to", _PAGE, "2026-11-27")
