"""What a whole system costs in a month by AWS's list: its nodes line by line, its alarms, its dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.facts.prices.factors import REGIONS
from streaming_constructs.facts.prices.price import HOURS_A_MONTH, UnknownRegionError, has_own_rates
from streaming_constructs.planning.costs import cloudwatch
from streaming_constructs.planning.costs.cost_line import Bill, CostLine, copied_of, cost_lines
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.pipeline import PipelinePlan

DEFAULT_REGION = "us-east-1"
"""Whose prices are told where a system names no region."""
DRIVERS = 10
"""How many of the dearest lines are told apart."""


@dataclass(frozen=True)
class SystemCosts(Bill):
    """A month of a system.

    Attributes:
        region: Where its prices are of.
        is_told: Whether the system names that region.
        lines: What it is charged, node by node; what is of the system itself has no node.
        hours: The hours of the month.
    """

    region: str
    is_told: bool
    lines: tuple[CostLine, ...]
    hours: float = HOURS_A_MONTH

    @property
    def drivers(self) -> list[CostLine]:
        """The dearest lines, the dearest first."""
        known = [line for line in self.lines if line.usd]
        return sorted(known, key=lambda line: -(line.usd or 0.0))[:DRIVERS]

    @property
    def copied(self) -> tuple[str, str]:
        """The day of the oldest and of the newest copy of a price; empty where nothing is charged."""
        return copied_of(self.lines)

    def of_nodes(self) -> dict[str, list[CostLine]]:
        """The lines by node, as they come."""
        nodes: dict[str, list[CostLine]] = {}
        for line in self.lines:
            nodes.setdefault(line.node, []).append(line)
        return nodes


def system_costs(plan: PipelinePlan) -> SystemCosts:
    """What a system costs in a month.

    Prices of its region that are not known are reckoned from those of us-east-1, and marked.

    Args:
        plan: The system with its numbers.

    Raises:
        UnknownRegionError: If nothing is known of its region.
    """
    region = plan.spec.region or DEFAULT_REGION
    if region not in REGIONS and not has_own_rates(region):
        raise UnknownRegionError(region)
    return SystemCosts(region, plan.spec.region is not None, tuple(_lines(plan, region)))


def _lines(plan: PipelinePlan, region: str) -> Iterator[CostLine]:
    for name, node in plan.nodes.items():
        alarms = [alarm for alarm in plan.alarms if alarm.node == name]
        told = [cloudwatch.alarms(_metrics(alarms), count=len(alarms))] if alarms else []
        for charge in (*node.costs(), *told):
            yield from _priced(name, charge, region)
    if plan.spec.dashboard:
        yield from cost_lines("", [cloudwatch.dashboards(1)], region)


def _priced(name: str, charge: Charge, region: str) -> Iterator[CostLine]:
    """A charge with its dollars; without, where its region has no such price, and none can be reckoned."""
    try:
        yield from cost_lines(name, [charge], region)
    except UnknownRegionError:
        missing = f"no price of {region} is known: look whether the service is offered there"
        yield CostLine(name, charge.what, None, "", None, charge.basis, missing)


def _metrics(alarms: list[AlarmPlan]) -> int:
    """The metrics that alarms look at: of math over several each is charged."""
    return sum(1 + len(alarm.metrics) for alarm in alarms)


def known_costs(plan: PipelinePlan) -> SystemCosts | None:
    """What a system costs in a month; None where no prices of its region are known.

    Args:
        plan: The system with its numbers.
    """
    try:
        return system_costs(plan)
    except UnknownRegionError:
        return None


def no_prices(region: str) -> Finding:
    """That the prices of a region are not known.

    Args:
        region: The region.
    """
    return Finding(
        "CMD111",
        "no prices of the region are known",
        ("region",),
        note=f"`{region}` is none of {', '.join(REGIONS)}; what the system costs is left out",
        help="see AWS's own calculator for this region: https://calculator.aws/",
    )
