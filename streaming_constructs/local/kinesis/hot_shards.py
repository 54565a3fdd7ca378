"""Hot shards of a Kinesis stream: what went into each, whether one is hot, and which partition keys make it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KEYS_KEPT = 64
"""A key with more than a 65th of a shard is always known."""
UNEVEN = 1.5
"""How many times its even share makes a shard hot. Streams are planned with a headroom of 1.3 for uneven keys, unless the spec
says otherwise; half as much again is clearly past that, and such a shard is full when two thirds of the stream are used."""
RECORDS_PER_SHARD = 100
"""Below that many a shard, on average, chance alone makes shares uneven: half as much again is five standard deviations of 100
records that fall anywhere."""
REFUSED = 0.01
"""The share of refused records below which refusals tell nothing: a single burst is repaired by a retry."""
DOMINANT = 0.5
"""The share at which one key makes its shard hot by itself: more shards could not even double what the stream takes."""
RESPONSIBLE = 0.1
"""The share of a shard from which a key is named: without a lesser one, the shard would be much the same."""


class HeavyKeys:
    """The heaviest of any number of keys, in bounded memory: exact as long as there are no more than twice 64 of them.

    After that, all are made lighter by the same amount from time to time, and those without weight forgotten. So a weight is
    never too great, and too small by a 65th of all weights at most.
    """

    def __init__(self) -> None:
        self._weights: dict[str, int] = {}

    def add(self, key: str, weight: int) -> None:
        """Adds to the weight of a key.

        Args:
            key: The key.
            weight: How much.
        """
        weights = self._weights
        weights[key] = weights.get(key, 0) + weight
        if len(weights) > 2 * KEYS_KEPT:
            lightest = sorted(weights.values(), reverse=True)[KEYS_KEPT]
            self._weights = {key: weight - lightest for key, weight in weights.items() if weight > lightest}

    def heaviest(self, most: int) -> list[tuple[str, int]]:
        """Keys and their weights, the heaviest first; keys of the same weight by name.

        Args:
            most: How many at most.
        """
        return sorted(self._weights.items(), key=lambda entry: (-entry[1], entry[0]))[:most]


class ShardCounts:
    """What one shard was asked for. One thread at a time may write; any may look.

    Attributes:
        records: Records that it took.
        bytes: Their bytes, with partition keys.
        throttled_records: Records that it refused for the moment.
        throttled_reads: Reads that it refused for the moment.
        keys_by_records: The keys with the most records, of those that were taken.
        keys_by_bytes: The keys with the most bytes.
    """

    def __init__(self) -> None:
        self.records = self.bytes = self.throttled_records = self.throttled_reads = 0
        self.keys_by_records = HeavyKeys()
        self.keys_by_bytes = HeavyKeys()

    def count_record(self, partition_key: str, bytes_: int) -> None:
        """Counts a record that was taken.

        Args:
            partition_key: Its partition key.
            bytes_: Its size, with the key.
        """
        self.records += 1
        self.bytes += bytes_
        self.keys_by_records.add(partition_key, 1)
        self.keys_by_bytes.add(partition_key, bytes_)


@dataclass(frozen=True, slots=True)
class KeyShare:
    """A partition key that makes a shard hot.

    Attributes:
        key: The key.
        share: Its share of what the shard took, from 0 to 1.
    """

    key: str
    share: float


@dataclass(frozen=True, slots=True)
class HotShard:
    """A shard that has more to do than others.

    Attributes:
        shard_id: The shard.
        measure: What it has more of: `records`, `bytes`, or `throttled records`.
        share: Its share of the stream's, from 0 to 1.
        times: How many times its even share that is.
        throttled_records: Records that it refused for the moment.
        keys: The keys that are responsible, the heaviest first; none if it is many small ones.
    """

    shard_id: str
    measure: str
    share: float
    times: float
    throttled_records: int
    keys: tuple[KeyShare, ...]

    @property
    def why(self) -> str:
        """All of it in one sentence."""
        what = f"{self.shard_id} has {self.share:.0%} of the {self.measure}, {self.times:.1f} times its even share"
        if self.throttled_records and self.measure != "throttled records":
            what += f", and refused {self.throttled_records:,} for the moment"
        if not self.keys:
            return f"{what}; no single partition key is responsible"
        named = ", ".join(f"`{key.key}` ({key.share:.0%} of it)" for key in self.keys)
        return f"{what}; responsible: {named}"


def hot_shards(counts: Mapping[str, ShardCounts]) -> tuple[HotShard, ...]:
    """Judges how evenly shards are used.

    A shard is hot if it has 1.5 times its even share of the records, of the bytes, or of the records that were refused: a
    stream is as fast as its busiest shard. It is hot as well if it refuses records and half of what it takes has one partition
    key, because no number of shards would help. Refusals that all shards share are no skew: the stream is too small.

    The thresholds are ours; AWS names none. Each says above what it is for.

    Args:
        counts: What each shard was asked for, by its id; either parents or their children, of which none is like the other.

    Returns:
        The shards that are hot, the hottest first.
    """
    records = sum(shard.records for shard in counts.values())
    bytes_ = sum(shard.bytes for shard in counts.values())
    throttled = sum(shard.throttled_records for shard in counts.values())
    if records + throttled < RECORDS_PER_SHARD * len(counts):
        return ()
    found = []
    for shard_id, shard in counts.items():
        refuses = shard.throttled_records > REFUSED * (shard.records + shard.throttled_records)
        shares = {"records": _share(shard.records, records), "bytes": _share(shard.bytes, bytes_)}
        if refuses:
            shares["throttled records"] = _share(shard.throttled_records, throttled)
        measure = max(shares, key=lambda name: shares[name])
        share = shares[measure]
        times = share * len(counts)
        keys = _responsible(shard, measure)
        if times >= UNEVEN or (refuses and keys and keys[0].share >= DOMINANT):
            found.append(HotShard(shard_id, measure, share, times, shard.throttled_records, keys))
    return tuple(sorted(found, key=lambda hot_shard: -hot_shard.share))


def _responsible(shard: ShardCounts, measure: str) -> tuple[KeyShare, ...]:
    heavy, total = (shard.keys_by_bytes, shard.bytes) if measure == "bytes" else (shard.keys_by_records, shard.records)
    shares = (KeyShare(key, _share(weight, total)) for key, weight in heavy.heaviest(int(1 / RESPONSIBLE)))
    return tuple(key for key in shares if key.share >= RESPONSIBLE)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
