"""What is wrong with Kinesis data streams: no encryption, and more readers than a shard or a stream serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.facts.kinesis import (
    FAN_OUT_CONSUMERS,
    FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE,
    LAMBDA_POLLS_PER_SHARD,
    SHARD_GET_RECORDS_PER_SECOND,
)
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.events.event_sources import MAPPING
from streaming_constructs.review.meaning import Meaning

STREAM = "AWS::Kinesis::Stream"
_SHARED_READERS: dict[str, tuple[str, ...]] = {
    MAPPING: ("EventSourceArn",),
    "AWS::KinesisFirehose::DeliveryStream": ("KinesisStreamSourceConfiguration", "KinesisStreamARN"),
    "AWS::Pipes::Pipe": ("Source",),
}
"""What reads a stream by calling GetRecords, and where it names the stream."""


@audits(STREAM)
def encryption(template: Template, stream: Resource) -> Iterator[Meaning]:
    """A stream whose records lie unencrypted."""
    if not stream.at("StreamEncryption"):
        yield Meaning(
            "AUD200",
            "its records are not encrypted",
            "add `StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}`, or a key of your own",
        )


@audits(STREAM)
def shared_readers(template: Template, stream: Resource) -> Iterator[Meaning]:
    """More readers than the calls that a shard answers."""
    readers = [
        reader.logical_id
        for reader in template.of_type(*_SHARED_READERS)
        if _is(template, reader.at(*_SHARED_READERS[reader.type]), stream)
    ]
    calls = len(readers) * LAMBDA_POLLS_PER_SHARD.value
    if calls > SHARD_GET_RECORDS_PER_SECOND.value:
        yield Meaning(
            "AUD201",
            f"{len(readers)} readers share it ({', '.join(readers)}), each with a call a second: a shard answers "
            f"{SHARD_GET_RECORDS_PER_SECOND.value:g}, and throttles all of them",
            "give some of them a consumer of their own (AWS::Kinesis::StreamConsumer)",
        )


def _is(template: Template, value: Any, resource: Resource) -> bool:
    return value is not None and template.target(value) == resource


@audits(STREAM)
def fan_out(template: Template, stream: Resource) -> Iterator[Meaning]:
    """More registered consumers than a stream takes."""
    consumers = template.of_type("AWS::Kinesis::StreamConsumer")
    count = sum(_is(template, consumer.at("StreamARN"), stream) for consumer in consumers)
    most = FAN_OUT_CONSUMERS.value
    if count <= most:
        return
    message = f"{count} consumers are registered for it, and it takes {most:g}"
    advantage = FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE.value
    if stream.at("StreamModeDetails", "StreamMode") == "ON_DEMAND" and count <= advantage:
        yield Meaning("AUD202", f"{message}, or {advantage:g} with On-Demand Advantage of the account", grade="caution")
    else:
        yield Meaning("AUD202", f"{message}: the deployment fails", "let some of them share the stream")
