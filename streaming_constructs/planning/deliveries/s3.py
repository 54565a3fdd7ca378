"""How a delivery to S3 buffers, which objects come out, in which folders, and whether a table stands over them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self, cast

from streaming_constructs.facts import athena, firehose
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.deliveries.s3_prefixes import Folders, plan_folders
from streaming_constructs.planning.node import Source
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.planning.workload import mib_per_second
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.s3_bucket import CREATED_BUCKET_FIELDS
from streaming_constructs.spec.schemas import RecordSchema

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import Kept

UNKNOWN_LOAD_SECONDS = 300
"""How long an archive buffers when nothing is known of what flows: Firehose's own default."""
LEAST_SECONDS = 60
"""Below this Firehose uploads in parts, and each costs a request.

Source: https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html
"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class S3DeliveryPlan(DeliveryPlan):
    """A delivery to S3 with its numbers.

    Attributes:
        objects: The objects that come out; None where they are not known.
        folders: Where they are.
    """

    objects: Objects | None
    folders: Folders

    @classmethod
    def of(cls, name: str, spec: DeliverySpec, source: Source | None, schema: RecordSchema | None) -> Self:
        to = cast("S3Destination", spec.to)
        workload = source.workload if source is not None else spec.workload
        buffers = _buffers(source, to)
        rate = mib_per_second(workload) / buffers.count if workload and buffers.count else None
        mib, seconds, working = _archive_buffer(to, rate, buffers, known=workload is not None)
        objects = None
        if rate is not None:
            # Without a buffer Firehose still gathers for some seconds.
            filled = min(max(exact(seconds), exact(firehose.ZERO_BUFFERING_SECONDS.value)), mib / rate)
            objects = Objects(float(filled * rate), float(filled), math.ceil(86_400 / filled) * buffers.count)
            line = f"{number(filled * rate)} MiB of records in {number(filled)} s, about {objects.per_day:,} a day"
            working = (*working, f"objects: {line}")
        return cls(
            name=name,
            spec=spec,
            source=source,
            schema=schema,
            workload=workload,
            buffer_mb=mib,
            buffer_seconds=seconds,
            working=working,
            objects=objects,
            folders=plan_folders(name, to, schema),
        )

    @property
    def to(self) -> S3Destination:
        """The destination."""
        return cast("S3Destination", self.spec.to)

    @property
    def has_table(self) -> bool:
        # Athena reads no zip archives, and without newlines nothing tells one record of JSON from the next.
        # Source: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
        has_lines = self.to.has_newlines or bool(self.writers.with_newline)
        is_readable = self.to.is_converted or (self.to.compressed_by != "zip" and has_lines)
        return is_readable and self.schema is not None

    @property
    def needs_database(self) -> bool:
        return self.has_table and self.to.database is None

    @property
    def metadata_query(self) -> str:
        return self.folders.metadata_query

    @property
    def appends_newline(self) -> bool:
        # Where the spec says that it is to be, or not to be, it is not asked who writes.
        return self.to.has_newlines and (self.to.newline is not None or not self.writers.end_in_newline)

    def destination_findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.deliveries.s3_findings import archive_findings

        yield from archive_findings(self)

    def kept_of_destination(self) -> Iterator[Kept]:
        from streaming_constructs.planning.deliveries.s3_kept import archive_kept

        yield from archive_kept(self)

    def costs_of_destination(self) -> Iterator[Charge]:
        from streaming_constructs.planning.deliveries.s3_costs import archive_costs

        yield from archive_costs(self)

    def places(self) -> Mapping[str, str]:
        return {
            "folders": self.folders.template.replace("${", "{"),
            "errors": self.folders.error_prefix.partition("!")[0],
        }

    def values(self) -> Mapping[str, Any]:
        return {
            "objects": asdict(self.objects) if self.objects else None,
            "prefix": self.folders.prefix,
            "error_prefix": self.folders.error_prefix,
        }


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
    what = "partitions" if source is not None and source.kind == "kafka" else "shards"
    parts = [f"{shards:,} {what}"] if shards > 1 else []
    parts += [f"{folders:,} folders of values"] if folders > 1 else []
    return _Buffers(shards * folders, "".join(f" ÷ {part}" for part in parts))


def _archive_buffer(
    to: S3Destination, rate: Fraction | None, buffers: _Buffers, *, known: bool
) -> tuple[int, int, tuple[str, ...]]:
    largest, longest = firehose.S3.buffer_mb.maximum, firehose.S3.buffer_seconds.maximum
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
