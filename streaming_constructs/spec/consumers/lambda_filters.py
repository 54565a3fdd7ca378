"""Filters of a Lambda consumer: where a pattern names what is in a record, of a Kinesis stream, a Kafka topic and a queue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import JsonValue

from streaming_constructs.facts import event_source
from streaming_constructs.spec.event_pattern import OR, has_choices
from streaming_constructs.spec.event_pattern_problems import kinesis_problems
from streaming_constructs.spec.finding import Edit, Finding, SpecPath

RecordField = Literal["data", "value", "body"]
METADATA_TYPES = {
    "kinesisSchemaVersion": "string",
    "partitionKey": "string",
    "sequenceNumber": "string",
    "approximateArrivalTimestamp": "double",
}
"""What a filter pattern can name beside the record's own JSON, and of which type it is; of Kafka and of queues nothing."""
_RECORD_FIELDS: Mapping[str, RecordField] = {"kinesis": "data", "kafka": "value", "sqs": "body"}


def record_field(kind: str) -> RecordField:
    """What a pattern calls the record itself.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html and
    https://docs.aws.amazon.com/lambda/latest/dg/kafka-filtering.html and
    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html

    Args:
        kind: The kind of the source, `kinesis`, `kafka` or `sqs`.
    """
    return _RECORD_FIELDS[kind]


def known_tops(kind: str) -> tuple[str, ...]:
    """What a pattern can name at its top.

    Args:
        kind: The kind of the source, `kinesis`, `kafka` or `sqs`.
    """
    return (*(METADATA_TYPES if kind == "kinesis" else ()), record_field(kind))


def pattern_findings(pattern: Mapping[str, JsonValue]) -> Iterator[Finding]:
    """What is wrong with one filter pattern, whatever is read.

    Args:
        pattern: An event pattern, such as `{"data": {"action": ["purchase"]}}`.
    """
    text = json.dumps(pattern, ensure_ascii=False, separators=(",", ":"))
    if len(text) > event_source.FILTER_PATTERN_CHARACTERS.value:
        yield Finding(
            "LAM505",
            "the filter pattern is too long",
            (),
            note=f"it has {len(text)} characters as JSON; Lambda takes 4096",
            help="split it into several filters, or filter in the function",
        )
    yield from kinesis_problems(pattern)


def unknown_fields(pattern: Mapping[str, JsonValue], kind: str) -> Iterator[Finding]:
    """What a pattern names at its top that no record has there.

    Args:
        pattern: A pattern that AWS takes.
        kind: The kind of the source, `kinesis`, `kafka` or `sqs`.
    """
    own, known = record_field(kind), known_tops(kind)
    others = {field for field in _RECORD_FIELDS.values() if field != own}
    if list(kinesis_problems(pattern)):
        return  # told already
    for field, path, value in _unknown_tops(pattern, known):
        names = f"a pattern starts with {'one of ' if len(known) > 1 else ''}{', '.join(f'`{name}`' for name in known)}"
        other = field.partition(".")[0]
        if other in others:
            # It has the word of another kind of source.
            moved = f"{own}{field[len(other) :]}"
            help_, edit = f"write `{moved}: …`", Edit((*path[:-1], moved), value)
        else:
            help_, edit = f"write `{own}: {{{field}: …}}`", Edit((*path[:-1], own, field), value)
        yield Finding(
            "LAM504",
            f"no record has a field `{field}` at its top: the pattern matches nothing",
            path,
            note=f"{names}; the record's own JSON is under `{own}`",
            help=help_,
            edits=(Edit(path), edit),
        )


def _unknown_tops(pattern: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[tuple[str, SpecPath, JsonValue]]:
    """What a pattern names at its top, in whichever choice, that no record has there."""
    choose = has_choices(pattern)

    def unknown(choice: Mapping[str, Any], path: SpecPath) -> Iterator[tuple[str, SpecPath, JsonValue]]:
        for key, value in choice.items():
            if key == OR and choose:
                for position, inner in enumerate(value):
                    yield from unknown(inner, (*path, key, position))
            elif key.partition(".")[0] not in known:
                yield key, (*path, key), value

    return unknown(pattern, ())
