"""Which filter of an event source mapping lets more through: patterns compared by what they ask for.

A pattern says of some fields which values pass; a filter lets through what fits one of its patterns.
Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import listed, number
from streaming_constructs.review.events.pattern_cases import cases

_EVERYTHING: list[Any] = [{}]
"""Without patterns all records pass: just as by a pattern that asks for nothing."""


def patterns_of(criteria: Any) -> list[Any] | None:
    """The patterns of a filter; None where one of them is known at deployment only.

    Args:
        criteria: The value of `FilterCriteria`.
    """
    if criteria is None:
        return _EVERYTHING
    if not isinstance(criteria, Mapping) or not set(criteria) <= {"Filters"}:
        return None
    found = []
    for item in listed(criteria.get("Filters")):
        pattern = item.get("Pattern") if isinstance(item, Mapping) else None
        read = _read(pattern)
        if not isinstance(read, Mapping):
            return None
        found.append(read)
    return found or _EVERYTHING


def _read(pattern: Any) -> Any:
    if not isinstance(pattern, str):
        return None
    try:
        return json.loads(pattern)
    except (ValueError, RecursionError):
        return None


def lets_through(wide: list[Any], narrow: list[Any]) -> bool:
    """Whether a filter lets everything through that another does, as far as patterns tell.

    Args:
        wide: The patterns of the filter.
        narrow: The patterns of the other.
    """
    return all(any(_covers(one, case) for one in wide) for other in narrow for case in cases(other))


def _covers(wide: Any, narrow: Any) -> bool:
    """Whether all that fits one part of a pattern fits another."""
    if same(wide, narrow):
        return True
    if isinstance(wide, Mapping) and isinstance(narrow, Mapping):
        return all(
            name in narrow and _covers(asked, narrow[name]) for name, asked in wide.items() if name != "$or"
        ) and same(wide.get("$or"), narrow.get("$or") if "$or" in wide else None)
    if isinstance(wide, list) and isinstance(narrow, list):
        return all(any(_admits(one, other) for one in wide) for other in narrow)
    return False


def _admits(wide: Any, narrow: Any) -> bool:
    """Whether each value that one alternative of a field means is meant by another."""
    if same(wide, narrow):
        return True
    match wide, narrow:
        case {"exists": True}, _:
            return not isinstance(narrow, Mapping) or "exists" not in narrow
        case {"prefix": str() as start}, ({"prefix": str() as text} | (str() as text)):
            return text.startswith(start)
        case {"numeric": list() as outer}, {"numeric": list() as inner}:
            return _holds(outer, inner)
        case {"numeric": list() as outer}, int() | float():
            return _holds(outer, ["=", narrow])
    return False


def _holds(outer: list[Any], inner: list[Any]) -> bool:
    """Whether a range of numbers holds another."""
    one, other = _range(outer), _range(inner)
    return one is not None and other is not None and one[0] <= other[0] and other[1] <= one[1]


_Bound = tuple[float, float]


def _range(comparisons: list[Any]) -> tuple[_Bound, _Bound] | None:
    """The lower and the upper bound of comparisons such as `[">", 0, "<=", 5]`; a second number tells which of two bounds at
    the same value lets more through.
    """
    low, high = (float("-inf"), 0.0), (float("inf"), 0.0)
    for operator, value in zip(comparisons[::2], comparisons[1::2], strict=False):
        bound = number(value)
        if bound is None:
            return None
        match operator:
            case ">":
                low = (bound, 1.0)
            case ">=":
                low = (bound, 0.0)
            case "<":
                high = (bound, -1.0)
            case "<=":
                high = (bound, 0.0)
            case "=":
                low = high = (bound, 0.0)
            case _:
                return None
    return low, high
