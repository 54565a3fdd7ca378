"""Times as Firehose's Hive JSON SerDe reads them: by patterns of Joda-Time.

The letters are those of https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html, which
https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html names. A pattern with a letter that is not among
those below is refused rather than guessed at. A time without a zone is taken for UTC; that is a reading.

A pattern without a year that has a part of a date is in the year 2000, and one of hours alone on the 1st of January 1970. Parts
count from the greatest to the smallest, so that a name of a day that is not the date's moves the date within its week. A
fraction counts to the millisecond. That is how Joda-Time itself reads, which was tried.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache

from streaming_constructs.local.firehose.java_time import DAYS, MONTHS, tokens

Reader = Callable[[str], datetime]

_EPOCH_YEAR, _DEFAULT_YEAR = 1970, 2000
_FIRST_OF_LAST_CENTURY = 46
"""Two digits are a year of the hundred around 30 years ago, in Joda-Time; here always 1946 to 2045, as it is in 2026."""
_NUMBERS = "yYdDMHkhKmsS"
_LONGEST = {"y": 9, "Y": 9, "D": 3, "S": 0}
"""Where more digits may stand than two, or, of a fraction, only as many as there are letters."""
_ZONE = r"Z|[+-][0-9]{2}(?::?[0-9]{2})?"


@cache
def reader(pattern: str) -> Reader:
    """What reads a time by a pattern.

    Args:
        pattern: Such as `dd/MM/yyyy HH:mm:ss`.

    Returns:
        A function that returns the time, in UTC and without a zone, and raises ValueError for a text that does not fit.

    Raises:
        ValueError: If it has a letter that is not known, or a quote that does not end.
    """
    parts, fields = [], list[str]()
    found = tokens(pattern)
    for position, (text, letters) in enumerate(found):
        if not letters:
            parts.append(re.escape(text))
            continue
        following = found[position + 1][1] if position + 1 < len(found) else ""
        parts.append(f"({_expression(letters, following, pattern)})")
        fields.append(letters)
    expression = re.compile("".join(parts), re.IGNORECASE | re.ASCII)

    def read(text: str) -> datetime:
        matched = expression.fullmatch(text)
        if matched is None:
            raise ValueError(f"{text!r} is not written as {pattern}")
        values = {letters[0]: (value, len(letters)) for letters, value in zip(fields, matched.groups(), strict=True)}
        return _moment(values)

    return read


def _expression(letters: str, following: str, pattern: str) -> str:
    letter, count = letters[0], len(letters)
    if letter == "E" or _is_name_of_month(letters):
        return "|".join(spelling for name in (DAYS if letter == "E" else MONTHS) for spelling in (name, name[:3]))
    if letter == "a":
        return "AM|PM"
    if letter == "Z":
        return _ZONE
    if letter not in _NUMBERS:
        raise ValueError(f"`{letter}` in the time pattern `{pattern}` is not known here; known are {_NUMBERS}aEZ")
    if following and following[0] in _NUMBERS and not _is_name_of_month(following):
        return f"[0-9]{{{count}}}"  # what follows at once begins where the letters end
    return f"[0-9]{{1,{max(count, _LONGEST.get(letter, 2))}}}"


def _is_name_of_month(letters: str) -> bool:
    return letters.startswith("MMM")


def _moment(values: Mapping[str, tuple[str, int]]) -> datetime:
    def number(letter: str, default: int) -> int:
        return int(values[letter][0]) if letter in values else default

    day = _date(values)
    milliseconds = int(values["S"][0].ljust(3, "0")[:3]) if "S" in values else 0
    moment = datetime(day.year, day.month, day.day, _hour(values), number("m", 0), number("s", 0), milliseconds * 1000)  # noqa: DTZ001
    return moment - _offset(values["Z"][0]) if "Z" in values else moment


def _date(values: Mapping[str, tuple[str, int]]) -> date:
    """The date of the parts that there are. Each is set in turn, and then again: a smaller one may have changed a greater."""
    setters: list[Callable[[date], date]] = []
    year = _year(values)
    if year is not None:
        setters.append(lambda day: _in_month(day, year, day.month))
    if "M" in values:
        month = _month(values["M"][0])
        setters.append(lambda day: _in_month(day, day.year, month))
    if "D" in values:
        setters.append(lambda day: _day_of_year(day.year, int(values["D"][0])))
    if "d" in values:
        setters.append(lambda day: day.replace(day=int(values["d"][0])))
    if "E" in values:
        weekday = _position(values["E"][0], DAYS)
        setters.append(lambda day: day + timedelta(days=weekday - day.weekday()))
    moved = date(_EPOCH_YEAR, 1, 1)
    for set_part in setters * 2:
        moved = set_part(moved)
    return moved


def _year(values: Mapping[str, tuple[str, int]]) -> int | None:
    for letter in "Yy":
        if letter in values:
            text, count = values[letter]
            year = int(text)
            return year + (2000 if year < _FIRST_OF_LAST_CENTURY else 1900) if count == 2 and len(text) == 2 else year
    return _DEFAULT_YEAR if values.keys() & set("MDdE") else None


def _in_month(day: date, year: int, month: int) -> date:
    """The same day in another month; its last, where it has fewer days."""
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day_of_year(year: int, number: int) -> date:
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise ValueError(f"the year {year} has no day {number}")
    return day


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _position(text, MONTHS) + 1


def _position(text: str, names: Sequence[str]) -> int:
    return [name[:3].lower() for name in names].index(text[:3].lower())


def _hour(values: Mapping[str, tuple[str, int]]) -> int:
    for letter, most in (("H", 23), ("k", 24), ("h", 12), ("K", 11)):
        if letter not in values:
            continue
        hour = int(values[letter][0])
        if hour > most or (hour == 0 and letter in "kh"):
            raise ValueError(f"there is no hour {hour}")
        if letter in "Hk":
            return hour % 24
        return hour % 12 + (12 if values.get("a", ("AM", 1))[0].upper() == "PM" else 0)
    return 0


def _offset(text: str) -> timedelta:
    if text in ("Z", "z"):
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    timezone(offset)  # raises for a day or more
    return -offset if text.startswith("-") else offset
