"""A pattern of events as the cases that it lets through: one alternative for each field.

`{"kind": ["sale", "refund"]}` lets through what `{"kind": ["sale"]}` or `{"kind": ["refund"]}` does: so two filters are
compared case by case, however their alternatives are spread over patterns.
Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

_MOST = 1024
"""A pattern of more cases is compared as a whole."""


def cases(pattern: Any) -> Iterator[Any]:
    """The cases of a pattern, or the pattern itself where there are too many.

    Args:
        pattern: The pattern.
    """
    return _cases(pattern) if _count(pattern) <= _MOST else iter([pattern])


def _fields(pattern: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a pattern; alternatives that name several fields are left whole."""
    return {name: value for name, value in pattern.items() if name != "$or"}


def _count(pattern: Any) -> int:
    if isinstance(pattern, Mapping):
        return prod(map(_count, _fields(pattern).values()))
    return max(len(pattern), 1) if isinstance(pattern, list) else 1


def _cases(pattern: Any) -> Iterator[Any]:
    if isinstance(pattern, Mapping):
        fields = _fields(pattern)
        for chosen in itertools.product(*map(_cases, fields.values())):
            yield {**pattern, **dict(zip(fields, chosen, strict=True))}
    elif isinstance(pattern, list) and pattern:
        yield from ([alternative] for alternative in pattern)
    else:
        yield pattern
