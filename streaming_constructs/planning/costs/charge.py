"""A quantity of something that AWS charges for in a month, wherever that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from streaming_constructs.facts.prices.price import HOURS_A_MONTH, Price

Basis = Literal["fixed", "usage"]
"""Whether it is charged for being there, or for what flows through it."""

GIB_KIB = 1_048_576
"""KiB of a GiB: AWS counts the GB of its streams so."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What is charged in a month.

    Attributes:
        what: What it is for, such as `shards`.
        price: What one unit costs; None where how much there is of it is not known.
        quantity: How many units in a month.
        basis: Whether it is charged for being there or for what flows through it.
        working: How the quantity came about; or what is missing.
        example: Where nothing says how much there is of it, what some of it would be charged; its `working` says how much.
    """

    what: str
    price: Price | None
    quantity: float
    basis: Basis
    working: str
    example: Charge | None = None


def unknown(what: str, missing: str, example: Charge | None = None) -> Charge:
    """A charge of which nothing says how much it will be.

    Args:
        what: What it is for.
        missing: What would have to be known.
        example: What some of it would be charged; its `working` says how much, such as `each 100 ms`.
    """
    return Charge(what, None, 0.0, "usage", missing, example)


def seconds(hours: float = HOURS_A_MONTH) -> float:
    """The seconds of a month.

    Args:
        hours: Its hours.
    """
    return hours * 3600


def rounded_up(kib: float, step: float) -> float:
    """The size of a record as it is charged, in KiB: rounded up to steps, at least one.

    Args:
        kib: Its size.
        step: The step.
    """
    return max(1, math.ceil(kib / step)) * step
