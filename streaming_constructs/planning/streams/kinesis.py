"""The shards and the capacity of a Kinesis data stream."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import counted, duration, exact, number
from streaming_constructs.planning.workload import Load, peak_load
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """A stream with its numbers.

    Attributes:
        name: The stream's name.
        spec: What was asked for.
        readers: Who reads it.
        load: What is written to it, if its workload is known.
        shards: Number of shards; None on demand, and for an existing stream that does not tell.
        needed_shards: Number of shards that the workload needs, if it is known.
        write_mib_per_second: What it takes, in MiB/s; None if that is unknown.
        write_records_per_second: What it takes, in records/s; None if that is unknown.
        working: How these numbers came about, line by line.
        max_lag_seconds: What the system calls late, if it says so.
        schema: The schema of its records, if they have one.
        region: Its region; None where nothing says it.
    """

    name: str
    spec: KinesisStreamSpec
    readers: tuple[Reader, ...]
    load: Load | None
    shards: int | None
    needed_shards: int | None
    write_mib_per_second: float | None
    write_records_per_second: float | None
    working: tuple[str, ...]
    max_lag_seconds: int | None = None
    schema: RecordSchema | None = None
    region: str | None = None

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.streams.kinesis_alarms import stream_alarms

        yield from stream_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.streams.kinesis_findings import stream_findings

        for finding in stream_findings(self):
            yield finding.below("streams", self.name)

    def state(self) -> State | None:
        from streaming_constructs.planning.streams.kinesis_kept import stream_state

        return stream_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.streams.kinesis_costs import stream_costs

        yield from stream_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.streams.kinesis_graphs import stream_graphs

        return stream_graphs(self)

    def heading(self) -> str:
        if self.write_mib_per_second is None or self.write_records_per_second is None:
            return "capacity unknown"
        mode = "on demand" if self.shards is None else counted(self.shards, "shard")
        return f"{mode}: {number(self.write_mib_per_second)} MiB/s, {number(self.write_records_per_second)} records/s"

    def summary(self) -> Summary:
        mode = self.spec.mode.replace("_", " ")
        shards = f", {counted(self.shards, 'shard')}" if self.shards is not None else ""
        takes = f"{self.heading().partition(': ')[2].replace(', ', ' and ')}" if self.write_mib_per_second else ""
        return Summary(
            noun="stream",
            title=f"{mode}{shards}{' (existing)' if self.spec.arn else ''}",
            lines=(
                *((f"takes {takes}",) if takes else ()),
                f"keeps records for {duration(self.spec.retention * 3600)}",
                *((f"keyed by {self.spec.partition_key}",) if self.spec.partition_key else ()),
            ),
            why=self.working,
            values={
                "kind": self.spec.kind,
                "mode": self.spec.mode,
                "shards": self.shards,
                "needed_shards": self.needed_shards,
                "write_mib_per_second": self.write_mib_per_second,
                "write_records_per_second": self.write_records_per_second,
                "retention_hours": self.spec.retention,
                "partition_key": self.spec.partition_key,
                "readers": [{"name": reader.name, "read": reader.read} for reader in self.readers],
                "working": list(self.working),
            },
        )

    @property
    def kind(self) -> str:
        """That it is a stream of Kinesis."""
        return self.spec.kind

    @property
    def partitions(self) -> int | None:
        """Its shards, as its readers see them."""
        return self.shards

    @property
    def splits_by_itself(self) -> bool:
        """Whether AWS splits and merges its shards when it likes."""
        return self.spec.is_on_demand

    @property
    def retention_hours(self) -> int:
        """How long records can be read."""
        return self.spec.retention

    @property
    def retention_is_known(self) -> bool:
        """Whether that is so: an existing stream may keep more than the least."""
        return self.spec.arn is None or self.spec.retention_is_given

    @property
    def workload(self) -> Workload | None:
        """What flows through it, if that is known."""
        return self.spec.workload

    @property
    def largest_record_kb(self) -> int | None:
        """The largest record that it takes, where more than the usual was asked for."""
        return self.spec.max_record_kb

    @property
    def has_own_key(self) -> bool:
        """Whether the spec puts a customer managed key on it."""
        return isinstance(self.spec.encryption, CustomerManagedKey)

    @property
    def shared_readers(self) -> int:
        """How many readers share the 2 MiB/s of each shard."""
        return sum(reader.read == "shared" for reader in self.readers)

    @property
    def fan_out_readers(self) -> int:
        """How many readers have 2 MiB/s of each shard of their own."""
        return len(self.readers) - self.shared_readers


def shards_for(load: Load, shared_readers: int, headroom: float = 1.0) -> int:
    """The number of shards that carries a load.

    `ceil(headroom × max(write MiB/s, records/s ÷ 1000, shared readers × write MiB/s ÷ 2))`, at least 1. Enhanced
    fan-out readers are left out: each has 2 MiB/s of every shard for itself.
    Source: https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html

    Args:
        load: What is written in the busiest minute.
        shared_readers: How many readers share the read throughput of a shard.
        headroom: Factor for uneven partition keys.
    """
    return max(1, math.ceil(exact(headroom) * max(_terms(load, shared_readers))))


def _terms(load: Load, shared_readers: int) -> tuple[Fraction, Fraction, Fraction]:
    return (
        load.mib / Fraction(kinesis.SHARD_WRITE_MIB_PER_SECOND.value),
        load.records / Fraction(kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value),
        shared_readers * load.mib / Fraction(kinesis.SHARD_READ_MIB_PER_SECOND.value),
    )


def plan_node(name: str, spec: KinesisStreamSpec, neighbours: Neighbours) -> StreamPlan:
    """Gives a stream of a system its numbers.

    Args:
        name: The stream's name.
        spec: What was asked for.
        neighbours: Who reads it.
    """
    planned = plan_stream(name, spec, neighbours.readers, neighbours.max_lag_seconds)
    region = neighbours.system.region if neighbours.system is not None else None
    return replace(planned, schema=neighbours.schema, region=region)


def plan_stream(
    name: str, spec: KinesisStreamSpec, readers: Sequence[Reader] = (), max_lag_seconds: int | None = None
) -> StreamPlan:
    """Gives a stream its numbers.

    Args:
        name: The stream's name.
        spec: What was asked for.
        readers: Who reads it.
        max_lag_seconds: What the system calls late, if it says so.
    """
    load = peak_load(spec.workload) if spec.workload else None
    shared = sum(reader.read == "shared" for reader in readers)
    needed = shards_for(load, shared) if load else None
    shards, mib, records, working = _on_demand(spec, load) if spec.is_on_demand else _provisioned(spec, load, shared)
    lines = _load_working(spec.workload, load) if spec.workload and load else ()
    return StreamPlan(
        name, spec, tuple(readers), load, shards, needed, mib, records, (*lines, *working), max_lag_seconds
    )


_Numbers = tuple[int | None, float | None, float | None, tuple[str, ...]]


def _provisioned(spec: KinesisStreamSpec, load: Load | None, shared: int) -> _Numbers:
    given = spec.shards
    working: tuple[str, ...]
    if given is not None:
        shards, working = given, (f"{counted(given, 'shard')}, as given",)
    elif spec.arn is not None or load is None:
        # An existing stream has the shards that it has; a workload says what it should have.
        return None, None, None, ("number of shards unknown: give `shards` to have its capacity alarmed",)
    else:
        headroom = spec.headroom
        shards = shards_for(load, shared, headroom)
        by_bytes, by_records, by_reads = _terms(load, shared)
        most = max(by_bytes, by_records, by_reads)
        readers = f"{shared} shared reader{'' if shared == 1 else 's'}"
        total = f"{number(exact(headroom))} × {number(most)} = {number(exact(headroom) * most)}"
        working = (
            f"bytes written: {number(load.mib)} MiB/s ÷ 1 MiB/s a shard = {number(by_bytes)}",
            f"records written: {number(load.records)} records/s ÷ 1,000 records/s a shard = {number(by_records)}",
            f"bytes read: {readers} × {number(load.mib)} MiB/s ÷ 2 MiB/s a shard = {number(by_reads)}",
            f"headroom {total} → {counted(shards, 'shard')}",
        )
    return (
        shards,
        shards * kinesis.SHARD_WRITE_MIB_PER_SECOND.value,
        shards * kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value,
        working,
    )


def _on_demand(spec: KinesisStreamSpec, load: Load | None) -> _Numbers:
    initial = kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.value
    multiple = kinesis.ON_DEMAND_PEAK_MULTIPLE.value
    warm = spec.warm_throughput_mb_per_second or 0
    doubled = float(load.mib) * multiple if load else 0.0
    mib = max(initial, warm, doubled)
    parts = [f"{number(initial)} MiB/s at the start"]
    if load:
        parts.append(f"2 × peak of {number(load.mib)} MiB/s = {number(doubled)} MiB/s")
    if warm:
        parts.append(f"warm throughput {warm:,} MiB/s")
    records_per_mib = kinesis.ON_DEMAND_INITIAL_WRITE_RECORDS_PER_SECOND.value / initial
    records = max(mib * records_per_mib, float(load.records) * multiple if load else 0.0)
    working = f"on demand takes the greatest of {', '.join(parts)} → {number(mib)} MiB/s, {number(records)} records/s"
    return None, mib, records, (working,)


def _load_working(workload: Workload, load: Load) -> tuple[str, ...]:
    average, factor = number(exact(workload.records_per_second)), number(exact(workload.peak_factor))
    size = number(exact(workload.kb))
    return (
        f"peak load: {average} records/s × {factor} = {number(load.records)} records/s",
        f"peak load: {number(load.records)} records/s × {size} KiB ÷ 1,024 = {number(load.mib)} MiB/s",
    )
