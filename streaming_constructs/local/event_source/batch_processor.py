"""Lambda's processing of one batch of an event source mapping: retries, bisection, checkpoints, on-failure destination.

The processing of a batch is a generator: it asks for invocations and pauses, and whoever drives it responds. A simulation does
so with a clock that it sets itself, the engine of a rehearsal with threads.

What AWS says is quoted here with these numbers:

1. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
2. https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
3. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html

Of what AWS's pages leave open, this is what recordings of it show that users have published:

- `MaximumRetryAttempts` are attempts beside the first. After a partial success they are counted anew for the records that are
  left, and so are the invocations that `approximateInvokeCount` tells.
- Records are given up for their age from the front of a batch, where the oldest are, before each invocation, and the rest goes
  on. With a `MaximumRecordAgeInSeconds` of 60, a record that failed all along was tried 7 times, which is how often the pauses
  below let it be.

The rest is read as follows; nothing of it was compared with AWS.

- Halves of a batch are tried in order, at once, and each with all its retries: "splitting batches doesn't consume the retry
  quota" (2). So a batch that can be split is split at its first failure, and only a single record uses up retries.
- "The batch is bisected at the returned sequence number and Lambda retries only the remaining records" (1). If that number is
  the first of the batch, nothing would be cut off; then the cut is behind it, so that the record stands alone.
- A response that names the first record of the batch is no success of any, and counts as an attempt like any failure.
- A response that makes a batch "a complete failure" (1) is split in halves as an error is.
- Pauses before retries: half a second, then twice as long each time, to 60 seconds; begun anew after a partial success.
- A record that the stream keeps no longer counts as too old, and goes to the destination like any other.
- A record that is greater than an invocation's payload is given up without one: "for records larger than 6 MiBs, Lambda
  processes them using an on-failure destination" (https://docs.aws.amazon.com/streams/latest/dev/large-records.html).
- `approximateInvokeCount` counts the invocations that had these records in them, also those of a batch before it was split.
- The final invocation of a tumbling window has no records. It is tried at least once, and again as often as a batch is, until
  the window's end is as long ago as records may be old. If that was not enough its state is lost, and no destination is told.
- A state above "1 MB" (3), taken as 1,048,576 bytes of JSON, makes the next invocation such a final one, which says so by
  `isWindowTerminatedEarly`; then the window goes on with an empty state.
- A partial success keeps the state that came with it, unless no record succeeded.

Of a topic of Kafka, what differs (https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html):

- The records that a response names are tried again, and no others: it may name any, in any partition, and what is between
  them is done with. Where it names all of a batch that can be split, the batch is split in halves.
- A record may be too old wherever it is in a batch, as producers say what time it is.
- Nothing is committed of a batch until it is done with; then it is for each of its partitions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Literal

from streaming_constructs.facts.kinesis import RETENTION_HOURS
from streaming_constructs.local.event_source.batch_response import handled_count
from streaming_constructs.local.event_source.batching import STATE_BYTES, Batch
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, InvokeResponse, Window
from streaming_constructs.local.event_source.invocation_record import (
    KAFKA_PAYLOAD_SIZE_EXCEEDED,
    PAYLOAD_SIZE_EXCEEDED,
    RECORD_AGE_EXCEEDED,
    RETRY_ATTEMPTS_EXHAUSTED,
    DiscardedRecords,
)
from streaming_constructs.local.event_source.kafka_batch_response import failed_records
from streaming_constructs.local.kinesis.record import Record

LEAST_RETENTION_SECONDS = RETENTION_HOURS.minimum * 3600
"""How long a stream keeps records, if nothing else is said."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 60.0
"""Between two attempts."""

