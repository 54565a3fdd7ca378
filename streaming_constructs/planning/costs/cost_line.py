"""A line of a bill: a charge with its dollars in a region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streaming_constructs.facts.prices.price import Confidence
from streaming_constructs.planning.costs.charge import Basis, Charge


@dataclass(frozen=True, slots=True)
class CostLine:
    """What something of a node costs in a month, by the list.

    Attributes:
        node: The name of the node; empty for what is of the system.
        what: What it is for, such as `shards`.
        quantity: How many units; None where that is not known.
        unit: The unit, such as `shard-hour`.
        usd: What they cost, in US dollars; None where that is not known.
        basis: Whether it is charged for being there (`fixed`) or for what flows through it (`usage`).
        working: How the quantity came about; or what is missing.
        confidence: How far the price can be relied on; None without one.
        factor: What the price of us-east-1 was multiplied by, where the region has none that is known.
        source: AWS's page of the price.
        copied: The day of its copy.
        is_own: Whether the price is one's own, and not one of this package.
    """

    node: str
    what: str
    quantity: float | None
    unit: str
    usd: float | None
    basis: Basis
    working: str
    confidence: Confidence | None = None
    factor: float | None = None
    source: str = ""
    copied: str = ""
    is_own: bool = False


class Bill:
    """What lines come to.

    Attributes:
        lines: The lines.
    """

    __slots__ = ()
    lines: tuple[CostLine, ...]

    @property
    def usd(self) -> float:
        """All that is known, in US dollars."""
        return usd_of(self.lines)

    @property
    def fixed_usd(self) -> float:
        """What of that is charged for being there."""
        return usd_of(line for line in self.lines if line.basis == "fixed")

    @property
    def usage_usd(self) -> float:
        """What of that is charged for what flows."""
        return self.usd - self.fixed_usd

    @property
    def unknown(self) -> tuple[CostLine, ...]:
        """The lines without a number."""
        return tuple(line for line in self.lines if line.usd is None)


RECKONED, ONE_SOURCE = "~", "?"
"""Marks of dollars: some price is reckoned from that of us-east-1; some is from one source, not held against AWS's list."""


def mark_of(lines: Iterable[CostLine]) -> str:
    """How far dollars can be relied on: a mark where some price is not sure, that of the least sure one.

    Args:
        lines: The lines that they are the sum of.
    """
    lines = tuple(lines)
    if any(line.factor is not None for line in lines):
        return RECKONED
    return ONE_SOURCE if any(line.confidence == "medium" for line in lines) else ""


def usd_of(lines: Iterable[CostLine]) -> float:
    """What lines come to, in US dollars, of what is known.

    Args:
        lines: The lines.
    """
    return sum(line.usd or 0.0 for line in lines)


def copied_of(lines: Iterable[CostLine]) -> tuple[str, str]:
    """The day of the oldest and of the newest copy of a price; empty where nothing is charged.

    Args:
        lines: The lines.
    """
    days = sorted(line.copied for line in lines if line.copied)
    return (days[0], days[-1]) if days else ("", "")


def cost_lines(node: str, charges: Iterable[Charge], region: str, *, reckoned: bool = True) -> Iterator[CostLine]:
    """Charges with their dollars.

    Tiers are those of each line: what an account has beside it, which would reach them sooner, is not known.

    Args:
        node: The node that they are of.
        charges: The charges.
        region: Where.
        reckoned: Whether a region without a price has that of us-east-1 times a factor. Left out: it has, and is marked.

    Raises:
        UnknownRegionError: If nothing is known of the region, or no price is and none is reckoned.
    """
    for charge in charges:
        price = charge.price
        if price is None:
            working = ": ".join((charge.working, *_told(charge.example, region, reckoned=reckoned)))
            yield CostLine(node, charge.what, None, "", None, charge.basis, working)
            continue
        rate = price.rate(region, reckoned=reckoned)
        usd = price.usd(charge.quantity, region, reckoned=reckoned)
        yield CostLine(
            node,
            charge.what,
            charge.quantity,
            price.unit,
            usd,
            charge.basis,
            charge.working,
            rate.confidence,
            rate.factor,
            rate.source or price.source,
            rate.copied,
            bool(rate.source),
        )


def _told(example: Charge | None, region: str, *, reckoned: bool) -> Iterator[str]:
    """What some of a charge would be in a region, where nothing says how much there is of it."""
    if example is not None and example.price is not None:
        usd = example.price.usd(example.quantity, region, reckoned=reckoned)
        amount = f"{usd:,.2f} USD" if usd >= 0.01 else "less than 0.01 USD"
        yield f"{example.working} are {amount} in {region}"
