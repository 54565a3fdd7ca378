"""The JSON documents in a record, of which there may be several, one behind the other.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html and
https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


# Numbers with a point are kept exact until their column is known.
_decode = json.JSONDecoder(parse_float=Decimal, parse_constant=_not_json).raw_decode


def documents(text: str) -> Iterator[tuple[Any, int, int]]:
    """The documents of a text.

    Args:
        text: The text.

    Yields:
        Each document, with where it starts and ends in the text; numbers with a point are `Decimal`.

    Raises:
        ValueError: If there is anything else.
        RecursionError: If one is nested too deep.
    """
    position, length = _after_space(text, 0), len(text)
    while position < length:
        start = position
        try:
            document, position = _decode(text, start)
        except ArithmeticError:
            raise ValueError("a number has an exponent that nothing can hold") from None
        yield document, start, position
        position = _after_space(text, position)


def _after_space(text: str, position: int) -> int:
    # Spaces are rare, and looking for them is not free.
    if text.startswith("{", position):
        return position
    found = _SPACE.match(text, position)
    return found.end() if found else position
