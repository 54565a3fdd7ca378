"""What streams and clusters could be instead, side by side: for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

from streaming_constructs.cli.console import plain
from streaming_constructs.planning.costs.cost_line import ONE_SOURCE, RECKONED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from streaming_constructs.planning.loads.alternatives import Alternative

MEANINGS = {
    RECKONED: "some price of it is reckoned from that of us-east-1, as none of the region is known",
    ONE_SOURCE: "some price of it is from one source, which could not be held against AWS's list",
}
"""What the marks of dollars mean."""


@dataclass(frozen=True)
class AlternativeTable:
    """What each node could be; what it is now stands first.

    Attributes:
        alternatives: What they could be.
    """

    alternatives: Sequence[Alternative]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self.alternatives:
            yield "nothing to compare: no stream or cluster is created whose load is known"
            return
        yield plain("instead, in USD a month", "bold")
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("node")
        table.add_column("as", overflow="fold")
        for heading in ("node", "system", "differs"):
            table.add_column(heading, no_wrap=True, justify="right")
        now = 0.0
        for told in self.alternatives:
            if told.is_now and told.system_usd is not None:
                now = told.system_usd
            system, differs = _system(told, now)
            name, mark = (told.node if told.is_now else ""), " !" if told.why_not else ""
            table.add_row(*map(plain, (name, f"{told.what}{mark}", f"{told.mark}{told.usd:,.2f}", system, differs)))
        yield table
        yield from map(plain, _remarks(self.alternatives))


def _system(told: Alternative, now: float) -> tuple[str, str]:
    """What the whole system costs, and by how much that differs from what it costs now."""
    if told.system_usd is None:
        return "-", "-"
    return f"{told.system_usd:,.2f}", "now" if told.is_now else f"{told.system_usd - now:+,.2f}"


def _remarks(alternatives: Sequence[Alternative]) -> Iterator[str]:
    for told in alternatives:
        yield from (f"! {told.node} as {told.what}: {why}" for why in told.why_not)
    notes: dict[str, list[str]] = {}
    for told in alternatives:
        for note in told.notes:
            notes.setdefault(note, []).append(told.what.partition(",")[0])
    for note, names in notes.items():
        yield f"{', '.join(dict.fromkeys(names))}: {note}"
    marks = {told.mark for told in alternatives}
    yield from (f"{mark} {meaning}" for mark, meaning in MEANINGS.items() if mark in marks)


def alternatives_object(alternatives: Sequence[Alternative]) -> dict[str, Any]:
    """The same for programs.

    Args:
        alternatives: What nodes could be.
    """
    return {
        "alternatives": [
            {
                "node": told.node,
                "what": told.what,
                "usd": round(told.usd, 4),
                "system_usd": round(told.system_usd, 4) if told.system_usd is not None else None,
                "is_now": told.is_now,
                "why_not": list(told.why_not),
                "notes": list(told.notes),
                "mark": told.mark or None,
            }
            for told in alternatives
        ]
    }
