"""A Lambda event source mapping in a unit test: records in, the handler called as Lambda would, and what became of each.

No server, no threads, and a clock of its own, so that an hour of retries takes no time. All records are there when it starts.
Lanes and shards, which Lambda processes side by side, come one after the other, each from the same moment on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from streaming_constructs.facts.event_source import FUNCTION_TIMEOUT_SECONDS
from streaming_constructs.facts.event_source_kafka import DESERIALIZATION_ERROR
from streaming_constructs.facts.kafka import DEFAULT_RETENTION_MS
from streaming_constructs.local.event_source.batch_processor import (
    LEAST_RETENTION_SECONDS,
    BatchOutcome,
    Invocation,
    process_batch,
)
from streaming_constructs.local.event_source.batching import Batch, Batcher, lane_of_record
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, InvokeResponse, Window, lambda_event
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.event_source.kafka_decoding import is_decoded
from streaming_constructs.local.event_source.kafka_event_filter import event_filter_of
from streaming_constructs.local.event_source.kafka_invocation import topic_messages
from streaming_constructs.local.event_source.kafka_record import KafkaRecord, kafka_record
from streaming_constructs.local.event_source.response_fault import response_fault
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.lambda_function.function_response import ResponseError, read_response
from streaming_constructs.local.lambda_function.runtime_bootstrap import FaultError, marshalled

Handler = Callable[[Any, Any], Any]
"""A Lambda handler: it takes an event and a context."""


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What a handler may ask about its invocation, under AWS's names.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html

    Attributes:
        aws_request_id: The id of the invocation.
        function_name: The function.
        invoked_function_arn: Its ARN.
    """

    aws_request_id: str
    function_name: str
    invoked_function_arn: str

    def get_remaining_time_in_millis(self) -> int:
        """How long the invocation may go on, in milliseconds; here it is always the longest that Lambda gives."""
        return FUNCTION_TIMEOUT_SECONDS.maximum * 1000


@dataclass(frozen=True, slots=True)
class Simulation:
    """What became of the records: each is in `filtered`, in `handled`, in one of `failures`, or in `dropped`.

    All are in the order in which they came about, lane by lane.

    Attributes:
        mapping: The settings.
        filtered: Records that match no filter.
        batches: What became of each batch.
    """

    mapping: EventSourceMapping
    filtered: tuple[Record, ...]
    batches: tuple[BatchOutcome, ...]

    @property
    def invocations(self) -> tuple[Invocation, ...]:
        """All invocations."""
        return tuple(invocation for batch in self.batches for invocation in batch.invocations)

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """Sequence numbers up to which a lane was done with."""
        return tuple(checkpoint for batch in self.batches for checkpoint in batch.checkpoints)

    @property
    def committed(self) -> Mapping[str, int]:
        """Of Kafka: the offset that the group reads next, by partition such as `orders-0`; all records are dealt with."""
        discarded = (record for part in self._discarded for record in part.records)
        done = [one for one in (*self.handled, *self.filtered, *discarded) if isinstance(one, KafkaRecord)]
        return {one.shard_id: one.offset + 1 for one in sorted(done, key=lambda one: (one.shard_id, one.offset))}

    @property
    def handled(self) -> tuple[Record, ...]:
        """Records that succeeded."""
        return tuple(record for batch in self.batches for record in batch.handled)

    @property
    def failures(self) -> tuple[DiscardedRecords, ...]:
        """Records that were given up, and of which the destination is told."""
        return self._discarded if self.mapping.on_failure else ()

    @property
    def dropped(self) -> tuple[Record, ...]:
        """Records that were given up, and of which nobody is told, because there is no destination."""
        return () if self.mapping.on_failure else tuple(record for part in self._discarded for record in part.records)

    @property
    def messages(self) -> tuple[dict[str, Any], ...]:
        """What a queue or a topic gets of the failures; a topic of Kafka gets one for each record."""
        if self.mapping.on_failure.startswith("kafka://"):
            return tuple(message for _, message in self.topic_messages)
        return tuple(failure.message(self.mapping) for failure in self.failures)

    @property
    def topic_messages(self) -> tuple[tuple[bytes | None, dict[str, Any]], ...]:
        """What a topic of Kafka gets of the failures: for each record its key, and a message before it is JSON."""
        return tuple(told for failure in self.failures for told in topic_messages(failure, self.mapping))

    @property
    def hints(self) -> tuple[str, ...]:
        """What the handler's responses have that Lambda does not know, such as `BatchItemFailures`; each is told once."""
        told = (response_fault(invocation, self.mapping) for invocation in self.invocations)
        return tuple(dict.fromkeys(hint for hint in told if hint))

    @property
    def lost_windows(self) -> tuple[Window, ...]:
        """Tumbling windows whose final state the handler did not take."""
        return tuple(batch.lost_window for batch in self.batches if batch.lost_window)

    @property
    def _discarded(self) -> tuple[DiscardedRecords, ...]:
        return tuple(discarded for batch in self.batches for discarded in batch.discarded)


