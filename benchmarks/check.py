"""Ratios that were measured several times, the budget of their median, and the table that shows both."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NoReturn

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Check:
    """A ratio, once for each pair of runs, and what its median may be at most.

    Attributes:
        name: What is divided by what.
        by: What of the runs was compared, such as CPU.
        ratios: Those of the pairs, in their order.
        budget: What the median may be.
    """

    name: str
    by: str
    ratios: tuple[float, ...]
    budget: float

    @property
    def median(self) -> float:
        return median(self.ratios)

    @property
    def kept(self) -> bool:
        return self.median <= self.budget

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "by": self.by,
            "ratios": self.ratios,
            "median": self.median,
            "budget": self.budget,
            "kept": self.kept,
        }


def budgets_table(checks: Mapping[str, Sequence[Check]]) -> Table:
    """The checks below the headings that they belong to: the median ratio, and the least and the greatest."""
    table = Table("", "by", "ratio", "spread", "budget", "", box=None, pad_edge=False)
    for column in table.columns[2:5]:
        column.justify = "right"
    for heading, below in checks.items():
        table.add_row(f"[bold]{heading}[/]")
        for check in below:
            spread = f"{min(check.ratios):.2f}-{max(check.ratios):.2f}" if len(check.ratios) > 1 else "once"
            verdict = "[green]kept[/]" if check.kept else "[bold red]missed[/]"
            table.add_row(check.name, check.by, f"{check.median:.2f}", spread, f"{check.budget:.2f}", verdict)
    return table


def end_with(checks: Mapping[str, Sequence[Check]], yardstick_seconds: float) -> NoReturn:
    """Shows the checks with the speed of this machine, and ends the process: 0 where all are kept, else 1."""
    console = Console()
    console.print(budgets_table(checks))
    console.print(f"\nyardstick {yardstick_seconds:.2f} s of CPU on this machine")
    sys.exit(0 if all(check.kept for below in checks.values() for check in below) else 1)
