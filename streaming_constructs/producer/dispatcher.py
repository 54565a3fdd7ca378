"""The heart of a producer: which records the next request carries, and what its answers mean. No threads and no network here.

A lane keeps the order: of each there is one record of the stream in a request, and none while an earlier one may have to be
sent again. PutRecords takes what it can of a request and refuses the rest, whatever the order: two records of one key in the
same request may change places.
Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html, read 2026-11-29
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from streaming_constructs.facts.kinesis import PUT_RECORDS_MIB, PUT_RECORDS_RECORDS
from streaming_constructs.producer.counts import Counts
from streaming_constructs.producer.errors import UndeliveredError
from streaming_constructs.producer.kinesis_call import Answer, Fate
from streaming_constructs.producer.lane import Lane, Lanes
from streaming_constructs.producer.packing import Pack
from streaming_constructs.producer.record import Pending, Placement
from streaming_constructs.producer.retry import Retry
from streaming_constructs.producer.token_bucket import RateLimit, TokenBucket

REQUEST_RECORDS = PUT_RECORDS_RECORDS.maximum
REQUEST_BYTES = int(PUT_RECORDS_MIB.value * 1_048_576)


@dataclass(frozen=True, slots=True)
class End:
    """What became of a record in the end.

    Attributes:
        pending: The record.
        result: Where it is, or why it is given up.
    """

    pending: Pending
    result: Placement | UndeliveredError


class Dispatcher:
    """Records that wait, those that are on their way, and what was counted of them.

    Attributes:
        counts: What happened so far.
        hopeless: Why none will be taken any more, as AWS said it; None while it has not.
    """

    def __init__(
        self,
        *,
        lane_of: Callable[[Pending], Hashable],
        pack: Callable[[Lane], Pack],
        lane_bytes: int,
        by_shard: bool,
        linger_seconds: float,
        retry: Retry,
        limit: RateLimit,
        random: Callable[[], float],
    ) -> None:
        """Nothing waits yet.

        Args:
            lane_of: The name of the lane of a record.
            pack: Makes one record of the stream of the first records of a lane.
            lane_bytes: How much of one lane is worth a request at once.
            by_shard: Whether a lane has all keys of a shard.
            linger_seconds: How long a record waits for others.
            retry: How long a record is tried.
            limit: The most that is sent.
            random: Gives a number from 0 to 1.
        """
        self.counts = Counts()
        self.hopeless: Answer | None = None
        self._lane_of, self._pack, self._lane_bytes, self._by_shard = lane_of, pack, lane_bytes, by_shard
        self._linger, self._retry, self._random = linger_seconds, retry, random
        self._bytes, self._records = TokenBucket(limit.bytes_per_second), TokenBucket(limit.records_per_second)
        self._lanes = Lanes()
        self._waiting: dict[int, Pending] = {}
        self._on_their_way: list[Pack] = []
        self._hurry_to = -1
        self._full = False

    @property
    def oldest(self) -> int | None:
        """The number of the oldest record without an end; None: there is none."""
        return next(iter(self._waiting), None)

    def accept(self, pending: Pending) -> None:
        """Takes a record.

        Args:
            pending: The record; its number is greater than that of all before.
        """
        lane = self._lanes.add(self._lane_of(pending), pending, by_shard=self._by_shard)
        self._waiting[pending.number] = pending
        self._full = self._full or lane.bytes >= self._lane_bytes
        self.counts.accepted += 1
        self.counts.buffered_records += 1
        self.counts.buffered_bytes += pending.record.bytes

    def hurry(self, number: int) -> None:
        """Has records not wait for others.

        Args:
            number: The last of these records.
        """
        self._hurry_to = max(self._hurry_to, number)

    def sends_at(self, now: float) -> float | None:
        """When the next request is to be sent; `now` or earlier: at once. None: when there is something new.

        Args:
            now: The time, in seconds.
        """
        self._lanes.wake(now)
        first, wakes_at = self._lanes.first(), self._lanes.wakes_at()
        if first is None:
            return wakes_at
        when = now if self._is_due() else first.waiting[0].accepted + self._linger
        when = when if wakes_at is None else min(when, wakes_at)
        return max(when, self._bytes.ready_at(now), self._records.ready_at(now))

    def _is_due(self) -> bool:
        oldest = self.oldest
        return (
            self._full
            or len(self._lanes) >= REQUEST_RECORDS
            or self.counts.buffered_bytes >= REQUEST_BYTES
            or (oldest is not None and oldest <= self._hurry_to)
        )

    def take(self, now: float) -> tuple[list[Pack], list[End]]:
        """Takes what the next request carries: up to 500 records and 10 MiB, and no more than the limits give.

        Args:
            now: The time, in seconds.

        Returns:
            That, and the records that came too late for it.
        """
        self._full = False
        self._lanes.wake(now)
        records = min(REQUEST_RECORDS, max(1.0, self._records.level(now)))
        bytes_ = min(REQUEST_BYTES, self._bytes.level(now))
        packs: list[Pack] = []
        late: list[End] = []
        size = 0
        while len(packs) + 1 <= records and (lane := self._lanes.first()) is not None:
            late += self._late(lane, now)
            if not lane.waiting:
                self._lanes.back(self._lanes.take(), None)
                continue
            pack = self._pack(lane)
            size += pack.bytes
            if packs and (size > bytes_ or pack.alone):
                break
            packs.append(pack)
            self._lanes.take()
            if pack.alone:
                break
        self._sends(packs, now)
        return packs, late

    def _sends(self, packs: list[Pack], now: float) -> None:
        self._bytes.take(sum(pack.bytes for pack in packs), now)
        self._records.take(len(packs), now)
        self.counts.requests += bool(packs)
        self._on_their_way = packs
        for pending in (one for pack in packs for one in pack.pending):
            pending.attempts += 1

    def _late(self, lane: Lane, now: float) -> Iterator[End]:
        """The first records of a lane whose deadline has passed; they have their end."""
        seconds = self._retry.deadline_seconds
        while lane.waiting and lane.waiting[0].accepted + seconds <= now:
            message = f"its turn did not come within {seconds:g} seconds"
            end = End(lane.waiting[0], _undelivered(lane.waiting[0], "DeadlinePassed", message))
            self._finish(end, lane)
            yield end

    def settle(
        self,
        packs: Sequence[Pack],
        answers: Sequence[Answer],
        now: float,
        belongs: Callable[[Answer, Pending], bool] = lambda *_: True,
    ) -> list[End]:
        """Goes on from what a request was answered.

        Args:
            packs: What it carried.
            answers: What became of each.
            now: The time, in seconds.
            belongs: Whether a shard is the one of a record. Where it is not, readers pass over it, and it is sent again.

        Returns:
            The records that have their end.
        """
        ends = []
        self._on_their_way = []
        for pack, answer in zip(packs, answers, strict=True):
            if answer.fate is Fate.HOPELESS and self.hopeless is None:
                self.hopeless = answer
            pauses: list[float] = []
            for place, pending in enumerate(pack.pending):
                if pending.number not in self._waiting:
                    pack.lane.drop(pending)  # given up meanwhile
                    continue
                one = answer
                if answer.fate is Fate.STORED and not belongs(answer, pending):
                    message = f"{answer.shard_id} is not the shard of its key"
                    one = replace(answer, fate=Fate.UNANSWERED, code="WrongShard", message=message)
                end = self._end_of(pack, place, pending, one, now, pauses)
                if end is not None:
                    self._finish(end, pack.lane)
                    ends.append(end)
            self._lanes.back(pack.lane, now + max(pauses) if pauses else None)
        if self.hopeless is not None:
            ends += self.give_up(self.hopeless.code, self.hopeless.message)
        return ends

    def _end_of(
        self, pack: Pack, place: int, pending: Pending, answer: Answer, now: float, pauses: list[float]
    ) -> End | None:
        """The end of a record, if it has come; if not, its pause is added."""
        self._count(pending, answer)
        if answer.fate is Fate.STORED:
            sub_number = place if pack.aggregated else None
            placement = Placement(
                answer.shard_id, answer.sequence_number, sub_number, pending.attempts, maybe_twice=pending.unsure
            )
            return End(pending, placement)
        if answer.fate is Fate.SPOILED:
            pending.alone = True
            pauses.append(0.0)
            return None
        code, message = answer.code, answer.message
        if answer.fate in {Fate.REFUSED, Fate.UNANSWERED}:
            pause = self._retry.pause(pending.attempts, self._random)
            if self._retry.max_attempts is not None and pending.attempts >= self._retry.max_attempts:
                message = f"given up after {pending.attempts} attempts: {message}"
            elif now + pause < pending.accepted + self._retry.deadline_seconds:
                pauses.append(pause)
                return None
            else:
                message = f"given up after {self._retry.deadline_seconds:g} seconds: {message}"
        return End(pending, _undelivered(pending, code, message))

    def _count(self, pending: Pending, answer: Answer) -> None:
        self.counts.refused += answer.fate is Fate.REFUSED
        unanswered = answer.repeated + (answer.fate is Fate.UNANSWERED)
        self.counts.unanswered += unanswered
        pending.unsure = pending.unsure or unanswered > 0

    def _finish(self, end: End, lane: Lane | None) -> None:
        pending = self._waiting.pop(end.pending.number)
        if lane is not None:
            lane.drop(pending)
        self.counts.buffered_records -= 1
        self.counts.buffered_bytes -= pending.record.bytes
        if isinstance(end.result, Placement):
            self.counts.delivered += 1
            self.counts.delivered_bytes += pending.record.bytes
        else:
            self.counts.failed += 1

    def give_up(self, code: str, message: str) -> list[End]:
        """Gives up all that has no end, also what is on its way.

        Args:
            code: Why, in one word.
            message: The same in a sentence.

        Returns:
            The records.
        """
        self._lanes.clear()
        for pending in (one for pack in self._on_their_way for one in pack.pending):
            pending.unsure = True
        ends = [End(one, _undelivered(one, code, message)) for one in self._waiting.values()]
        for end in ends:
            self._finish(end, None)
        return ends

    def sort_anew(self) -> None:
        """Puts all records into lanes anew, in their order: where they belong has changed, and none is on its way."""
        self._lanes.clear()
        for pending in self._waiting.values():
            self._lanes.add(self._lane_of(pending), pending, by_shard=self._by_shard)


def _undelivered(pending: Pending, code: str, message: str) -> UndeliveredError:
    return UndeliveredError(code, message, attempts=pending.attempts, maybe_delivered=pending.unsure)
