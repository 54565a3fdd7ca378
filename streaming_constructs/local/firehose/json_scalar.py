"""What is asked of single values of JSON: whether a text is a number, and how an error shows a value that does not fit."""

from __future__ import annotations

import json
import re
from typing import Any

INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_SHOWN_CHARACTERS = 60


def shown(value: Any) -> str:
    """A value as an error shows it: shortened.

    Args:
        value: The value, as it was read from JSON.
    """
    text = value if isinstance(value, str) else json_text(value)
    return f"`{text[:_SHOWN_CHARACTERS]}{'…' if len(text) > _SHOWN_CHARACTERS else ''}`"


def misfit(value: Any, type_: str) -> ValueError:
    """The error of a value that is none of a type.

    Args:
        value: The value, as it was read from JSON.
        type_: The type.
    """
    return ValueError(f"{shown(value)} is no {type_}")


def json_text(value: Any) -> str:
    """A value as JSON.

    Args:
        value: The value, as it was read from JSON; numbers may be `Decimal`.
    """
    return json.dumps(value, default=float, ensure_ascii=False, separators=(",", ":"))