def simulate_event_source(
    handler: Handler,
    records: Iterable[Record],
    mapping: EventSourceMapping | None = None,
    *,
    now: float | None = None,
    invocation_seconds: float = 0.0,
    retention_seconds: float | None = None,
) -> Simulation:
    """Sends records to a handler as an event source mapping does, until each of them is dealt with.

    Args:
        handler: The handler. An exception is an error of the function; so is a response that is no JSON.
        records: The records of a stream, or of a topic of Kafka, those of each shard or partition in order.
        mapping: The settings; left out: AWS's defaults.
        now: When they are read, in seconds since 1970; left out: when the last of them arrived.
        invocation_seconds: How long an invocation takes.
        retention_seconds: How long the stream or the topic keeps records. Left out: a day, or a week of Kafka.

    Raises:
        ValueError: If the mapping is of a stream and a record of a topic, or the other way about.
        FilterPatternError: If a filter of the mapping is none that Lambda takes.
    """
    mapping = mapping or EventSourceMapping()
    event_filter = event_filter_of(mapping)
    if retention_seconds is None:
        retention_seconds = DEFAULT_RETENTION_MS / 1000 if mapping.is_kafka else LEAST_RETENTION_SECONDS
    lanes: dict[tuple[str, int], list[Record]] = {}
    filtered, undecoded = [], list[Record]()
    begin = 0.0 if now is None else now
    for record in records:
        if isinstance(record, KafkaRecord) != mapping.is_kafka:
            raise ValueError(f"{record.shard_id} is of another kind of source than {mapping.event_source_arn}")
        begin = max(begin, record.arrival) if now is None else now
        if isinstance(record, KafkaRecord) and not is_decoded(record, mapping):
            undecoded.append(record)
        elif event_filter.passes(record):
            lanes.setdefault(lane_of_record(record, mapping), []).append(record)
        else:
            filtered.append(record)
    run = _HandlerInvoker(handler, mapping, invocation_seconds, retention_seconds)
    batches = [outcome for lane in lanes.values() for outcome in run.lane(lane, begin)]
    given_up = [DiscardedRecords([record], DESERIALIZATION_ERROR, 0, None, begin) for record in undecoded]
    if given_up:
        batches.append(BatchOutcome(discarded=given_up))
    return Simulation(mapping, tuple(filtered), tuple(batches))


def kinesis_records(
    data: Iterable[bytes | str | Mapping[str, Any]],
    *,
    partition_key: str = "key",
    shard_id: str = "shardId-000000000000",
    first: int = 1,
    arrival: float = 0.0,
) -> list[Record]:
    """Records of a shard, for a test.

    Args:
        data: The data of each: bytes, a text, or what becomes JSON.
        partition_key: The partition key of all of them.
        shard_id: The shard.
        first: The sequence number of the first; the others follow it.
        arrival: When they arrived, in seconds since 1970.
    """
    return [
        Record(shard_id, number, partition_key, _data(payload), arrival)
        for number, payload in enumerate(data, start=first)
    ]


