"""How much more regions cost than us-east-1: for the prices of a region that no copy of AWS's list is here for.

Each factor is that of one price on AWS's own pages, copied in November 2025. Nothing says that other prices of the region move
the same way, so what is reckoned with one is marked wherever it is shown.
"""

from __future__ import annotations

from typing import Literal

Moves = Literal["shard_hour", "on_demand", "graviton", "express", "serverless", "volume", "nat"]
"""The price that another one is taken to move like."""

_COLUMNS: tuple[Moves, ...] = ("shard_hour", "on_demand", "graviton", "express", "serverless", "volume", "nat")
_ROWS: dict[str, tuple[float | None, ...]] = {
    "us-east-1": (1.00, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00),
    "us-east-2": (1.00, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00),
    "us-west-2": (1.00, 1.00, 1.00, 1.17, 1.00, 1.00, 1.00),
    "ca-central-1": (1.10, 1.21, 1.12, 1.12, 1.12, 1.10, 1.11),
    "eu-west-1": (1.13, 1.14, 1.12, 1.12, 1.15, 1.10, 1.07),
    "eu-west-2": (1.19, 1.19, 1.16, 1.16, 1.16, 1.16, 1.11),
    "eu-west-3": (1.19, 1.19, 1.17, 1.17, 1.17, 1.16, 1.11),
    "eu-central-1": (1.20, 1.20, 1.20, 1.20, 1.20, 1.19, 1.16),
    "eu-north-1": (1.08, 1.08, 1.06, 1.06, 1.06, 1.05, 1.02),
    "ap-northeast-1": (1.30, 1.30, 1.29, 1.29, 1.29, 1.20, 1.38),
    "ap-northeast-2": (1.23, 1.24, 1.23, 1.23, 1.23, 1.14, 1.31),
    "ap-southeast-1": (1.23, 1.23, 1.25, 1.25, 1.25, 1.20, 1.31),
    "ap-southeast-2": (1.23, 1.23, 1.25, 1.25, 1.25, 1.20, 1.31),
    "ap-south-1": (1.17, 1.28, 0.71, 0.71, 1.05, 1.14, 1.24),
    "sa-east-1": (2.00, 2.00, 1.59, 1.59, None, 1.90, 2.07),  # MSK Serverless is not offered there
}

REGIONS = tuple(_ROWS)
"""The regions that prices are known of, or can be reckoned for."""


def factor(region: str, moves: Moves) -> float | None:
    """How many times the price of us-east-1 a region charges; None where that is not known.

    Args:
        region: The region.
        moves: The price that it is taken to move like.
    """
    row = _ROWS.get(region)
    return row[_COLUMNS.index(moves)] if row is not None else None
