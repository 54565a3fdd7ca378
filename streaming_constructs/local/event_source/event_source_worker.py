"""The poller of an `AWS::Lambda::EventSourceMapping`: reads shards, batches, invokes, retries and discards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.event_source.batching import Batcher, lane_of
from streaming_constructs.local.event_source.consumer_counts import ConsumerCounts
from streaming_constructs.local.event_source.deployed_mapping import deployed_mapping
from streaming_constructs.local.event_source.event_filter import EventFilter
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping, is_queue_arn
from streaming_constructs.local.event_source.kafka_mapping_worker import build_kafka_mapping_worker
from streaming_constructs.local.event_source.lane import Lane, LaneRunner, has_room
from streaming_constructs.local.event_source.on_failure_destination import send_to_destination
from streaming_constructs.local.event_source.queue_mapping_worker import build_queue_mapping_worker
from streaming_constructs.local.event_source.starting_position import starting_position
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of, stream_by_arn
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.shard_lag import shard_lag
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.worker import Worker, WorkerContext


class EventSourceWorker:
    """An event source mapping, for as long as it is deployed.

    Attributes:
        name: What people call it.
        source: What people call its stream.
        mapping: Its settings.
    """

    def __init__(
        self,
        *,
        name: str,
        source: str,
        mapping: EventSourceMapping,
        event_filter: EventFilter,
        reader: StreamReader,
        aws: Aws,
        invoke: Callable[[bytes], InvocationResult],
        executor: Executor,
        wake: Callable[[], None],
        now: Callable[[], float],
        retention_seconds: float,
        not_run: str = "",
    ) -> None:
        """Has read nothing yet.

        Args:
            name: What people call it.
            source: What people call its stream.
            mapping: Its settings.
            event_filter: The filters of its settings.
            reader: Reads its stream.
            aws: The API of its destination.
            invoke: Invokes its function.
            executor: Where invocations wait for their answer.
            wake: Is called, from any thread, when an answer is there.
            now: Tells the time.
            retention_seconds: How long its stream keeps records.
            not_run: Why its function cannot be run, if it cannot; then nothing is read.
        """
        self.name, self.source, self.mapping = name, source, mapping
        self._filter, self._reader, self._not_run = event_filter, reader, not_run
        self._stepping = threading.Lock()
        self._closed = False
        self._lanes: dict[str, list[Lane]] = {}
        self._counts = ConsumerCounts()
        self._runner = LaneRunner(
            mapping=mapping,
            counts=self._counts,
            invoke=invoke,
            send=lambda discarded: send_to_destination(aws, mapping, discarded),
            executor=executor,
            wake=wake,
            now=now,
            retention_seconds=retention_seconds,
        )

    @property
    def busy(self) -> bool:
        return any(lane.future is not None for lanes in self._lanes.values() for lane in lanes)

    def take(self, records: Sequence[bytes], now: float) -> None:
        raise TypeError(f"{self.name} polls {self.source}: nothing is put into it")

    def step(self, now: float) -> bool:
        with self._stepping:
            if self._not_run or self._closed:
                return False
            self._reader.refresh(lambda shard_id: all(lane.is_idle for lane in self._lanes_of(shard_id)))
            worked = False
            for shard_id in self._reader.readers:
                worked = self._read(shard_id, now) or worked
                for lane in self._lanes_of(shard_id):
                    worked = self._runner.step(lane, now) or worked
            return worked

    def due(self, now: float) -> float | None:
        if self._not_run or self._closed:
            return None
        moments: list[float | None] = []
        for shard_id, reader in self._reader.readers.items():
            lanes = self._lanes_of(shard_id)
            if has_room(lanes, self.mapping):
                moments.append(reader.due(now))
            moments += [lane.due() for lane in lanes]
        return min((moment for moment in moments if moment is not None), default=None)

    def hand_over(self, now: float) -> StreamReader:
        """Closes it, and rewinds its reader. Records that are handled twice then are handled twice on AWS, too."""
        self.close(now)
        for shard_id, reader in self._reader.readers.items():
            reader.position = self._dealt_with(shard_id)
        return self._reader

    def close(self, now: float) -> None:
        with self._stepping:  # a step that runs ends first: it could read on behind what its successor begins with
            self._closed = True

    def report(self) -> ConsumerReport:
        """What happened so far."""
        with self._stepping:  # what is read, and in no batch yet, may be neither for a moment
            lag = tuple(
                shard_lag(reader.shard.log, self._dealt_with(shard_id))
                for shard_id, reader in self._reader.readers.items()
            )
        return replace(self._counts.report(self.name, self.source, self.mapping.on_failure, self._not_run), lag=lag)

    def _dealt_with(self, shard_id: str) -> int:
        """The sequence number of the last record of a shard before which all are dealt with."""
        unfinished = [lane.unfinished for lane in self._lanes_of(shard_id)]
        position = self._reader.readers[shard_id].position
        return min((first - 1 for first in unfinished if first is not None), default=position)

    def _lanes_of(self, shard_id: str) -> list[Lane]:
        if shard_id not in self._lanes:
            self._lanes[shard_id] = [Lane(Batcher(self.mapping)) for _ in range(self.mapping.lanes)]
        return self._lanes[shard_id]

    def _read(self, shard_id: str, now: float) -> bool:
        lanes = self._lanes_of(shard_id)
        if not has_room(lanes, self.mapping):
            return False
        records = self._reader.readers[shard_id].read(now)
        if not records:
            return False
        self._counts.records += len(records)
        passed = [record for record in records if self._filter.passes(record)]
        self._counts.filtered += len(records) - len(passed)
        if len(lanes) == 1:
            lanes[0].batcher.add(passed, now)
            return True
        parts: list[list[Record]] = [[] for _ in lanes]
        for record in passed:
            parts[lane_of(record.partition_key, len(lanes))].append(record)
        for lane, part in zip(lanes, parts, strict=True):
            lane.batcher.add(part, now)
        return True


def build_event_source_worker(resource: Deployed, context: WorkerContext, before: Worker | None) -> Worker:
    """Builds the worker of an event source mapping; it begins where the one before was, or at `StartingPosition`.

    What it reads decides which worker that is: one of the shards of a stream, of the partitions of a topic, or of a queue.

    Args:
        resource: The mapping.
        context: What the worker needs.
        before: The worker that the mapping had before it was changed.

    Raises:
        ValueError: If it has settings that Lambda would refuse, or its function or its stream is not deployed here.
    """
    properties = resource.properties
    if "Topics" in properties:
        return build_kafka_mapping_worker(resource, context, before)
    if is_queue_arn(properties["EventSourceArn"]):
        return build_queue_mapping_worker(resource, context, before)
    made = deployed_mapping(resource, context)
    mapping = made.mapping
    event_filter = EventFilter(mapping.filters)
    stream_arn = mapping.event_source_arn.partition("/consumer/")[0]
    stream = stream_by_arn(stream_arn)
    if stream is None:
        raise ValueError(f"the stream {stream_arn} is not deployed here")
    reader = before.hand_over(context.clock.now()) if before else None
    return EventSourceWorker(
        name=context.name_of(resource),
        source=context.stream_name(stream_arn),
        mapping=mapping,
        event_filter=event_filter,
        reader=reader
        or StreamReader(
            lambda: shards_of(stream_arn, ACCOUNT_ID, context.aws.region),
            lambda shard: starting_position(shard, properties),
            fan_out=mapping.event_source_arn != stream_arn,
        ),
        aws=context.aws,
        invoke=made.invoke,
        executor=context.executor,
        wake=context.wake,
        now=context.clock.now,
        retention_seconds=stream.retention_period_hours * 3600,
        not_run=made.not_run,
    )
