"""`FilterCriteria` of a Lambda event source mapping: a record is sent to the function if it matches one of the patterns.

Patterns are those of Amazon EventBridge. AWS says that mappings of Kinesis "only support filtering on the data key", and in the
same place how patterns without it filter "on the other metadata properties only"; here the fields of a record may all be named.
Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

Numbers are compared by how they are written: "300, 300.0, and 3.0e2 are not considered equal"; `numeric` compares their values.

What AWS leaves open is read as follows; nothing of it was compared with AWS.

- A pattern for `data` that is no object is refused. AWS refuses one that is "non-JSON".
- A record whose data is no JSON passes if another pattern of the mapping, without `data`, matches it.
- Of a list in a record, one element has to match; of a list of objects, one object has to match all that is said of it.
- `anything-but` needs a value. It takes `prefix`, `suffix` and `equals-ignore-case`, as EventBridge does; Lambda's own list
  does not name that. `wildcard` and `cidr`, which are not in that list either, are refused.
- The pattern `{}` matches every record.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from streaming_constructs.local.kinesis.record import Record

_Value = str | bool | Decimal | None
_Rule = Callable[[_Value], bool]
_Match = Callable[[Any], bool]

_ABSENT = object()
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_IGNORE_CASE = "equals-ignore-case"
_TEXT_RULES: Mapping[str, Callable[[str, str], bool]] = {
    "prefix": str.startswith,
    "suffix": str.endswith,
    _IGNORE_CASE: operator.eq,
}
_EXACT_NUMBERS = 2**53
"""EventBridge takes greater numbers for none in numeric comparisons."""


class FilterPatternError(ValueError):
    """A filter pattern that Lambda does not take."""


def parsed_pattern(text: str) -> Mapping[str, Any]:
    """A pattern out of its JSON; numbers stay as they are written.

    Args:
        text: The pattern, as a mapping's `FilterCriteria` has it.

    Raises:
        FilterPatternError: If it is no JSON object.
    """
    try:
        pattern = _parsed(text)
    except _NO_JSON:
        pattern = None
    if not isinstance(pattern, dict):
        raise FilterPatternError(f"a filter pattern is a JSON object, not {text}")
    return pattern


class EventFilter:
    """The patterns of a mapping, of which a record has to match one."""

    def __init__(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        """Reads the patterns.

        Args:
            patterns: The patterns; none: every record passes.

        Raises:
            FilterPatternError: If one of them is none that Lambda takes.
        """
        self._patterns = []
        for pattern in patterns:
            match, tops = _object_match(pattern), list(_tops(pattern))
            for top in tops:
                if not isinstance(top.get("data", {}), Mapping):
                    raise FilterPatternError(f"a filter pattern for `data` is an object, not {top['data']}")
            self._patterns.append((match, any("data" in top for top in tops)))

    def passes(self, record: Record) -> bool:
        """Whether a record is sent to the function.

        Args:
            record: The record.
        """
        if not self._patterns:
            return True
        event: dict[str, Any] = {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.partition_key,
            "sequenceNumber": str(record.sequence_number),
            "approximateArrivalTimestamp": Decimal(repr(round(record.arrival, 3))),
        }
        is_json = True
        if any(needs_data for _, needs_data in self._patterns):
            try:
                event["data"] = _parsed(record.data)
            except _NO_JSON:
                is_json = False
        return any(match(event) for match, needs_data in self._patterns if is_json or not needs_data)


_NO_JSON = (ValueError, ArithmeticError, RecursionError)
"""What comes of a text that is no JSON, or of one that only a mischief-maker writes."""


def _parsed(text: str | bytes) -> Any:
    return json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _tops(pattern: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All objects of a pattern that name fields at the top of a record."""
    yield pattern
    for choice in pattern.get("$or", ()):
        yield from _tops(choice)


def _object_match(pattern: Mapping[str, Any]) -> _Match:
    fields = [(name, _match(rules)) for name, rules in pattern.items() if name != "$or"]
    choices = [_object_match(choice) for choice in _choices(pattern)]

    def match(value: Any) -> bool:
        if isinstance(value, list) and value:
            return any(match(element) for element in value)
        found = value if isinstance(value, dict) else {}
        return all(rule(found.get(name, _ABSENT)) for name, rule in fields) and (
            not choices or any(choice(found) for choice in choices)
        )

    return match


