"""Small questions that rules ask of values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.intrinsics import as_text


def number(value: Any) -> float | None:
    """A value as a number, also where it was written as a text; None where it is none, or known at deployment only.

    Args:
        value: A value by its meaning.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if found == found and abs(found) != float("inf") else None  # noqa: PLR0124 - no number is not itself


def is_true(value: Any) -> bool:
    """Whether a value says yes: `true`, or `"true"`.

    Args:
        value: A value by its meaning.
    """
    return value is True or (isinstance(value, str) and value.lower() == "true")


def is_false(value: Any) -> bool:
    """Whether a value says no: `false`, or `"false"`; a value that is left out says nothing.

    Args:
        value: A value by its meaning.
    """
    return value is False or (isinstance(value, str) and value.lower() == "false")


def shown(value: Any) -> str:
    """A value in a message: short, and without anything that is known at deployment only.

    Args:
        value: A value by its meaning.
    """
    if value is None:
        return "nothing"
    if isinstance(value, Mapping) and len(value) == 1:
        match value:
            case {"Ref": name}:
                return f"${{{name}}}"
            case {"Fn::GetAtt": [name, attribute]}:
                return f"${{{name}.{attribute}}}"
            case {"Fn::Join": ["", list() as parts]}:
                return _cut("".join(part if isinstance(part, str) else shown(part) for part in parts))
    if isinstance(value, (Mapping, list)):
        return _cut(json.dumps(value, ensure_ascii=False, default=str))
    return _cut(as_text(value))


_LONG = 80


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def listed(value: Any) -> list[Any]:
    """A value as a list: what may stand alone in place of a list of one.

    Args:
        value: A value by its meaning.
    """
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
