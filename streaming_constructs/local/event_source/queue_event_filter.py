"""`FilterCriteria` of an event source mapping of an SQS queue: patterns look at the `body` of a message, and at nothing else.

A body is JSON or plain text, and so is what a pattern says of it; where the two do not fit, Lambda drops the message. What no
pattern lets through is deleted from the queue.
Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html

What is JSON but no object or list is read as plain text: a reading, as nothing of it was compared with AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from streaming_constructs.local.event_source.event_fields import FieldRules
from streaming_constructs.local.event_source.event_filter import NO_JSON, parsed, refuse, rules_of
from streaming_constructs.local.event_source.queue_record import QueueRecord
from streaming_constructs.spec.event_pattern import alternatives
from streaming_constructs.spec.event_pattern_problems import pattern_problems

_BODY = "body"


class QueueEventFilter:
    """The patterns of a mapping of a queue, of which a message has to match one."""

    def __init__(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        """Reads the patterns.

        Args:
            patterns: The patterns; none: every message passes.

        Raises:
            FilterPatternError: If one of them is none that Lambda takes.
        """
        self._choices: list[tuple[FieldRules, bool]] = []
        for pattern in patterns:
            refuse(pattern_problems(pattern))
            for choice in alternatives(pattern):
                self._choices.append((rules_of(choice), any(field.startswith(f"{_BODY}.") for field in choice)))

    def passes(self, record: QueueRecord) -> bool:
        """Whether a message is sent to the function.

        Args:
            record: The message.
        """
        if not self._choices:
            return True
        text = record.data.decode("utf-8", "surrogatepass")
        try:
            read = parsed(text)
        except NO_JSON:
            read = None
        is_json = isinstance(read, dict | list)
        body = read if is_json else text
        return any(rules.match({_BODY: body}) for rules, asks_json in self._choices if is_json or not asks_json)