def _choices(pattern: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "$or" not in pattern:
        return []
    choices = pattern["$or"]
    if isinstance(choices, list) and len(choices) > 1 and all(isinstance(choice, Mapping) for choice in choices):
        return choices
    raise FilterPatternError(f"`$or` in a filter pattern takes two or more patterns, not {choices}")


def _match(rules: Any) -> _Match:
    """What a pattern says of one field: an object goes on inwards, a list names what the value may be."""
    if isinstance(rules, Mapping):
        return _object_match(rules)
    if not isinstance(rules, list) or not rules:
        raise FilterPatternError(f"a value in a filter pattern stands in a list, not as {rules}")
    may_be_absent = {"exists": False} in rules
    tests = [_rule(rule) for rule in rules if rule != {"exists": False}]

    def match(value: Any) -> bool:
        leaves = list(_leaves(value))
        return any(test(leaf) for leaf in leaves for test in tests) if leaves else may_be_absent

    return match


def _leaves(value: Any) -> Iterator[_Value]:
    """The values of a field; an object is none, as operators "only work on leaf nodes"."""
    if isinstance(value, list):
        for element in value:
            yield from _leaves(element)
    elif value is not _ABSENT and not isinstance(value, dict):
        yield value


def _rule(rule: Any) -> _Rule:
    if not isinstance(rule, Mapping):
        return _equal(rule)
    if len(rule) != 1:
        raise FilterPatternError(f"a rule in a filter pattern has one operator, not {list(rule)}")
    [(name, wanted)] = rule.items()
    if name == "exists" and isinstance(wanted, bool):
        return lambda _: True
    if name == "anything-but":
        return _anything_but(wanted)
    if name == "numeric":
        return _numeric(wanted)
    if name in _TEXT_RULES:
        return _text(name, wanted)
    raise FilterPatternError(f"Lambda knows no rule `{name}: {wanted}` in a filter pattern")


def _equal(wanted: Any) -> _Rule:
    if _is_number(wanted):
        written = _written(wanted)
        return lambda value: isinstance(value, Decimal) and _written(value) == written
    if not isinstance(wanted, (str, bool, type(None))):
        raise FilterPatternError(f"a filter pattern matches texts, numbers, truths and null, not {wanted}")
    return lambda value: type(value) is type(wanted) and value == wanted


def _written(number: float | Decimal) -> str:
    return str(number if isinstance(number, Decimal) else Decimal(repr(number)))


def _text(name: str, wanted: Any) -> _Rule:
    compare, inner = _TEXT_RULES[name], wanted
    ignores_case = name == _IGNORE_CASE
    if not ignores_case and isinstance(wanted, Mapping) and list(wanted) == [_IGNORE_CASE]:
        ignores_case, inner = True, wanted[_IGNORE_CASE]
    if not isinstance(inner, str):
        raise FilterPatternError(f"`{name}` in a filter pattern takes a text, not {wanted}")
    if ignores_case:
        lowered = inner.lower()
        return lambda value: isinstance(value, str) and compare(value.lower(), lowered)
    return lambda value: isinstance(value, str) and compare(value, inner)


def _anything_but(wanted: Any) -> _Rule:
    if isinstance(wanted, Mapping):
        if len(wanted) != 1 or not set(wanted) <= set(_TEXT_RULES):
            raise FilterPatternError(f"Lambda knows no rule `anything-but: {wanted}` in a filter pattern")
        [(name, values)] = wanted.items()
        rules = [_text(name, value) for value in (values if isinstance(values, list) else [values])]
    else:
        rules = [_equal(value) for value in (wanted if isinstance(wanted, list) else [wanted])]
    return lambda value: not any(rule(value) for rule in rules)


def _numeric(wanted: Any) -> _Rule:
    pairs = list(zip(wanted[::2], wanted[1::2], strict=False)) if isinstance(wanted, list) else []
    if len(pairs) not in {1, 2} or len(wanted) % 2 or not all(_is_bound(*pair) for pair in pairs):
        raise FilterPatternError(f"`numeric` in a filter pattern takes comparisons and numbers, not {wanted}")
    bounds = [(_COMPARISONS[name], float(number)) for name, number in pairs]

    def rule(value: _Value) -> bool:
        if not isinstance(value, Decimal) or not -_EXACT_NUMBERS <= value <= _EXACT_NUMBERS:
            return False
        return all(compare(float(value), bound) for compare, bound in bounds)

    return rule


def _is_bound(name: Any, number: Any) -> bool:
    return isinstance(name, str) and name in _COMPARISONS and _is_number(number)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
