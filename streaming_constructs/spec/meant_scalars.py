"""Scalars of the wrong type: what was meant by them, where that can be told."""

from __future__ import annotations

import re
from typing import Any

from streaming_constructs.spec.amounts import amount_in_unit_of, unit_of

_WHOLE = re.compile(r"[0-9]{1,18}")
"""A whole number that some field could have; with more digits it was left a text."""
_YES, _NO = ("yes", "on", "y"), ("no", "off", "n")


def meant_scalar(expected: str, field: str, value: Any) -> tuple[Any, str] | None:
    """What was meant, and the help that says so; None where that cannot be told.

    Args:
        expected: What goes there, as the kind of pydantic's error begins: `bool`, `int`, `float` or `string`.
        field: The name of the field.
        value: What was written.
    """
    if expected.startswith("bool") and isinstance(value, str):
        return _truth(value.lower())
    if expected.startswith(("int", "float")) and isinstance(value, str):
        return _number(field, value.strip(), is_whole=expected.startswith("int"))
    if expected.startswith("string") and isinstance(value, bool | int | float):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return text, f'write `"{text}"`, in quotes'
    return None


def _truth(text: str) -> tuple[bool, str] | None:
    if text in (*_YES, *_NO):
        return text in _YES, f"write `{'true' if text in _YES else 'false'}`"
    return (text == "true", f"write `{text}`, without quotes") if text in {"true", "false"} else None


def _number(field: str, text: str, *, is_whole: bool) -> tuple[int | float, str] | None:
    if _WHOLE.fullmatch(text):
        return int(text), f"write `{text}`, without quotes"
    amount = amount_in_unit_of(field, text)
    if amount is None or (is_whole and not isinstance(amount, int)):
        return None
    unit = unit_of(field)
    told = {"records": "", "kb": ", in KB", "mb": ", in MB", "gb": ", in GB"}.get(unit, f", in {unit}")
    return amount, f"write `{amount}`{told}"
