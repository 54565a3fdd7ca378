"""What makes AWS refuse an event pattern: asked by `validate` and by a rehearsal, so that what one refuses, the other refuses.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and, for what the pages leave open,
AWS's own matcher, https://github.com/aws/event-ruler
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from streaming_constructs.facts import event_source
from streaming_constructs.spec.event_pattern import (
    IGNORE_CASE,
    LOWER_BOUNDS,
    OPERATORS,
    OR,
    TEXT_OPERATORS,
    UPPER_BOUNDS,
    combinations,
    conditions,
    has_choices,
    is_comparable,
    is_number,
)
from streaming_constructs.spec.finding import Edit, Finding, SpecPath

MOST_LEVELS = 100
"""How deep patterns are read; AWS names no limit, and a pattern of 4,096 characters has no more than some hundreds."""


def pattern_problems(pattern: Mapping[str, Any]) -> Iterator[Finding]:
    """What makes AWS refuse a pattern; paths are relative to it.

    Args:
        pattern: The pattern.
    """
    if not pattern:
        yield _problem(
            (),
            "an empty filter pattern",
            note="AWS refuses it; it says nothing about which records to read",
            help_="take it out to read every record",
        )
        return
    if _is_deep(pattern):
        yield _problem(
            (),
            "a filter pattern is nested too deeply",
            note=f"it goes deeper than {MOST_LEVELS} levels",
            help_="filter by fields further up, or in the function",
        )
        return
    problems = list(_object_problems(pattern, (), choose=has_choices(pattern)))
    yield from problems
    most = int(event_source.FILTER_COMBINATIONS.value)
    if not problems and combinations(pattern) > most:
        yield _problem(
            (),
            "the choices of a filter pattern make too many combinations",
            note=f"the lists of `$or` multiply to {combinations(pattern):,}; AWS takes {most:,}",
            help_="split it into several filters, or filter in the function",
        )


def kinesis_problems(pattern: Mapping[str, Any]) -> Iterator[Finding]:
    """What makes AWS refuse a pattern of a mapping that reads a Kinesis stream; paths are relative to it.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html

    Args:
        pattern: The pattern.
    """
    problems = list(pattern_problems(pattern))
    yield from problems
    for condition in () if problems else conditions(pattern):
        if condition.field == "data":
            yield _problem(
                condition.path,
                "a filter pattern for `data` names fields of the record's JSON",
                note=f"seen: {shown(list(condition.rules))}; Lambda refuses one that is no object",
                help_="write `data: {country: [DE]}`",
            )


def _is_deep(pattern: Mapping[str, Any]) -> bool:
    level: list[Any] = [pattern]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for value in level
            if isinstance(value, Mapping | list | tuple)
            for inner in (value.values() if isinstance(value, Mapping) else value)
        ]
    return bool(level)


def _problem(path: SpecPath, message: str, *, note: str = "", help_: str, edits: tuple[Edit, ...] = ()) -> Finding:
    return Finding("LAM504", message, path, note=note, help=help_, edits=edits)


def shown(value: Any) -> str:
    """A value of a pattern as JSON has it.

    Args:
        value: The value.
    """
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)
    return str(value)


def _object_problems(value: Mapping[str, Any], path: SpecPath, *, choose: bool) -> Iterator[Finding]:
    for key, inner in value.items():
        there = (*path, key)
        if key == OR and choose:
            for position, choice in enumerate(inner):
                if choice:
                    yield from _object_problems(choice, (*there, position), choose=choose)
                else:
                    yield _empty_object((*there, position))
        elif isinstance(inner, Mapping):
            yield from _object_problems(inner, there, choose=choose) if inner else (_empty_object(there),)
        elif not isinstance(inner, list | tuple):
            yield _problem(
                there,
                "a value in a filter pattern stands in a list",
                note=f"seen: {shown(inner)}; Lambda refuses a bare value",
                help_=f"write `[{shown(inner)}]`",
                edits=(Edit(there, [inner]),),
            )
        elif not inner:
            yield _problem(
                there, "an empty list in a filter pattern: it matches nothing", help_="name the values that may pass"
            )
        elif key == OR:
            yield from _or_problems(inner, there)
        else:
            for position, rule in enumerate(inner):
                yield from _rule_problems(rule, (*there, position))


def _empty_object(path: SpecPath) -> Finding:
    return _problem(path, "an empty object in a filter pattern", help_="name a field in it, or take it out")


def _or_problems(value: Any, path: SpecPath) -> Iterator[Finding]:
    """A list under `$or` that is no choice is one of rules for a field of that name."""
    if any(problem for position, rule in enumerate(value) for problem in _rule_problems(rule, (*path, position))):
        yield _problem(
            path,
            "`$or` takes a list of two or more patterns",
            note="with one pattern, or with operators in place of fields, it is taken for the name of a field",
            help_="list the patterns, such as `$or: [{country: [DE]}, {amount: [{numeric: ['>', 100]}]}]`",
        )


def _rule_problems(rule: Any, path: SpecPath) -> Iterator[Finding]:
    if isinstance(rule, str | bool) or rule is None or is_number(rule):
        return
    if not isinstance(rule, Mapping):
        yield _problem(
            path,
            "a filter pattern matches texts, numbers, true, false and null",
            note=f"seen: {shown(rule)}",
            help_="list the values themselves, such as `[DE, AT]`; one that matches is enough",
        )
        return
    if len(rule) != 1:
        yield _problem(
            path,
            "a rule in a filter pattern has one operator",
            note=f"seen: {shown(rule)}; items of the list are alternatives",
            help_="write each as an item of its own, or say the second of the field in another way",
        )
        return
    [(name, wanted)] = rule.items()
    judge = _JUDGES.get(name)
    if judge is None:
        yield _problem(
            path,
            f"Lambda knows no operator `{name}`",
            note="the names of operators are in small letters; EventBridge has more of them than Lambda",
            help_=f"use one of: {', '.join(f'`{operator}`' for operator in OPERATORS)}",
        )
    else:
        yield from judge(wanted, (*path, name))


def _exists_problems(wanted: Any, path: SpecPath) -> Iterator[Finding]:
    if not isinstance(wanted, bool):
        yield _problem(path, "`exists` is true or false", note=f"seen: {shown(wanted)}", help_="write `{exists: true}`")


def _ignore_case_problems(wanted: Any, path: SpecPath) -> Iterator[Finding]:
    if not isinstance(wanted, str):
        yield _problem(
            path,
            f"`{IGNORE_CASE}` takes one text",
            note=f"seen: {shown(wanted)}",
            help_=f"write `{{{IGNORE_CASE}: de}}`, and one rule for each text",
        )


def _affix_problems(wanted: Any, path: SpecPath) -> Iterator[Finding]:
    inner = wanted[IGNORE_CASE] if isinstance(wanted, Mapping) and list(wanted) == [IGNORE_CASE] else wanted
    if not isinstance(inner, str):
        name = path[-1]
        yield _problem(
            path,
            f"`{name}` takes one text",
            note=f"seen: {shown(wanted)}",
            help_=f"write `{{{name}: eu-}}` or `{{{name}: {{{IGNORE_CASE}: eu-}}}}`, and one rule for each text",
        )


def _anything_but_problems(wanted: Any, path: SpecPath) -> Iterator[Finding]:
    if isinstance(wanted, Mapping):
        name, values = next(iter(wanted.items()), ("", None))
        listed = list(values) if isinstance(values, list | tuple) else [values]
        texts = bool(listed) and all(isinstance(text, str) for text in listed)
        if len(wanted) != 1 or name not in TEXT_OPERATORS or not texts or (name != IGNORE_CASE and "" in listed):
            yield _problem(
                path,
                "`anything-but` takes a prefix, a suffix or a text whose case is ignored",
                note=f"seen: {shown(wanted)}; each of them is a text that is not empty, or a list of such",
                help_="write `{anything-but: {prefix: test-}}`",
            )
        return
    values = list(wanted) if isinstance(wanted, list | tuple) else [wanted]
    numbers = bool(values) and all(is_number(value) and is_comparable(value) for value in values)
    if not numbers and not (values and all(isinstance(value, str) for value in values)):
        yield _problem(
            path,
            "`anything-but` takes texts alone, or numbers alone",
            note=f"seen: {shown(wanted)}; true, false and null can only be matched themselves",
            help_="write `{anything-but: [test, demo]}` or `{anything-but: [0, 1]}`",
        )


def _numeric_problems(wanted: Any, path: SpecPath) -> Iterator[Finding]:
    words = list(wanted) if isinstance(wanted, list | tuple) else []
    operators, numbers = words[::2], words[1::2]
    is_range = len(words) == 4 and operators[0] in LOWER_BOUNDS and operators[1] in UPPER_BOUNDS
    is_one = len(words) == 2 and operators[0] in ("=", *LOWER_BOUNDS, *UPPER_BOUNDS)
    if not (is_range or is_one) or not all(is_number(number) for number in numbers):
        turned = [*words[2:], *words[:2]] if len(words) == 4 and operators[0] in UPPER_BOUNDS else []
        mended = turned if turned and not list(_numeric_problems(turned, path)) else []
        yield _problem(
            path,
            "`numeric` takes one comparison, or a lower bound and then an upper one",
            note=f"seen: {shown(wanted)}; a comparison is `=`, `>`, `>=`, `<` or `<=` with a number",
            help_=f"write `{{numeric: {shown(mended or ['>', 0, '<=', 100])}}}`",
            edits=(Edit(path, mended),) if mended else (),
        )
        return
    for number in numbers:
        if not is_compared(number):
            yield _problem(
                path,
                f"`numeric` does not compare {shown(number)}",
                note="it compares numbers from -5,000,000,000 to 5,000,000,000, to six digits behind the point",
                help_="write one within, or compare in the function",
            )
            return
    if is_range and numbers[0] >= numbers[1]:
        yield _problem(
            path,
            "a `numeric` range that nothing is in",
            note=f"seen: {shown(wanted)}; the lower bound has to be less than the upper one",
            help_="let the lower bound come first and be less; several ranges are several rules",
        )


def is_compared(number: float | Decimal) -> bool:
    """Whether `numeric` takes a number.

    Args:
        number: The number.
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    digits = -int(exact.normalize().as_tuple().exponent)
    return (
        is_comparable(exact)
        and event_source.FILTER_NUMBERS.minimum <= exact <= event_source.FILTER_NUMBERS.maximum
        and digits <= event_source.FILTER_DECIMALS.value
    )


_JUDGES: Mapping[str, Callable[[Any, SpecPath], Iterator[Finding]]] = {
    "anything-but": _anything_but_problems,
    IGNORE_CASE: _ignore_case_problems,
    "exists": _exists_problems,
    "numeric": _numeric_problems,
    "prefix": _affix_problems,
    "suffix": _affix_problems,
}
