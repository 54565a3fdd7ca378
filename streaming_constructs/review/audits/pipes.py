"""What is wrong with pipes of EventBridge that read streams: what becomes of records that their target does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.events.event_sources import has_an_end
from streaming_constructs.review.meaning import Meaning

_STREAMS = ("KinesisStreamParameters", "DynamoDBStreamParameters")
_ENDS = ("MaximumRetryAttempts", "MaximumRecordAgeInSeconds")


@audits("AWS::Pipes::Pipe")
def failures(template: Template, pipe: Resource) -> Iterator[Meaning]:
    """Records that fail are tried until they expire, or are given up and go nowhere."""
    for name in _STREAMS:
        source = pipe.at("SourceParameters", name)
        if not isinstance(source, Mapping):
            continue
        if not any(has_an_end(source.get(end)) for end in _ENDS):
            yield Meaning(
                "AUD266",
                "what fails is tried until it expires: one record that never succeeds holds up all behind it in its shard",
                "set `MaximumRetryAttempts` and a `DeadLetterConfig`",
                path=f"Properties.SourceParameters.{name}",
            )
        elif source.get("DeadLetterConfig") is None:
            yield Meaning(
                "AUD266",
                "what fails is given up and dropped without a trace: it has no dead-letter queue",
                "add a `DeadLetterConfig` with a queue or a topic",
                grade="danger",
                path=f"Properties.SourceParameters.{name}",
            )