def kafka_records(
    values: Iterable[bytes | str | Mapping[str, Any] | None],
    *,
    topic: str = "topic",
    partition: int = 0,
    key: bytes | str | None = None,
    first: int = 0,
    timestamp: int = 0,
    headers: Sequence[tuple[str, bytes | None]] = (),
) -> list[KafkaRecord]:
    """Records of a partition of a Kafka topic, for a test; those of several partitions are put together in one list.

    Args:
        values: The value of each: bytes, a text, or what becomes JSON; None: what was put under its key is gone.
        topic: The topic.
        partition: The partition.
        key: The key of all of them. Left out: they have none.
        first: The offset of the first; the others follow it.
        timestamp: Their time, in milliseconds since 1970.
        headers: The headers of each.
    """
    encoded = key.encode() if isinstance(key, str) else key
    return [
        kafka_record(
            topic,
            partition,
            offset,
            key=encoded,
            value=None if value is None else _data(value),
            timestamp=timestamp,
            headers=tuple(headers),
        )
        for offset, value in enumerate(values, start=first)
    ]


def _data(value: bytes | str | Mapping[str, Any]) -> bytes:
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode()


class _HandlerInvoker:
    """Invokes a handler with the events of one mapping."""

    def __init__(
        self, handler: Handler, mapping: EventSourceMapping, invocation_seconds: float, retention_seconds: float
    ) -> None:
        self._handler, self._mapping = handler, mapping
        self._invocation_seconds, self._retention_seconds = invocation_seconds, retention_seconds
        self._numbers = count(1)
        self._now = 0.0

    def lane(self, records: Sequence[Record], begin: float) -> Iterator[BatchOutcome]:
        """Processes the records of a lane, which are all there when it begins."""
        self._now = begin
        batcher = Batcher(self._mapping)
        batcher.add(records, begin)
        while (due := batcher.due()) is not None:
            self._now = max(self._now, due)
            batch = batcher.take(self._now)
            assert batch is not None, "there is a batch when one is due"
            yield self._batch(batch)

    def _batch(self, batch: Batch) -> BatchOutcome:
        process = process_batch(batch, self._mapping, lambda: self._now, self._retention_seconds)
        response = None
        while True:
            try:
                step = process.send(response)
            except StopIteration as end:
                outcome: BatchOutcome = end.value
                return outcome
            if isinstance(step, InvokeRequest):
                response = self._invoke(step)
                self._now += self._invocation_seconds
            else:
                response = None
                self._now += step.seconds

    def _invoke(self, invoke: InvokeRequest) -> InvokeResponse:
        request_id = f"00000000-0000-4000-8000-{next(self._numbers):012d}"
        arn = self._mapping.function_arn
        context = LambdaContext(request_id, arn.split(":function:")[-1].split(":")[0], arn)
        # What the handler does to the event, or later to its response, is its own affair: both go through JSON, as in Lambda.
        event = json.loads(json.dumps(lambda_event(invoke, self._mapping)))
        try:
            return InvokeResponse(request_id, read_response(marshalled(self._handler(event, context))))
        except FaultError as error:
            return InvokeResponse(request_id, error_type=error.name, error_message=str(error))
        except ResponseError as error:
            return InvokeResponse(request_id, error_type=error.error_type, error_message=str(error))
        except SystemExit as error:  # the process that would end is the test's
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
            message = f"Runtime exited with error: exit status {status}"
            return InvokeResponse(request_id, error_type="Runtime.ExitError", error_message=message)
        except Exception as error:  # noqa: BLE001 - whatever it raises is an error of the function
            return InvokeResponse(request_id, error_type=type(error).__name__, error_message=str(error))
