"""Readers of Kinesis shards: their position, GetRecords or enhanced fan-out, and child shards after a reshard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from streaming_constructs.facts import event_source, kinesis
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.throughput import MIB, FanOutReads

_RECORDS = int(kinesis.GET_RECORDS_RECORDS.value)
_BYTES = int(kinesis.GET_RECORDS_MIB.value * MIB)
_PAUSE_SECONDS = 1 / event_source.POLLS_PER_SECOND_PER_SHARD.value
"""Between two reads of a shard. Source: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html; Firehose does so too:
https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html"""


class ShardReader:
    """Reads one shard from a position on.

    Attributes:
        shard: The shard.
        position: The sequence number of the last record that was read.
    """

    def __init__(self, shard: EmbeddedShard, position: int, *, fan_out: bool = False) -> None:
        """Has read nothing yet.

        Args:
            shard: The shard.
            position: A sequence number; it reads what is behind it.
            fan_out: Whether it has the throughput of enhanced fan-out for itself, rather than share what there is.
        """
        self.shard = shard
        self.position = position
        self._own_reads = FanOutReads() if fan_out else None
        self._next = 0.0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to read, and nothing will ever be put."""
        return not self.shard.is_open and self.is_at_tip

    @property
    def is_at_tip(self) -> bool:
        """Whether it has read all that there is."""
        return self.position >= self.shard.log.last_sequence_number

    def due(self, now: float) -> float | None:
        """When it may read what is there; None: nothing is.

        Args:
            now: The time, in seconds since 1970.
        """
        if self.is_at_tip:
            return None
        if self._own_reads is not None:
            return self._own_reads.available_at(now)
        return max(self._next, self.shard.reads.available_at(now))

    def read(self, now: float) -> Sequence[Record]:
        """What comes next; nothing, if it is not yet time, or others have read too much.

        Args:
            now: The time, in seconds since 1970.
        """
        if self.is_at_tip:
            return ()
        records = self._fanned_out(self._own_reads, now) if self._own_reads is not None else self._polled(now)
        if records:
            self.position = records[-1].sequence_number
        return records

    def _polled(self, now: float) -> Sequence[Record]:
        if now < self._next:
            return ()
        self._next = now + _PAUSE_SECONDS
        return self.shard.read(self.position, _RECORDS, now) or ()

    def _fanned_out(self, reads: FanOutReads, now: float) -> Sequence[Record]:
        """What is pushed: no pauses, and nobody else's reads."""
        if not reads.try_take(now):
            return ()
        records = self.shard.log.read(self.position, _RECORDS, _BYTES)
        reads.charge(sum(len(record.data) for record in records), now)
        return records


class StreamReader:
    """Reads all shards of a stream: those that came out of others once all records of those are dealt with."""

    def __init__(
        self,
        shards: Callable[[], Iterable[EmbeddedShard]],
        start: Callable[[EmbeddedShard], int],
        *,
        fan_out: bool = False,
    ) -> None:
        """Begins with the shards that are open now.

        Args:
            shards: Tells all shards of the stream, in order.
            start: Tells the position to begin at in a shard that is there from the beginning.
            fan_out: Whether it reads with enhanced fan-out.
        """
        self._shards = shards
        self._fan_out = fan_out
        self.readers = {shard.shard_id: ShardReader(shard, start(shard), fan_out=fan_out) for shard in shards()}

    def refresh(self, is_finished: Callable[[str], bool]) -> None:
        """Joins shards that came out of a split or a merge, from their beginning.

        Args:
            is_finished: Whether all records of a shard, by its id, are dealt with.
        """
        for shard in self._shards():
            if shard.shard_id in self.readers:
                continue
            parents = [parent for parent in shard.parents if parent in self.readers]
            if all(self.readers[parent].is_done and is_finished(parent) for parent in parents):
                position = shard.log.starting_sequence_number
                self.readers[shard.shard_id] = ShardReader(shard, position, fan_out=self._fan_out)
