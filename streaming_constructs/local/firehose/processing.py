"""Firehose's `ProcessingConfiguration`: what processors do to records before they are delivered, in their order.

Sources: https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html, decomp-faq.html,
dynamic-partitioning-partitioning-keys.html and dynamic-partitioning-multirecord-deaggergation.html there.

AWS describes what processors do, and hardly what they do to records that do not fit. That is read as follows; nothing of it was
compared with AWS.

- The messages of a batch of CloudWatch Logs become one record with a line for each, as AWS's second figure shows them. A
  control message has none, so its record is empty.
- A record that cannot be taken apart, or would become more than 500, stays whole. Users report the latter.
- Empty parts between delimiters are no records.
- A delimiter is appended whether or not a record ends with one.
- Partition keys that are missing, null, empty, an object or an array fail with the code and under the kind of error that users
  report: `DynamicPartitioning.MetadataExtractionFailed`, `metadata-extraction-failed`. AWS's page of prefixes lists neither.
- jq is the version of the Python package, not 1.6.
- Codes of decompression and of message extraction are made up: AWS lists none. The kind `decompression-failed` is AWS's.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from streaming_constructs.facts import firehose
from streaming_constructs.local.firehose.json_documents import documents
from streaming_constructs.local.firehose.prefix import FROM_QUERY
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.planning.deliveries.processors import Processor

PROCESSING_FAILED = "processing-failed"
METADATA_EXTRACTION_FAILED = "metadata-extraction-failed"
DECOMPRESSION_FAILED = "decompression-failed"
METADATA_CODE = "DynamicPartitioning.MetadataExtractionFailed"
_MOST_PARTS = int(firehose.DEAGGREGATED_RECORDS.value)
_GZIP_WINDOW = 31
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A record on its way through a delivery.

    Attributes:
        source: The record as it came in. One that was put directly has no shard.
        data: Its data by now.
        keys: Its partition keys, by the inside of their expressions in a prefix.
        part: Its position in the record that it was taken out of.
    """

    source: Record
    data: bytes
    keys: Mapping[str, str] = field(default_factory=dict)
    part: int = 0


@dataclass(frozen=True, slots=True)
class FailedRecord:
    """A record that goes to the error prefix.

    Attributes:
        item: The record.
        error_type: The kind of error, which the error prefix names.
        code: The code of the error.
        message: What is wrong.
        attempts: How often it was tried.
        lambda_arn: The function that failed, if one did.
    """

    item: DeliveryRecord
    error_type: str
    code: str
    message: str
    attempts: int = 1
    lambda_arn: str = ""


@dataclass(slots=True)
class ProcessingOutcome:
    """What became of records on their way through processors.

    Attributes:
        items: Those that are delivered.
        failures: Those that failed.
        dropped: How many a function dropped.
        split: How many more there are than came in, because records were taken apart.
    """

    items: list[DeliveryRecord]
    failures: list[FailedRecord] = field(default_factory=list)
    dropped: int = 0
    split: int = 0


ProcessorStep = Callable[[ProcessingOutcome], None]
"""Changes the items of an outcome, and moves out of them what goes no further."""


class Processing:
    """The processors of a delivery."""

    def __init__(self, processors: Sequence[Processor], transform: Callable[[Processor], ProcessorStep]) -> None:
        """Prepares all of them.

        Args:
            processors: The processors, in order.
            transform: Makes the step of a processor that invokes a function.

        Raises:
            ValueError: If one is not known, or lacks a parameter, or is no jq.
        """
        self.keeps_source = any(processor.type == "Decompression" for processor in processors)
        self._steps = [
            transform(processor) if processor.type == "Lambda" else _step(processor) for processor in processors
        ]

    def process(self, items: list[DeliveryRecord]) -> ProcessingOutcome:
        """Sends records through all processors.

        Args:
            items: The records.
        """
        outcome = ProcessingOutcome(items)
        for step in self._steps:
            step(outcome)
        return outcome


def _step(processor: Processor) -> ProcessorStep:
    parameters = processor.parameters
    match processor.type:
        case "Decompression":
            return _each(_decompressed)
        case "CloudWatchLogProcessing":
            return _each(_messages if parameters.get("DataMessageExtraction") == "true" else _unchanged)
        case "RecordDeAggregation":
            return _deaggregation(parameters)
        case "MetadataExtraction":
            return _each(_metadata(_parameter(processor, "MetadataExtractionQuery")))
        case "AppendDelimiterToRecord":
            return _each(_delimited(_parameter(processor, "Delimiter")))
    raise ValueError(f"Firehose knows no processor `{processor.type}`")


def _parameter(processor: Processor, name: str) -> str:
    if name not in processor.parameters:
        raise ValueError(f"the processor `{processor.type}` needs `{name}`")
    return processor.parameters[name]


