"""How a delivery buffers, and what is common to all destinations of Firehose; a kind that needs more has a class of its own."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from streaming_constructs.kinds import built_as
from streaming_constructs.planning.deliveries.writers import Writers, writers_of
from streaming_constructs.planning.node import Neighbours, Source, Summary, today
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import Kept, State

BACKUP_BUFFER_MIB, BACKUP_BUFFER_SECONDS = 128, 300
"""A backup is read when something went wrong: few objects are worth more than fresh ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """A delivery with its numbers.

    Attributes:
        name: The delivery's name.
        spec: What was asked for.
        source: The stream it reads, with its numbers; None for direct put, and when only the stream itself is known.
        schema: The schema of the records that are delivered, if they have one.
        workload: What flows through it, if that is known.
        buffer_mb: Size of its buffer, in MiB.
        buffer_seconds: Age at which the buffer is written out, in seconds.
        working: How these numbers came about, line by line.
        own_key: Whether its source is encrypted under a customer managed key.
        max_lag_seconds: What the system calls late, if it says so.
        writers: Who writes its records, as far as the system says.
        today: The day on which it is planned, in UTC.
        schemas: The names of the schemas of its system.
    """

    name: str
    spec: DeliverySpec
    source: Source | None
    schema: RecordSchema | None
    workload: Workload | None
    buffer_mb: int
    buffer_seconds: int
    working: tuple[str, ...]
    own_key: bool = False
    max_lag_seconds: int | None = None
    writers: Writers = field(default_factory=Writers)
    today: date = field(default_factory=today)
    schemas: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, spec: DeliverySpec, source: Source | None, schema: RecordSchema | None) -> Self:
        """Gives a delivery its numbers.

        Args:
            name: The delivery's name.
            spec: What was asked for.
            source: The stream it reads, if its numbers are known.
            schema: The schema of the records that are delivered, if they have one.
        """
        size, age = spec.to.buffer_mb, spec.to.buffer_seconds
        assert size is not None
        assert age is not None
        return cls(
            name=name,
            spec=spec,
            source=source,
            schema=schema,
            workload=source.workload if source is not None else spec.workload,
            buffer_mb=size,
            buffer_seconds=age,
            working=(f"a request of {size} MiB, or of what came in {age} s",),
        )

    @property
    def is_direct(self) -> bool:
        """Whether records are put into it directly, not read from a stream."""
        return self.spec.from_ is None

    @property
    def reads_topic(self) -> bool:
        """Whether it reads a topic of Kafka."""
        return self.source is not None and self.source.kind == "kafka"

    @property
    def concurrency(self) -> int | None:
        """Batches that Firehose may hand to its function at once; None without one, or where the shards are unknown."""
        if self.spec.transform is None or self.source is None or self.source.partitions is None:
            return None
        return self.source.partitions * int(self.spec.to.facts.transform_concurrency.value)

    @property
    def has_table(self) -> bool:
        """Whether a table of the system stands over what is delivered."""
        return False

    @property
    def needs_database(self) -> bool:
        """Whether its table needs a database that is created."""
        return False

    @property
    def metadata_query(self) -> str:
        """The jq expression of what Firehose takes out of each record (`MetadataExtraction`); empty for nothing."""
        return ""

    @property
    def appends_newline(self) -> bool:
        """Whether Firehose puts a newline behind each record (`AppendDelimiterToRecord`)."""
        return False

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.deliveries.firehose_alarms import delivery_alarms

        yield from delivery_alarms(self)

    def findings(self) -> Iterator[Finding]:
        for finding in self.own_findings():
            yield finding.below("deliveries", self.name)

    def own_findings(self) -> Iterator[Finding]:
        """What is wrong, or likely to go wrong, with it; paths are relative to the delivery."""
        from streaming_constructs.planning.deliveries.firehose_findings import delivery_findings

        yield from self.destination_findings()
        yield from delivery_findings(self)

    def destination_findings(self) -> Iterator[Finding]:
        """What is wrong with its destination; paths are relative to the delivery."""
        yield from ()

    def state(self) -> State | None:
        from streaming_constructs.planning.deliveries.firehose_kept import delivery_state

        return delivery_state(self)

    def kept_of_destination(self) -> Iterator[Kept]:
        """The settings of its destination that are there to stay; paths are relative to the delivery."""
        yield from self.spec.to.kept(self.name)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.deliveries.firehose_costs import delivery_costs

        yield from delivery_costs(self)

    def costs_of_destination(self) -> Iterator[Charge]:
        """What its destination adds to what it is charged."""
        yield from ()

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.deliveries.firehose_graphs import delivery_graphs

        return delivery_graphs(self)

    def heading(self) -> str:
        source = f"reads {self.spec.from_}" if self.spec.from_ else "takes records directly"
        return f"{source}, writes to {self.spec.to.kind} every {self.buffer_mb} MiB or {self.buffer_seconds} s"

    def places(self) -> Mapping[str, str]:
        """Where it writes, in the words of the tree that `plan` prints."""
        return {**self.spec.to.written_to(self.name), **self._kept_beside()}

    def _kept_beside(self) -> Mapping[str, str]:
        """The bucket beside the destination: what is staged there, or kept."""
        beside = self.spec.to.backup_folder()
        if beside is None:
            return {}
        field_name, backup = beside
        records = "all records" if self.spec.to.copies_all_records else "records that could not be delivered"
        what = "what is loaded" if self.spec.to.is_staged else records
        folder = backup.folder(self.name)
        where = f"s3://{backup.bucket}/{folder}" if backup.bucket else f"{folder} of a bucket that is created"
        return {field_name: f"{what}, in {where}"}

    def _gathered(self) -> tuple[str, ...]:
        """What a function adds to the age of records, as a line of the working."""
        transform = self.spec.transform
        if transform is None or not transform.buffer_seconds:
            return ()
        size = number(exact(transform.buffer_mb))
        return (f"before that a function gets {size} MiB, or what came in {transform.buffer_seconds} s",)

    def values(self) -> Mapping[str, Any]:
        """Its numbers for programs, beyond those that every delivery has."""
        return {"objects": None, "prefix": None, "error_prefix": None}

    def summary(self) -> Summary:
        return Summary(
            noun="delivery",
            title=f"to {self.spec.to.described()}",
            lines=(*self.working, *self._gathered(), *(f"{what:<7} {where}" for what, where in self.places().items())),
            values={
                "from": self.spec.from_,
                "to": self.spec.to.kind,
                "buffer_mb": self.buffer_mb,
                "buffer_seconds": self.buffer_seconds,
                **self.values(),
                "working": list(self.working),
            },
        )


