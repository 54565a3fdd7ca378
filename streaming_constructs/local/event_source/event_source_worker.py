"""The poller of an `AWS::Lambda::EventSourceMapping`: reads shards, batches, invokes, retries and discards."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws, MachineFailureError, is_machine_failure
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import LAMBDA_FUNCTION
from streaming_constructs.local.event_source.batch_processor import BatchOutcome, Wait, process_batch
from streaming_constructs.local.event_source.batching import Batcher, lane_of
from streaming_constructs.local.event_source.consumer_counts import ConsumerCounts
from streaming_constructs.local.event_source.event_filter import EventFilter
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, InvokeResponse, lambda_event
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.event_source.on_failure_destination import send_to_destination
from streaming_constructs.local.event_source.starting_position import starting_position
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of, stream_by_arn
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.deployed_functions import unsupported_function
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.lambda_function.invocation_response import returned
from streaming_constructs.local.rehearsal_report import ConsumerReport
from streaming_constructs.local.worker import Worker, WorkerContext

_BACKLOG_BATCHES = 4
"""How many batches of a lane are read ahead; the rest stays in the stream, so that memory stays as it is."""

BatchProcess = Generator[InvokeRequest | Wait, InvokeResponse | None, BatchOutcome]


@dataclass(slots=True)
class _Lane:
    """What is processed in order.

    Attributes:
        batcher: Its records that are in no batch yet.
        first: The sequence number of the first record of its batch, if that has any.
        process: The processing of its batch, if it has one.
        future: The invocation that the processing waits for.
        wake_at: The moment that the processing waits for.
    """

    batcher: Batcher
    first: int | None = None
    process: BatchProcess | None = None
    future: Future[InvokeResponse] | None = None
    wake_at: float | None = None

    @property
    def unfinished(self) -> int | None:
        """The sequence number of the first record that is not dealt with; None: all are."""
        return self.first if self.first is not None else self.batcher.first_sequence_number

    @property
    def is_idle(self) -> bool:
        return self.process is None and self.batcher.due() is None

    def due(self) -> float | None:
        """When there is something to do by the clock alone."""
        if self.future is not None:
            return None
        return self.wake_at if self.process else self.batcher.due()


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
        self._filter, self._reader, self._aws, self._invoke, self._executor = (
            event_filter,
            reader,
            aws,
            invoke,
            executor,
        )
        self._wake, self._now, self._retention_seconds, self._not_run = wake, now, retention_seconds, not_run
        self._stepping = threading.Lock()
        self._closed = False
        self._lanes: dict[str, list[_Lane]] = {}
        self._counts = ConsumerCounts()

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
                    worked = self._step_lane(lane, now) or worked
            return worked

    def due(self, now: float) -> float | None:
        if self._not_run or self._closed:
            return None
        moments: list[float | None] = []
        for shard_id, reader in self._reader.readers.items():
            lanes = self._lanes_of(shard_id)
            if self._has_room(lanes):
                moments.append(reader.due(now))
            moments += [lane.due() for lane in lanes]
        return min((moment for moment in moments if moment is not None), default=None)

    def hand_over(self, now: float) -> StreamReader:
        """Closes it, and rewinds its reader. Records that are handled twice then are handled twice on AWS, too."""
        self.close(now)
        for shard_id, reader in self._reader.readers.items():
            unfinished = [lane.unfinished for lane in self._lanes_of(shard_id)]
            reader.position = min((first - 1 for first in unfinished if first is not None), default=reader.position)
        return self._reader

    def close(self, now: float) -> None:
        with self._stepping:  # a step that runs ends first: it could read on behind what its successor begins with
            self._closed = True

    def report(self) -> ConsumerReport:
        """What happened so far."""
        return self._counts.report(self.name, self.source, self.mapping.on_failure, self._not_run)

    def _lanes_of(self, shard_id: str) -> list[_Lane]:
        if shard_id not in self._lanes:
            self._lanes[shard_id] = [_Lane(Batcher(self.mapping)) for _ in range(self.mapping.lanes)]
        return self._lanes[shard_id]

    def _has_room(self, lanes: list[_Lane]) -> bool:
        return sum(len(lane.batcher) for lane in lanes) < _BACKLOG_BATCHES * self.mapping.batch_size * len(lanes)

    def _read(self, shard_id: str, now: float) -> bool:
        lanes = self._lanes_of(shard_id)
        if not self._has_room(lanes):
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

    def _step_lane(self, lane: _Lane, now: float) -> bool:
        """Goes on with a lane's batch, or begins one."""
        if lane.future is not None:
            if not lane.future.done():
                return False
            response, lane.future = lane.future.result(), None
            self._advance(lane, response)
            return True
        if lane.process is not None:
            if lane.wake_at is None or lane.wake_at > now:
                return False
            lane.wake_at = None
            self._advance(lane, None)
            return True
        batch = lane.batcher.take(now)
        if batch is None:
            return False
        self._counts.batches += bool(batch.records)
        lane.first = batch.records[0].sequence_number if batch.records else None
        lane.process = process_batch(batch, self.mapping, self._now, self._retention_seconds)
        self._advance(lane, None)
        return True

    def _advance(self, lane: _Lane, response: InvokeResponse | None) -> None:
        assert lane.process is not None
        try:
            request = lane.process.send(response)
        except StopIteration as ended:
            lane.process = lane.first = None
            self._count(ended.value)
            return
        if isinstance(request, Wait):
            lane.wake_at = self._now() + request.seconds
            return
        lane.future = self._executor.submit(self._invoke_function, request)
        lane.future.add_done_callback(lambda _: self._wake())

    def _invoke_function(self, request: InvokeRequest) -> InvokeResponse:
        """Invokes the function; runs in a thread of its own."""
        event = json.dumps(lambda_event(request, self.mapping), separators=(",", ":")).encode()
        result, response = returned(self._invoke(event))
        self._counts.journal.record(result)
        if result.error is None:
            return InvokeResponse(result.request_id, response)
        return InvokeResponse(result.request_id, None, result.error.type, result.error.message)

    def _count(self, outcome: BatchOutcome) -> None:
        self._counts.add_outcome(outcome, self.mapping)
        for discarded in outcome.discarded:
            self._discard(discarded)

    def _discard(self, discarded: DiscardedRecords) -> None:
        counts, records = self._counts, len(discarded.records)
        if not self.mapping.on_failure:
            counts.expired += records
            return
        try:
            send_to_destination(self._aws, self.mapping, discarded)
        except (ClientError, ValueError) as error:
            if isinstance(error, ClientError) and is_machine_failure(error):
                raise MachineFailureError(str(error)) from None
            counts.undelivered += records
            counts.destination_error = str(error)
            return
        counts.add_isolated(discarded, self.mapping.on_failure)


def build_event_source_worker(resource: Deployed, context: WorkerContext, before: Worker | None) -> EventSourceWorker:
    """Builds the worker of an event source mapping; it begins where the one before was, or at `StartingPosition`.

    Args:
        resource: The mapping.
        context: What the worker needs.
        before: The worker that the mapping had before it was changed.

    Raises:
        ValueError: If it has settings that Lambda would refuse, or its function or its stream is not deployed here.
    """
    properties = resource.properties
    function = _function(properties["FunctionName"], context.deployed)
    arn = function.attributes["Arn"]
    mapping = EventSourceMapping.from_properties({**properties, "UUID": resource.physical_id, "FunctionArn": arn})
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
        invoke=lambda event: context.invoke(arn, event),
        executor=context.executor,
        wake=context.wake,
        now=context.clock.now,
        retention_seconds=stream.retention_period_hours * 3600,
        not_run=unsupported_function(function),
    )


def _function(name: str, deployed: Sequence[Deployed]) -> Deployed:
    """The function of a mapping, which may name it by its name or by its ARN."""
    for resource in deployed:
        if resource.type == LAMBDA_FUNCTION and name in {resource.physical_id, resource.attributes["Arn"]}:
            return resource
    raise ValueError(f"the function {name} is not deployed here")
