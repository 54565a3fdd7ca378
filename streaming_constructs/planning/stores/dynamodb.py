"""What a DynamoDB table has to take, and the capacity that it has for that."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from streaming_constructs.facts import dynamodb
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.stores.dynamodb import DynamoDbTableSpec, TableCapacity
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.schemas import RecordSchema

HEADROOM_PERCENT = dynamodb.SCALING_DEFAULT_PERCENT.value
"""How much of a capacity that is derived the peak uses: the rest is for uneven keys and for growth."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is written to a table.

    Attributes:
        average: Write units a second, on average.
        peak: Write units a second, in the busiest minute.
        is_told: Whether the spec says so of the table; else it is the most that its writers can make of what they read.
    """

    average: Fraction
    peak: Fraction
    is_told: bool


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table with its numbers.

    Attributes:
        name: The table's name.
        spec: What was asked for.
        written: What is written to it, if that is known.
        write_capacity: The capacity for writes; None on demand, and where an existing table does not tell.
        read_capacity: The capacity for reads; None on demand, and where it is not told.
        operations: The operations that its writers call, by which some metrics are published.
        removal_policy: What happens to it when it leaves the stack.
        working: How these numbers came about, line by line.
        schema: The schema of its items, if they have one.
    """

    name: str
    spec: DynamoDbTableSpec
    written: Written | None
    write_capacity: TableCapacity | None
    read_capacity: TableCapacity | None
    operations: tuple[str, ...]
    removal_policy: RemovalPolicy
    working: tuple[str, ...]
    schema: RecordSchema | None = None

    @property
    def is_protected(self) -> bool:
        """Whether DynamoDB refuses to delete it: as the spec says, else where it is kept."""
        given = self.spec.deletion_protection
        return self.removal_policy == "retain" if given is None else given

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.stores.dynamodb_alarms import table_alarms

        yield from table_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.stores.dynamodb_findings import table_findings

        for finding in table_findings(self):
            yield finding.below("stores", self.name)

    def state(self) -> State | None:
        from streaming_constructs.planning.stores.dynamodb_kept import table_state

        return table_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.stores.dynamodb_costs import table_costs

        yield from table_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.stores.dynamodb_graphs import table_graphs

        return table_graphs(self)

    def heading(self) -> str:
        return f"{self._mode()}, keyed by {self._keys()}"

    def summary(self) -> Summary:
        spec = self.spec
        recovery = "any second of the last 35 days can be restored" if spec.point_in_time_recovery else "no backups"
        return Summary(
            noun="table",
            title=f"DynamoDB table, {self._mode()}{' (existing)' if spec.arn else ''}",
            lines=(
                f"keyed by {self._keys()}",
                *((f"items expire by {spec.ttl}",) if spec.ttl else ()),
                *(() if spec.arn else (recovery,)),
            ),
            why=self.working,
            values={
                "kind": spec.kind,
                "partition_key": spec.partition_key.model_dump(mode="json"),
                "sort_key": spec.sort_key.model_dump(mode="json") if spec.sort_key else None,
                "ttl": spec.ttl,
                "billing": spec.billing,
                "write_units_per_second": float(self.written.peak) if self.written else None,
                "write_capacity": _bounds(self.write_capacity),
                "read_capacity": _bounds(self.read_capacity),
                "working": list(self.working),
            },
        )

    def _mode(self) -> str:
        if not self.spec.is_provisioned:
            return "on demand"
        parts = [
            f"{_range(capacity)} {what} units/s"
            for what, capacity in (("write", self.write_capacity), ("read", self.read_capacity))
            if capacity is not None
        ]
        return " and ".join(parts) or "provisioned"

    def _keys(self) -> str:
        return ", then ".join(key.name for _, key in self.spec.keys)


def _bounds(capacity: TableCapacity | None) -> dict[str, int] | None:
    return None if capacity is None else {"minimum": capacity.minimum, "maximum": capacity.maximum}


def _range(capacity: TableCapacity) -> str:
    return f"{capacity.minimum:,} to {capacity.maximum:,}" if capacity.scales else f"{capacity.minimum:,}"


def plan_node(name: str, spec: DynamoDbTableSpec, neighbours: Neighbours) -> TablePlan:
    """Gives a table of a system its numbers.

    Args:
        name: The table's name.
        spec: What was asked for.
        neighbours: Who writes to it, and the schema of its items.
    """
    system = neighbours.system
    policy = system.removal_policy if system is not None else "retain"
    return plan_table(name, spec, policy, neighbours.writers, system, neighbours.schema)


