"""How a price is written down: what AWS charges for a unit, by region, in tiers where there are some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from streaming_constructs.facts.prices.factors import Moves, factor

Confidence = Literal["high", "medium", "low"]
"""Of a copy: high of what AWS's own pages read, or where two independent ones agree; medium of one other; low: reckoned."""

HOURS_A_MONTH = 730
"""As AWS's own calculator has them. Source: https://docs.aws.amazon.com/pricing-calculator/latest/userguide/what-is-pricing-calculator.html"""

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-central-1", "ap-northeast-1")
"""The regions that tables of prices have, in the order of their columns."""

_BASE = "us-east-1"


class UnknownRegionError(LookupError):
    """No price of a region is known."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one region charges.

    Attributes:
        usd: The price of each tier that is known, the first first; what is beyond the last is charged as that is.
        copied: The day of the copy, or the month of it (ISO 8601).
        confidence: How far the copy can be relied on.
        factor: What the price of us-east-1 was multiplied by, where it was reckoned so; None: it is AWS's own.
        own_edges: Where its tiers end, of a rate of one's own; None: where those of the price do.
        source: Where it is from, of a rate of one's own; empty: from the page of the price.
    """

    usd: tuple[float, ...]
    copied: str
    confidence: Confidence = "high"
    factor: float | None = None
    own_edges: tuple[float, ...] | None = None
    source: str = ""


_own: ContextVar[Mapping[int, Mapping[str, Rate]]] = ContextVar("own rates", default=MappingProxyType({}))
"""Rates of one's own, by the identity of their price, which is one object as long as the process lasts, and by region."""


@contextmanager
def own_rates(rates: Iterable[tuple[Price, str, Rate]]) -> Iterator[None]:
    """Lets rates of one's own come before those of this package, in a `with`.

    Args:
        rates: The prices, each with a region and what it charges.
    """
    found: dict[int, dict[str, Rate]] = {}
    for price, region, rate in rates:
        found.setdefault(id(price), {})[region] = rate
    token = _own.set(found)
    try:
        yield
    finally:
        _own.reset(token)


def has_own_rates(region: str) -> bool:
    """Whether any rate of one's own is known of a region.

    Args:
        region: The region.
    """
    return any(region in rates for rates in _own.get().values())


@dataclass(frozen=True, slots=True)
class Price:
    """A price of AWS's list.

    Attributes:
        unit: What is charged for, in the singular, such as `shard-hour`.
        source: AWS's page that states it.
        rates: What it is, by region.
        per: How many units the price is for, such as a million.
        edges: Where each tier but the last ends, in units in a month.
        moves: The price that it is taken to move like in a region that has no rate.
    """

    unit: str
    source: str
    rates: Mapping[str, Rate] = field(default_factory=dict)
    per: float = 1
    edges: tuple[float, ...] = ()
    moves: Moves = "shard_hour"

    def also(self, region: str, *usd: float, copied: str, confidence: Confidence = "high") -> Price:
        """The price with what another region charges.

        Args:
            region: The region.
            usd: The price of each tier.
            copied: The day of the copy.
            confidence: How far the copy can be relied on.
        """
        return replace(self, rates={**self.rates, region: Rate(usd, copied, confidence)})

    def rate(self, region: str, *, reckoned: bool = False) -> Rate:
        """What a region charges.

        Args:
            region: The region.
            reckoned: Whether a region without a price has that of us-east-1, times the factor by which another price differs
                there. Such a rate has its `factor`, and low confidence.

        Raises:
            UnknownRegionError: If nothing is known of the region, or no price is and none is reckoned.
        """
        known = _own.get().get(id(self), {}).get(region) or self.rates.get(region)
        if known is not None:
            return known
        times = factor(region, self.moves) if reckoned else None
        if times is None:
            raise UnknownRegionError(region)
        base = self.rates[_BASE]
        # What costs the same in all regions of the tables is taken to cost that everywhere.
        alike = set(REGIONS) <= set(self.rates) and len({rate.usd for rate in self.rates.values()}) == 1
        times = 1.0 if alike else times
        return Rate(tuple(usd * times for usd in base.usd), base.copied, "low", times)

    def usd(self, quantity: float, region: str = _BASE, *, reckoned: bool = False) -> float:
        """What a quantity costs in a month, tier by tier.

        Args:
            quantity: How many units.
            region: Where. Left out: us-east-1.
            reckoned: Whether a region without a price is reckoned, as `rate` says.

        Raises:
            UnknownRegionError: If nothing is known of the region, or no price is and none is reckoned.
        """
        rate = self.rate(region, reckoned=reckoned)
        usd, edges = rate.usd, self.edges if rate.own_edges is None else rate.own_edges
        bounds = (0.0, *edges, float("inf"))
        total = 0.0
        for tier, (start, end) in enumerate(pairwise(bounds)):
            total += max(0.0, min(quantity, end) - start) * usd[min(tier, len(usd) - 1)]
        return total / self.per


Cell = float | tuple[float, ...]
"""What a region charges: a price, or one for each tier."""


def listed(
    source: str, copied: str, unit: str, *usd: Cell, per: float = 1, edges: tuple[float, ...] = (), moves: Moves
) -> Price:
    """A price of a table that has all of `REGIONS`.

    Args:
        source: AWS's page.
        copied: The day of the copy.
        unit: What is charged for.
        usd: The price in each of `REGIONS`.
        per: How many units the price is for. Left out: one.
        edges: Where each tier but the last ends. Left out: there is one.
        moves: The price that it is taken to move like elsewhere.
    """
    rates = {
        region: Rate(cell if isinstance(cell, tuple) else (cell,), copied)
        for region, cell in zip(REGIONS, usd, strict=True)
    }
    return Price(unit, source, rates, per, edges, moves)


def everywhere(
    source: str, copied: str, unit: str, *usd: float, per: float = 1, edges: tuple[float, ...] = ()
) -> Price:
    """A price that is the same in all regions.

    Args:
        source: AWS's page.
        copied: The day of the copy.
        unit: What is charged for.
        usd: The price of each tier.
        per: How many units the price is for. Left out: one.
        edges: Where each tier but the last ends. Left out: there is one.
    """
    return Price(unit, source, {region: Rate(usd, copied) for region in REGIONS}, per, edges)