Result = Literal["success", "partial", "failure"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Time has to pass before the processing goes on; None is the response.

    Attributes:
        seconds: How much.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Invocation:
    """One invocation, when it is over.

    Attributes:
        records: The records that were in it; none at the end of a window.
        attempt: 1, or more where these records were tried before and not split since.
        response: What came of it.
        result: `partial` if the response names records of the batch that failed.
        handled: How many records succeeded: of a stream all those before the first that failed.
        is_bisected: Whether its records were split because of it.
    """

    records: Sequence[Record]
    attempt: int
    response: InvokeResponse
    result: Result
    handled: int
    is_bisected: bool


@dataclass(slots=True)
class BatchOutcome:
    """What became of a batch: every record of it is either handled or given up.

    Attributes:
        invocations: The invocations, in order.
        checkpoints: Sequence numbers up to which the batch was done with, each greater than the one before; of a stream alone.
        handled: Records that succeeded, in order.
        discarded: Records that are not tried again.
        lost_window: The window whose final state the function did not take, if that was so.
    """

    invocations: list[Invocation] = field(default_factory=list)
    checkpoints: list[int] = field(default_factory=list)
    handled: list[Record] = field(default_factory=list)
    discarded: list[DiscardedRecords] = field(default_factory=list)
    lost_window: Window | None = None


def process_batch(
    batch: Batch,
    mapping: EventSourceMapping,
    now: Callable[[], float],
    retention_seconds: float = LEAST_RETENTION_SECONDS,
) -> Generator[InvokeRequest | Wait, InvokeResponse | None, BatchOutcome]:
    """Processes a batch, from its first invocation until every record of it is handled or discarded.

    Args:
        batch: The batch.
        mapping: The settings.
        now: Tells the time, in seconds since 1970.
        retention_seconds: How long the stream keeps records.

    Yields:
        What has to be done next. To be sent is what came of the invocation, or None when the pause is over.

    Returns:
        What became of it.
    """
    state = _BatchState(batch, mapping, mapping.oldest_seconds(retention_seconds))
    while (part := state.next_part(now())) is not None:
        response = yield InvokeRequest(part.records, batch.window, is_final=not part.records, is_early=part.is_early)
        assert response is not None, "an invocation is answered"
        pause = state.record_response(part, response, now())
        if pause:
            yield Wait(pause)
    return state.outcome


@dataclass(frozen=True, slots=True)
class _Part:
    """Records of a batch that are tried together; none: the end of a window."""

    records: Sequence[Record]
    attempts: int = 0  # since the last split
    failures: int = 0  # since the last split, or since some of its records succeeded
    invocations: int = 0  # since some of its records succeeded
    response: InvokeResponse | None = None
    is_early: bool = False

    def after(self, count: int) -> _Part:
        # A batch may fail as a whole thousands of times: its records are not copied then.
        return replace(self, records=self.records[count:]) if count else self

    def with_rest(self, records: Sequence[Record]) -> _Part:
        """What is left after a partial success: its retries are counted anew."""
        return replace(self, records=records, failures=0, invocations=0)


class _BatchState:
    """What is left to do of a batch, and what became of the rest."""

    def __init__(self, batch: Batch, mapping: EventSourceMapping, oldest_seconds: float) -> None:
        self.outcome = BatchOutcome()
        self._batch, self._mapping, self._oldest_seconds = batch, mapping, oldest_seconds
        self._parts = [_Part(batch.records)]  # a stack: what comes first in the stream is on top

    def next_part(self, at: float) -> _Part | None:
        """The records of the next invocation; those that are too old for one are given up."""
        oldest = at - self._oldest_seconds
        while self._parts:
            part = self._parts.pop()
            if self._batch.is_too_large:
                self._discard(
                    part, KAFKA_PAYLOAD_SIZE_EXCEEDED if self._mapping.is_kafka else PAYLOAD_SIZE_EXCEEDED, at
                )
            elif not part.records:
                assert self._batch.window is not None
                if part.failures == 0 or self._batch.window.end >= oldest:
                    return part
                self._discard(part, RECORD_AGE_EXCEEDED, at)
            else:
                rest = self._give_up_the_old(part, oldest, at)
                if rest.records:
                    return rest
        return None

    def _give_up_the_old(self, part: _Part, oldest: float, at: float) -> _Part:
        if self._mapping.is_kafka:
            old = [record for record in part.records if record.arrival < oldest]
            if not old:
                return part
            self._discard(replace(part, records=old), RECORD_AGE_EXCEEDED, at)
            return replace(part, records=[record for record in part.records if record.arrival >= oldest])
        expired = sum(1 for _ in takewhile(lambda record: record.arrival < oldest, part.records))
        if expired:
            self._discard(replace(part, records=part.records[:expired]), RECORD_AGE_EXCEEDED, at)
        return part.after(expired)

    def record_response(self, part: _Part, response: InvokeResponse, at: float) -> float:
        """Records what came of an invocation, and returns how many seconds to pause."""
        judged = self._judged(part, response)
        handled, left = judged or ((), part.records)
        is_success = judged is not None and not left
        is_bisected = not is_success and self._mapping.bisect_batch_on_function_error and len(part.records) > 1
        result: Result = "success" if is_success else "failure" if judged is None else "partial"
        self.outcome.invocations.append(
            Invocation(part.records, part.attempts + 1, response, result, len(handled), is_bisected)
        )
        part = replace(
            part,
            attempts=part.attempts + 1,
            failures=part.failures + 1,
            invocations=part.invocations + 1,
            response=response,
        )
        pause = 0.0
        if handled:
            self._advance(handled)
        if is_bisected:
            self._bisect(part, handled, left, is_partial=judged is not None)
        elif not is_success:
            pause = self._retry(part.with_rest(left) if handled else part, at)
        if handled or is_success:
            self._keep_state(response, is_final=not part.records)  # before the rest: what comes last is on top
        return pause

    def _retry(self, part: _Part, at: float) -> float:
        if 0 <= self._mapping.retries < part.failures:
            self._discard(part, RETRY_ATTEMPTS_EXHAUSTED, at)
            return 0.0
        self._parts.append(part)
        return min(FIRST_PAUSE_SECONDS * 2.0 ** min(max(part.failures, 1) - 1, 7), LONGEST_PAUSE_SECONDS)

    def _judged(self, part: _Part, response: InvokeResponse) -> tuple[Sequence[Record], Sequence[Record]] | None:
        """The records that succeeded, and those that are to be tried again; None: all are."""
        if self._mapping.is_kafka:
            failed = failed_records(response, part.records, self._mapping)
            if not failed:
                return None if failed is None else (part.records, ())
            named = {(record.shard_id, record.sequence_number) for record in failed}
            return [one for one in part.records if (one.shard_id, one.sequence_number) not in named], failed
        count = handled_count(response, part.records, self._mapping, has_window=self._batch.window is not None)
        if not count:
            # A batch may fail as a whole thousands of times: its records are not copied then.
            return None if count is None else ((), part.records)
        return part.records[:count], part.records[count:]

    def _bisect(self, part: _Part, handled: Sequence[Record], left: Sequence[Record], *, is_partial: bool) -> None:
        part = replace(part, attempts=0, failures=0)
        if handled:
            self._parts.append(part.with_rest(left))
            return
        cut = 1 if is_partial and not self._mapping.is_kafka else len(part.records) // 2
        self._parts.append(part.after(cut))
        self._parts.append(replace(part, records=part.records[:cut]))

    def _advance(self, records: Sequence[Record]) -> None:
        self.outcome.handled += records
        self._checkpoint(records)

    def _discard(self, part: _Part, condition: str, at: float) -> None:
        if not part.records:
            assert self._batch.window is not None
            self.outcome.lost_window, self._batch.window.state = self._batch.window, {}
            return
        self.outcome.discarded.append(DiscardedRecords(part.records, condition, part.invocations, part.response, at))
        self._checkpoint(part.records)

    def _checkpoint(self, records: Sequence[Record]) -> None:
        if not self._mapping.is_kafka:
            self.outcome.checkpoints.append(records[-1].sequence_number)

    def _keep_state(self, response: InvokeResponse, *, is_final: bool) -> None:
        window = self._batch.window
        if window is None:
            return
        window.state = {} if is_final else response.payload["state"]
        if len(json.dumps(window.state, separators=(",", ":"))) > STATE_BYTES:
            self._parts.append(_Part((), is_early=True))
