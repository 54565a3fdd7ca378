"""What nodes cost in a month, as pictures tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs.cost_line import usd_of
from streaming_constructs.planning.costs.system_costs import known_costs

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.cost_line import CostLine
    from streaming_constructs.planning.pipeline import PipelinePlan


def told_costs(plan: PipelinePlan) -> tuple[Mapping[str, str], str]:
    """What each node costs by its name, and what the whole system does; nothing where the prices of its region are not known.

    Args:
        plan: The system.
    """
    costs = known_costs(plan)
    if costs is None:
        return {}, ""
    nodes = {node: told for node, lines in costs.of_nodes().items() if node and (told := _told(lines))}
    whole = _told(costs.lines)
    return nodes, f"{whole}, by AWS's list in {costs.region}" if whole else ""


def _told(lines: Iterable[CostLine]) -> str:
    """The sum; `from` says that not all of it is known."""
    lines = list(lines)
    usd = usd_of(lines)
    if not usd:
        return ""
    amount = f"{usd:,.0f}" if usd >= 100 else f"{usd:,.2f}" if usd >= 0.01 else "less than 0.01"
    return f"{'from ' if any(line.usd is None for line in lines) else ''}{amount} USD a month"
