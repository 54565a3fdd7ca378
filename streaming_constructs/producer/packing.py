"""What of a lane becomes one record of the stream: its first record, or as many as one aggregated record holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from streaming_constructs.producer.kpl_aggregation import AggregatedSize, aggregated
from streaming_constructs.producer.lane import Lane
from streaming_constructs.producer.record import Pending


@dataclass(frozen=True, slots=True)
class Pack:
    """One record of the stream, and who waits for it.

    Attributes:
        lane: Where its records come from.
        pending: Its records, in order.
        entry: What PutRecords is told.
        bytes: Its size, with its partition key.
    """

    lane: Lane
    pending: tuple[Pending, ...]
    entry: dict[str, Any]
    bytes: int

    @property
    def aggregated(self) -> bool:
        """Whether it holds several."""
        return len(self.pending) > 1

    @property
    def alone(self) -> bool:
        """Whether it is to have a request for itself."""
        return any(one.alone for one in self.pending)


def pack_one(lane: Lane) -> Pack:
    """The first record of a lane.

    Args:
        lane: The lane; not an empty one.
    """
    first = lane.waiting[0]
    return _plain(lane, first)


def pack_many(lane: Lane, most_bytes: int) -> Pack:
    """The first records of a lane, aggregated; one alone stays as it is, and so do records that are to go alone.

    Args:
        lane: The lane; not an empty one.
        most_bytes: How large an aggregated record may become, with its partition key. A record that is larger goes as it is.
    """
    key, where = lane.aggregated_key(lane.waiting[0].record.key)
    taken = _as_many_as_fit(lane.waiting, most_bytes - len(key.encode()))
    if len(taken) == 1:
        return _plain(lane, taken[0])
    data = aggregated((one.record.key, one.record.data) for one in taken)
    return Pack(lane, taken, {"Data": data, "PartitionKey": key, **where}, len(data) + len(key.encode()))


def _plain(lane: Lane, one: Pending) -> Pack:
    record = one.record
    return Pack(lane, (one,), {"Data": record.data, "PartitionKey": record.key}, record.bytes)


def _as_many_as_fit(waiting: Iterable[Pending], most_bytes: int) -> tuple[Pending, ...]:
    size = AggregatedSize()
    taken: list[Pending] = []
    for one in waiting:
        record = one.record
        if taken and (one.alone or taken[0].alone or size.after(record.key, record.data) > most_bytes):
            break
        size.add(record.key, record.data)
        taken.append(one)
    return tuple(taken)
