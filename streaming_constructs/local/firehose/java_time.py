"""Times as Java's DateTimeFormatter writes them, which is how Firehose fills in a `timestamp` expression.

The letters are those of https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html; names are English.
A letter that is not among those below is refused rather than guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

Formatter = Callable[[datetime], str]

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TOKEN = re.compile(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^'A-Za-z]+)")
"""Text in quotes, a letter as often as it stands there, or other text; Joda-Time divides its patterns in the same way."""

_SHORT_NAME = 3
_FULL_NAME = 4
_RESERVED = "{}[]#"


@cache
def formatter(pattern: str) -> Formatter:
    """What writes a time by a pattern.

    Args:
        pattern: Such as `yyyy-MM-dd`.

    Raises:
        ValueError: If it has a letter that is not known, or a quote that does not end.
    """
    parts: list[Formatter] = []
    for text, letters in tokens(pattern):
        if letters:
            parts.append(_field(letters, pattern))
            continue
        reserved = next((character for character in text if character in _RESERVED), "")
        if reserved:
            raise ValueError(f"`{reserved}` in the time pattern `{pattern}` is reserved")
        parts.append(lambda _, text=text: text)  # type: ignore[misc]
    return lambda moment: "".join(part(moment) for part in parts)


def tokens(pattern: str) -> list[tuple[str, str]]:
    """The parts of a pattern, in order: each a text, or letters that stand for a part of the time.

    Args:
        pattern: The pattern.

    Raises:
        ValueError: If a quote does not end.
    """
    parts, position = [], 0
    while position < len(pattern):
        found = TOKEN.match(pattern, position)
        if found is None:
            raise ValueError(f"a quote in the time pattern `{pattern}` does not end")
        quoted, letters, _, text = found.groups()
        if letters:
            parts.append(("", letters))
        else:
            parts.append((text if quoted is None else quoted.replace("''", "'") or "'", ""))
        position = found.end()
    return parts


def _field(letters: str, pattern: str) -> Formatter:
    letter, count = letters[0], len(letters)
    if letter == "Y":
        raise ValueError(
            f"`Y` in the time pattern `{pattern}` is the year of the week, which is another in the days around New Year; "
            "write `y`"
        )
    if letter not in _FIELDS:
        raise ValueError(f"`{letter}` in the time pattern `{pattern}` is not known here; known are {''.join(_FIELDS)}")
    most, write = _FIELDS[letter]
    if count > most:
        raise ValueError(f"`{letters}` in the time pattern `{pattern}` has too many letters: {letter} is up to {most}")
    return lambda moment: write(moment, count)


def _padded(value: Callable[[datetime], int]) -> Callable[[datetime, int], str]:
    return lambda moment, count: str(value(moment)).zfill(count)


def _year(moment: datetime, count: int) -> str:
    return f"{moment.year % 100:02}" if count == 2 else str(moment.year).zfill(count)


def _named(names: tuple[str, ...], position: int, count: int) -> str:
    return names[position] if count == _FULL_NAME else names[position][:_SHORT_NAME]


def _month(moment: datetime, count: int) -> str:
    return str(moment.month).zfill(count) if count < _SHORT_NAME else _named(MONTHS, moment.month - 1, count)


_FIELDS: Mapping[str, tuple[int, Callable[[datetime, int], str]]] = {
    "y": (9, _year),
    "u": (9, _year),
    "M": (_FULL_NAME, _month),
    "L": (_FULL_NAME, _month),
    "d": (2, _padded(lambda moment: moment.day)),
    "D": (3, _padded(lambda moment: moment.timetuple().tm_yday)),
    "E": (_FULL_NAME, lambda moment, count: _named(DAYS, moment.weekday(), count)),
    "a": (1, lambda moment, _: "AM" if moment.hour < 12 else "PM"),
    "H": (2, _padded(lambda moment: moment.hour)),
    "h": (2, _padded(lambda moment: moment.hour % 12 or 12)),
    "K": (2, _padded(lambda moment: moment.hour % 12)),
    "k": (2, _padded(lambda moment: moment.hour or 24)),
    "m": (2, _padded(lambda moment: moment.minute)),
    "s": (2, _padded(lambda moment: moment.second)),
    "S": (9, lambda moment, count: f"{moment.microsecond:06}000"[:count]),
}
"""Each letter with how often it may stand in a row, and what it writes."""
