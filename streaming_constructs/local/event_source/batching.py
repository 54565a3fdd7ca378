"""Batching of a Lambda event source mapping: batch size, batching window, parallelization factor, tumbling windows.

A lane is what is processed in order: a shard, or one of the parts that a parallelization factor divides it into, where "Lambda
still ensures in-order processing at the partition-key level". A batch goes out when it is full, when its window is over, or
when it "reaches the payload limit of 6 MB".
Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html

What AWS leaves open is read as follows; nothing of it was compared with AWS.

- A batching window starts when the first record of a batch is read. AWS lets "the next window" begin "as soon as the previous
  function invocation completes", which is no later.
- The limit counts the event as compact JSON, in units of 1,048,576 bytes. With tumbling windows, a state of the greatest size
  is left room for. A record that does not fit alone is a batch of its own, which is never sent.
- Tumbling windows start at multiples of their length since 1970, by the arrival of records. A record that arrived in an earlier
  window than the one before it belongs to the window of the one before it.
- Of a topic of Kafka a lane is a poller with its share of the partitions: a batch has records of several of them, those of each
  in order. AWS says as much: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html
- A window is over when a record of a later one is there, or 2 minutes after the last record was read, though not before its
  end: "when no new records are being added to the current window, Lambda waits for up to 2 minutes".
"""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from streaming_constructs.facts.event_source import PAYLOAD_MIB, WINDOW_QUIET_SECONDS, WINDOW_STATE_MB
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import (
    InvokeRequest,
    Window,
    common_members,
    event_record,
    lambda_event,
)
from streaming_constructs.local.event_source.kafka_invocation import event_bytes
from streaming_constructs.local.event_source.kafka_record import KafkaRecord
from streaming_constructs.local.kinesis.record import Record

PAYLOAD_BYTES = int(PAYLOAD_MIB.value) * 1024 * 1024
"""The greatest event, as compact JSON."""
STATE_BYTES = int(WINDOW_STATE_MB.value) * 1024 * 1024
"""The greatest state of a window, as compact JSON."""
_COMPACT = (",", ":")


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one lane, in order, that are sent together.

    Attributes:
        records: The records. None: the end of a window.
        window: The tumbling window that they are in, if there are windows.
        is_too_large: Whether it is a single record that fits in no invocation.
    """

    records: Sequence[Record]
    window: Window | None = None
    is_too_large: bool = False


def lane_of(partition_key: str, factor: int) -> int:
    """The lane of a record in its shard: always the same for a partition key, so that order holds for each key.

    Args:
        partition_key: The record's partition key.
        factor: The parallelization factor.
    """
    return zlib.crc32(partition_key.encode("utf-8", "surrogatepass")) % factor


def lane_of_record(record: Record, mapping: EventSourceMapping) -> tuple[str, int]:
    """The lane of a record: of a stream a part of its shard, of a topic the poller of its partition.

    Args:
        record: The record.
        mapping: The settings.
    """
    if isinstance(record, KafkaRecord):
        return record.topic, record.partition % mapping.lanes
    return record.shard_id, lane_of(record.partition_key, mapping.lanes)


def _bytes(value: Any) -> int:
    return len(json.dumps(value, separators=_COMPACT))


def _own_bytes(record: Record) -> int:
    """What a record's key, data, number, shard and time take in an event."""
    data = (len(record.data) + 2) // 3 * 4
    texts = (json.dumps(record.partition_key), record.shard_id, repr(round(record.arrival, 3)))
    return data + 2 * len(str(record.sequence_number)) + sum(map(len, texts))


