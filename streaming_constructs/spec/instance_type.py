"""Instance types: which of those that may be chosen is most like one that may not."""

from __future__ import annotations

import re
from collections.abc import Collection

_TYPE = re.compile(r"(?P<family>[a-z]+)[0-9]*[a-z-]*\.(?P<size>medium|small|micro|nano|large|[0-9]*xlarge)(\.[a-z]+)?")
_LETTERS = {"c": "m", "d": "m", "i": "r", "im": "r", "is": "r", "om": "m", "oi": "r", "or": "r", "x": "r"}
"""Families that are called otherwise, by the letter of the one that has most in common: for memory, or for all purposes."""
_SERVICES = ("kafka", "express")
"""What stands before the type of a broker of MSK, Standard or Express."""
_HALVINGS = ("nano", "micro", "small", "medium", "large", "xlarge")


def like_instance(value: str, choices: Collection[str]) -> str:
    """The choice of the same family and size; the nearest size where there is none, and an empty string for no instance type.

    Args:
        value: What was written, such as `m6g.large.search` or `m7g.large`.
        choices: What could have been.
    """
    found = _parsed(value)
    if found is None:
        return ""
    letter = found["family"] if found["family"] in {"m", "r", "t"} else _LETTERS.get(found["family"], "")
    offered = {choice: match for choice in choices if (match := _parsed(choice)) is not None}
    same = [choice for choice, match in offered.items() if match["family"] == letter]
    return min(
        same,
        key=lambda choice: (abs(_size(offered[choice]["size"]) - _size(found["size"])), offered[choice][0] != found[0]),
        default="",
    )


def _parsed(text: str) -> re.Match[str] | None:
    """Family and size of an instance type, also of one of a broker."""
    service, _, rest = text.lower().partition(".")
    return _TYPE.fullmatch(rest if service in _SERVICES else text.lower())


def _size(word: str) -> float:
    """How many doublings of `nano` a size is."""
    if word in _HALVINGS:
        return _HALVINGS.index(word)
    return len(_HALVINGS) - 1 + (int(word.removesuffix("xlarge")).bit_length() - 1)


def is_larger(one: object, other: object) -> bool:
    """Whether an instance type is a larger one of the same family.

    Args:
        one: What may be the larger, such as `r7g.xlarge.search`.
        other: What may be the smaller.
    """
    found = [_TYPE.search(text) if isinstance(text, str) else None for text in (one, other)]
    larger, smaller = found
    if larger is None or smaller is None:
        return False
    families = [match.string[: match.start("size")] for match in (larger, smaller)]
    return families[0] == families[1] and _size(larger["size"]) > _size(smaller["size"])
