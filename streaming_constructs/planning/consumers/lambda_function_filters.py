"""What filters of a Lambda consumer are likely to drop by mistake: each as a finding with its mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from streaming_constructs.facts import event_source
from streaming_constructs.planning.consumers.filter_types import Reach, is_whole_number, reached, verdict
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.spec.consumers.lambda_filters import METADATA_TYPES, known_tops, record_field
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.event_pattern import OR, Condition, conditions, is_number
from streaming_constructs.spec.event_pattern_problems import is_compared, shown
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.glue_types import render
from streaming_constructs.spec.schemas import RecordSchema, record_schema

_RECORD = ("data.", "value.", "body.")
"""What a path into the record itself starts with."""


def _in_record(field: str) -> str:
    """A path as the record has it, without what the pattern calls the record."""
    return field.partition(".")[2] if field.startswith(_RECORD) else field


def filter_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a consumer's filters; paths are relative to it.

    Args:
        consumer: The consumer with its numbers.
    """
    spec, kind = consumer.spec, consumer.kind
    if len(spec.patterns_of(kind)) > event_source.FILTERS_DEFAULT_QUOTA.value:
        yield Finding(
            "LAM513",
            "more filters than the default quota",
            ("filters",),
            note=f"{len(spec.patterns_of(kind))} filters; an account starts with a quota of 5 per mapping, and may ask for 10",
            help="ask AWS for a higher quota before you deploy, or join patterns with `$or`",
        )
    yield from _form_findings(consumer)
    for pattern, base in _patterns(spec, kind):
        said = list(conditions(pattern))
        yield from _doubled_findings(said, base)
        for condition in said:
            if condition.field.partition(".")[0] in known_tops(kind):  # what no record has was told already
                yield from _condition_findings(condition, pattern, base, consumer.schema)


def _patterns(spec: LambdaConsumerSpec, kind: str) -> Iterator[tuple[Mapping[str, Any], SpecPath]]:
    """The patterns, each with where it stands; that of `filter` stands a level higher than it says, in the record."""
    if spec.filter:
        yield spec.patterns_of(kind)[0], ()
    else:
        yield from ((pattern, ("filters", position)) for position, pattern in enumerate(spec.filters))


def _place(path: SpecPath, base: SpecPath) -> SpecPath:
    return (*base, *path) if base else ("filter", *path[1:])


def _doubled_findings(said: Sequence[Condition], base: SpecPath) -> Iterator[Finding]:
    for position, condition in enumerate(said):
        earlier = [one for one in said[:position] if one.field == condition.field and _together(one, condition)]
        if earlier:
            yield Finding(
                "LAM523",
                f"a filter says two things of `{_in_record(condition.field)}`",
                _place(condition.path, base),
                note="a dot in a name is one between two, and what is said last takes the place of what was said before",
                help="say both in one list where either will do; a record that has to match both is for the function to find",
            )


def _together(one: Condition, other: Condition) -> bool:
    """Whether two conditions can hold of one record: whether they are no choices of one `$or`."""
    for step, twin in zip(one.path, other.path, strict=False):
        if step != twin:
            return not (isinstance(step, int) and isinstance(twin, int))
    return True


def _condition_findings(
    condition: Condition, pattern: Mapping[str, Any], base: SpecPath, schema: RecordSchema | None
) -> Iterator[Finding]:
    if condition.field in (record_field("kafka"), record_field("sqs")):
        return  # the text of a record that is no JSON
    if condition.field.startswith(_RECORD):
        offset, known_fields = condition.field.index(".") + 1, schema
    else:
        offset, known_fields = 0, record_schema(METADATA_TYPES)
    if known_fields is None:
        if _names_or(condition):
            yield _or_as_a_field(condition, base)
        yield from _equality_findings(condition, base)
        return
    reaches = reached(known_fields, condition.field[offset:])
    if all(reach.kind == "unknown" for reach in reaches):
        if _names_or(condition):
            yield _or_as_a_field(condition, base)
        elif condition.rules != ({"exists": False},):
            furthest = max(reaches, key=lambda reach: reach.known)
            yield _unknown_field(condition, pattern, base, furthest, furthest.known + offset)
        return
    there = [reach for reach in reaches if reach.kind != "unknown"]
    mismatch = list(_type_findings(condition, base, there))
    yield from mismatch
    if not mismatch and not is_whole_number(there):
        yield from _equality_findings(condition, base)


def _names_or(condition: Condition) -> bool:
    return OR in condition.field.split(".")


def _or_as_a_field(condition: Condition, base: SpecPath) -> Finding:
    return Finding(
        "LAM514",
        "`$or` is taken for the name of a field: the pattern never matches",
        _place(condition.path, base),
        note="it is a choice where it has a list of two or more patterns, none with an operator for a field",
        help="list the patterns, such as `$or: [{country: [DE]}, {amount: [{numeric: ['>', 100]}]}]`",
    )


