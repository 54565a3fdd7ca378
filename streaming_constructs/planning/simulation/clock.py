"""Times of a simulation: minutes from the midnight with which the first day begins, as people write and read them."""

from __future__ import annotations

import re

from streaming_constructs.planning.numbers import duration

DAY = 1440
"""Minutes."""
HOUR = 60
DEFAULT_START = 9 * HOUR
"""When something happens where nobody says when: at nine in the morning of the first day."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(ms|s|min|m|h|d)", re.ASCII)
_TIME = re.compile(r"(?:(\d{1,3})d)?(\d{1,2}):(\d{2})", re.ASCII)
_LAST_HOUR, _LAST_MINUTE = 23, 59


def seconds_of(text: str) -> float | None:
    """A length of time in seconds; None for what is none.

    Args:
        text: Such as `2h`, `1h30m`, `200ms`.
    """
    parts = _LENGTH.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        return None
    return float(sum(float(amount) * _UNITS[unit] for amount, unit in parts))


def minutes_of(text: str) -> int | None:
    """A length of time in minutes; None for what is none, or not of whole minutes.

    Args:
        text: Such as `2h`.
    """
    seconds = seconds_of(text)
    return int(seconds) // 60 if seconds and seconds % 60 == 0 else None


def minute_of(text: str) -> int | None:
    """The minute that a time is; None for what is none.

    Args:
        text: `09:00` of the first day, `3d09:00` of the third.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    day, hour, minute = int(found[1] or 1), int(found[2]), int(found[3])
    if not day or hour > _LAST_HOUR or minute > _LAST_MINUTE:
        return None
    return (day - 1) * DAY + hour * HOUR + minute


def time(minute: int) -> str:
    """A minute as people read it: `day 2, 09:05`.

    Args:
        minute: The minute.
    """
    day, rest = divmod(minute, DAY)
    return f"day {day + 1}, {rest // HOUR:02}:{rest % HOUR:02}"


def length(minutes: int) -> str:
    """A number of minutes as people read it: `2 h 41 min`.

    Args:
        minutes: The minutes.
    """
    return duration(minutes * 60) if minutes else "0 min"