def plan_table(
    name: str,
    spec: DynamoDbTableSpec,
    removal_policy: RemovalPolicy = "retain",
    writers: Sequence[tuple[str, NodeSpec]] = (),
    system: PipelineSpec | None = None,
    schema: RecordSchema | None = None,
) -> TablePlan:
    """Gives a table its numbers.

    Args:
        name: The table's name.
        spec: What was asked for.
        removal_policy: What the system says of removal.
        writers: The nodes that write to it, each with its name.
        system: The system that these stand in.
        schema: The schema of its items, if they have one.
    """
    written, lines = _written(spec, writers, system)
    write, working = _write_capacity(spec, written)
    return TablePlan(
        name,
        spec,
        written,
        write,
        spec.read_capacity if spec.is_provisioned else None,
        _operations(writers),
        spec.removal_policy or removal_policy,
        (*lines, *working),
        schema,
    )


def write_units(kb: float) -> int:
    """The write units that an item takes: one for each KiB that is begun.

    Args:
        kb: Its size, in KiB.
    """
    return max(1, math.ceil(exact(kb) / exact(dynamodb.WRITE_UNIT_KIB.value)))


def _written(
    spec: DynamoDbTableSpec, writers: Sequence[tuple[str, NodeSpec]], system: PipelineSpec | None
) -> tuple[Written | None, tuple[str, ...]]:
    if spec.workload is not None:
        average, peak = _units(spec.workload)
        return Written(average, peak, is_told=True), (_unit_working(spec.workload, peak),)
    read = _read_by(writers, system)
    if not read:
        return None, ()
    units = [_units(workload) for _, workload in read]
    lines = tuple(
        f"if each record of {stream} becomes an item: {_unit_working(workload, peak)}"
        for (stream, workload), (_, peak) in zip(read, units, strict=True)
    )
    average, peak = (sum(one, Fraction(0)) for one in zip(*units, strict=True))
    return Written(average, peak, is_told=False), lines


def _read_by(writers: Sequence[tuple[str, NodeSpec]], system: PipelineSpec | None) -> list[tuple[str, Workload]]:
    """What functions that write to the table read, by its name; nothing where that is not known of every writer.

    What an application of Flink writes is no function of what it reads: it gathers, joins and filters.
    """
    read: list[tuple[str, Workload]] = []
    for _, writer in writers:
        sources = writer.sources() if getattr(writer, "kind", "") == "lambda" and system is not None else ()
        workloads = [(name, getattr(system.streams.get(name), "workload", None)) for name in sources] if system else []
        if not workloads or any(workload is None for _, workload in workloads):
            return []
        read += [(name, workload) for name, workload in workloads if workload is not None]
    return read


def _units(workload: Workload) -> tuple[Fraction, Fraction]:
    """The write units a second of a workload, on average and in its busiest minute."""
    average = exact(workload.records_per_second) * write_units(workload.kb)
    return average, average * exact(workload.peak_factor)


def _unit_working(workload: Workload, peak: Fraction) -> str:
    rate = number(exact(workload.records_per_second) * exact(workload.peak_factor))
    each = counted(write_units(workload.kb), "unit")
    return f"{rate} items/s of {number(exact(workload.kb))} KiB at the peak, {each} each = {number(peak)} write units/s"


def _write_capacity(spec: DynamoDbTableSpec, written: Written | None) -> tuple[TableCapacity | None, tuple[str, ...]]:
    if not spec.is_provisioned:
        return None, ("on demand: capacity follows the requests",)
    if spec.write_capacity is not None:
        return spec.write_capacity, (f"{_range(spec.write_capacity)} write units/s, as given",)
    if written is None or not written.is_told or spec.arn is not None:
        return None, ("capacity for writes unknown: give `write_capacity` to have it alarmed",)
    needed = math.ceil(written.peak * 100 / exact(HEADROOM_PERCENT))
    units = min(max(needed, dynamodb.CAPACITY_UNITS.minimum), dynamodb.CAPACITY_UNITS.maximum)
    return TableCapacity(minimum=units, maximum=units), (
        f"of which the peak is to use {number(HEADROOM_PERCENT)} % → {units:,} write units/s",
    )


def _operations(writers: Sequence[tuple[str, NodeSpec]]) -> tuple[str, ...]:
    """What the writers call; all of it where others than applications of Flink write, or nobody is known."""
    kinds = [getattr(writer, "kind", "") for _, writer in writers]
    only_flink = bool(kinds) and all(kind.startswith("flink") for kind in kinds)
    return dynamodb.FLINK_OPERATIONS if only_flink else dynamodb.LAMBDA_OPERATIONS
