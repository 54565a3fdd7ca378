"""The line of a file that a finding is about, as people are shown it: cut where it is long, with a marker under the culprit."""

from __future__ import annotations

import unicodedata

from streaming_constructs.spec.printable import printable

WIDTH = 160
"""How much of a line is shown."""
_BEFORE = 60
"""How much of a long line is shown before the culprit."""
_CUT = "…"


def shown_line(line: str, column: int) -> tuple[str, str]:
    """The line, and below it a marker under a column; no marker under what the line begins with, which is seen without one.

    Args:
        line: The whole line.
        column: Which column it is about, from 1.
    """
    at = column - 1
    first = 0
    if len(line) > WIDTH and at > WIDTH - _BEFORE:
        first = min(at - _BEFORE, len(line) - WIDTH)
    last = first + WIDTH
    before = f"{_CUT if first else ''}{printable(line[first:at])}"
    text = f"{before}{printable(line[at:last])}" if first <= at < len(line) else printable(line[first:last])
    if last < len(line):
        text += _CUT
    begins = len(line) - len(line.lstrip())
    return text, f"{' ' * _cells(before)}^" if begins < at < len(line) else ""


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(sign) in {"W", "F"} for sign in text)
    return len(text) + wide - sum(bool(unicodedata.combining(sign)) for sign in text)
