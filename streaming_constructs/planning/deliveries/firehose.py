"""How a delivery buffers, what comes out, and where it goes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from streaming_constructs.facts import athena, firehose
from streaming_constructs.planning.deliveries.s3_prefixes import Folders, plan_folders
from streaming_constructs.planning.node import Neighbours, Source, Summary
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.planning.workload import mib_per_second
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.http_endpoint import VENDOR_LIMITS, HttpDestination
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.s3_format import JsonFormat
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.s3_bucket import CREATED_BUCKET_FIELDS
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding

UNKNOWN_LOAD_SECONDS = 300
"""How long an archive buffers when nothing is known of what flows: Firehose's own default."""
LEAST_SECONDS = 60
"""Below this Firehose uploads in parts, and each costs a request.

Source: https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html
"""

BACKUP_BUFFER_MIB, BACKUP_BUFFER_SECONDS = 128, 300
"""A backup is read when something went wrong: few objects are worth more than fresh ones."""


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects that come out of an archive on average.

    Attributes:
        mib: Size of one, in MiB of records as they come: smaller once it is compressed or converted.
        seconds: How long one takes to fill.
        per_day: How many there are in a day.
    """

    mib: float
    seconds: float
    per_day: int


@dataclass(frozen=True, slots=True)
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
        objects: The objects that come out; None where they are not known, or where it is no archive.
        folders: The folders of an archive; None for other destinations.
        working: How these numbers came about, line by line.
        own_key: Whether its source is encrypted under a customer managed key.
        max_lag_seconds: What the system calls late, if it says so.
    """

    name: str
    spec: DeliverySpec
    source: Source | None
    schema: RecordSchema | None
    workload: Workload | None
    buffer_mb: int
    buffer_seconds: int
    objects: Objects | None
    folders: Folders | None
    working: tuple[str, ...]
    own_key: bool = False
    max_lag_seconds: int | None = None

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.deliveries.firehose_alarms import delivery_alarms

        yield from delivery_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.deliveries.firehose_findings import delivery_findings

        for finding in delivery_findings(self):
            yield finding.below("deliveries", self.name)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.deliveries.firehose_graphs import delivery_graphs

        return delivery_graphs(self)

    def heading(self) -> str:
        source = f"reads {self.spec.from_}" if self.spec.from_ else "takes records directly"
        return f"{source}, writes to {self.spec.to.kind} every {self.buffer_mb} MiB or {self.buffer_seconds} s"

    def summary(self) -> Summary:
        to = self.spec.to
        lines = [*self.working]
        if self.folders is not None:
            lines.append(f"folders {self.folders.template.replace('${', '{')}")
            lines.append(f"errors  {self.folders.error_prefix.partition('!')[0]}")
        return Summary(
            noun="delivery",
            title=f"to {to.described()}",
            lines=tuple(lines),
            values={
                "from": self.spec.from_,
                "to": to.kind,
                "buffer_mb": self.buffer_mb,
                "buffer_seconds": self.buffer_seconds,
                "objects": asdict(self.objects) if self.objects else None,
                "prefix": self.folders.prefix if self.folders else None,
                "error_prefix": self.folders.error_prefix if self.folders else None,
                "working": list(self.working),
            },
        )

    @property
    def is_direct(self) -> bool:
        """Whether records are put into it directly, not read from a stream."""
        return self.spec.from_ is None


def plan_node(name: str, spec: DeliverySpec, neighbours: Neighbours) -> DeliveryPlan:
    """Gives a delivery of a system its numbers.

    Args:
        name: The delivery's name.
        spec: What was asked for.
        neighbours: What it reads.
    """
    source = neighbours.sources.get(spec.from_ or "")
    planned = plan_delivery(name, spec, source, neighbours.schema)
    own_key = source.has_own_key if source is not None else isinstance(spec.encryption, CustomerManagedKey)
    return replace(planned, own_key=own_key, max_lag_seconds=neighbours.max_lag_seconds)


def plan_delivery(
    name: str, spec: DeliverySpec, source: Source | None = None, schema: RecordSchema | None = None
) -> DeliveryPlan:
    """Gives a delivery its numbers.

    Args:
        name: The delivery's name.
        spec: What was asked for.
        source: The stream it reads, if its numbers are known.
        schema: The schema of the records that are delivered, if they have one.
    """
    workload = source.workload if source is not None else spec.workload
    if not isinstance(spec.to, S3Destination):
        request, age = _given_buffer(spec), spec.to.buffer_seconds
        line = f"a request of {request} MiB, or of what came in {age} s"
        return DeliveryPlan(name, spec, source, schema, workload, request, age, None, None, (line,))
    buffers = _buffers(source, spec.to)
    rate = mib_per_second(workload) / buffers.count if workload and buffers.count else None
    mib, seconds, working = _archive_buffer(spec.to, rate, buffers, known=workload is not None)
    objects = None
    if rate is not None:
        # Without a buffer Firehose still gathers for some seconds.
        filled = min(max(exact(seconds), exact(firehose.ZERO_BUFFERING_SECONDS.value)), mib / rate)
        objects = Objects(float(filled * rate), float(filled), math.ceil(86_400 / filled) * buffers.count)
        line = f"{number(filled * rate)} MiB of records in {number(filled)} s, about {objects.per_day:,} a day"
        working = (*working, f"objects: {line}")
    folders = plan_folders(name, spec.to, schema)
    return DeliveryPlan(name, spec, source, schema, workload, mib, seconds, objects, folders, working)


