"""Prices of Managed Service for Apache Flink."""

from __future__ import annotations

from streaming_constructs.facts.prices.price import Price

_PAGE = "https://aws.amazon.com/managed-service-apache-flink/pricing/"


def _price(unit: str, virginia: float, london: float) -> Price:
    known = Price(unit, _PAGE).also("us-east-1", virginia, copied="2026-09-20")
    return known.also("eu-west-2", london, copied="2024-07-01", confidence="medium")


KPU_HOUR = _price("KPU-hour", 0.11, 0.127)
"""Also of the one for orchestration."""
RUNNING_STORAGE = _price("GB-month", 0.10, 0.116)
"""AWS's pricing page charges the 50 GB of each KPU of an application; elsewhere AWS says that they are included."""
SNAPSHOTS = _price("GB-month", 0.023, 0.024)
