"""Times of JSON as Firehose's deserializers read them: microseconds since 1970 in UTC, which Arrow takes as they are.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html

OpenX takes what AWS lists: `yyyy-MM-dd'T'HH:mm:ss[.S]'Z'`, `yyyy-[M]M-[d]d HH:mm:ss[.S]`, seconds and milliseconds since 1970.
Others have measured in Firehose that a time with a space may have one digit everywhere but in the year, that one with a `T` may
not, and that a number, or a text of one, is seconds below 10^12 and milliseconds from there on:
https://github.com/floci-io/floci/issues/3235. Read as follows; nothing of it was compared with AWS.

- A time with a space is read as `java.sql.Timestamp.valueOf` does, which both SerDes call and which measures like this come
  from: a day that a month does not have is one of the next month, and an hour of 25 is one of the next day.
- OpenX also takes times with an offset such as `+02:00`, and times with a `T` and no zone, which are not on AWS's list; so a
  rehearsal says nothing about those. One without a zone is UTC.
- A number with a point is seconds, as long as it is no greater.
- Of a fraction, what is finer than a microsecond is cut off.
- A time outside the years 1 to 9999 fails; Firehose writes it as one that it is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from streaming_constructs.local.firehose.joda_time import reader
from streaming_constructs.local.firehose.json_scalar import INTEGER, NUMBER, misfit

_REST = r"(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:?[0-9]{2})?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})" + _REST)
_SPACED = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2}) ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})" + _REST)
_MONTH_DAYS = 31
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the times of tables, without a zone
_FIRST_MICROSECOND = -62_135_596_800_000_000
_LAST_MICROSECOND = 253_402_300_799_999_999
_MILLISECONDS_DIGITS = 13


def _microseconds(value: Any, moment: datetime) -> int:
    try:
        return (moment - _EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        raise misfit(value, "timestamp") from None


def _in_range(value: Any, microseconds: int) -> int:
    if _FIRST_MICROSECOND <= microseconds <= _LAST_MICROSECOND:
        return microseconds
    raise misfit(value, "timestamp of the years 1 to 9999")


def openx_time(value: Any) -> int:
    """A time as OpenX's SerDe reads it.

    Args:
        value: The value, as it was read from JSON with `parse_float=Decimal`.

    Returns:
        Microseconds since 1970 in UTC.

    Raises:
        ValueError: If it is none.
    """
    if type(value) is str:
        found = (_ISO if "T" in value else _SPACED).fullmatch(value)
        if found is not None:
            return _from_parts(value, found)
        if not NUMBER.fullmatch(value):
            raise misfit(value, "timestamp")
        value = int(value) if INTEGER.fullmatch(value) else Decimal(value)
    if type(value) is int:
        return _in_range(value, value * (1_000_000 if len(str(value)) < _MILLISECONDS_DIGITS else 1000))
    if isinstance(value, Decimal) and value.adjusted() < 20:
        return _in_range(value, int(value * 1_000_000))
    raise misfit(value, "timestamp")


def _from_parts(value: str, found: re.Match[str]) -> int:
    *parts, fraction, zone = found.groups()
    try:
        moment = _lenient(*map(int, parts)) if " " in value else datetime(*map(int, parts))  # type: ignore[arg-type] # noqa: DTZ001
        if zone not in (None, "Z"):
            # Of Python: an offset of a day or more is none.
            moment = datetime.combine(moment, moment.time(), datetime.strptime(zone, "%z").tzinfo)
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise misfit(value, "timestamp") from None
    microseconds = _microseconds(value, moment)
    return microseconds + int(fraction.ljust(6, "0")[:6]) if fraction else microseconds


def _lenient(year: int, month: int, day: int, *clock: int) -> datetime:
    """A time whose day or hour may be one too many, and goes on into what follows."""
    if not 1 <= day <= _MONTH_DAYS:
        raise ValueError(f"no month has a day {day}")
    hours, minutes, seconds = clock
    return datetime(year, month, 1) + timedelta(days=day - 1, hours=hours, minutes=minutes, seconds=seconds)  # noqa: DTZ001


def hive_time(formats: tuple[str, ...]) -> Callable[[Any], int]:
    """What reads times as Hive's SerDe does.

    Args:
        formats: Patterns of Joda-Time, or `millis`; none: as `java.sql.Timestamp.valueOf` reads them.

    Returns:
        A function that returns microseconds since 1970 in UTC, and raises ValueError for a value that is no time.

    Raises:
        ValueError: If a pattern is not known.
    """
    readers = [reader(pattern) for pattern in formats if pattern != "millis"]
    takes_millis = "millis" in formats

    def convert(value: Any) -> int:
        if takes_millis and (type(value) is int or (type(value) is str and INTEGER.fullmatch(value))):
            return _in_range(value, int(value) * 1000)
        if type(value) is not str:
            raise misfit(value, "timestamp")
        for read in readers:
            try:
                return _microseconds(value, read(value))
            except (ValueError, OverflowError):
                continue
        found = None if formats else _SPACED.fullmatch(value)
        if found is None or found[8]:
            raise misfit(value, "timestamp")
        return _from_parts(value, found)

    return convert
