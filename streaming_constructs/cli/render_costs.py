"""What a system costs, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from streaming_constructs.cli.console import plain
from streaming_constructs.cli.cost_line_object import cost_line_object
from streaming_constructs.cli.render import NARROW
from streaming_constructs.planning.costs.cost_line import usd_of
from streaming_constructs.planning.numbers import counted, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

    from streaming_constructs.planning.costs.cost_line import CostLine
    from streaming_constructs.planning.costs.system_costs import SystemCosts

_SYSTEM = "(system)"
"""What stands for a node where a line is of the system itself."""


@dataclass(frozen=True)
class CostTable:
    """The costs of a month: each node with its lines, the dearest lines, and what the whole is.

    Attributes:
        costs: The costs.
    """

    costs: SystemCosts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        costs = self.costs
        if not costs.lines:
            return
        yield plain(self._title(), "bold")
        if options.max_width >= NARROW:
            yield self._table()
        else:
            yield from map(plain, self._list())
        yield Text(
            f"together {_usd(costs.usd)} USD: {_usd(costs.fixed_usd)} for being there, {_usd(costs.usage_usd)} for what flows"
        )
        if len(costs.lines) > len(costs.drivers) > 1:
            dearest = (f"{_node(line)} {line.what} {_usd(line.usd)}" for line in costs.drivers)
            yield plain(f"dearest first: {', '.join(dearest)}")
        yield from map(plain, self._remarks())

    def _title(self) -> str:
        region = self.costs.region if self.costs.is_told else f"{self.costs.region}, as no region is given"
        oldest, newest = self.costs.copied
        copied = f", prices of {oldest} to {newest}" if oldest != newest else f", prices of {newest}" if newest else ""
        return f"costs of a month of {number(self.costs.hours)} hours in USD, by AWS's list in {region}{copied}"

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("node", no_wrap=True)
        table.add_column("what", no_wrap=True)
        table.add_column("USD", no_wrap=True, justify="right")
        table.add_column("for", no_wrap=True)
        table.add_column("why")
        for node, lines in self.costs.of_nodes().items():
            table.add_row(plain(node or _SYSTEM, "bold"), "", Text(_usd(usd_of(lines)), "bold"), "", "")
            for line in lines:
                table.add_row("", plain(line.what), _usd(line.usd), _basis(line), plain(line.working))
        return table

    def _list(self) -> Iterator[str]:
        """The same where a table would cut what it says."""
        for node, lines in self.costs.of_nodes().items():
            yield f"{node or _SYSTEM}: {_usd(usd_of(lines))}"
            for line in lines:
                marked = f" ({_basis(line)})" if line.usd is not None else ""
                yield f"  {line.what}: {_usd(line.usd)}{marked}, {line.working}"

    def _remarks(self) -> Iterator[str]:
        """What the marks mean, of those that there are."""
        lines = self.costs.lines
        if any(line.factor is not None for line in lines):
            yield f"~ reckoned from us-east-1: no price of {self.costs.region} is known, and others differ by this factor"
        if any(line.confidence == "medium" for line in lines):
            yield "? from one source, which could not be held against AWS's list"
        own = sum(line.is_own for line in lines)
        if own:
            yield f"of {counted(own, 'line')} the price is that of your own price list"
        if self.costs.unknown:
            yield "- not known, and not in the sum"
        yield "free tiers, discounts, taxes, logs and what leaves the region are not in it"


def costs_object(costs: SystemCosts) -> dict[str, Any]:
    """The costs for programs.

    Args:
        costs: The costs.
    """
    oldest, newest = costs.copied
    return {
        "region": costs.region,
        "region_is_given": costs.is_told,
        "currency": "USD",
        "month_hours": costs.hours,
        "prices_copied": {"from": oldest, "to": newest},
        "usd": round(costs.usd, 4),
        "fixed_usd": round(costs.fixed_usd, 4),
        "usage_usd": round(costs.usage_usd, 4),
        "nodes": {
            node: {
                "usd": round(usd_of(lines), 4),
                "lines": [_line_object(line) for line in lines],
            }
            for node, lines in costs.of_nodes().items()
            if node
        },
        "system": [_line_object(line) for line in costs.lines if not line.node],
        "drivers": [
            {"node": line.node or None, "what": line.what, "usd": round(line.usd or 0.0, 4)} for line in costs.drivers
        ],
    }


def _line_object(line: CostLine) -> dict[str, Any]:
    if line.usd is None:
        return {"what": line.what, "usd": None, "missing": line.working}
    return {**cost_line_object(line), "own": line.is_own}


def _node(line: CostLine) -> str:
    return line.node or _SYSTEM


def _usd(value: float | None) -> str:
    """Dollars as people read them; what is less than a cent is no nothing."""
    if value is None:
        return "-"
    return f"{value:,.2f}" if value >= 0.01 or value == 0 else "< 0.01"


def _basis(line: CostLine) -> str:
    """Whether it is fixed, with a mark where the price is not sure."""
    if line.usd is None:
        return ""
    mark = " ~" if line.factor is not None else " ?" if line.confidence == "medium" else ""
    factor = f"{number(line.factor)}" if line.factor is not None else ""
    return f"{'being there' if line.basis == 'fixed' else 'usage'}{mark}{factor}"
