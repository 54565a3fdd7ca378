"""A system at other loads, for people and for programs: its size, its costs, and where it stops fitting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from streaming_constructs.cli.console import plain
from streaming_constructs.planning.costs.cost_line import usd_of
from streaming_constructs.planning.loads.stops import MOST
from streaming_constructs.planning.loads.stream_modes import MODES
from streaming_constructs.planning.numbers import number, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderResult

    from streaming_constructs.planning.costs.system_costs import SystemCosts
    from streaming_constructs.planning.loads.at_load import AtLoad
    from streaming_constructs.planning.loads.report import Loads
    from streaming_constructs.planning.loads.stops import Stop
    from streaming_constructs.planning.loads.stream_modes import BreakEven

_LABEL, _COLUMN = 32, 14
"""Columns of what stands before the numbers, and of each load, at most; loads that do not fit stand further below."""


@dataclass(frozen=True)
class LoadTable:
    """A system at several loads: a column for each.

    Attributes:
        loads: The system at each.
    """

    loads: Loads

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield plain("at other loads", "bold")
        each = max(1, (options.max_width - _LABEL) // _COLUMN)
        rows = self.loads.rows
        yield from (_table(rows[start : start + each]) for start in range(0, len(rows), each))
        yield from map(plain, _remarks(self.loads))
        yield ""
        yield from map(plain, _stop_lines(self.loads))
        if self.loads.break_evens:
            yield ""
            yield from map(plain, map(_even_line, self.loads.break_evens))


def _table(rows: tuple[AtLoad, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", max_width=_LABEL, overflow="fold")
    for row in rows:
        table.add_column(times(row.factor), no_wrap=True, justify="right")
    for label, cells in (*_cost_rows(rows), *_size_rows(rows)):
        table.add_row(plain(label), *map(plain, cells))
    table.add_row(Text("errors, warnings"), *(_counts(row) for row in rows))
    return table


def times(factor: float) -> str:
    """A factor as people read it: `7.3x`.

    Args:
        factor: The factor.
    """
    return f"{rounded(factor, 3):,g}x"


def _cost_rows(rows: tuple[AtLoad, ...]) -> Iterator[tuple[str, list[str]]]:
    costs = [row.costs for row in rows if row.costs is not None]
    if not costs:
        return
    yield "USD a month", [f"{cost.usd:,.2f}" for cost in costs]
    yield "  for being there", [f"{cost.fixed_usd:,.2f}" for cost in costs]
    yield "  for what flows", [f"{cost.usage_usd:,.2f}" for cost in costs]
    by_node = [_usd_of_nodes(cost) for cost in costs]
    for node in by_node[0]:
        yield f"  {node or '(system)'}", [f"{usd.get(node, 0.0):,.2f}" for usd in by_node]


def _usd_of_nodes(costs: SystemCosts) -> Mapping[str, float]:
    return {node: usd_of(lines) for node, lines in costs.of_nodes().items()}


def _size_rows(rows: tuple[AtLoad, ...]) -> Iterator[tuple[str, list[str]]]:
    """Sizes that differ from load to load."""
    sizes = [row.sizes() for row in rows]
    for node, what in dict.fromkeys(key for size in sizes for key in size):
        values = [size.get((node, what)) for size in sizes]
        if len(set(values)) > 1:
            yield f"{node} {what}", [_size(value) for value in values]


def _size(value: Any) -> str:
    if isinstance(value, str):
        return value.removeprefix("kafka.").removeprefix("express.").removesuffix(".search")
    return "-" if value is None else number(value)


def _counts(row: AtLoad) -> str:
    levels = [finding.level for finding in row.plan.findings]
    return f"{levels.count('error')}, {levels.count('warning')}"


def _remarks(loads: Loads) -> Iterator[str]:
    lines = [line for row in loads.rows if row.costs is not None for line in row.costs.lines]
    if any(line.factor is not None for line in lines):
        yield "some prices are reckoned from us-east-1, as the table of costs marks"
    if any(line.confidence == "medium" for line in lines):
        yield "some prices are from one source, as the table of costs marks"
    if any(line.usd is None for line in lines):
        yield "what is not known in the table of costs is in none of the sums"


def _stop_lines(loads: Loads) -> Iterator[str]:
    if not loads.stops:
        yield f"nothing stops fitting up to {times(MOST)} the load"
        return
    yield "where it stops fitting"
    for stop in loads.stops:
        code = f" [{stop.code}]" if stop.code else ""
        yield f"  at {times(stop.factor)} {stop.node or '(account)'}: {stop.what}{code}"
        yield f"    {stop.note}"


def _even_line(even: BreakEven) -> str:
    where = "above" if even.is_above else "below"
    alone = ", if no other stream has it" if "advantage" in {even.now, even.other} else ""
    return (
        f"{even.stream}: {where} {number(float(f'{even.mib_per_second:.3g}'))} MiB/s ({times(even.factor)}) "
        f"{MODES[even.other]} is cheaper than {MODES[even.now]}{alone}"
    )


def loads_object(loads: Loads) -> dict[str, Any]:
    """The same for programs.

    Args:
        loads: The system at each load.
    """
    return {
        "at": [_row_object(row) for row in loads.rows],
        "stops": [_stop_object(stop) for stop in loads.stops],
        "break_evens": [_even_object(even) for even in loads.break_evens],
    }


def _row_object(row: AtLoad) -> dict[str, Any]:
    costs, sizes = row.costs, dict[str, dict[str, Any]]()
    for (node, what), value in row.sizes().items():
        sizes.setdefault(node, {})[what] = value
    return {
        "factor": row.factor,
        "usd": round(costs.usd, 4) if costs is not None else None,
        "fixed_usd": round(costs.fixed_usd, 4) if costs is not None else None,
        "usage_usd": round(costs.usage_usd, 4) if costs is not None else None,
        "nodes_usd": {node: round(usd, 4) for node, usd in _usd_of_nodes(costs).items() if node} if costs else None,
        "sizes": sizes,
        "findings": [
            {"code": finding.code, "level": finding.level, "path": list(finding.path)}
            for finding in row.plan.findings
            if finding.level != "note"
        ],
    }


def _stop_object(stop: Stop) -> dict[str, Any]:
    return {
        "factor": float(f"{stop.factor:.4g}"),
        "node": stop.node or None,
        "level": stop.level,
        "what": stop.what,
        "note": stop.note,
        "code": stop.code or None,
        "source": stop.source or None,
    }


def _even_object(even: BreakEven) -> dict[str, Any]:
    return {
        "stream": even.stream,
        "now": even.now,
        "cheaper": even.other,
        "from": "above" if even.is_above else "below",
        "factor": float(f"{even.factor:.4g}"),
        "mib_per_second": float(f"{even.mib_per_second:.4g}"),
    }
