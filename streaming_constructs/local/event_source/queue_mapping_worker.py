"""The pollers of an `AWS::Lambda::EventSourceMapping` of an SQS queue: they receive, batch, invoke, and delete what succeeded.

What fails is left in the queue, hidden until its visibility timeout ends; then it is handed out again, until the queue gives it
up. Up to five batches are under way at once, or as many as `MaximumConcurrency` says where that is fewer; Lambda would go
beyond five while messages wait.
Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from streaming_constructs.facts.event_source import PAYLOAD_MIB
from streaming_constructs.facts.event_source_sqs import BATCHES_AT_FIRST
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.consumer_report import ConsumerReport, PoisonRecord
from streaming_constructs.local.event_source.batch_processor import Invocation, Result
from streaming_constructs.local.event_source.consumer_counts import ConsumerCounts
from streaming_constructs.local.event_source.deployed_mapping import deployed_mapping
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeResponse
from streaming_constructs.local.event_source.queue_batch_response import failed_messages
from streaming_constructs.local.event_source.queue_event_filter import QueueEventFilter
from streaming_constructs.local.event_source.queue_record import QueueRecord, event_bytes, queue_event, queue_record
from streaming_constructs.local.event_source.response_fault import response_fault
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.lambda_function.invocation_response import returned
from streaming_constructs.local.shown_records import shown_data
from streaming_constructs.local.sqs.embedded_queue import EmbeddedQueue, queue_by_arn
from streaming_constructs.local.worker import Worker, WorkerContext

_PAYLOAD_BYTES = int(PAYLOAD_MIB.value * 1_048_576)
_FRAME_BYTES = len('{"Records":[]}')


@dataclass(slots=True)
class _Batch:
    """Messages that are handed over together.

    Attributes:
        records: What the function gets of each.
        messages: The messages of the queue, in the same order.
        size: What they take in an event.
        begun_at: When the first of them was received.
        future: The invocation, once there is one.
    """

    begun_at: float = 0.0
    records: list[QueueRecord] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    size: int = _FRAME_BYTES
    future: Future[InvokeResponse] | None = None


class QueueMappingWorker:
    """An event source mapping of a queue, for as long as it is deployed.

    Attributes:
        name: What people call it.
        source: What people call its queue.
        mapping: Its settings.
    """

    def __init__(
        self,
        *,
        name: str,
        source: str,
        mapping: EventSourceMapping,
        event_filter: QueueEventFilter,
        queue: EmbeddedQueue,
        invoke: Callable[[bytes], InvocationResult],
        executor: Executor,
        wake: Callable[[], None],
        not_run: str = "",
    ) -> None:
        """Has read nothing yet.

        Args:
            name: What people call it.
            source: What people call its queue.
            mapping: Its settings.
            event_filter: The filters of its settings.
            queue: Its queue.
            invoke: Invokes its function.
            executor: Where invocations wait for their answer.
            wake: Is called, from any thread, when an answer is there.
            not_run: Why its function cannot be run, if it cannot; then nothing is read.
        """
        self.name, self.source, self.mapping = name, source, mapping
        self._filter, self._queue, self._not_run = event_filter, queue, not_run
        self._invoke, self._executor, self._wake = invoke, executor, wake
        self._stepping = threading.Lock()
        self._closed = False
        self._counts = ConsumerCounts()
        self._under_way: list[_Batch] = []
        self._gathered: _Batch | None = None
        self._received = 0
        first = int(BATCHES_AT_FIRST.value)
        self._most = min(first, mapping.maximum_concurrency or first)

    @property
    def busy(self) -> bool:
        return bool(self._under_way)

    def take(self, records: Sequence[bytes], now: float) -> None:
        raise TypeError(f"{self.name} polls {self.source}: nothing is put into it")

    def step(self, now: float) -> bool:
        with self._stepping:
            if self._not_run or self._closed:
                return False
            worked = self._finish()
            self._give_up()
            worked = self._gather(now) or worked
            return self._hand_over_batch(now) or worked

    def due(self, now: float) -> float | None:
        if self._not_run or self._closed:
            return None
        moments = [self._ends_at()] if self._gathered is not None else []
        waiting = self._queue.due() if len(self._under_way) < self._most else None
        moments += [max(waiting, now)] if waiting is not None else []
        return min(moments, default=None)

    def hand_over(self, now: float) -> None:
        """Closes it. What it has in hand is hidden for a while, and goes to its successor then, as on AWS."""
        self.close(now)

    def close(self, now: float) -> None:
        with self._stepping:
            self._closed = True

    def report(self) -> ConsumerReport:
        """What happened so far."""
        return self._counts.report(self.name, self.source, self._queue.dead_letters, self._not_run)

    def _ends_at(self) -> float:
        assert self._gathered is not None
        return self._gathered.begun_at + self.mapping.maximum_batching_window_in_seconds

    def _gather(self, now: float) -> bool:
        """Receives messages for a batch, if another one may be under way."""
        if len(self._under_way) >= self._most:
            return False
        batch = self._gathered or _Batch(now)
        messages = self._queue.receive(self.mapping.batch_size - len(batch.records))
        passed = False
        for message in messages:
            self._received += 1
            record = queue_record(message, self.source, self._received)
            self._counts.records += record.receives == 1
            if self._filter.passes(record):
                batch.records.append(record)
                batch.messages.append(message)
                batch.size += event_bytes(record, self.mapping)
                passed = True
            else:
                self._counts.filtered += 1
                self._queue.delete([message])
        if passed:
            self._gathered = batch
        return bool(messages)

    def _hand_over_batch(self, now: float) -> bool:
        """Invokes the function with what was gathered, once that is enough, or is no longer waited for."""
        batch = self._gathered
        if batch is None:
            return False
        is_full = len(batch.records) >= self.mapping.batch_size or batch.size >= _PAYLOAD_BYTES
        if not is_full and now < self._ends_at():
            return False
        self._gathered = None
        for part in _parts(batch, self.mapping):
            self._counts.batches += 1
            part.future = self._executor.submit(self._invoke_function, part.records)
            part.future.add_done_callback(lambda _: self._wake())
            self._under_way.append(part)
        return True

    def _invoke_function(self, records: Sequence[QueueRecord]) -> InvokeResponse:
        """Invokes the function; runs in a thread of its own."""
        event = json.dumps(queue_event(records, self.mapping), separators=(",", ":")).encode("utf-8", "surrogatepass")
        result, response = returned(self._invoke(event))
        self._counts.journal.record(result)
        if result.error is None:
            return InvokeResponse(result.request_id, response)
        return InvokeResponse(result.request_id, None, result.error.type, result.error.message)

    def _finish(self) -> bool:
        """Deletes what succeeded of the batches whose answer is there."""
        done = [batch for batch in self._under_way if batch.future is not None and batch.future.done()]
        for batch in done:
            self._under_way.remove(batch)
            assert batch.future is not None
            response = batch.future.result()
            failed = {record.message_id for record in failed_messages(response, batch.records, self.mapping)}
            pairs = list(zip(batch.records, batch.messages, strict=True))
            self._queue.delete(message for record, message in pairs if record.message_id not in failed)
            self._count(batch, response, len(failed))
        return bool(done)

    def _count(self, batch: _Batch, response: InvokeResponse, failed: int) -> None:
        counts, handled = self._counts, len(batch.records) - failed
        attempt = max(record.receives for record in batch.records)
        result: Result = "success" if not failed else "partial" if handled else "failure"
        counts.handled += handled
        counts.invocations += 1
        counts.failed += bool(failed)
        counts.retries += attempt > 1
        fault = response_fault(Invocation(batch.records, attempt, response, result, handled, False), self.mapping)
        if fault:
            counts.journal.record_response(fault, response.payload)

    def _give_up(self) -> None:
        """Counts what the queue keeps no longer: it went to the dead letters, or was deleted for its age."""
        self._counts.expired += len(self._queue.expire())
        for message in self._queue.give_up():
            self._received += 1
            record = queue_record(message, self.source, self._received)
            self._counts.isolated += 1
            said = PoisonRecord(
                shard_id=self.source,
                sequence_number=record.message_id,
                partition_key=record.partition_key,
                data=shown_data(record.data),
                condition=f"received {record.receives} times",
                destination=self._queue.dead_letters,
            )
            self._counts.poison.add(record, said)


def _parts(batch: _Batch, mapping: EventSourceMapping) -> list[_Batch]:
    """A batch in as many as fit into an invocation."""
    parts = [_Batch(batch.begun_at)]
    for record, message in zip(batch.records, batch.messages, strict=True):
        size = event_bytes(record, mapping)
        if parts[-1].records and parts[-1].size + size > _PAYLOAD_BYTES:
            parts.append(_Batch(batch.begun_at))
        parts[-1].records.append(record)
        parts[-1].messages.append(message)
        parts[-1].size += size
    return parts


def build_queue_mapping_worker(resource: Deployed, context: WorkerContext, before: Worker | None) -> QueueMappingWorker:
    """Builds the worker of a mapping of a queue.

    Args:
        resource: The mapping.
        context: What the worker needs.
        before: The worker that the mapping had before it was changed.

    Raises:
        ValueError: If it has settings that Lambda would refuse, or its function or its queue is not deployed here.
    """
    made = deployed_mapping(resource, context)
    mapping = made.mapping
    queue = queue_by_arn(mapping.event_source_arn, context.clock.now)
    if queue is None:
        raise ValueError(f"the queue {mapping.event_source_arn} is not deployed here")
    timeout = int(made.function.properties.get("Timeout", 3))
    if queue.visibility_seconds < timeout:
        raise ValueError(
            f"the queue hides a message for {queue.visibility_seconds} s, and the function may take {timeout} s: Lambda "
            "refuses the mapping"
        )
    if before is not None:
        before.hand_over(context.clock.now())
    return QueueMappingWorker(
        name=context.name_of(resource),
        source=context.queue_name(mapping.event_source_arn),
        mapping=mapping,
        event_filter=QueueEventFilter(mapping.filters),
        queue=queue,
        invoke=made.invoke,
        executor=context.executor,
        wake=context.wake,
        not_run=made.not_run,
    )
