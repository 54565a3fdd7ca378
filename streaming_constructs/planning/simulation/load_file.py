"""A load that a file describes: a table of times, with factors of the workload or with records a second."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence

from streaming_constructs.planning.simulation.clock import DAY, minute_of
from streaming_constructs.planning.simulation.scenario import Load

WEEK = 7 * DAY
MOST_BYTES = 4_000_000
_MOST_TOLD = 10
_PIECE = "write it as `time,factor`, with rows such as `00:00,0.2` and `09:00,1.5`"
_MOST = 1e9


class LoadError(ValueError):
    """A table that is no load.

    Attributes:
        problems: All that is wrong with it, each with its line.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


def read_load(name: str, text: str, stream: str = "") -> Load:
    """Reads a table of comma-separated values.

    Its columns are `time` (`09:00`, or `3d09:00` of the third day) or `minute` (from 0), and `factor` or `records_per_second`.
    A row holds until the next; a table of one day is each day's, a longer one each week's.

    Args:
        name: What the table is called.
        text: The table.
        stream: The stream that it is of; empty: all streams.

    Raises:
        LoadError: With all that is wrong with it.
    """
    rows = list(csv.reader(text.removeprefix("\ufeff").splitlines()))
    columns = [column.strip() for column in rows[0]] if rows else []
    when = [column for column in columns if column in {"time", "minute"}]
    what = [column for column in columns if column in {"factor", "records_per_second"}]
    if len(when) != 1 or len(what) != 1:
        raise LoadError([f"`{name}` has the columns `{', '.join(columns)}`: {_PIECE}"])
    problems: list[str] = []
    points: list[tuple[int, float]] = []
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        found = list(_row_problems(cells, when[0], what[0], points))
        problems += [f"`{name}`, line {line}: {problem}" for problem in found]
        if not found:
            points.append((_minute(cells[when[0]], when[0]), float(cells[what[0]])))
    if not points and not problems:
        problems.append(f"`{name}` has no rows: {_PIECE}")
    if problems:
        more = len(problems) - _MOST_TOLD
        raise LoadError([*problems[:_MOST_TOLD], *([f"and {more:,} more lines of `{name}`"] if more > 0 else [])])
    return Load(name, stream, _held(points), what[0] == "records_per_second")


def _row_problems(cells: dict[str, str], when: str, what: str, before: Sequence[tuple[int, float]]) -> Iterator[str]:
    minute, value = _minute(cells.get(when, ""), when), _value(cells.get(what, ""))
    if minute < 0:
        yield f"`{cells.get(when, '')}` is no {when} within a week: write {'`09:00`' if when == 'time' else '`540`'}"
    elif before and minute <= before[-1][0]:
        yield f"`{cells[when]}` is not later than the row before: sort the rows by {when}"
    if value is None:
        yield f"`{cells.get(what, '')}` is no {what.replace('_', ' ')}: write a number from 0, such as `1.5`"


def _minute(text: str, column: str) -> int:
    """The minute that a cell names; -1 for what is none."""
    if column == "time":
        minute = minute_of(text)
    else:
        minute = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
    return minute if minute is not None and minute < WEEK else -1


def _value(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= _MOST else None


def _held(points: Sequence[tuple[int, float]]) -> tuple[float, ...]:
    """The value of each minute; before the first row it is that of the last, as the time goes round."""
    period = DAY if points[-1][0] < DAY else WEEK
    held = [points[-1][1]] * period
    for (start, value), (end, _) in zip(points, [*points[1:], (period, 0.0)], strict=True):
        held[start:end] = [value] * (end - start)
    return tuple(held)
