"""Other fields of the same records: how each would spread, judged on a sample that is the same each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streaming_constructs.planning.partition_keys.event_files import Chunk
from streaming_constructs.planning.partition_keys.key_counts import KeyCounts
from streaming_constructs.planning.partition_keys.key_of_value import MISSING
from streaming_constructs.planning.partition_keys.placement import Placement

MOST_RECORDS = 16_384
_MOST_BYTES = 32 * 2**20
_MOST_FIELDS, _DEEPEST = 100, 8
_FIRST = 100
_MOST_WITHOUT = 0.01
"""The share of records that may lack a field which is proposed."""
_WORTH_A_CHANGE = 0.95
"""A field is better if its skew is at most so much of that of the field in question: less is chance in a sample."""


@dataclass(frozen=True, slots=True)
class FieldSpread:
    """How a field would spread records.

    Attributes:
        field: The field, with dots.
        keys: How many different values it has.
        record_skew: How many times the records of a mean shard the busiest gets.
        byte_skew: The same by bytes.
        hottest_share: The share of records that its hottest key has.
        without: The share of records that have no key in it.
    """

    field: str
    keys: int
    record_skew: float
    byte_skew: float
    hottest_share: float
    without: float

    @property
    def worst_skew(self) -> float:
        """The greater skew."""
        return max(self.record_skew, self.byte_skew)


class RecordSample:
    """Every record at first, then every second, every fourth …, so that they come from all over the file."""

    def __init__(self) -> None:
        self.records: list[Mapping[str, Any]] = []
        self.sizes: list[int] = []
        self._step, self._next, self._bytes = 1, 0, 0

    def add(self, chunk: Chunk) -> None:
        """Takes what is due of a chunk.

        Args:
            chunk: The next records.
        """
        count = len(chunk.sizes)
        places = range(self._next, count, self._step)
        self._next += len(places) * self._step - count
        self.records += chunk.records(places) if places else ()
        sizes = [chunk.sizes[place] for place in places]
        self.sizes += sizes
        self._bytes += sum(sizes)
        while len(self.records) > 1 and (len(self.records) > MOST_RECORDS or self._bytes > _MOST_BYTES):
            self._thin()

    def _thin(self) -> None:
        """Leaves out every second record."""
        if len(self.records) % 2:  # the last one stays: the next that is due is two steps after it
            self._next += self._step
        self.records, self.sizes = self.records[::2], self.sizes[::2]
        self._step, self._bytes = self._step * 2, sum(self.sizes)

    def fields(self) -> tuple[str, ...]:
        """Fields of the first records that are no objects, with dots."""
        return tuple(dict.fromkeys(name for record in self.records[:_FIRST] for name, _ in _leaves(record)))

    def better_fields(self, field: str, placement: Placement, count: int) -> tuple[FieldSpread, ...]:
        """Fields that spread better, the best first; of those that are equally good, the one with the fewest keys.

        Args:
            field: The field in question.
            placement: How keys are placed.
            count: How many fields at most.
        """
        flat = [dict(_leaves(record)) for record in self.records]
        names = list(dict.fromkeys(name for record in flat for name in record))[:_MOST_FIELDS]
        present = self._spread_of(field, flat, placement)
        found = [self._spread_of(name, flat, placement) for name in names if name != field]
        good = [
            spread
            for spread in found
            if spread.without <= _MOST_WITHOUT and spread.worst_skew <= present.worst_skew * _WORTH_A_CHANGE
        ]
        return tuple(sorted(good, key=lambda spread: (round(spread.worst_skew, 1), spread.keys, spread.field))[:count])

    def _spread_of(self, field: str, flat: Sequence[Mapping[str, Any]], placement: Placement) -> FieldSpread:
        counts = KeyCounts([placement])
        counts.add((record.get(field, MISSING) for record in flat), self.sizes)
        (spread,), hottest = counts.spreads(), counts.hottest(1)
        records = sum(spread.records)
        return FieldSpread(
            field,
            counts.keys,
            spread.record_skew,
            spread.byte_skew,
            hottest[0].records / records if records else 0.0,
            counts.without.total() / len(flat) if flat else 0.0,
        )


def _leaves(record: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """The fields of a record that are no objects, with dots."""
    for name, value in record.items():
        field = f"{before}{name}"
        if isinstance(value, dict):
            if depth < _DEEPEST:
                yield from _leaves(value, f"{field}.", depth + 1)
        else:
            yield field, value
