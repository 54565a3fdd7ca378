"""An archive in S3: the format, the folders, the bucket and the table over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.deliveries.s3_format import FORMATS, Compression, FormatName, format_findings
from streaming_constructs.spec.deliveries.s3_partitions import FirstDay, Partition, PartitionBy
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Bool, CatalogName, FolderName, Int, form, no_effect, within
from streaming_constructs.spec.node import BucketFolder
from streaming_constructs.spec.s3_bucket import BucketSpec
from streaming_constructs.spec.schemas import FieldName
from streaming_constructs.spec.section import Section

if TYPE_CHECKING:
    from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec
    from streaming_constructs.spec.pipeline import PipelineSpec
else:
    BackupSpec = Annotated[Any, Section("deliveries.backup_bucket", "BackupSpec")]

TimeZone = Annotated[str, form(r"^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$", "a time zone such as UTC or Europe/Berlin")]


ErrorFolderName = Annotated[
    str,
    form(
        r"^[A-Za-z0-9_][A-Za-z0-9._=-]*(/[A-Za-z0-9_][A-Za-z0-9._=-]*)*/?$",
        "folders of letters, digits and ._=- with `/` between them, such as errors/clicks",
        max_length=200,
    ),
]
HIDDEN_ERRORS = "_errors"
"""The folder of errors inside of that of records: Athena, and Spark and Hive as well, pass by names that begin so.

