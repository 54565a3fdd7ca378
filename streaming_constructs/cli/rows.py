"""Rows of values, drawn so that none is cut: as a table where that fits, else one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from streaming_constructs.cli.console import plain

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_BETWEEN = 2
"""Blanks between two columns."""


@dataclass(frozen=True)
class Rows:
    """Rows of values.

    Attributes:
        columns: What the columns are called.
        rows: The values of each row.
        right: How many of the last columns are numbers, which stand at the right.
        is_named: Whether the first value is the name of its row; else rows are numbered where they are no table.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: int = 0
    is_named: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        columns = [plain(name) for name in self.columns]
        rows = [[plain(cell) for cell in row] for row in self.rows]
        if _width(columns, rows) <= options.max_width:
            yield self._table(columns, rows)
            return
        if self.is_named:
            yield Text(columns[0].plain, "bold")
        for number, row in enumerate(rows, 1):
            if self.is_named:
                told = [Text(" ").join((name, cell)) for name, cell in zip(columns[1:], row[1:], strict=True)]
                yield Text(": ").join((row[0], Text(", ").join(told)))
                continue
            yield Text(f"row {number}", "bold")
            for name, cell in zip(columns, row, strict=True):
                yield Text(": ").join((name, cell))

    def _table(self, columns: Sequence[Text], rows: Sequence[Sequence[Text]]) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for number, name in enumerate(columns):
            table.add_column(name, justify="right" if number >= len(columns) - self.right else "left")
        for row in rows:
            table.add_row(*row)
        return table


def _width(columns: Sequence[Text], rows: Sequence[Sequence[Text]]) -> int:
    """How wide a table would be."""
    widths = (max(cell_len(cell.plain) for cell in column) for column in zip(columns, *rows, strict=True))
    return sum(width + _BETWEEN for width in widths)