def plan_node(name: str, spec: DeliverySpec, neighbours: Neighbours) -> DeliveryPlan:
    """Gives a delivery of a system its numbers.

    Args:
        name: The delivery's name.
        spec: What was asked for.
        neighbours: What it reads.
    """
    source = neighbours.sources.get(spec.from_ or "")
    planned = plan_delivery(name, spec, source, neighbours.schema)
    schemas = tuple(neighbours.system.schemas) if neighbours.system is not None else ()
    own_key = source.has_own_key if source is not None else isinstance(spec.encryption, CustomerManagedKey)
    return replace(
        planned,
        own_key=own_key,
        max_lag_seconds=neighbours.max_lag_seconds,
        today=neighbours.today,
        schemas=schemas,
        writers=writers_of(spec, neighbours),
    )


def plan_delivery(
    name: str, spec: DeliverySpec, source: Source | None = None, schema: RecordSchema | None = None
) -> DeliveryPlan:
    """Gives a delivery its numbers; loads what plans its kind of destination.

    Args:
        name: The delivery's name.
        spec: What was asked for.
        source: The stream it reads, if its numbers are known.
        schema: The schema of the records that are delivered, if they have one.
    """
    row = built_as("destinations", spec.to.kind)
    plan_class = DeliveryPlan
    if row.plan:
        module = importlib.import_module(f"streaming_constructs.planning.{row.module}")
        plan_class = getattr(module, row.plan)
    return plan_class.of(name, spec, source, schema)
