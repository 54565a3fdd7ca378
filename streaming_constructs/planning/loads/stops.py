"""Where a design stops fitting as its load grows: what is found then that is not found now, and which limits are passed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from streaming_constructs.planning.limits.limits import system_limits
from streaming_constructs.planning.loads.at_load import at_load
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan
    from streaming_constructs.spec.finding import Level

MOST = 1000.0
"""How many times the load is looked at: beyond that a design is another one."""
NEAR = 1.005
"""How closely the load is found at which something stops fitting."""


@dataclass(frozen=True)
class Stop:
    """Something that stops fitting.

    Attributes:
        factor: From how many times the load on.
        node: The node; empty for what nodes of an account share.
        level: Whether the design fails there, or has to be looked at.
        what: What is wrong then.
        note: The numbers of it, at that load.
        code: The code of the finding; empty of a limit that no finding tells.
        source: AWS's page of a limit; empty of a finding, whose own page tells it.
        twin: Of a limit the code of the finding that tells the same; empty where there is none.
    """

    factor: float
    node: str
    level: Level
    what: str
    note: str
    code: str = ""
    source: str = ""
    twin: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is, whatever the load: its code or what is limited, where, and how grave it is."""
        return self.code or self.what, self.node, self.level


_Found = dict[tuple[str, str, str], Stop]


def stops(plan: PipelinePlan, most: float = MOST) -> list[Stop]:
    """What stops fitting as the load grows, the first first.

    What is found at the load of the spec already is none of it. A warning that becomes an error is told once more.

    Args:
        plan: The system with its numbers.
        most: How many times the load is looked at.
    """

    @cache
    def at(factor: float) -> _Found:
        return {stop.key: stop for stop in _not_fitting(at_load(plan, factor), factor)}

    seen, found = set(at(1.0)), list[Stop]()
    low = 1.0
    while low < most:
        high = min(most, low * 2)
        new = set(at(high)) - seen
        found += _first(at, new, low, high)
        seen |= new
        low = high
    return sorted(_without_twins(found), key=lambda stop: stop.factor)


def _first(at: Callable[[float], _Found], keys: set[tuple[str, str, str]], low: float, high: float) -> Iterator[Stop]:
    """Each at the least load at which it is found: none of them is at `low`, each is at `high`."""
    if not keys:
        return
    if high / low < NEAR:
        yield from (at(high)[key] for key in keys)
        return
    middle = math.sqrt(low * high)
    below = keys & set(at(middle))
    yield from _first(at, below, low, middle)
    yield from _first(at, keys - below, middle, high)


def _not_fitting(plan: PipelinePlan, factor: float) -> Iterator[Stop]:
    for finding in plan.findings:
        if finding.level != "note":
            node = str(finding.path[1]) if len(finding.path) > 1 else ""
            yield Stop(factor, node, finding.level, finding.message, finding.note, finding.code)
    for limit in system_limits(plan):
        if limit.by_load and limit.share > 1:
            note = f"{number(limit.used)} of {number(limit.most)}{limit.unit}"
            what = f"{limit.what}: more than the limit"
            yield Stop(factor, limit.node, "warning", what, note, source=limit.source, twin=limit.code)


def _without_twins(found: Sequence[Stop]) -> Iterator[Stop]:
    """All but limits of which a finding tells as soon."""
    for stop in found:
        if not any(other.code == stop.twin and other.factor <= stop.factor * NEAR for other in found if other.code):
            yield stop