def _measure(mapping: EventSourceMapping) -> tuple[Callable[[Record], int], int]:
    """What tells what a record takes in an event, with the comma behind it; and what an event takes without records."""
    if mapping.is_kafka:
        empty = _bytes(lambda_event(InvokeRequest(()), mapping))
        return lambda record: event_bytes(cast("KafkaRecord", record), mapping), empty
    blank = Record("", 0, "", b"", 0.0)
    # What every record takes beside its own; the last one has no comma.
    common = _bytes(event_record(blank, common_members(mapping))) - _own_bytes(blank) + 1
    return lambda record: common + _own_bytes(record), len('{"Records":[]}')


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record that is in no batch yet."""

    record: Record
    bytes: int
    since: float
    window_start: float


class Batcher:
    """Gathers the records of one lane, and gives them out in batches.

    One batch of a lane is processed at a time: `take` is called when the one before is done with.
    """

    def __init__(self, mapping: EventSourceMapping) -> None:
        """Has no records yet.

        Args:
            mapping: The settings.
        """
        self._mapping = mapping
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._window: Window | None = None
        self._window_over = 0.0
        self._bytes_of, envelope = _measure(mapping)
        self._room = PAYLOAD_BYTES - envelope + 1
        if mapping.tumbling_window_in_seconds:
            empty = lambda_event(InvokeRequest((), Window("shardId-000000000000", 0, 0)), mapping)
            self._room -= _bytes(empty) + STATE_BYTES

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def first_sequence_number(self) -> int | None:
        """The number of the first record that is in no batch yet; None: there is none."""
        return self._waiting[0].record.sequence_number if self._waiting else None

    @property
    def first_sequence_numbers(self) -> dict[str, int]:
        """The same of each shard or partition that has such records."""
        firsts: dict[str, int] = {}
        for waiting in self._waiting:
            firsts.setdefault(waiting.record.shard_id, waiting.record.sequence_number)
        return firsts

    def add(self, records: Iterable[Record], now: float) -> None:
        """Adds records that were read.

        Args:
            records: The next records of the lane, in order.
            now: The time, in seconds since 1970.
        """
        length = self._mapping.tumbling_window_in_seconds
        for record in records:
            size = self._bytes_of(record)
            start = self._window_start(record.arrival, length) if length else 0.0
            self._waiting.append(_Waiting(record, size, now, start))
            self._waiting_bytes += size
            self._window_over = max(start + length, now + WINDOW_QUIET_SECONDS.value)

    def take(self, now: float) -> Batch | None:
        """The next batch, if it is time for it.

        Args:
            now: The time, in seconds since 1970.
        """
        due = self.due()
        if due is None or due > now:
            return None
        window = self._window
        if window is not None and not (self._waiting and self._waiting[0].window_start == window.start):
            self._window = None
            return Batch((), window)
        first = self._waiting[0]
        if self._mapping.tumbling_window_in_seconds and window is None:
            end = first.window_start + self._mapping.tumbling_window_in_seconds
            window = self._window = Window(first.record.shard_id, first.window_start, end)
        if first.bytes > self._room:
            return Batch((self._pop(),), window, is_too_large=True)
        room = self._room
        records: list[Record] = []
        while self._waiting and len(records) < self._mapping.batch_size:
            following = self._waiting[0]
            room -= following.bytes
            if room < 0 or following.window_start != first.window_start:
                break
            records.append(self._pop())
        return Batch(records, window)

    def due(self) -> float | None:
        """When there will be a batch without further records, in seconds since 1970; None: never."""
        if not self._waiting:
            return self._window_over if self._window else None
        first = self._waiting[0]
        is_complete = (
            len(self._waiting) >= self._mapping.batch_size
            or self._waiting_bytes > self._room
            or self._waiting[-1].window_start != first.window_start
            or (self._window is not None and self._window.start != first.window_start)
        )
        return first.since if is_complete else first.since + self._mapping.maximum_batching_window_in_seconds

    def _window_start(self, arrival: float, length: int) -> float:
        start = arrival // length * length
        if self._waiting:
            return max(start, self._waiting[-1].window_start)
        return max(start, self._window.start) if self._window else start

    def _pop(self) -> Record:
        taken = self._waiting.popleft()
        self._waiting_bytes -= taken.bytes
        return taken.record