def _given_buffer(spec: DeliverySpec) -> int:
    if isinstance(spec.to, HttpDestination) and spec.to.buffer_mb is None:
        # What every endpoint takes, also those of the vendors with less room.
        return min(firehose.BUFFER_MIB[key].maximum for key in VENDOR_LIMITS.values())
    size: int = spec.to.buffer_mb  # type: ignore[assignment]
    return size


@dataclass(frozen=True, slots=True)
class _Buffers:
    """How many buffers fill at once, and why; 0 where that depends on the records."""

    count: int
    why: str


def _buffers(source: Source | None, to: S3Destination) -> _Buffers:
    """Firehose keeps a buffer for each shard that it reads; with dynamic partitioning one for each folder, of all shards.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html
    """
    shards = 1
    if source is not None and not to.is_dynamic:
        shards = source.partitions or math.ceil(source.write_mib_per_second or 1)
    valued = [partition for partition in to.partition_by if partition.granularity is None]
    if not all(partition.values for partition in valued):
        return _Buffers(0, "")
    folders = math.prod(len(partition.values) for partition in valued)
    parts = [f"{shards:,} shards"] if shards > 1 else []
    parts += [f"{folders:,} folders of values"] if folders > 1 else []
    return _Buffers(shards * folders, "".join(f" ÷ {part}" for part in parts))


def _archive_buffer(
    to: S3Destination, rate: Fraction | None, buffers: _Buffers, *, known: bool
) -> tuple[int, int, tuple[str, ...]]:
    largest, longest = firehose.BUFFER_MIB["s3"].maximum, firehose.BUFFER_SECONDS["s3"].maximum
    target = int(athena.OBJECT_MIB.value)
    mib = to.buffer_mb or largest
    size = f"buffer of {mib} MiB, " + (
        "as given" if to.buffer_mb else f"the largest: queries like objects of {target} MiB"
    )
    if to.buffer_seconds is not None:
        return mib, to.buffer_seconds, (size, f"written out after {to.buffer_seconds} s at the latest, as given")
    if rate is None:
        # Values share the flow among them, so their buffers need all the time that they can get.
        seconds = UNKNOWN_LOAD_SECONDS if buffers.count else longest
        why = "how many values divide the flow is not known" if known else "the workload is not known"
        return mib, seconds, (size, f"written out after {seconds} s at the latest: {why}")
    fill = mib / rate
    seconds = min(longest, max(LEAST_SECONDS, math.ceil(fill)))
    line = f"{number(rate * buffers.count)} MiB/s{buffers.why} fills it in {number(fill)} s"
    if fill > longest:
        line += f", more than the longest of {longest} s"
    return mib, seconds, (size, f"{line} → written out after {seconds} s at the latest")


def backup_in_archive(to: S3Destination) -> bool:
    """Whether the source backup of an archive is kept in the archive's own bucket: where nothing is said of another.

    Args:
        to: The archive.
    """
    backup = to.source_backup
    if backup is None:
        return False
    if backup.bucket is not None:
        return backup.bucket == to.bucket
    return not any(getattr(backup, field) for field in CREATED_BUCKET_FIELDS)


def is_converted(delivery: DeliveryPlan) -> bool:
    """Whether Firehose converts the records to another format."""
    return isinstance(delivery.spec.to, S3Destination) and delivery.spec.to.is_converted


def has_table(delivery: DeliveryPlan) -> bool:
    """Whether a table stands over what is delivered: over archives of records with a schema."""
    to = delivery.spec.to
    # Athena reads no zip archives.
    # Source: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
    readable = isinstance(to, S3Destination) and to.format.compression != "zip" and _has_rows(to)
    return readable and delivery.schema is not None


def _has_rows(to: S3Destination) -> bool:
    # Without newlines nothing tells one record from the next.
    return not isinstance(to.format, JsonFormat) or to.format.newline


def needs_database(delivery: DeliveryPlan) -> bool:
    """Whether its table needs a database that is created."""
    to = delivery.spec.to
    return has_table(delivery) and isinstance(to, S3Destination) and to.database is None
