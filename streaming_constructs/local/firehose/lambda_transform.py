"""Firehose's Lambda transformation: the processor that lets a function transform records.

Sources: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html, data-transformation-status-model.html and
data-transformation-failure-handling.html there; codes of errors:
https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#lambda-invocation-errors

Of a topic of Kafka, a record has its value as `kafkaRecordValue` in place of `data`, in the event and in the response, and its
place as `mskRecordMetadata`; the event names the cluster as `sourceMSKArn`. The second page says so of the response; the event
is that of AWS's types for functions in Java: https://github.com/aws/aws-lambda-java-libs (MSKFirehoseEvent).

Read as follows; nothing of it was compared with AWS.

- Records that come in together are handed to the function in batches of its buffer's size; what is left is not kept for more to
  come, so its buffer's interval is not waited for.
- Whatever made an invocation fail, it is tried again: AWS says so of timeouts and of limits. A response that is none is not.
- A record that the response lacks, has twice, or has wrong, fails alone. Records that nobody sent are ignored.
- Ids of records of Kafka are offsets, as those of streams are sequence numbers; a batch may have two of the same offset, in two
  partitions, which are told apart by their position in it.
- A record that fits in no request fails without an invocation.
- The code `Lambda.ProcessingFailedStatus`, and the one of a record that is too large, are not on AWS's pages.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

from streaming_constructs.facts import firehose
from streaming_constructs.local.firehose.prefix import FROM_LAMBDA
from streaming_constructs.local.firehose.processing import (
    METADATA_CODE,
    METADATA_EXTRACTION_FAILED,
    PROCESSING_FAILED,
    DeliveryRecord,
    FailedRecord,
    ProcessingOutcome,
    key_text,
)
from streaming_constructs.planning.deliveries.processors import Processor

InvokeFunction = Callable[[dict[str, Any]], Any]
"""Invokes a function with an event and returns what it returned; raises `InvocationError` if it failed."""

FUNCTION_ERROR = "Lambda.FunctionError"
FUNCTION_TIMED_OUT = "Lambda.FunctionTimedOut"
JSON_PROCESSING_FAILED = "Lambda.JsonProcessingException"
"""The response could not be parsed; it is not asked for again."""
_MIB = 1_048_576
_PAYLOAD_BYTES = int(firehose.TRANSFORM_PAYLOAD_MIB.value) * _MIB
_BYTES_BESIDE_DATA = 640
"""Of a record in an event at most: ids, a partition key of 256 characters in ASCII, times and the names of all that."""
_ENVELOPE_BYTES = 1024


class InvocationError(Exception):
    """A function failed, or could not be invoked.

    Attributes:
        code: Firehose's code of the error.
        message: What the function, or Lambda, says.
    """

    def __init__(self, message: str, code: str = FUNCTION_ERROR) -> None:
        """Tells what happened.

        Args:
            message: What the function, or Lambda, says.
            code: Firehose's code of the error.
        """
        self.code, self.message = code, message
        super().__init__(message)


class LambdaTransform:
    """Lets a function transform records; a step of `Processing`."""

    def __init__(
        self,
        processor: Processor,
        invoke: InvokeFunction,
        *,
        delivery_arn: str = "",
        stream_arn: str = "",
        uuid: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """Invokes nothing yet.

        Args:
            processor: The processor, with its parameters.
            invoke: Invokes the function.
            delivery_arn: ARN of the delivery.
            stream_arn: ARN of the stream that it reads, if it reads one; of a topic of Kafka that of its cluster.
            uuid: Makes the ids of invocations.

        Raises:
            ValueError: If a parameter is no number.
        """
        given = processor.parameters
        self._invoke, self._uuid = invoke, uuid
        self._lambda_arn = given.get("LambdaArn", "")
        self._attempts = 1 + int(given.get("NumberOfRetries", firehose.TRANSFORM_RETRIES_DEFAULT.value))
        mib = float(given.get("BufferSizeInMBs", firehose.TRANSFORM_BUFFER_MIB_DEFAULT.value))
        self._batch_bytes = int(mib * _MIB)
        self._about = {"deliveryStreamArn": delivery_arn, "region": "".join(delivery_arn.split(":")[3:4])}
        self._is_kafka = stream_arn.split(":")[2:3] == ["kafka"]
        self._data = "kafkaRecordValue" if self._is_kafka else "data"
        if stream_arn:
            self._about["sourceMSKArn" if self._is_kafka else "sourceKinesisStreamArn"] = stream_arn

    def __call__(self, outcome: ProcessingOutcome) -> None:
        """Transforms records.

        Args:
            outcome: The records, and what becomes of them.
        """
        items, outcome.items = outcome.items, []
        for batch in self._batches(items, outcome):
            self._transform(batch, outcome)

    def _batches(self, items: Sequence[DeliveryRecord], outcome: ProcessingOutcome) -> Iterator[list[DeliveryRecord]]:
        batch: list[DeliveryRecord] = []
        size, sent = 0, _ENVELOPE_BYTES
        for item in items:
            bytes_, payload = len(item.data), _payload_bytes(item)
            if payload + _ENVELOPE_BYTES > _PAYLOAD_BYTES:
                message = "The record fits in no request to a function."
                outcome.failures.append(self._failure(item, "Lambda.RequestTooLarge", message, 0))
                continue
            if batch and (size + bytes_ > self._batch_bytes or sent + payload > _PAYLOAD_BYTES):
                yield batch
                batch, size, sent = [], 0, _ENVELOPE_BYTES
            batch.append(item)
            size += bytes_
            sent += payload
        if batch:
            yield batch

    def _transform(self, batch: list[DeliveryRecord], outcome: ProcessingOutcome) -> None:
        ids = [f"{item.source.sequence_number}{position:06}" for position, item in enumerate(batch)]
        record = _kafka_record if self._is_kafka else _record
        records = [record(item, id_) for item, id_ in zip(batch, ids, strict=True)]
        event = {"invocationId": self._uuid(), **self._about, "records": records}
        attempt = 0
        while True:
            attempt += 1
            try:
                returned = _returned(self._invoke(event))
            except InvocationError as error:
                if attempt < self._attempts and error.code != JSON_PROCESSING_FAILED:
                    continue
                outcome.failures += [self._failure(item, error.code, error.message, attempt) for item in batch]
                return
            break
        if returned is None:
            message = "The function's output has no list of records with their ids."
            outcome.failures += [self._failure(item, FUNCTION_ERROR, message, attempt) for item in batch]
            return
        for item, id_ in zip(batch, ids, strict=True):
            self._take(item, returned.get(id_, []), attempt, outcome)

    def _take(
        self, item: DeliveryRecord, answers: list[dict[str, Any]], attempt: int, outcome: ProcessingOutcome
    ) -> None:
        if len(answers) != 1:
            code = "Lambda.DuplicatedRecordId" if answers else "Lambda.MissingRecordId"
            message = f"The function returned the record {len(answers)} times."
            outcome.failures.append(self._failure(item, code, message, attempt))
            return
        answer = answers[0]
        match answer.get("result"):
            case "Dropped":
                outcome.dropped += 1
            case "ProcessingFailed":
                message = "The function returned ProcessingFailed."
                outcome.failures.append(self._failure(item, "Lambda.ProcessingFailedStatus", message, attempt))
            case "Ok":
                self._take_ok(item, answer, attempt, outcome)
            case other:
                message = f"The function returned {other!r}, which is none of Ok, Dropped and ProcessingFailed."
                outcome.failures.append(self._failure(item, FUNCTION_ERROR, message, attempt))

    def _take_ok(self, item: DeliveryRecord, answer: dict[str, Any], attempt: int, outcome: ProcessingOutcome) -> None:
        try:
            data = b64decode(answer[self._data], validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error):
            message = f"The function returned no {self._data} in base64."
            outcome.failures.append(self._failure(item, "Lambda.JsonMappingException", message, attempt))
            return
        metadata = answer.get("metadata")
        given = metadata.get("partitionKeys") if isinstance(metadata, dict) else None
        keys = (
            {f"{FROM_LAMBDA}:{name}": key_text(value) for name, value in given.items()}
            if isinstance(given, dict)
            else {}
        )
        if not all(keys.values()):
            message = "partitionKeys values must not be null or empty"
            outcome.failures.append(
                FailedRecord(item, METADATA_EXTRACTION_FAILED, METADATA_CODE, message, attempt, self._lambda_arn)
            )
            return
        outcome.items.append(DeliveryRecord(item.source, data, {**item.keys, **keys}, item.part))

    def _failure(self, item: DeliveryRecord, code: str, message: str, attempts: int) -> FailedRecord:
        return FailedRecord(item, PROCESSING_FAILED, code, message, attempts, self._lambda_arn)


def _payload_bytes(item: DeliveryRecord) -> int:
    # A character of a partition key beyond ASCII is up to 12 in JSON.
    return (len(item.data) + 2) // 3 * 4 + _BYTES_BESIDE_DATA + 12 * len(item.source.partition_key)


def _record(item: DeliveryRecord, id_: str) -> dict[str, Any]:
    source = item.source
    arrival = int(source.arrival * 1000)
    record: dict[str, Any] = {
        "recordId": id_,
        "approximateArrivalTimestamp": arrival,
        "data": b64encode(item.data).decode(),
    }
    if source.shard_id:
        record["kinesisRecordMetadata"] = {
            "sequenceNumber": str(source.sequence_number),
            "subsequenceNumber": item.part,
            "partitionKey": source.partition_key,
            "shardId": source.shard_id,
            "approximateArrivalTimestamp": arrival,
        }
    return record


def _kafka_record(item: DeliveryRecord, id_: str) -> dict[str, Any]:
    source = item.source
    arrival = int(source.arrival * 1000)
    place = {
        "offset": str(source.sequence_number),
        "partitionId": source.shard_id.rpartition("-")[2],
        "approximateArrivalTimestamp": arrival,
    }
    return {
        "recordId": id_,
        "approximateArrivalTimestamp": arrival,
        "mskRecordMetadata": place,
        "kafkaRecordValue": b64encode(item.data).decode(),
    }


def _returned(answer: Any) -> dict[str, list[dict[str, Any]]] | None:
    """The records that a function returned, by their ids; None if it returned anything else."""
    size = len(json.dumps(answer))
    if size > _PAYLOAD_BYTES:
        raise InvocationError(f"The response has {size} bytes, which is more than {_PAYLOAD_BYTES}.")
    records = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(records, list):
        return None
    found: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        if not isinstance(record, dict) or not isinstance(record.get("recordId"), str):
            return None
        found.setdefault(record["recordId"], []).append(record)
    return found
