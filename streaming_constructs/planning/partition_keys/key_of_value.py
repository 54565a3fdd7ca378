"""The partition key that a producer makes of the value of a field, and why some values are none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

NoKey = Literal["missing", "null", "empty", "too_long", "not_plain"]
"""Why a record has no key: no such field; null; an empty text; longer than Kinesis takes; an object, a list or bytes."""

_WRITTEN_AS_TEXT = (int, float, Decimal, date, datetime, time)


class _Missing:
    """A field that is not there."""


MISSING = _Missing()
"""The value of a field that a record does not have."""


def value_at(record: Any, path: tuple[str, ...]) -> Any:
    """The value of a field of a record.

    Args:
        record: The record.
        path: The names that lead to it.

    Returns:
        The value; `MISSING` where there is none.
    """
    for name in path:
        if not isinstance(record, Mapping) or name not in record:
            return MISSING
        record = record[name]
    return record


def key_of_value(value: Any) -> str | None:
    """The key as text: texts as they are, truth values as JSON writes them, numbers and times as Python does.

    Args:
        value: The value.

    Returns:
        The key; None where the value is none.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, _WRITTEN_AS_TEXT) else None


def why_no_key(value: Any, key: str | None) -> NoKey:
    """Why a record has no key that can be sent.

    Args:
        value: The value of the field.
        key: What was made of it; one that is refused, or None.
    """
    if key is not None:
        return "too_long" if key else "empty"
    if value is None:
        return "null"
    return "missing" if value is MISSING else "not_plain"
