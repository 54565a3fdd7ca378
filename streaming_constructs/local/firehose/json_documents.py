"""The JSON documents in a record, of which there may be several, one behind the other.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html and
https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from streaming_constructs.local.firehose.json_scalar import fraction

_SPACE = re.compile(r"[ \t\n\r]*")


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


Decode = Callable[[str, int], tuple[Any, int]]
"""Reads the document of a text that begins at a position, and tells where it ends."""


def decoder(members: Callable[[list[tuple[str, Any]]], dict[str, Any]] | None = None) -> Decode:
    """What reads documents. Numbers with a point or an exponent are kept exact until their column is known.

    Args:
        members: Makes an object of its members, in order. Left out: the last one of a key counts.
    """
    return json.JSONDecoder(parse_float=fraction, parse_constant=_not_json, object_pairs_hook=members).raw_decode


_DECODE = decoder()


def documents(text: str, decode: Decode = _DECODE) -> Iterator[tuple[Any, int, int]]:
    """The documents of a text.

    Args:
        text: The text.
        decode: What reads a document. Left out: as `decoder` does.

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
            document, position = decode(text, start)
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
