"""What went through a topic: what each partition took, which is the hottest and by which key, and how far a group is behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.local.kinesis.hot_shards import RECORDS_PER_SHARD, RESPONSIBLE, UNEVEN, HeavyKeys


class PartitionCounts:
    """What was put into one partition. One thread at a time may write; any may look.

    Attributes:
        records: Records.
        bytes: Their bytes: keys, values and headers.
        keys: The keys with the most records; exact as long as there are no more than 128 of them.
    """

    def __init__(self) -> None:
        self.records = self.bytes = 0
        self.keys = HeavyKeys()

    def count_record(self, key: bytes | None, size: int) -> None:
        """Counts a record.

        Args:
            key: Its key; None is none that could be hot.
            size: Its bytes.
        """
        self.records += 1
        self.bytes += size
        if key is not None:
            self.keys.add(key.decode(errors="backslashreplace"), 1)


@dataclass(frozen=True, slots=True)
class PartitionReport:
    """One partition.

    Attributes:
        partition: Its number, from 0.
        records: Records that were put into it.
        bytes: Their bytes.
        share: Its share of the topic's records, from 0 to 1.
        top_key: The key with the most records in it; None if there is none with a key.
        top_key_share: That key's share of its records, from 0 to 1.
        end: The offset that its next record gets.
        committed: The offset that the group reads next; None: the group has not committed anything here.
        lag: How many offsets lie before the group: from what is committed, or where nothing is, from where it starts.
    """

    partition: int
    records: int
    bytes: int
    share: float
    top_key: str | None
    top_key_share: float
    end: int
    committed: int | None
    lag: int

    @property
    def is_committed(self) -> bool:
        """Whether the group has committed anything here. A partition that it has never touched has no lag of 0."""
        return self.committed is not None


@dataclass(frozen=True, slots=True)
class TopicReport:
    """One topic, as one group sees it.

    Attributes:
        topic: The topic.
        group: The consumer group; empty: nobody reads.
        partitions: Its partitions, by their numbers.
    """

    topic: str
    group: str
    partitions: tuple[PartitionReport, ...]

    @property
    def records(self) -> int:
        """Records that were put into it."""
        return sum(partition.records for partition in self.partitions)

    @property
    def bytes(self) -> int:
        """Their bytes."""
        return sum(partition.bytes for partition in self.partitions)

    @property
    def hottest(self) -> PartitionReport:
        """The partition that took the most records; of several, the first."""
        return max(self.partitions, key=lambda partition: partition.records)

    @property
    def max_lag(self) -> int:
        """The lag of the partition that is farthest behind: `MaxOffsetLag` on MSK."""
        return max(partition.lag for partition in self.partitions)

    @property
    def total_lag(self) -> int:
        """The lag of all partitions: `SumOffsetLag` on MSK."""
        return sum(partition.lag for partition in self.partitions)

    @property
    def without_commit(self) -> tuple[int, ...]:
        """The partitions in which the group has not committed anything."""
        return tuple(partition.partition for partition in self.partitions if not partition.is_committed)


def hot_partition(report: TopicReport) -> str:
    """Which partition has more to do than others, and by which key, in one sentence; empty if none has.

    It is judged as a shard of a stream is: one that took 1.5 times its even share, of a hundred records for each at least.

    Args:
        report: The topic.
    """
    count, hottest = len(report.partitions), report.hottest
    if report.records < RECORDS_PER_SHARD * count or hottest.share * count < UNEVEN:
        return ""
    times = f"{hottest.share * count:.1f} times its even share"
    what = f"partition {hottest.partition} has {hottest.share:.0%} of the records, {times}"
    if hottest.top_key is None or hottest.top_key_share < RESPONSIBLE:
        return f"{what}; no single key is responsible"
    return f"{what}; responsible: `{hottest.top_key}` ({hottest.top_key_share:.0%} of it)"


def topic_report(
    topic: str,
    counts: Mapping[int, PartitionCounts],
    end_offsets: Mapping[int, int],
    *,
    group: str = "",
    committed: Mapping[int, int] | None = None,
    start_positions: Mapping[int, int] | None = None,
) -> TopicReport:
    """Tells of a topic, from what was counted and what its log says.

    Args:
        topic: The topic.
        counts: What was put into each partition; one that is left out took nothing.
        end_offsets: The end of each partition, which says which there are.
        group: The consumer group.
        committed: How far it has come, by partition.
        start_positions: Where it starts in a partition without a commit: for `TRIM_HORIZON` at the first offset that is kept,
            for `LATEST` at the end as it was when the group began. Left out: at 0.
    """
    done, starts = committed or {}, start_positions or {}
    total = sum(taken.records for taken in counts.values())
    partitions = []
    for partition, end in sorted(end_offsets.items()):
        taken = counts.get(partition, PartitionCounts())
        heaviest = taken.keys.heaviest(1)
        key, weight = heaviest[0] if heaviest else (None, 0)
        at = done.get(partition)
        partitions.append(
            PartitionReport(
                partition,
                taken.records,
                taken.bytes,
                taken.records / total if total else 0.0,
                key,
                weight / taken.records if taken.records else 0.0,
                end,
                at,
                max(end - (starts.get(partition, 0) if at is None else at), 0),
            )
        )
    return TopicReport(topic, group, tuple(partitions))
