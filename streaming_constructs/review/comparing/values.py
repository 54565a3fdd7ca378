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
    if isinstance(value, (Mapping, list)):
        return _cut(_composed(value))
    return _cut(as_text(value))


def _composed(value: Mapping[str, Any] | list[Any]) -> str:
    if isinstance(value, Mapping) and isinstance(value.get("Fn::FindInMap"), list):
        return _looked_up(value["Fn::FindInMap"], value.get("Rows"))
    if isinstance(value, Mapping) and len(value) == 1:
        match value:
            case {"Ref": name}:
                return f"${{{name}}}"
            case {"Fn::GetAtt": [name, attribute]}:
                return f"${{{name}.{attribute}}}"
            case {"Fn::Join": ["", list() as parts]}:
                return "".join(part if isinstance(part, str) else shown(part) for part in parts)
    return json.dumps(value, ensure_ascii=False, default=str)


def _looked_up(keys: list[Any], rows: Any) -> str:
    """What a mapping may give: the values of the row that is asked for, or of all of them."""
    name = keys[2] if len(keys) > 2 else None
    found = rows.values() if isinstance(rows, Mapping) else []
    values = [row[name] for row in found if isinstance(row, Mapping) and isinstance(name, str) and name in row]
    if not values:
        return f"Fn::FindInMap [{', '.join(map(shown, keys))}]"
    return f"{' or '.join(dict.fromkeys(map(shown, values)))} (by the mapping {shown(keys[0])})"


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
