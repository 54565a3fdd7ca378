"""Lanes of a Lambda event source mapping: what is processed in order, one batch after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import MachineFailureError, is_machine_failure
from streaming_constructs.local.event_source.batch_processor import BatchOutcome, Wait, process_batch
from streaming_constructs.local.event_source.batching import Batcher
from streaming_constructs.local.event_source.consumer_counts import ConsumerCounts
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, InvokeResponse, lambda_event
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.lambda_function.invocation_response import returned

BACKLOG_BATCHES = 4
"""How many batches of a lane are read ahead; the rest stays in the source, so that memory stays as it is."""

BatchProcess = Generator[InvokeRequest | Wait, InvokeResponse | None, BatchOutcome]


@dataclass(slots=True)
class Lane:
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
        """Whether it has no records."""
        return self.process is None and self.batcher.due() is None

    def due(self) -> float | None:
        """When there is something to do by the clock alone."""
        if self.future is not None:
            return None
        return self.wake_at if self.process else self.batcher.due()


def has_room(lanes: list[Lane], mapping: EventSourceMapping) -> bool:
    """Whether records may be read for lanes that share what is read.

    Args:
        lanes: The lanes.
        mapping: The settings.
    """
    return sum(len(lane.batcher) for lane in lanes) < BACKLOG_BATCHES * mapping.batch_size * len(lanes)


class LaneRunner:
    """Takes the batches of lanes to the function, and what is given up to the destination."""

    def __init__(
        self,
        *,
        mapping: EventSourceMapping,
        counts: ConsumerCounts,
        invoke: Callable[[bytes], InvocationResult],
        send: Callable[[DiscardedRecords], None],
        executor: Executor,
        wake: Callable[[], None],
        now: Callable[[], float],
        retention_seconds: float,
    ) -> None:
        """Has done nothing yet.

        Args:
            mapping: The settings.
            counts: Where it is written down.
            invoke: Invokes the function.
            send: Sends what was given up to the destination. It raises `ClientError` or `ValueError` where that refuses.
            executor: Where invocations wait for their answer.
            wake: Is called, from any thread, when an answer is there.
            now: Tells the time.
            retention_seconds: How long the source keeps records.
        """
        self._mapping, self._counts, self._invoke, self._send = mapping, counts, invoke, send
        self._executor, self._wake, self._now, self._retention_seconds = executor, wake, now, retention_seconds

    def step(self, lane: Lane, now: float) -> bool:
        """Goes on with a lane's batch, or begins one.

        Args:
            lane: The lane.
            now: The time.
        """
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
        lane.process = process_batch(batch, self._mapping, self._now, self._retention_seconds)
        self._advance(lane, None)
        return True

    def _advance(self, lane: Lane, response: InvokeResponse | None) -> None:
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
        event = json.dumps(lambda_event(request, self._mapping), separators=(",", ":")).encode()
        result, response = returned(self._invoke(event))
        self._counts.journal.record(result)
        if result.error is None:
            return InvokeResponse(result.request_id, response)
        return InvokeResponse(result.request_id, None, result.error.type, result.error.message)

    def _count(self, outcome: BatchOutcome) -> None:
        self._counts.add_outcome(outcome, self._mapping)
        for discarded in outcome.discarded:
            self.discard(discarded)

    def discard(self, discarded: DiscardedRecords) -> None:
        """Gives records up: tells the destination, where there is one.

        Args:
            discarded: The records.
        """
        counts, records = self._counts, len(discarded.records)
        if not self._mapping.on_failure:
            counts.expired += records
            return
        try:
            self._send(discarded)
        except (ClientError, ValueError) as error:
            if isinstance(error, ClientError) and is_machine_failure(error):
                raise MachineFailureError(str(error)) from None
            counts.undelivered += records
            counts.destination_error = str(error)
            return
        counts.add_isolated(discarded, self._mapping.on_failure)
