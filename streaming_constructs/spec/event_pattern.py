"""What event patterns say, as the filters of an event source mapping have them: of which fields, and what of each.

Both `validate` and a rehearsal read them here. How values are compared is left to the rehearsal; what AWS refuses stands in
`event_pattern_problems`. Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and, for what the pages leave open,
AWS's own matcher, https://github.com/aws/event-ruler
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from streaming_constructs.spec.finding import SpecPath

OR = "$or"
IGNORE_CASE = "equals-ignore-case"
TEXT_OPERATORS = ("prefix", "suffix", IGNORE_CASE)
OPERATORS = ("anything-but", IGNORE_CASE, "exists", "numeric", "prefix", "suffix")
"""The operators that Lambda lists; EventBridge has `wildcard` and `cidr` as well."""
LOWER_BOUNDS, UPPER_BOUNDS = (">", ">="), ("<", "<=")
_NO_CHOICE = frozenset(
    {
        *("exactly", "wildcard", "cidr", *OPERATORS, "=", *LOWER_BOUNDS, *UPPER_BOUNDS),
        *("regex", "not-wildcard", "not-equals-ignore-case", "ip-address-in-range", "ip-address-not-in-range"),
        *("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"),
    }
)
"""Names in an object of `$or` that make it no choice, but a field of that name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What an event pattern says of one field.

    Attributes:
        field: The field's path with dots, such as `data.address.city`; a dot in a name cannot be told from one between two.
        rules: What its value may be: one of these has to match.
        path: Where the pattern says so.
    """

    field: str
    rules: tuple[Any, ...]
    path: SpecPath


def is_number(value: Any) -> TypeGuard[int | float | Decimal]:
    """Whether a value is a number that JSON can hold.

    Args:
        value: The value.
    """
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, int):  # as long as may be: no double has to hold it
        return not isinstance(value, bool)
    return isinstance(value, float) and math.isfinite(value)


def is_comparable(number: float | Decimal) -> bool:
    """Whether a number can be compared by its value: whether a double holds it without loss.

    Args:
        number: The number.
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    return Decimal(repr(float(exact))) == exact


def has_choices(pattern: Any) -> bool:
    """Whether `$or` in a pattern means a choice, and is no field of that name.

    It is one where every `$or` is a list of two or more objects without a name of `_NO_CHOICE`.

    Args:
        pattern: The pattern.
    """
    return all(_is_choice(value) for value in _ors(pattern, inside=False))


def _ors(value: Any, *, inside: bool) -> Iterator[Any]:
    """What each `$or` of a pattern says; a name that makes it no choice is yielded as one that is none."""
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        if key == OR:
            yield inner
            for choice in inner if isinstance(inner, list | tuple) else ():
                yield from _ors(choice, inside=True)
        elif inside and key in _NO_CHOICE:
            yield None
        else:
            yield from _ors(inner, inside=inside)


def _is_choice(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) > 1 and all(isinstance(choice, Mapping) for choice in value)


def combinations(pattern: Mapping[str, Any]) -> int:
    """How many alternatives the choices of a pattern make together.

    Args:
        pattern: The pattern.
    """
    return _combinations(pattern) if has_choices(pattern) else 1


def _combinations(pattern: Mapping[str, Any]) -> int:
    count = 1
    for key, value in pattern.items():
        if key == OR:
            count *= sum(_combinations(choice) for choice in value)
        elif isinstance(value, Mapping):
            count *= _combinations(value)
    return count


def alternatives(pattern: Mapping[str, Any]) -> list[dict[str, Condition]]:
    """What a pattern says, with its choices written out: an event matches one of these, in all fields.

    Of two conditions on one field the later counts, as in AWS's own matcher.

    Args:
        pattern: A pattern without problems.
    """
    found: list[dict[str, Condition]] = [{}]
    choose = has_choices(pattern)

    def write(value: Any, field: str, path: SpecPath, into: list[dict[str, Condition]]) -> list[dict[str, Condition]]:
        for key, inner in value.items():
            name, there = f"{field}.{key}" if field else key, (*path, key)
            if key == OR and choose:
                into = [
                    alternative
                    for position, choice in enumerate(inner)
                    for alternative in write(choice, field, (*there, position), [dict(one) for one in into])
                ]
            elif isinstance(inner, Mapping):
                into = write(inner, name, there, into)
            else:
                for one in into:
                    one[name] = Condition(name, tuple(inner), there)
        return into

    return write(pattern, "", (), found)


def conditions(pattern: Mapping[str, Any]) -> Iterator[Condition]:
    """Everything that a pattern says of a field, in its order, whichever choice it is in.

    Args:
        pattern: A pattern without problems.
    """
    choose = has_choices(pattern)

    def read(value: Any, field: str, path: SpecPath) -> Iterator[Condition]:
        for key, inner in value.items():
            name, there = f"{field}.{key}" if field else key, (*path, key)
            if key == OR and choose:
                for position, choice in enumerate(inner):
                    yield from read(choice, field, (*there, position))
            elif isinstance(inner, Mapping):
                yield from read(inner, name, there)
            else:
                yield Condition(name, tuple(inner), there)

    return read(pattern, "", ())
