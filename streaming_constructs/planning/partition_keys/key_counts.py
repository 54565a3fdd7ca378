"""Counts records and bytes of keys and of the shards that they go to, in bounded memory, however many keys there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.partition_keys.key_of_value import NoKey, key_of_value, why_no_key
from streaming_constructs.planning.partition_keys.placement import Placement

MOST_KEYS = 500_000
"""Keys that are counted one by one. With more, the rarer ones are put to their shards and forgotten: hot ones come back."""
_PLACED_AT_ONCE = 65_536
_BITS = 48
_RECORD = 1 << _BITS
"""A record in a total: records are counted above these bits, their bytes below, so that one look-up counts both."""
_BYTES = _RECORD - 1


@dataclass(frozen=True, slots=True)
class Spread:
    """What each shard gets.

    Attributes:
        placement: How keys are placed.
        records: The records of each shard.
        bytes: Their bytes, with their keys.
    """

    placement: Placement
    records: tuple[int, ...]
    bytes: tuple[int, ...]

    @property
    def record_skew(self) -> float:
        """How many times the records of a mean shard the busiest gets."""
        return skew(self.records)

    @property
    def byte_skew(self) -> float:
        """How many times the bytes of a mean shard the busiest gets."""
        return skew(self.bytes)

    @property
    def worst_skew(self) -> float:
        """The greater of both."""
        return max(self.record_skew, self.byte_skew)


def skew(amounts: Sequence[int]) -> float:
    """The greatest amount by the mean; 1 where all are equal, or nothing.

    Args:
        amounts: What each shard gets.
    """
    total = sum(amounts)
    return max(amounts) * len(amounts) / total if total else 1.0


@dataclass(frozen=True, slots=True)
class HotKey:
    """A key that many records have.

    Attributes:
        key: The key.
        records: How many.
        bytes: Their bytes, with their keys.
    """

    key: str
    records: int
    bytes: int


class KeyCounts:
    """Counts the records of keys, and what each shard gets.

    Args:
        placements: How keys are placed; counted by each.
        most_keys: How many keys are counted one by one.
    """

    def __init__(self, placements: Sequence[Placement], most_keys: int = MOST_KEYS) -> None:
        self.placements = placements
        self.without: Counter[NoKey] = Counter()
        self.forgotten = False
        self._most_keys = most_keys
        self._at_least = 0
        is_kinesis = placements[0].partitioner == "kinesis"
        characters = kinesis.PARTITION_KEY_CHARACTERS
        self._least, self._most = (characters.minimum, characters.maximum) if is_kinesis else (0, 2**31)
        self._shards = [[0] * placement.shards for placement in placements]
        self._totals: defaultdict[str, int] = defaultdict(int)

    def add(self, values: Iterable[Any], sizes: Iterable[int]) -> None:
        """Counts records.

        Args:
            values: The values of their field.
            sizes: Their bytes, without the key.
        """
        totals, least, most = self._totals, self._least, self._most
        for value, size in zip(values, sizes, strict=True):
            key = value if value.__class__ is str else key_of_value(value)
            if key is not None and least <= len(key) <= most:
                totals[key] += _RECORD + size
            else:
                self.without[why_no_key(value, key)] += 1
        if len(totals) > self._most_keys:
            self._forget_rare()

    def _forget_rare(self) -> None:
        """Keeps the most frequent quarter, less those that are as rare as what is forgotten."""
        self._at_least = max(self._at_least, len(self._totals))
        self.forgotten = True
        rare = sorted(self._totals.values())[-(self._most_keys // 4)] | _BYTES
        kept = {key: total for key, total in self._totals.items() if total > rare}
        for key in kept:
            del self._totals[key]
        self._put_to_shards(self._shards)
        self._totals = defaultdict(int, kept)

    def _put_to_shards(self, shards: list[list[int]]) -> None:
        """Adds the totals of keys to those of their shards."""
        keys = iter(self._totals.items())
        while some := list(islice(keys, _PLACED_AT_ONCE)):
            encoded = [key.encode("utf-8", "surrogatepass") for key, _ in some]
            for placement, into in zip(self.placements, shards, strict=True):
                for (_, total), key, shard in zip(some, encoded, placement.of(encoded), strict=True):
                    if shard is not None:
                        into[shard] += total + (total >> _BITS) * len(key)

    @property
    def keys(self) -> int:
        """How many different keys there are; at least so many, where some were forgotten."""
        return max(self._at_least, len(self._totals))

    def spreads(self) -> tuple[Spread, ...]:
        """What each shard gets, by each placement."""
        shards = [list(each) for each in self._shards]
        self._put_to_shards(shards)
        return tuple(
            Spread(placement, tuple(total >> _BITS for total in totals), tuple(total & _BYTES for total in totals))
            for placement, totals in zip(self.placements, shards, strict=True)
        )

    def hottest(self, count: int) -> tuple[HotKey, ...]:
        """The keys with the most records; of equal ones the first by name.

        Args:
            count: How many keys.
        """
        import heapq

        most = heapq.nsmallest(count, ((-(total >> _BITS), key) for key, total in self._totals.items()))
        return tuple(
            HotKey(key, -records, (self._totals[key] & _BYTES) - records * len(key.encode("utf-8", "surrogatepass")))
            for records, key in most
        )
