"""Times of JSON as Firehose's deserializers read them: microseconds since 1970 in UTC, which Arrow takes as they are.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html

Read as follows; nothing of it was compared with AWS.

- OpenX takes what AWS lists: `yyyy-MM-dd'T'HH:mm:ss[.S]'Z'`, `yyyy-[M]M-[d]d HH:mm:ss[.S]`, seconds and milliseconds since
  1970. It also takes times with an offset such as `+02:00`, and times with a `T` and no zone, which are not on AWS's list; so a
  rehearsal says nothing about those. One without a zone is UTC.
- A whole number of more than ten digits is milliseconds; a shorter one, or one with a point, is seconds. A text of digits is
  the number.
- Of a fraction, what is finer than a microsecond is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from streaming_constructs.local.firehose.joda_time import reader
from streaming_constructs.local.firehose.json_scalar import INTEGER, NUMBER, misfit

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the times of tables, without a zone
_FIRST_MICROSECOND = -62_135_596_800_000_000
_LAST_MICROSECOND = 253_402_300_799_999_999
_SECONDS_BELOW = 10**10


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
        found = _TIME.fullmatch(value)
        if found is not None:
            return _from_parts(value, found)
        if not NUMBER.fullmatch(value):
            raise misfit(value, "timestamp")
        value = int(value) if INTEGER.fullmatch(value) else Decimal(value)
    if type(value) is int:
        return _in_range(value, value * (1_000_000 if abs(value) < _SECONDS_BELOW else 1000))
    if type(value) is Decimal and value.adjusted() < 20:
        return _in_range(value, int(value * 1_000_000))
    raise misfit(value, "timestamp")


def _from_parts(value: str, found: re.Match[str]) -> int:
    *parts, fraction, zone = found.groups()
    try:
        moment = datetime(*map(int, parts))  # type: ignore[arg-type] # noqa: DTZ001 - UTC
        if zone not in (None, "Z"):
            # Of Python: an offset of a day or more is none.
            moment = datetime.combine(moment, moment.time(), datetime.strptime(zone, "%z").tzinfo)
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise misfit(value, "timestamp") from None
    microseconds = _microseconds(value, moment)
    return microseconds + int(fraction.ljust(6, "0")[:6]) if fraction else microseconds


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
        found = None if formats else _TIME.fullmatch(value)
        if found is None or found[8] or "T" in value:
            raise misfit(value, "timestamp")
        return _from_parts(value, found)

    return convert