def _unknown_field(
    condition: Condition, pattern: Mapping[str, Any], base: SpecPath, reach: Reach, known: int
) -> Finding:
    path = _path_of_unknown(condition.path, known)
    field = str(path[-1])
    close = nearest(field, reach.names)
    value: Any = pattern
    for step in path:
        value = value[step]
    place = _place(path, base)
    return Finding(
        "LAM514",
        f"records have no field `{field}`: the pattern never matches",
        place,
        help=did_you_mean(field, reach.names),
        edits=(Edit(place), Edit((*place[:-1], close), value)) if close else (),
    )


def _path_of_unknown(path: SpecPath, known: int) -> SpecPath:
    """The part of a path up to the name that goes beyond what is known."""
    length = 0
    for position, step in enumerate(path):
        if isinstance(step, str) and step != OR:
            length += len(step) + 1
            if length > known:
                return path[: position + 1]
    return path


def _type_findings(condition: Condition, base: SpecPath, reaches: Sequence[Reach]) -> Iterator[Finding]:
    verdicts = [{verdict(rule, reach) for reach in reaches} for rule in condition.rules]
    never = all(found == {"never"} for found in verdicts)
    if not never and not any(found == {"always"} for found in verdicts):
        return
    field = _in_record(condition.field)
    types = sorted({render(reach.type) for reach in reaches if reach.type is not None})
    yield Finding(
        "LAM522",
        f"the filter on `{field}` {'never matches' if never else 'matches every record'}",
        _place(condition.path, base),
        note=f"{_what_is_there(field, reaches[0])} `{' or '.join(types)}`; seen: {shown(list(condition.rules))}",
        help=_how_to_ask(reaches[0]),
    )


def _what_is_there(field: str, reach: Reach) -> str:
    if reach.kind == "below":
        return f"what `{field}` is looked for in has no fields, it is a"
    if reach.kind == "object":
        return f"patterns match values without parts, and `{field}` is a"
    return f"in the schema `{field}` is a"


def _how_to_ask(reach: Reach) -> str:
    if reach.kind == "below":
        return "name the field itself, or give it a struct in the schema"
    if reach.kind == "object":
        return "name a field in it, such as `address: {city: [Berlin]}`"
    kinds = {
        "text": "`[{prefix: eu-}]` or texts, in quotes where they look like numbers",
        "number": "`[{numeric: ['>', 100]}]`, without quotes around the number",
        "boolean": "`[true]` or `[false]`, without quotes",
    }
    fits = [words for kind, words in kinds.items() if kind in reach.json_kinds]
    return f"write {' or '.join(fits)}; or mend the schema"


def _equality_findings(condition: Condition, base: SpecPath) -> Iterator[Finding]:
    asked = [rule for rule in condition.rules if _is_equality_of_numbers(rule)]
    if not asked:
        return
    place = _place(condition.path, base)
    rules = [{"numeric": ["=", rule]} if is_number(rule) else rule for rule in condition.rules]
    is_plain = all(is_number(rule) and is_compared(rule) for rule in asked)
    yield Finding(
        "LAM521",
        f"the filter on `{_in_record(condition.field)}` compares a number by equality",
        place,
        note="Lambda's guide says that 300, 300.0 and 3.0e2 are not equal, AWS's own matcher says that they are",
        help=f"write `{shown(rules)}`"
        if is_plain
        else "say it with `numeric`: all but 300 are `[{numeric: ['<', 300]}, {numeric: ['>', 300]}]`",
        edits=(Edit(place, rules),) if is_plain else (),
    )


def _is_equality_of_numbers(rule: Any) -> bool:
    wanted = rule.get("anything-but") if isinstance(rule, Mapping) else rule
    return any(is_number(value) for value in (wanted if isinstance(wanted, list | tuple) else [wanted]))


def _form_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """Filters on `data` of records that are no JSON, all of which Lambda drops."""
    spec = consumer.spec
    if consumer.kind == "kafka":
        return  # of a topic, a record that is no JSON passes
    patterns = [pattern for pattern, _ in _patterns(spec, consumer.kind)]
    on_data = [any(said.field.startswith(_RECORD) for said in conditions(pattern)) for pattern in patterns]
    if not on_data or not all(on_data):
        return
    forms = {name: node.record_form() for name, node in consumer.writers}
    dropped = {name: form for name, form in forms.items() if form in {"gzip", "lines"}}
    if not dropped:
        return
    packed = [name for name, form in forms.items() if form == "gzip"]
    names = " and ".join(f"`{name}`" for name in packed or dropped)
    yield Finding(
        "LAM524",
        f"the filter drops every record that {names} sends",
        ("filter",) if spec.filter else ("filters",),
        note="CloudWatch Logs sends gzipped batches, which are no JSON: no filter on `data` matches them"
        if packed
        else "lines are sent as they are; a filter on `data` drops all that are no JSON",
        help="take the filter out, and choose in the function; or let a consumer unpack the events into a stream of their "
        "own, and filter there, as the pattern log-aggregation does"
        if packed
        else "give its `files` a `processing` such as `[{option: log_to_json, log_format: syslog}]`, or choose in the function",
        level="error" if len(packed) == len(forms) else "warning",
    )
