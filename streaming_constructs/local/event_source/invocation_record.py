"""The invocation record that Lambda sends to the on-failure destination of an event source mapping.

A queue or a topic gets the position of the records in the stream: "because Lambda sends only the metadata for these destination
types, use the streamArn, shardId, startSequenceNumber, and endSequenceNumber fields to obtain the full original record". A
bucket gets the records as well.
Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html

What AWS's pages leave open, recordings of it show that users have published:

- A function that returned the failures, and did not raise, has `null` as `functionError`.
- Records that are too old have the condition `RecordAgeExceeded`, a `requestId` and no `responseContext`, also if no
  invocation had them, or many had. Their `approximateInvokeCount` is 1 where there was none, so the one that was due is taken
  to be counted.

The rest is read as follows; nothing of it was compared with AWS.

- A record that is too large has what one has that is too old, under a condition of its own.
- The stream is named even if it is read by a consumer with enhanced fan-out.
- The payload in a bucket is the event of an invocation with exactly these records, without the state of a tumbling window.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import NAMESPACE_OID, UUID, uuid5

from streaming_constructs.facts.event_source import FAILURE_OBJECT_PREFIX
from streaming_constructs.facts.event_source_kafka import DESERIALIZATION_ERROR
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, InvokeResponse, lambda_event
from streaming_constructs.local.kinesis.record import Record

if TYPE_CHECKING:
    from streaming_constructs.local.event_source.kafka_record import KafkaRecord

RETRY_ATTEMPTS_EXHAUSTED = "RetryAttemptsExhausted"
"""The condition of records with no retries left, as AWS's example has it."""
RECORD_AGE_EXCEEDED = "RecordAgeExceeded"
"""The condition of records that are too old."""
PAYLOAD_SIZE_EXCEEDED = "PayloadSizeExceeded"
"""The condition of a record that fits in no invocation. An assumption."""
KAFKA_PAYLOAD_SIZE_EXCEEDED = "MaximumPayloadSizeExceeded"
"""The same of a record of Kafka, as AWS's page has it: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html"""
_NOT_INVOKED = (RECORD_AGE_EXCEEDED, PAYLOAD_SIZE_EXCEEDED, KAFKA_PAYLOAD_SIZE_EXCEEDED, DESERIALIZATION_ERROR)
"""The conditions that are seen before an invocation, which then is none."""


@dataclass(frozen=True, slots=True)
class DiscardedRecords:
    """Records that are not tried again.

    Attributes:
        records: The records, in order; nothing of their lane is between them.
        condition: Why, as the message says it.
        invocations: How many invocations had these records in them.
        response: What came of the last of those, if there was one.
        at: When they were given up, in seconds since 1970.
    """

    records: Sequence[Record]
    condition: str
    invocations: int
    response: InvokeResponse | None
    at: float

    def message(self, mapping: EventSourceMapping) -> dict[str, Any]:
        """What a queue or a topic gets, before it is JSON.

        Args:
            mapping: The mapping that gave them up.
        """
        is_invoked = self.condition not in _NOT_INVOKED
        message: dict[str, Any] = {
            "requestContext": {
                "requestId": self.response.request_id if is_invoked and self.response else self._own_request_id(),
                "functionArn": mapping.function_arn,
                "condition": self.condition,
                "approximateInvokeCount": self.invocations + (not is_invoked),
            },
            "version": "1.0",
            "timestamp": moment(self.at),
            **self._batch_info(mapping),
        }
        if is_invoked and self.response is not None:
            error = "Unhandled" if self.response.error_type else None
            message["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST", "functionError": error}
        elif mapping.is_kafka:
            message["responseContext"] = None
        return message

    def _batch_info(self, mapping: EventSourceMapping) -> dict[str, Any]:
        if mapping.is_kafka:
            from streaming_constructs.local.event_source.kafka_invocation import batch_info

            return {"KafkaBatchInfo": batch_info(cast("Sequence[KafkaRecord]", self.records), mapping)}
        first, last = self.records[0], self.records[-1]
        return {
            "KinesisBatchInfo": {
                "shardId": first.shard_id,
                "startSequenceNumber": str(first.sequence_number),
                "endSequenceNumber": str(last.sequence_number),
                "approximateArrivalOfFirstRecord": moment(first.arrival),
                "approximateArrivalOfLastRecord": moment(last.arrival),
                "batchSize": len(self.records),
                "streamArn": mapping.event_source_arn.partition("/consumer/")[0],
            }
        }

    def _own_request_id(self) -> str:
        """The id of a request that was never made: the same in each message about the same records."""
        first = self.records[0]
        return str(uuid5(NAMESPACE_OID, f"{first.shard_id}:{first.sequence_number}:{self.at}"))

    def object_body(self, mapping: EventSourceMapping) -> dict[str, Any]:
        """What a bucket gets, before it is JSON: the message, and the whole event as JSON text.

        Args:
            mapping: The mapping that gave them up.
        """
        event = lambda_event(InvokeRequest(self.records), mapping)
        return {**self.message(mapping), "payload": json.dumps(event, separators=(",", ":"))}

    def object_key(self, mapping: EventSourceMapping, object_id: UUID) -> str:
        """The name that it has in the bucket: `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<id>`.

        Args:
            mapping: The mapping that gave them up.
            object_id: A random UUID.
        """
        day = datetime.fromtimestamp(self.at, UTC)
        folder = f"{FAILURE_OBJECT_PREFIX}{mapping.uuid}/{self.records[0].shard_id}/{day:%Y/%m/%d}"
        return f"{folder}/{day:%Y-%m-%dT%H.%M.%S}-{object_id}"


def moment(seconds: float) -> str:
    """A moment as messages have it.

    Args:
        seconds: The moment, in seconds since 1970.
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
