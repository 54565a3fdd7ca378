"""A stream, minute by minute: what it takes, what it throttles, and what its producers give up."""

from __future__ import annotations

from dataclasses import dataclass, field

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.simulation.backlog import Backlog

MIB = 1_048_576
GROWTH_MINUTES = int(kinesis.ON_DEMAND_GROWTH_MINUTES.value)
"""How long an on-demand stream takes to follow a new peak."""


@dataclass(frozen=True, slots=True)
class StreamModel:
    """A stream, as far as the arithmetic goes.

    Attributes:
        name: Its name.
        kind: `kinesis` or `kafka`.
        record_bytes: The size of a record.
        retention_minutes: How long records can be read.
        shards: Its shards or partitions; on demand, those of the start.
        write_mib: What it takes at the start, in MiB/s; None: as much as comes.
        write_records: What it takes at the start, in records/s.
        is_on_demand: Whether its capacity follows its peak.
        most_mib: The most that it grows to on demand, in MiB/s.
    """

    name: str
    kind: str
    record_bytes: float
    retention_minutes: int
    shards: int
    write_mib: float | None = None
    write_records: float | None = None
    is_on_demand: bool = False
    most_mib: float = 0.0

    @property
    def read_records_per_shard(self) -> float | None:
        """What all shared readers get of a shard together, in records a minute; None: no limit is known."""
        if self.kind != "kinesis":
            return None
        return kinesis.SHARD_READ_MIB_PER_SECOND.value * MIB * 60 / self.record_bytes


@dataclass(slots=True)
class StreamRun:
    """What becomes of a stream.

    Attributes:
        model: The stream.
        arriving: Records that producers write for the first time, each minute.
        accepted: Records that it takes.
        throttled: Records that it refuses, of which producers try again.
        rejected: Records that producers give up.
        capacity: Records that it could take; none where no limit is known.
        shards: Its shards.
        waiting: Records that producers still hold at the end.
        parts: Of a stream with a hot key its shard and the others, of which this is the sum.
    """

    model: StreamModel
    arriving: list[int]
    accepted: list[int] = field(default_factory=list)
    throttled: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    capacity: list[int] = field(default_factory=list)
    shards: list[int] = field(default_factory=list)
    waiting: int = 0
    parts: tuple[StreamRun, ...] = ()

    def bytes_of(self, records: int) -> float:
        """How many bytes records are.

        Args:
            records: How many there are.
        """
        return records * self.model.record_bytes


def run_stream(model: StreamModel, arriving: list[int], retry_minutes: int) -> StreamRun:
    """Writes to a stream. What is throttled is written again in the next minutes, the oldest first, and then given up.

    Args:
        model: The stream.
        arriving: Records that producers write, each minute.
        retry_minutes: For how many further minutes producers try.
    """
    run = StreamRun(model, arriving)
    held, peaks = Backlog(), list[int]()
    peak = 0
    for minute, records in enumerate(arriving):
        seen = peaks[minute - GROWTH_MINUTES] if minute >= GROWTH_MINUTES else 0
        mib, per_second = capacity(model, seen)
        held.add(records)
        run.rejected.append(held.drop_before(minute - retry_minutes))
        if mib is None or per_second is None:
            accepted = held.take(held.records)
        else:
            room = int(min(mib * MIB / model.record_bytes, per_second) * 60)
            run.capacity.append(room)
            accepted = held.take(room)
        run.accepted.append(accepted)
        run.throttled.append(held.records)
        run.shards.append(_shards(model, mib))
        peak = max(peak, accepted)
        peaks.append(peak)
    run.waiting = held.records
    return run


def capacity(model: StreamModel, peak: int) -> tuple[float | None, float | None]:
    """What a stream takes, in MiB/s and records/s.

    Args:
        model: The stream.
        peak: The most records that it took in a minute; it counts on demand, where twice of it are taken.
    """
    mib, records = model.write_mib, model.write_records
    if not model.is_on_demand or mib is None or records is None:
        return mib, records
    multiple = kinesis.ON_DEMAND_PEAK_MULTIPLE.value
    grown = multiple * peak * model.record_bytes / 60 / MIB
    mib = max(mib, min(grown, model.most_mib))
    records_per_mib = (
        kinesis.ON_DEMAND_INITIAL_WRITE_RECORDS_PER_SECOND.value / kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.value
    )
    return mib, max(records, mib * records_per_mib, multiple * peak / 60 if grown <= model.most_mib else 0.0)


def _shards(model: StreamModel, mib: float | None) -> int:
    """Its shards: on demand as many as its capacity needs, of 1 MiB/s each."""
    if not model.is_on_demand or mib is None:
        return model.shards
    return max(model.shards, -int(-mib // kinesis.SHARD_WRITE_MIB_PER_SECOND.value))
