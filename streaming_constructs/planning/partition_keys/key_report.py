"""How well a field of real records spreads them: what each shard gets, the hot keys, what they limit, and better fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.partition_keys.event_files import Chunk
from streaming_constructs.planning.partition_keys.key_counts import HotKey, KeyCounts, Spread
from streaming_constructs.planning.partition_keys.key_of_value import NoKey
from streaming_constructs.planning.partition_keys.placement import Placement
from streaming_constructs.planning.partition_keys.sampled_fields import FieldSpread, RecordSample

HOTTEST, BETTER = 10, 5
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class KeyReport:
    """How a field spreads records.

    Attributes:
        field: The field, with dots.
        records: How many records there are, also those without a key.
        without: How many have no key, by the reason.
        unread: Lines that are no record.
        unread_line: The first of these.
        keys: How many different keys there are; at least so many where `counts_all_keys` is false.
        counts_all_keys: Whether each key was counted to the end; else rare ones were put to their shards and forgotten.
        hottest: The keys with the most records.
        spreads: What each shard gets, by each producer.
        better: Fields that would spread better.
        sampled: The records on which these were judged.
        fields: Fields that the first of them have, with dots.
    """

    field: str
    records: int
    without: Mapping[NoKey, int]
    unread: int
    unread_line: int
    keys: int
    counts_all_keys: bool
    hottest: tuple[HotKey, ...]
    spreads: tuple[Spread, ...]
    better: tuple[FieldSpread, ...]
    sampled: int
    fields: tuple[str, ...]

    @property
    def keyed(self) -> int:
        """The records with a key."""
        return self.records - sum(self.without.values())

    @property
    def bytes(self) -> int:
        """The bytes of the records with a key, and of their keys."""
        return max(sum(spread.bytes) for spread in self.spreads)

    def hottest_share(self) -> float:
        """The share of the hottest key, by records or by bytes, whichever is greater."""
        hottest = self.hottest[0]
        return max(hottest.records / self.keyed, hottest.bytes / self.bytes)

    def shards_in_use(self) -> float:
        """How many shards can be full at the same time: with more, the hottest key's shard is full before the others are."""
        return 1 / self.hottest_share()

    def full_at(self) -> float:
        """The records/s of a whole stream of Kinesis at which its busiest shard is full."""
        return self._full_at(
            max(self.spreads[0].records) / self.keyed, max(self.spreads[0].bytes) / sum(self.spreads[0].bytes)
        )

    def hottest_full_at(self) -> float:
        """The records/s of a whole stream at which the hottest key alone fills a shard, however many shards there are."""
        hottest = self.hottest[0]
        return self._full_at(hottest.records / self.keyed, hottest.bytes / self.bytes)

    def _full_at(self, record_share: float, byte_share: float) -> float:
        by_records = kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value / record_share
        mean_bytes = self.bytes / self.keyed
        return min(by_records, kinesis.SHARD_WRITE_MIB_PER_SECOND.value * _MIB / byte_share / mean_bytes)


def key_report(chunks: Iterable[Chunk], field: str, placements: Sequence[Placement]) -> KeyReport:
    """Counts records, and judges their keys.

    Args:
        chunks: The records.
        field: The field that they are keyed by.
        placements: How keys are placed; other fields are judged by the first.
    """
    counts, sample = KeyCounts(placements), RecordSample()
    records = unread = unread_line = 0
    for chunk in chunks:
        records += len(chunk.sizes)
        unread, unread_line = unread + chunk.unread, unread_line or chunk.unread_line
        counts.add(chunk.values, chunk.sizes)
        sample.add(chunk)
    has_keys = records > counts.without.total()
    return KeyReport(
        field,
        records,
        dict(counts.without),
        unread,
        unread_line,
        counts.keys,
        not counts.forgotten,
        counts.hottest(HOTTEST),
        counts.spreads(),
        sample.better_fields(field, placements[0], BETTER) if has_keys else (),
        len(sample.records),
        sample.fields(),
    )
