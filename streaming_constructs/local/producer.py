"""A producer: puts events with PutRecords, PutRecordBatch, an API or a client of Kafka, and puts again what was throttled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from botocore.exceptions import ClientError

from streaming_constructs.local.api_call import AGAIN, send_records
from streaming_constructs.local.aws.api import INTERNAL_FAILURE, Aws, is_machine_failure
from streaming_constructs.local.event_targets import EventTarget
from streaming_constructs.local.events import Event
from streaming_constructs.local.refusal import Refusal
from streaming_constructs.local.sqs.put_messages import put_messages

BATCH_RECORDS = 500
"""The most that one request takes, of both services."""
BATCH_BYTES = 4 * 1_048_576
"""The most that one request to Firehose takes; Kinesis takes more."""
_PAUSES = 20
"""With a rate, how many requests a second it is divided into."""
_THROTTLED_PAUSE_SECONDS = 0.05
"""How long it waits before it puts again what was refused for the moment."""


@dataclass(slots=True)
class PutResult:
    """What was put.

    Attributes:
        records: Records that were taken.
        bytes: Their bytes, without partition keys.
        throttled: Records that were refused for the moment, and put again.
        refused: Records that will never be taken.
        refusals: The same, by where and why.
        stopped: Why putting ended before all was put: this machine failed, and would again. Empty: it did not.
        into: The names of where they went, in order.
    """

    records: int = 0
    bytes: int = 0
    throttled: int = 0
    refused: int = 0
    stopped: str = ""
    into: dict[str, None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, target: EventTarget, event: Event, reason: str) -> None:
        """Counts a record that will never be taken.

        Args:
            target: What it was put into.
            event: The record.
            reason: Why.
        """
        self.refused += 1
        found = next((one for one in self.refusals if (one.into, one.reason) == (target.name, reason)), None)
        if found is None:
            found = Refusal(target.name, reason)
            self.refusals.append(found)
        found.count(event.line)


class TopicSink(Protocol):
    """What takes records for topics of Kafka."""

    def put(self, arn: str, records: Sequence[tuple[bytes | None, bytes]]) -> list[str]:
        """Puts records into a topic.

        Args:
            arn: Its ARN.
            records: Key and value of each.

        Returns:
            For each why it was refused for good; empty: it was taken.

        Raises:
            OSError: If the log of the topic does not take them.
        """


def put(
    aws: Aws,
    place: Callable[[str], EventTarget],
    events: Iterable[Event],
    *,
    rate: float | None = None,
    progress: Callable[[PutResult], object] | None = None,
    topics: TopicSink | None = None,
) -> PutResult:
    """Puts events, in their order, and puts again what was throttled. It ends where this machine fails.

    Args:
        aws: The API.
        place: Finds where an event goes by the name that it gives; by none, where all go that name none.
        events: The events.
        rate: Records a second. Left out: as many as are taken.
        progress: Called after each request. Left out: nobody is told.
        topics: Takes what goes into topics of Kafka. Left out: nothing does.

    Returns:
        What was put.
    """
    done = PutResult()
    begin, offered = time.monotonic(), 0
    most = BATCH_RECORDS if rate is None else max(1, min(BATCH_RECORDS, int(rate / _PAUSES)))
    numbered = (event if event.line else replace(event, line=number) for number, event in enumerate(events, 1))
    for batch in _batches(numbered, most):
        if rate is not None:
            time.sleep(max(0.0, begin + offered / rate - time.monotonic()))
        offered += len(batch)
        for name, some in _by_place(batch).items():
            target = place(name)
            done.into[target.name] = None
            if target.kind == "topic":
                _put_to_topic(topics, target, some, done)
            elif target.kind == "queue":
                put_messages(aws, target, some, done)
            else:
                _put_all(aws, target, some, done)
        if progress is not None:
            progress(done)
        if done.stopped:
            break
    return done


def _batches(events: Iterable[Event], most: int) -> Iterator[list[Event]]:
    batch: list[Event] = []
    size = 0
    for event in events:
        bytes_ = len(event.data) + len(event.partition_key)
        if batch and (len(batch) == most or size + bytes_ > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += bytes_
    if batch:
        yield batch


def _by_place(batch: list[Event]) -> dict[str, list[Event]]:
    """The events of a batch by where they go, each place with its own in their order."""
    places: dict[str, list[Event]] = {}
    for event in batch:
        places.setdefault(event.into, []).append(event)
    return places


def _put_all(aws: Aws, target: EventTarget, batch: list[Event], done: PutResult) -> None:
    """Puts a batch until all of it is taken, or refused for good."""
    while batch:
        try:
            answers = _sent(aws, target, batch)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if is_machine_failure(error):
                done.stopped = str(error)
                return
            if code in _THROTTLED:
                answers = [(code, "")] * len(batch)
            elif len(batch) > 1:  # one record spoils a whole request: which one is found by putting each alone
                for event in batch:
                    if not done.stopped:
                        _put_all(aws, target, [event], done)
                return
            else:
                done.refuse(target, batch[0], error.response["Error"].get("Message", code))
                return
        again = [event for event, (code, _) in zip(batch, answers, strict=True) if code]
        taken = [event for event, (code, _) in zip(batch, answers, strict=True) if not code]
        done.records += len(taken)
        done.bytes += sum(len(event.data) for event in taken)
        done.stopped = next((message for code, message in answers if code == INTERNAL_FAILURE), "")
        if done.stopped:
            return
        done.throttled += len(again)
        if again:
            time.sleep(_THROTTLED_PAUSE_SECONDS)
        batch = again


def _put_to_topic(topics: TopicSink | None, target: EventTarget, batch: list[Event], done: PutResult) -> None:
    assert topics is not None
    keys = [record_key(event, target.key_field) for event in batch]
    records = [
        (None if key is None else key.encode("utf-8", "surrogatepass"), event.data)
        for key, event in zip(keys, batch, strict=True)
    ]
    try:
        answers = topics.put(target.physical_id, records)
    except OSError as error:
        done.stopped = str(error)
        return
    for event, refused in zip(batch, answers, strict=True):
        if refused:
            done.refuse(target, event, refused)
        else:
            done.records += 1
            done.bytes += len(event.data)


def record_key(event: Event, key_field: str) -> str | None:
    """The key of an event: the one that it was given, or else what its key field says; None: it has none.

    Args:
        event: The event.
        key_field: The field of a record that producers key by; empty: there is none.
    """
    if event.is_keyed:
        return event.partition_key
    if not key_field:
        return None
    try:
        record = json.loads(event.data)
    except (ValueError, RecursionError):
        return None
    value = record.get(key_field) if isinstance(record, dict) else None
    if value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value)


_THROTTLED = {"ProvisionedThroughputExceededException", "ServiceUnavailableException", *AGAIN}


def _sent(aws: Aws, target: EventTarget, batch: list[Event]) -> list[tuple[str, str]]:
    if target.api is not None:
        return send_records(aws, target.api, [event.data for event in batch])
    call = _to_stream if target.kind == "stream" else _to_delivery
    return call(aws, target, batch)


def _to_stream(aws: Aws, target: EventTarget, batch: list[Event]) -> list[tuple[str, str]]:
    keys = [record_key(event, target.key_field) for event in batch]
    records = [
        {"Data": event.data, "PartitionKey": event.partition_key if key is None else key}
        for key, event in zip(keys, batch, strict=True)
    ]
    answer: dict[str, Any] = aws.client("kinesis").put_records(StreamName=target.physical_id, Records=records)
    return [_code_and_message(result) for result in answer["Records"]]


def _to_delivery(aws: Aws, target: EventTarget, batch: list[Event]) -> list[tuple[str, str]]:
    records = [{"Data": event.data} for event in batch]
    answer: dict[str, Any] = aws.client("firehose").put_record_batch(
        DeliveryStreamName=target.physical_id, Records=records
    )
    return [_code_and_message(response) for response in answer["RequestResponses"]]


def _code_and_message(result: dict[str, Any]) -> tuple[str, str]:
    return result.get("ErrorCode", ""), result.get("ErrorMessage", "")
