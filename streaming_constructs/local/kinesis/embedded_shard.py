"""A Kinesis shard of the embedded AWS: its log, its throughput limits, and its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moto.kinesis.models import Shard

from streaming_constructs.facts import kinesis
from streaming_constructs.local.kinesis.hot_shards import ShardCounts
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.shard_log import ShardLog
from streaming_constructs.local.kinesis.throughput import MIB, ShardReads, ShardWrites


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that is to be put.

    Attributes:
        partition_key: Its partition key.
        hash_key: What chooses its shard.
        data: Its bytes.
        bytes: Its size, with the key.
    """

    partition_key: str
    hash_key: int
    data: bytes
    size: int


class EmbeddedShard(Shard):
    """A shard: its log, what may be written and read, and what was.

    Attributes:
        log: Its records.
        counts: What it was asked for.
        reads: What its shared readers may read.
        children: The shards that it was split or merged into.
    """

    def __init__(
        self, shard_id: int, starting_hash: int, ending_hash: int, opened: float, parents: Sequence[EmbeddedShard]
    ) -> None:
        """Opens a shard.

        Args:
            shard_id: Its number in the stream.
            starting_hash: The first hash key that is its own.
            ending_hash: The last one.
            opened: When, in seconds since 1970.
            parents: The one shard that was split into it, or the two that were merged.
        """
        super().__init__(shard_id, starting_hash, ending_hash, *(parent.shard_id for parent in parents))
        # As long as AWS's, which says of the digits only that they increase; the parts make them unique in a stream.
        self.log = ShardLog(self.shard_id, int(f"49{int(opened):011d}{shard_id:011d}{0:032d}"))
        self.counts = ShardCounts()
        self.reads = ShardReads()
        self.children: list[EmbeddedShard] = []
        self._writes = ShardWrites()

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of the shards that it came from: none, one that was split, or two that were merged."""
        return tuple(parent for parent in (self.parent, self.adjacent_parent) if parent)

    def put(self, entry: Entry, now: float) -> int | None:
        """Adds a record; the stream sees to it that one thread at a time does.

        Args:
            entry: The record.
            now: The time.

        Returns:
            Its sequence number, or None if it is throttled.
        """
        if not self._writes.try_take(entry.size, now):
            self.counts.throttled_records += 1
            return None
        sequence_number = self.log.append(entry.partition_key, entry.data, now)
        self.counts.count_record(entry.partition_key, entry.size)
        return sequence_number

    def read(self, after: int, limit: int, now: float) -> list[Record] | None:
        """Reads as GetRecords does, with the throughput that all shared readers have together.

        Args:
            after: The sequence number of the last record that was read.
            limit: How many records at most.
            now: The time.

        Returns:
            Up to 10 MiB of records, or None if the read is throttled; `reads.available_at` tells until when.
        """
        if not self.reads.try_take(now):
            self.counts.throttled_reads += 1
            return None
        records = self.log.read(after, limit, int(kinesis.GET_RECORDS_MIB.value * MIB))
        self.reads.charge(
            sum(len(record.data) + len(record.partition_key.encode("utf-8", "surrogatepass")) for record in records),
            now,
        )
        return records

    def exhausted(self, after: int) -> bool:
        """Whether nothing comes after a sequence number, now or later, because the shard is closed.

        Args:
            after: The sequence number.
        """
        return not self.is_open and after >= self.log.last_sequence_number

    def get_min_sequence_number(self) -> int:
        return self.log.starting_sequence_number

    def get_max_sequence_number(self) -> int:
        return self.log.last_sequence_number
