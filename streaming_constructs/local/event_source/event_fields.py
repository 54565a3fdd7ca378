"""Finds what an event pattern names in an event: by paths with dots, through objects and lists, as AWS's own matcher does.

A path is all its names with dots between them, so that a dot within a name is no other than one between two. Of a list, values
are alternatives; of a list of objects, one object has to have all that is said of the list. A field is absent where it has no
value: an object is none, and an empty list has none.
Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html and
https://github.com/aws/event-ruler
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple


class FieldRule(NamedTuple):
    """What a pattern says of one field.

    Attributes:
        field: Its path with dots, seen from where the rule is asked; empty where it is the value itself.
        test: Whether a value matches.
        may_be_absent: Whether the field may have no value at all.
    """

    field: str
    test: Callable[[Any], bool]
    may_be_absent: bool = False


class FieldRules:
    """Rules that a value has to match all.

    Attributes:
        may_be_absent: Whether there need not be any value.
    """

    def __init__(self, rules: Sequence[FieldRule]) -> None:
        """Sorts the rules by the first name of their paths.

        Args:
            rules: The rules, in the order of their fields.
        """
        self._own = [rule for rule in rules if not rule.field]
        self._inner = [rule for rule in rules if rule.field]
        self.may_be_absent = all(rule.may_be_absent for rule in rules)
        by_name: dict[str, list[FieldRule]] = {}
        for rule in self._inner:
            name, _, rest = rule.field.partition(".")
            by_name.setdefault(name, []).append(FieldRule(rest, rule.test, rule.may_be_absent))
        self._by_name = {name: FieldRules(inner) for name, inner in by_name.items()}

    def match(self, value: Any) -> bool:
        """Whether a value has all that the rules say.

        Args:
            value: A value of an event, as JSON has it.
        """
        if self._own:
            leaves = list(_leaves(value))
            for rule in self._own:
                if not (any(rule.test(leaf) for leaf in leaves) if leaves else rule.may_be_absent):
                    return False
        if not self._inner:
            return True
        if isinstance(value, list):
            return any(self._match_element(element, value) for element in value) or all(
                rule.may_be_absent and not _has(value, rule.field) for rule in self._inner
            )
        return self._match_object(value if isinstance(value, dict) else {})

    def _match_object(self, value: Mapping[str, Any]) -> bool:
        if any("." in key for key in value):
            return self._match_dotted(value)
        return all(
            rules.match(value[name]) if name in value else rules.may_be_absent for name, rules in self._by_name.items()
        )

    def _match_dotted(self, value: Mapping[str, Any]) -> bool:
        """As `_match_object`, of an object in which several keys may lead to one field."""
        there = list[tuple[FieldRule, list[tuple[str, str]]]]()
        for rule in self._inner:
            ways = list(_ways(value, rule.field))
            if ways:
                there.append((rule, ways))
            elif not rule.may_be_absent:
                return False
        for chosen in itertools.product(*(ways for _, ways in there)):
            by_key: dict[str, list[FieldRule]] = {}
            for (rule, _), (key, rest) in zip(there, chosen, strict=True):
                by_key.setdefault(key, []).append(FieldRule(rest, rule.test, rule.may_be_absent))
            if all(FieldRules(rules).match(value[key]) for key, rules in by_key.items()):
                return True
        return False

    def _match_element(self, element: Any, elements: Sequence[Any]) -> bool:
        """Whether one of a list has all; absent is what all of them lack, until something of this one was asked."""
        if not isinstance(element, dict | list):
            return False
        asked = False
        for rule in self._inner:
            if _has(element, rule.field):
                asked = True
            elif not rule.may_be_absent or (not asked and _has(elements, rule.field)):
                return False
        return FieldRules(self._inner).match(element) if self._own else self.match(element)


def _ways(value: Mapping[str, Any], field: str) -> Iterator[tuple[str, str]]:
    """The keys of an object that lead to a field, each with the rest of the path behind it."""
    end = field.find(".")
    while end >= 0:
        if field[:end] in value:
            yield field[:end], field[end + 1 :]
        end = field.find(".", end + 1)
    if field in value:
        yield field, ""


def _has(value: Any, field: str) -> bool:
    """Whether a value, or an element of it, has a leaf under a path."""
    if isinstance(value, list):
        return any(_has(element, field) for element in value)
    if not field:
        return not isinstance(value, dict)
    return isinstance(value, dict) and any(_has(value[key], rest) for key, rest in _ways(value, field))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for element in value:
            yield from _leaves(element)
    elif not isinstance(value, dict):
        yield value
