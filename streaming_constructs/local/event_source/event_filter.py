"""`FilterCriteria` of a Lambda event source mapping: a record is sent to the function if it matches one of the patterns.

Patterns are those of Amazon EventBridge. AWS says that mappings of Kinesis "only support filtering on the data key", and in the
same place how patterns without it filter "on the other metadata properties only"; here the fields of a record may all be named.
Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

Numbers are equal when their values are, as in AWS's own matcher (https://github.com/aws/event-ruler) and in what AWS answers;
Lambda's guide says that "300, 300.0, and 3.0e2 are not considered equal". Those that a double cannot hold are compared by how
they are written.

What AWS leaves open is read as follows; nothing of it was compared with AWS.

- A pattern for `data` that is no object is refused. AWS refuses one that is "non-JSON".
- A record whose data is no JSON passes if another pattern of the mapping, without `data`, matches it.
- Of a list in a record, one element has to match; of a list of objects, one object has to match all that is said of it.
- `anything-but` takes `prefix`, `suffix` and `equals-ignore-case`, as EventBridge does; Lambda's own list does not name that.
  `wildcard` and `cidr`, which are not in that list either, are refused.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from streaming_constructs.local.event_source.event_fields import FieldRule, FieldRules
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.spec.event_pattern import IGNORE_CASE, Condition, alternatives, is_comparable, is_number
from streaming_constructs.spec.event_pattern_problems import kinesis_problems
from streaming_constructs.spec.finding import Finding, dotted

_Value = str | bool | Decimal | None
_Rule = Callable[[_Value], bool]

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EXACT_NUMBERS = 2**53
"""EventBridge takes greater numbers for none in numeric comparisons."""


class FilterPatternError(ValueError):
    """A filter pattern that Lambda does not take."""


def refuse(problems: Iterable[Finding]) -> None:
    """Refuses a pattern that has problems.

    Args:
        problems: Its problems.

    Raises:
        FilterPatternError: For the first of them.
    """
    for problem in problems:
        raise FilterPatternError(f"{problem.message} ({dotted(problem.path) or 'the pattern'}; {problem.note})")


def parsed_pattern(text: str) -> Mapping[str, Any]:
    """A pattern out of its JSON; numbers stay as they are written.

    Args:
        text: The pattern, as a mapping's `FilterCriteria` has it.

    Raises:
        FilterPatternError: If it is no JSON object.
    """
    try:
        pattern = parsed(text)
    except NO_JSON:
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
            refuse(kinesis_problems(pattern))
            choices = alternatives(pattern)
            needs_data = any(field.startswith("data.") for choice in choices for field in choice)
            rules = [rules_of(choice) for choice in choices]
            self._patterns.append((rules, needs_data))

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
                event["data"] = parsed(record.data)
            except NO_JSON:
                is_json = False
        return any(
            rules.match(event)
            for choices, needs_data in self._patterns
            if is_json or not needs_data
            for rules in choices
        )


NO_JSON = (ValueError, ArithmeticError, RecursionError)
"""What comes of a text that is no JSON, or of one that only a mischief-maker writes."""


def parsed(text: str | bytes) -> Any:
    """JSON, with its numbers as they are written.

    Args:
        text: The JSON.

    Raises:
        ValueError: If it is none.
    """
    return json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=_no_constant)


def rules_of(choice: Mapping[str, Condition]) -> FieldRules:
    """What an event has to have to match one alternative of a pattern.

    Args:
        choice: What is said of each field.
    """
    return FieldRules([_field_rule(name, choice[name].rules) for name in sorted(choice)])


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _field_rule(name: str, rules: Iterable[Any]) -> FieldRule:
    listed = list(rules)
    tests = [_rule(rule) for rule in listed if rule != {"exists": False}]
    return FieldRule(name, lambda value: any(test(value) for test in tests), may_be_absent={"exists": False} in listed)


def _rule(rule: Any) -> _Rule:
    if not isinstance(rule, Mapping):
        return _equal(rule)
    [(name, wanted)] = rule.items()
    if name == "exists":
        return lambda _: True
    if name == "anything-but":
        return _anything_but(wanted)
    return _numeric(wanted) if name == "numeric" else _text(name, wanted)


def _equal(wanted: Any) -> _Rule:
    if is_number(wanted):
        number = wanted if isinstance(wanted, Decimal) else Decimal(repr(wanted))
        if is_comparable(number):
            return lambda value: isinstance(value, Decimal) and value == number
        return lambda value: isinstance(value, Decimal) and str(value) == str(number)
    return lambda value: type(value) is type(wanted) and value == wanted


def _text(name: str, wanted: Any) -> _Rule:
    ignores_case = name == IGNORE_CASE or isinstance(wanted, Mapping)
    text: str = wanted[IGNORE_CASE] if isinstance(wanted, Mapping) else wanted
    compare: Callable[[str, str], bool] = {"prefix": str.startswith, "suffix": str.endswith}.get(name, operator.eq)
    if ignores_case:
        folded = _folded(text)
        return lambda value: isinstance(value, str) and compare(_folded(value), folded)
    return lambda value: isinstance(value, str) and compare(value, text)


def _folded(text: str) -> str:
    """A text in which characters are the same whose capitals are; one that becomes several, such as İ, stays itself."""
    return "".join(
        lower if len(lower := character.lower()) == 1 and lower.upper() == character.upper() else character
        for character in text
    )


def _anything_but(wanted: Any) -> _Rule:
    [(name, values)] = wanted.items() if isinstance(wanted, Mapping) else [("", wanted)]
    listed = values if isinstance(values, list | tuple) else [values]
    rules = [_text(name, value) if name else _equal(value) for value in listed]
    return lambda value: not any(rule(value) for rule in rules)


def _numeric(wanted: Any) -> _Rule:
    bounds = [(_COMPARISONS[name], float(number)) for name, number in zip(wanted[::2], wanted[1::2], strict=True)]

    def rule(value: _Value) -> bool:
        if not isinstance(value, Decimal) or not -_EXACT_NUMBERS <= value <= _EXACT_NUMBERS:
            return False
        return all(compare(float(value), bound) for compare, bound in bounds)

    return rule
