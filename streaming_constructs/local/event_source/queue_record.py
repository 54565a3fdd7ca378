"""A message of an SQS queue, as an event source mapping sees it, and the event that its function is invoked with.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.kinesis.record import Record


@dataclass(frozen=True, slots=True)
class QueueRecord(Record):
    """A message of a queue.

    As a record of any source it has `shard_id`, the queue, `sequence_number`, the place in which it was received, and
    `partition_key`, its group in a FIFO queue.

    Attributes:
        message_id: Its id, by which a response names it.
        receives: How often it was handed out, this time included.
        members: What the event says of it beside that.
    """

    message_id: str = ""
    receives: int = 1
    members: Mapping[str, Any] = field(default_factory=dict)


def queue_record(message: Any, queue: str, number: int) -> QueueRecord:
    """A message of moto's SQS that was just handed out.

    Args:
        message: The message.
        queue: What people call the queue.
        number: Its place among all that were handed out.
    """
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    of_fifo = {
        "SequenceNumber": message.sequence_number,
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
    }
    attributes |= {name: value for name, value in of_fifo.items() if value}
    return QueueRecord(
        shard_id=queue,
        sequence_number=number,
        partition_key=message.group_id or "",
        data=message.body.encode("utf-8", "surrogatepass"),
        arrival=(message.sent_timestamp or 0) / 1000,
        message_id=message.id,
        receives=message.approximate_receive_count,
        members={
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": attributes,
            "messageAttributes": {name: _attribute(value) for name, value in message.message_attributes.items()},
            "md5OfBody": message.body_md5,
        },
    )


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """An attribute of a message; what SQS keeps no lists of is there as lists all the same."""
    said = {
        name: value[key]
        for name, key in (("stringValue", "StringValue"), ("binaryValue", "BinaryValue"))
        if key in value
    }
    told = {name: one.decode() if isinstance(one, bytes) else one for name, one in said.items()}
    return {**told, "stringListValues": [], "binaryListValues": [], "dataType": value.get("DataType", "String")}


def queue_event(records: Sequence[QueueRecord], mapping: EventSourceMapping) -> dict[str, Any]:
    """The event that the function gets.

    Args:
        records: The messages.
        mapping: The mapping that sends them.
    """
    region = mapping.event_source_arn.split(":")[3]
    return {
        "Records": [
            {
                "messageId": record.message_id,
                **record.members,
                "eventSource": "aws:sqs",
                "eventSourceARN": mapping.event_source_arn,
                "awsRegion": region,
            }
            for record in records
        ]
    }


def event_bytes(record: QueueRecord, mapping: EventSourceMapping) -> int:
    """What a message takes in an event, with the comma behind it.

    Args:
        record: The message.
        mapping: The mapping that sends it.
    """
    return len(json.dumps(queue_event([record], mapping)["Records"][0], separators=(",", ":"))) + 1
