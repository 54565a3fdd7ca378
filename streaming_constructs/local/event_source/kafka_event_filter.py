"""`FilterCriteria` of an event source mapping of a Kafka topic: patterns look at the `value` of a record, and at nothing else.

A value is JSON or plain text, and so is what a pattern says of it; where the two do not fit, Lambda does not apply the pattern
to the value, so that the record passes. It does so too where a value is no UTF-8.
Source: https://docs.aws.amazon.com/lambda/latest/dg/kafka-filtering.html

A number, a text in quotes, and what else is JSON but no object or list, is read as plain text, and a record whose value is gone
as one that does not fit. Nothing of that was compared with AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from streaming_constructs.local.event_source.event_fields import FieldRules
from streaming_constructs.local.event_source.event_filter import (
    NO_JSON,
    EventFilter,
    parsed,
    refuse,
    rules_of,
)
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.kafka_record import KafkaRecord
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.spec.event_pattern import alternatives
from streaming_constructs.spec.event_pattern_problems import pattern_problems

_VALUE = "value"


class KafkaEventFilter(EventFilter):
    """The patterns of a mapping of a topic, of which a record has to match one."""

    def __init__(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        """Reads the patterns.

        Args:
            patterns: The patterns; none: every record passes.

        Raises:
            FilterPatternError: If one of them is none that Lambda takes.
        """
        self._choices: list[tuple[FieldRules, str]] = []
        for pattern in patterns:
            refuse(pattern_problems(pattern))
            for choice in alternatives(pattern):
                form = "text" if _VALUE in choice else "json" if any(_is_inside(field) for field in choice) else ""
                self._choices.append((rules_of(choice), form))

    def passes(self, record: Record) -> bool:
        """Whether a record is sent to the function.

        Args:
            record: The record.
        """
        if not self._choices:
            return True
        form, value = _read(record.value if isinstance(record, KafkaRecord) else record.data)
        return any(asked not in {"", form} or rules.match({_VALUE: value}) for rules, asked in self._choices)


def event_filter_of(mapping: EventSourceMapping) -> EventFilter:
    """The filter of a mapping, of whichever kind its source is.

    Args:
        mapping: The settings.

    Raises:
        FilterPatternError: If a pattern of it is none that Lambda takes.
    """
    return KafkaEventFilter(mapping.filters) if mapping.is_kafka else EventFilter(mapping.filters)


def _is_inside(field: str) -> bool:
    return field.startswith(f"{_VALUE}.")


def _read(value: bytes | None) -> tuple[str, Any]:
    """What a value is, `json` or `text`, and what it says; neither where it is no UTF-8, or gone."""
    if value is None:
        return "none", None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return "none", None
    try:
        read = parsed(text)
    except NO_JSON:
        return "text", text
    return ("json", read) if isinstance(read, dict | list) else ("text", text)
