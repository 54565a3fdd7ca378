"""The event that a Lambda event source mapping invokes its function with, of Kinesis or of Kafka, and the response.

The role in `invokeIdentityArn` is the one of AWS's example, because a mapping does not know its function's role: a reading.
Source: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.kinesis.record import Record

if TYPE_CHECKING:
    from streaming_constructs.local.event_source.kafka_record import KafkaRecord


@dataclass(slots=True)
class Window:
    """A tumbling window of a shard. Its batches share it, and so its state.

    Attributes:
        shard_id: The shard.
        start: Its start, in seconds since 1970.
        end: Its end, which belongs to the next one.
        state: What the function returned last.
    """

    shard_id: str
    start: float
    end: float
    state: Any = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvokeRequest:
    """The function is to be invoked.

    Attributes:
        records: The records of the event.
        window: The tumbling window, if there are windows.
        is_final: Whether the window is over.
        is_early: Whether it is over because its state is too large.
    """

    records: Sequence[Record]
    window: Window | None = None
    is_final: bool = False
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class InvokeResponse:
    """What came of an invocation.

    Attributes:
        request_id: The id of the invocation.
        payload: What the function returned, out of its JSON.
        error_type: The kind of the error that it failed with; empty: it did not.
        error_message: What the error says.
    """

    request_id: str
    payload: Any = None
    error_type: str = ""
    error_message: str = ""


def lambda_event(invoke: InvokeRequest, mapping: EventSourceMapping) -> dict[str, Any]:
    """The event that the function gets.

    Args:
        invoke: What is in it.
        mapping: The mapping that sends it.
    """
    if mapping.is_kafka:
        from streaming_constructs.local.event_source.kafka_invocation import kafka_event

        return kafka_event(cast("Sequence[KafkaRecord]", invoke.records), mapping)
    common = common_members(mapping)
    event: dict[str, Any] = {"Records": [event_record(record, common) for record in invoke.records]}
    if invoke.window is not None:
        event |= {
            "window": {"start": _moment(invoke.window.start), "end": _moment(invoke.window.end)},
            "state": invoke.window.state,
            "shardId": invoke.window.shard_id,
            "eventSourceARN": mapping.event_source_arn,
            "isFinalInvokeForWindow": invoke.is_final,
            "isWindowTerminatedEarly": invoke.is_early,
        }
    return event


def common_members(mapping: EventSourceMapping) -> dict[str, str]:
    """What is the same in all records of a mapping's events.

    Args:
        mapping: The mapping.
    """
    _, partition, _, region, account, _ = mapping.event_source_arn.split(":", 5)
    return {
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:{partition}:iam::{account}:role/lambda-role",
        "awsRegion": region,
        "eventSourceARN": mapping.event_source_arn,
    }


def event_record(record: Record, common: dict[str, str]) -> dict[str, Any]:
    """One record of an event.

    Args:
        record: The record.
        common: What is the same in all of them.
    """
    number = str(record.sequence_number)
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.partition_key,
            "sequenceNumber": number,
            "data": b64encode(record.data).decode(),
            "approximateArrivalTimestamp": round(record.arrival, 3),
        },
        "eventID": f"{record.shard_id}:{number}",
        **common,
    }


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
