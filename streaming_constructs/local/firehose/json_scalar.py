"""Single values of JSON: whether a text is a number, how a number was written, and how an error shows what does not fit."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Self

INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,16}")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_SHOWN_CHARACTERS = 60


class ExponentNumber(Decimal):
    """A number that was written with an exponent, which `Decimal` writes in another way.

    Attributes:
        text: How it was written.
    """

    text: str

    def __new__(cls, text: str) -> Self:
        """Reads a number.

        Args:
            text: The number, such as `1e2`.

        Raises:
            ArithmeticError: If the exponent is one that nothing can hold.
        """
        number = super().__new__(cls, text)
        number.text = text
        return number


def fraction(text: str) -> Decimal:
    """A number with a point or an exponent, exactly, so that it can be written again as it was.

    Args:
        text: The number, as JSON has it.

    Raises:
        ArithmeticError: If the exponent is one that nothing can hold.
    """
    return ExponentNumber(text) if "e" in text or "E" in text else Decimal(text)


def number_text(number: Decimal | int) -> str:
    """A number as it was written.

    Args:
        number: The number, as it was read from JSON.
    """
    if isinstance(number, ExponentNumber):
        return number.text
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


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
    """A value as JSON, with numbers as they were written.

    Args:
        value: The value, as it was read from JSON; numbers may be `Decimal`.

    Raises:
        RecursionError: If it is nested too deep.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except TypeError:  # of a `Decimal`, of which there may be none
        pass
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(name)}:{json_text(inner)}" for name, inner in value.items()) + "}"
    return "[" + ",".join(map(json_text, value)) + "]"
