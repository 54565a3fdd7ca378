"""Counts records and bytes of keys and of the shards that they go to, in bounded memory, however many keys there are."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.partition_keys.key_of_value import NoKey, key_of_value, why_no_key
from streaming_constructs.planning.partition_keys.placement import Placement

MOST_KEYS = 500_000
"""Keys that are counted one by one. With more, the rarer ones are put to their shards and forgotten: hot ones come back."""
_PLACED_AT_ONCE = 65_536


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
        self._records_of = [[0] * placement.shards for placement in placements]
        self._bytes_of = [[0] * placement.shards for placement in placements]
        self._begin({})

    def _begin(self, kept: dict[str, tuple[int, int]]) -> None:
        """Begins a table of keys with those that are kept."""
        self._places = {key: place for place, key in enumerate(kept)}
        self._records = array("Q", (records for records, _ in kept.values()))
        self._bytes = array("Q", (size for _, size in kept.values()))

    def add(self, values: Iterable[Any], sizes: Iterable[int]) -> None:
        """Counts records.

        Args:
            values: The values of their field.
            sizes: Their bytes, without the key.
        """
        places, records, size_of = self._places, self._records, self._bytes
        for value, size in zip(values, sizes, strict=True):
            key = value if value.__class__ is str else key_of_value(value)
            if key is None or not self._least <= len(key) <= self._most:
                self.without[why_no_key(value, key)] += 1
                continue
            place = places.get(key)
            if place is None:
                places[key] = len(records)
                records.append(1)
                size_of.append(size)
            else:
                records[place] += 1
                size_of[place] += size
        if len(places) > self._most_keys:
            self._forget_rare()

    def _forget_rare(self) -> None:
        """Keeps the most frequent quarter, less those that are as rare as what is forgotten."""
        self._at_least = max(self._at_least, len(self._places))
        self.forgotten = True
        rare = sorted(self._records)[-(self._most_keys // 4)]
        kept = {
            key: (self._records[place], self._bytes[place])
            for key, place in self._places.items()
            if self._records[place] > rare
        }
        for key in kept:
            place = self._places.pop(key)
            self._records[place] = 0
        self._put_to_shards(self._records_of, self._bytes_of)
        self._begin(kept)

    def _put_to_shards(self, records_of: list[list[int]], bytes_of: list[list[int]]) -> None:
        """Adds what the keys of the table have to their shards."""
        keys = list(self._places.items())
        for start in range(0, len(keys), _PLACED_AT_ONCE):
            some = keys[start : start + _PLACED_AT_ONCE]
            encoded = [key.encode("utf-8", "surrogatepass") for key, _ in some]
            for number, placement in enumerate(self.placements):
                into_records, into_bytes = records_of[number], bytes_of[number]
                for (_, place), key, shard in zip(some, encoded, placement.of(encoded), strict=True):
                    if shard is not None:
                        into_records[shard] += self._records[place]
                        into_bytes[shard] += self._bytes[place] + self._records[place] * len(key)

    @property
    def keys(self) -> int:
        """How many different keys there are; at least so many, where some were forgotten."""
        return max(self._at_least, len(self._places))

    def spreads(self) -> tuple[Spread, ...]:
        """What each shard gets, by each placement."""
        records_of, bytes_of = ([list(each) for each in of] for of in (self._records_of, self._bytes_of))
        self._put_to_shards(records_of, bytes_of)
        return tuple(
            Spread(placement, tuple(records), tuple(sizes))
            for placement, records, sizes in zip(self.placements, records_of, bytes_of, strict=True)
        )

    def hottest(self, count: int) -> tuple[HotKey, ...]:
        """The keys with the most records; of equal ones the first by name.

        Args:
            count: How many keys.
        """
        import heapq

        found = heapq.nsmallest(
            count, ((-self._records[place], key, place) for key, place in self._places.items()), key=itemgetter(0, 1)
        )
        return tuple(
            HotKey(key, -records, self._bytes[place] - records * len(key.encode("utf-8", "surrogatepass")))
            for records, key, place in found
        )