Source: https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
"""


class S3Destination(BucketSpec, DestinationSpec):
    """Objects in S3, with a Glue table over them where the records have a schema."""

    title: ClassVar[str] = "S3"
    facts: ClassVar = firehose.S3
    example: ClassVar = {"kind": "s3", "format": "json", "compression": "gzip"}

    kind: Literal["s3"] = Field(default="s3", description="Objects in S3.")
    format: FormatName = Field(
        default="json",
        description="json (the records as they came, one document a line: for replay, and for what no schema fits), parquet "
        "(columns, converted by the record's schema: for queries of a few columns) or orc (the same for Hive, with bloom "
        "filters). Left out: json.",
    )
    compression: Compression | None = Field(
        default=None,
        description="Compression: of json gzip, none, zip, snappy or hadoop_snappy (Athena reads all but zip); inside of "
        "parquet snappy, gzip or none; inside of orc snappy, zlib or none. Left out: gzip of json, snappy of the others.",
    )
    newline: Bool | None = Field(
        default=None,
        description="Whether a newline is put behind each record of json; without one a reader cannot tell records apart, and "
        "a second one makes an empty line. Left out: true, but for records that agents on hosts alone write to a stream or "
        "delivery of the system: they end each in one.",
    )
    block_mb: Annotated[Int, within(firehose.PARQUET_BLOCK_MIB)] | None = Field(
        default=None,
        description="Size of a row group of parquet, in MiB, 64 or more; HDFS reads it as one block. Left out: 256.",
    )
    writer_version: Literal["v1", "v2"] | None = Field(
        default=None, description="Version of the format of parquet. Left out: v1, which every reader knows."
    )
    stripe_mb: Annotated[Int, within(firehose.ORC_STRIPE_MIB)] | None = Field(
        default=None, description="Size of a stripe of orc, in MiB, 8 or more. Left out: 64."
    )
    bloom_filter_columns: tuple[FieldName, ...] = Field(
        default=(),
        description="Fields of orc to write bloom filters for, so that a query by value skips stripes. Left out: none.",
    )
    buffer_mb: Annotated[Int, within(firehose.S3.buffer_mb)] | None = Field(
        default=None,
        description="Size of the buffer that becomes an object, in MiB of records as they come, 1 to 128; with conversion or "
        "dynamic partitioning 64 or more. Left out: chosen for objects that queries like.",
    )
    buffer_seconds: Annotated[Int, within(firehose.S3.buffer_seconds)] | None = Field(
        default=None,
        description="Age at which the buffer becomes an object even when it is not full, in seconds, 0 to 900; this is how "
        "late data is. Left out: chosen for objects that queries like.",
    )
    prefix: FolderName | None = Field(
        default=None, description="Folder in the bucket, above those of the partitions. Left out: the delivery's name."
    )
    error_prefix: ErrorFolderName | None = Field(
        default=None,
        description="Folder of records that could not be delivered; below it a folder for each kind of error and each day. "
        "Inside of `prefix` its name has to begin with `_`, so that queries pass it by. Left out: `_errors` in the `prefix`; "
        "without one errors, then the delivery's name.",
    )
    partition_by: tuple[PartitionBy, ...] = Field(
        default=(Partition(by="day(arrival)"),),
        min_length=1,
        description="Folders, outermost first: day(arrival) (or month, hour), a timestamp of the record such as "
        "day(event_time), or a field such as country. All but arrival need dynamic partitioning, at a price. "
        "Left out: day(arrival).",
    )
    partitions_since: FirstDay = Field(
        default="2025-01-01",
        description="The first day that queries look for. Records with an earlier time of their own go to `error_prefix`. "
        "Left out: 2025-01-01.",
    )
    time_zone: TimeZone = Field(
        default="UTC", description="The time zone of folders by arrival and of `error_prefix`. Left out: UTC."
    )
    retry_seconds: Annotated[Int, within(firehose.S3.retry_seconds)] | None = Field(
        default=None,
        description="How long Firehose retries a partition that it cannot write, in seconds, 0 to 7200; with dynamic "
        "partitioning only. Left out: 300.",
    )
    source_backup: BackupSpec | None = Field(
        default=None,
        description="Copies of the records as they came, before any transformation; once on, AWS cannot switch it off. "
        "Left out: none.",
    )
    database: CatalogName | None = Field(
        default=None,
        description="Name of an existing Glue database for the table. Left out: one is created for all tables of the system.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from format_findings(self, self.format, self.compression)
        yield from self._buffer_findings()
        yield from self._time_zone_findings()
        yield from self._partition_findings()
        dynamic = [partition for partition in self.partition_by if not partition.is_arrival]
        if len(dynamic) > firehose.PARTITION_KEYS.value:
            yield Finding(
                "FIR716",
                "more partition keys than Firehose takes",
                ("partition_by",),
                note=f"{len(dynamic)} keys come from the record; Firehose takes 50",
                help="divide by fewer fields",
            )
        if self.retry_seconds is not None and not dynamic:
            yield no_effect(
                "retry_seconds", note="it is for partitions that come from the record; S3 itself is retried for a day"
            )

    def _partition_findings(self) -> Iterator[Finding]:
        columns = [partition.column for partition in self.partition_by]
        for position, column in enumerate(columns):
            if column in columns[:position]:
                yield Finding(
                    "LNG406",
                    f"`{column}` is listed twice",
                    ("partition_by", position),
                    note=f"it is the partition of item {columns.index(column)} too, counted from 0; a table has each once",
                    help="take one out",
                    edits=(Edit(("partition_by", position)),),
                )

    def _time_zone_findings(self) -> Iterator[Finding]:
        # A machine without a database of time zones knows none, and leaves it to AWS.
        if _is_zone("Etc/UTC") and not _is_zone(self.time_zone):
            yield Finding(
                "FIR733",
                f"there is no time zone `{self.time_zone}`",
                ("time_zone",),
                help="name one as in the IANA database, such as Europe/Berlin",
                edits=(Edit(("time_zone",)),),
            )

    def _buffer_findings(self) -> Iterator[Finding]:
        if self.is_converted and self.buffer_mb is not None:
            least = firehose.CONVERSION_BUFFER_MIB.minimum
            if self.buffer_mb < least:
                yield Finding(
                    "FIR702",
                    f"the buffer is too small for conversion to {FORMATS[self.format].title}",
                    ("buffer_mb",),
                    note=f"Firehose needs at least {least} MiB when it converts the record format",
                    help=f"set `buffer_mb: {least}` or more, or `format: json`",
                    edits=(Edit(("buffer_mb",), least),),
                )
        if not self.is_dynamic:
            return
        least = firehose.DYNAMIC_PARTITIONING_BUFFER_MIB.minimum
        if not self.is_converted and self.buffer_mb is not None and self.buffer_mb < least:
            yield Finding(
                "FIR703",
                "the buffer is too small for partitions that come from the record",
                ("buffer_mb",),
                note=f"Firehose needs at least {least} MiB with dynamic partitioning",
                help=f"set `buffer_mb: {least}` or more, or partition by arrival alone",
                edits=(Edit(("buffer_mb",), least),),
            )
        least = firehose.DYNAMIC_PARTITIONING_BUFFER_SECONDS.minimum
        if self.buffer_seconds is not None and self.buffer_seconds < least:
            yield Finding(
                "FIR703",
                "the buffer is too short-lived for partitions that come from the record",
                ("buffer_seconds",),
                note=f"Firehose needs at least {least} s with dynamic partitioning",
                help=f"set `buffer_seconds: {least}` or more, or partition by arrival alone",
                edits=(Edit(("buffer_seconds",), least),),
            )

    @property
    def created_buckets(self) -> int:
        return super().created_buckets + (1 if self.bucket is None else 0)

    def folder(self, delivery: str) -> str:
        """The folder in the bucket above those of the partitions, with the `/` behind it.

        Args:
            delivery: The name of the delivery.
        """
        return f"{(self.prefix or delivery).rstrip('/')}/"

    def error_folder(self, delivery: str) -> str:
        """The folder of records that could not be delivered, above those of kinds of errors, with the `/` behind it.

        Who gives a `prefix` may be let into no other folder of the bucket, so errors are in it: in one that no reader of tables
        looks into. Besides, a table of ours looks into the folders of its partitions alone.

        Args:
            delivery: The name of the delivery.
        """
        within = f"{self.folder(delivery)}{HIDDEN_ERRORS}" if self.prefix is not None else f"errors/{delivery}"
        return f"{(self.error_prefix or within).rstrip('/')}/"

    def described(self) -> str:
        return f"S3 as {FORMATS[self.format].title}"

    def backup_folder(self) -> tuple[str, BackupSpec] | None:
        return None if self.source_backup is None else ("source_backup", self.source_backup)

    @property
    def copies_all_records(self) -> bool:
        return self.source_backup is not None

    def bucket_folders(self, delivery: str) -> Iterator[BucketFolder]:
        if self.bucket is not None:
            yield BucketFolder(("prefix",) if self.prefix else ("bucket",), self.bucket, self.folder(delivery))
            folder = self.error_folder(delivery)
            # What is inside of the folder of records is in it already.
            if not folder.startswith(self.folder(delivery)):
                errors = ("error_prefix",) if self.error_prefix else ("bucket",)
                yield BucketFolder(errors, self.bucket, folder, "errors")
        yield from super().bucket_folders(delivery)

    def table_findings(self, delivery: str, spec: PipelineSpec) -> Iterator[Finding]:
        table = delivery.replace("-", "_")
        if "_" not in table:
            return
        for name, other in spec.deliveries.items():
            if name == delivery:
                return
            # Most names differ in their length already, which is seen at once.
            if len(name) == len(delivery) and other.to.kind == "s3" and name.replace("-", "_") == table:
                yield Finding(
                    "FIR740",
                    f"`{delivery}` and `{name}` would be one table",
                    (),
                    note=f"a table of the Glue catalog has small letters, digits and `_`: both are `{table}`",
                    help="give one of them another name",
                )

    def delivery_findings(self, delivery: DeliverySpec) -> Iterator[Finding]:
        changes_records = (
            self.is_converted
            or delivery.transform is not None
            or delivery.decompress_cloudwatch_logs
            or delivery.deaggregate is not None
        )
        if self.source_backup is not None and not changes_records:
            yield Finding(
                "FIR724",
                "the backup would be the archive once more",
                ("source_backup",),
                note="nothing changes the records on their way",
                help="take it out",
                edits=(Edit(("source_backup",)),),
            )

    @property
    def is_converted(self) -> bool:
        return FORMATS[self.format].is_converted

    @property
    def compressed_by(self) -> Compression:
        """The compression: the one that is given, or that of the format."""
        return self.compression or FORMATS[self.format].compressions[0]

    @property
    def has_newlines(self) -> bool:
        """Whether there is a newline behind each record of JSON."""
        return self.format == "json" and self.newline is not False

    @property
    def is_dynamic(self) -> bool:
        return any(not partition.is_arrival for partition in self.partition_by)


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
