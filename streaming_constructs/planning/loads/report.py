"""A system at several loads, and where it stops fitting: all of it in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs.system_costs import known_costs
from streaming_constructs.planning.loads.at_load import AtLoad, at_load
from streaming_constructs.planning.loads.stops import Stop, stops
from streaming_constructs.planning.loads.stream_modes import BreakEven, break_evens

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan


@dataclass(frozen=True)
class Loads:
    """A system at several loads.

    Attributes:
        rows: The system at each load, the least first; that of the spec is among them.
        stops: Where it stops fitting, as its load grows.
        break_evens: From where on another mode of a stream costs less.
    """

    rows: tuple[AtLoad, ...]
    stops: tuple[Stop, ...]
    break_evens: tuple[BreakEven, ...]


def loads_of(plan: PipelinePlan, factors: Sequence[float]) -> Loads:
    """A system at several loads, and at its own.

    Args:
        plan: The system with its numbers.
        factors: How many times its load each of them is.
    """
    rows = _with_standing(plan, [row_at(plan, factor) for factor in sorted({1.0, *factors})])
    costs = rows[0].costs
    evens = break_evens(plan, costs.region) if costs is not None else []
    return Loads(rows, tuple(stops(plan)), tuple(evens))


def _with_standing(plan: PipelinePlan, rows: Sequence[AtLoad]) -> tuple[AtLoad, ...]:
    """The system at each load with what is found at any: whatever nodes do not say of their numbers."""
    (own,) = (row for row in rows if row.factor == 1)
    by_load = {(finding.code, finding.path) for finding in own.plan.findings}
    standing = [finding for finding in plan.findings if (finding.code, finding.path) not in by_load]
    return tuple(replace(row, plan=replace(row.plan, findings=(*standing, *row.plan.findings))) for row in rows)


def row_at(plan: PipelinePlan, factor: float) -> AtLoad:
    """A system at a load, with what it costs then.

    Args:
        plan: The system with its numbers.
        factor: How many times its load.
    """
    then = at_load(plan, factor)
    return AtLoad(factor, then, known_costs(then))
