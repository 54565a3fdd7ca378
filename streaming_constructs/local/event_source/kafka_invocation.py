"""The event of an event source mapping of a Kafka topic on MSK, and the records that it sends to its on-failure destination.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html,
https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html and
https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html

The last two have other words for records without retries that are left, `RetryAttemptsExhausted` and `RetriesExhausted`; each
is used where its page has it. What they leave open is read as follows; nothing of it was compared with AWS.

- A record without a key has no member `key`, and one whose value is gone no member `value`: whoever reads an event bears both.
- Bytes of headers are numbers from 0 to 255; a header without a value has none of them.
- Records that are too old have the condition `RecordAgeExceeded`, as those of a Kinesis stream; they have no response.
- In a bucket the folder is that of the first partition of the batch.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.kafka_decoding import schema_metadata
from streaming_constructs.local.event_source.kafka_record import KafkaRecord

if TYPE_CHECKING:
    from streaming_constructs.local.event_source.invocation_record import DiscardedRecords

_COMPACT = (",", ":")
RETRIES_EXHAUSTED = "RetriesExhausted"
"""What a topic is told of records without retries that are left."""


def kafka_event(records: Sequence[KafkaRecord], mapping: EventSourceMapping) -> dict[str, Any]:
    """The event that the function gets: records of one or several partitions, those of each in order.

    Args:
        records: The records.
        mapping: The mapping that sends it.
    """
    by_partition: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_partition.setdefault(record.shard_id, []).append(event_record(record, mapping))
    return {
        "eventSource": "aws:kafka",
        "eventSourceArn": mapping.event_source_arn,
        "bootstrapServers": mapping.bootstrap_servers,
        "records": by_partition,
    }


def event_record(record: KafkaRecord, mapping: EventSourceMapping) -> dict[str, Any]:
    """One record of an event.

    Args:
        record: The record.
        mapping: The mapping that sends it.
    """
    said: dict[str, Any] = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "timestampType": record.timestamp_type,
    }
    if record.key is not None:
        said["key"] = b64encode(record.key).decode()
    if record.value is not None:
        said["value"] = b64encode(record.value).decode()
    headers = [{name: list(value or b"")} for name, value in record.headers]
    return {**said, "headers": headers, **schema_metadata(record, mapping)}


def event_bytes(record: KafkaRecord, mapping: EventSourceMapping) -> int:
    """What a record takes in an event, with the comma behind it and, in case it is the first there, its partition.

    Args:
        record: The record.
        mapping: The mapping that sends it.
    """
    return (
        len(json.dumps(event_record(record, mapping), separators=_COMPACT)) + 1 + len(json.dumps(record.shard_id)) + 4
    )


def batch_info(records: Sequence[KafkaRecord], mapping: EventSourceMapping) -> dict[str, Any]:
    """What a message says of a batch: how many records, and where in which partitions they are.

    Args:
        records: The records.
        mapping: The mapping that gave them up.
    """
    by_partition: dict[str, list[KafkaRecord]] = {}
    for record in records:
        by_partition.setdefault(record.shard_id, []).append(record)
    return {
        **_batch(records, mapping),
        "recordsInfo": {
            part: {
                "firstRecordOffset": str(some[0].offset),
                "lastRecordOffset": str(some[-1].offset),
                "firstRecordTimestamp": _moment(some[0]),
                "lastRecordTimestamp": _moment(some[-1]),
            }
            for part, some in by_partition.items()
        },
    }


def _batch(records: Sequence[KafkaRecord], mapping: EventSourceMapping) -> dict[str, Any]:
    return {
        "batchSize": len(records),
        "eventSourceArn": mapping.event_source_arn,
        "bootstrapServers": mapping.bootstrap_servers,
        "payloadSize": len(json.dumps(kafka_event(records, mapping), separators=_COMPACT)),
    }


def topic_messages(
    discarded: DiscardedRecords, mapping: EventSourceMapping
) -> list[tuple[bytes | None, dict[str, Any]]]:
    """What a topic gets of records that were given up: for each its key, and a message before it is JSON.

    Args:
        discarded: The records.
        mapping: The mapping that gave them up.
    """
    whole = discarded.message(mapping)
    context = whole["requestContext"]
    if context["condition"] == "RetryAttemptsExhausted":
        context = {**context, "condition": RETRIES_EXHAUSTED}
    messages: list[tuple[bytes | None, dict[str, Any]]] = []
    for record in cast("Sequence[KafkaRecord]", discarded.records):
        info = {
            **_batch([record], mapping),
            "recordInfo": {"offset": str(record.offset), "timestamp": _moment(record)},
        }
        message = {
            **whole,
            "requestContext": context,
            "KafkaBatchInfo": info,
            "payload": kafka_event([record], mapping),
        }
        messages.append((record.key, message))
    return messages


def _moment(record: KafkaRecord) -> str:
    from streaming_constructs.local.event_source.invocation_record import moment

    return moment(record.arrival)