class _RefusedError(Exception):
    def __init__(self, error_type: str, code: str, message: str) -> None:
        self.error_type, self.code, self.message = error_type, code, message
        super().__init__(message)


def _each(change: Callable[[DeliveryRecord], DeliveryRecord]) -> ProcessorStep:
    def step(outcome: ProcessingOutcome) -> None:
        items = []
        for item in outcome.items:
            try:
                items.append(change(item))
            except _RefusedError as error:
                outcome.failures.append(FailedRecord(item, error.error_type, error.code, error.message))
        outcome.items = items

    return step


def _with_data(item: DeliveryRecord, data: bytes) -> DeliveryRecord:
    return DeliveryRecord(item.source, data, item.keys, item.part)


def _unchanged(item: DeliveryRecord) -> DeliveryRecord:
    return item


def _decompressed(item: DeliveryRecord) -> DeliveryRecord:
    try:
        return _with_data(item, zlib.decompress(item.data, wbits=_GZIP_WINDOW))
    except zlib.error as error:
        raise _RefusedError(DECOMPRESSION_FAILED, "Decompression.Failed", f"No GZIP: {error}") from None


def _messages(item: DeliveryRecord) -> DeliveryRecord:
    try:
        batch = json.loads(item.data)
        is_data = batch["messageType"] == "DATA_MESSAGE"
        lines = [event["message"] for event in batch["logEvents"]] if is_data else []
        return _with_data(item, "\n".join(lines).encode())
    except (ValueError, KeyError, TypeError, RecursionError):
        message = "No batch of CloudWatch Logs"
        raise _RefusedError(PROCESSING_FAILED, "CloudWatchLogProcessing.Failed", message) from None


def _delimited(delimiter: str) -> Callable[[DeliveryRecord], DeliveryRecord]:
    for written, meant in _ESCAPES.items():
        delimiter = delimiter.replace(written, meant)
    end = delimiter.encode()
    return lambda item: _with_data(item, item.data + end)


def _deaggregation(parameters: Mapping[str, str]) -> ProcessorStep:
    kind = parameters.get("SubRecordType")
    if kind == "DELIMITED":
        delimiter = b64decode(parameters.get("Delimiter", ""), validate=True)
        if not delimiter:
            raise ValueError("deaggregation by a delimiter needs one, in base64")
        parts_of: Callable[[bytes], list[bytes]] = lambda data: [part for part in data.split(delimiter) if part]  # noqa: E731
    elif kind == "JSON":
        parts_of = _json_objects
    else:
        raise ValueError(f"records are taken apart as JSON or DELIMITED, not as `{kind}`")

    def step(outcome: ProcessingOutcome) -> None:
        items: list[DeliveryRecord] = []
        for item in outcome.items:
            parts = parts_of(item.data)
            if 1 <= len(parts) <= _MOST_PARTS:
                items += [DeliveryRecord(item.source, data, item.keys, part) for part, data in enumerate(parts)]
            else:
                items.append(item)
        outcome.split += len(items) - len(outcome.items)
        outcome.items = items

    return step


def _json_objects(data: bytes) -> list[bytes]:
    """The objects of a record as they are written there; none if it is anything but objects, or too many of them."""
    parts: list[bytes] = []
    try:
        text = data.decode()
        for document, start, end in documents(text):
            if type(document) is not dict or len(parts) == _MOST_PARTS:
                return []
            parts.append(text[start:end].encode())
    except (ValueError, RecursionError):
        return []
    return parts


def _metadata(query: str) -> Callable[[DeliveryRecord], DeliveryRecord]:
    import jq

    program = jq.compile(query)

    def change(item: DeliveryRecord) -> DeliveryRecord:
        try:
            results = program.input_text(item.data.decode()).all()
        except ValueError as error:  # of the decoding, of jq's parser, and of the query
            raise _no_keys(str(error)) from None
        if len(results) != 1 or not isinstance(results[0], dict):
            raise _no_keys("Non JSON record provided")
        keys = {f"{FROM_QUERY}:{name}": key_text(value) for name, value in results[0].items()}
        empty = next((name for name, text in keys.items() if not text), "")
        if empty:
            raise _no_keys(f"partitionKeys values must not be null or empty: {empty.partition(':')[2]}")
        return DeliveryRecord(item.source, item.data, {**item.keys, **keys}, item.part)

    return change


def _no_keys(message: str) -> _RefusedError:
    return _RefusedError(METADATA_EXTRACTION_FAILED, METADATA_CODE, message)


def key_text(value: Any) -> str:
    """A partition key as a folder's name; empty if it cannot be one.

    Args:
        value: The value, as JSON has it.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half of a surrogate pair is none of a key's characters
    return json.dumps(value) if isinstance(value, (bool, int, float)) else ""
