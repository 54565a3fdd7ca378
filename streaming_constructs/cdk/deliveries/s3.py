"""An archive in S3."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.glue_table import GlueDatabase, GlueTable
from streaming_constructs.cdk.s3_bucket import bucket_of
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.planning.deliveries.firehose import backup_in_archive, has_table
from streaming_constructs.planning.glue_table import json_keys, timestamp_patterns
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.s3_format import JsonFormat, OrcFormat, ParquetFormat
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.s3_bucket import CREATED_BUCKET_FIELDS
from streaming_constructs.spec.schemas import RecordField, RecordSchema, column_name, record_schema

if TYPE_CHECKING:
    # A large module, that only a bucket needs.
    from aws_cdk import aws_s3 as s3

MIB = 1_048_576


class S3Delivery(Delivery):
    """A Firehose stream that archives records in S3, with a Glue table over them where they have a schema.

    Creates what `Delivery` says; an `AWS::S3::Bucket` unless one is brought or named (**stateful**, retained), with a
    key where the spec asks for one; and for records with a schema an `AWS::Glue::Table`, in a database that is brought, named
    or created.

    Example:
        ```python
        lake = S3Delivery(
            stack,
            "Lake",
            source=clicks,
            schema={"page": "string", "at": "timestamp"},
            spec=DeliverySpec(from_="clicks", to=S3Destination(format=ParquetFormat())),
        )
        ```

    Attributes:
        bucket: The bucket of the archive.
        table: The table over the archive, if its records have a schema.
    """

    bucket: s3.IBucket
    table: GlueTable | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: DeliverySpec,
        source: KinesisStream | kinesis.IStream | None = None,
        schema: Mapping[str, str | RecordField] | None = None,
        bucket: s3.IBucket | None = None,
        backup_bucket: s3.IBucket | None = None,
        database: GlueDatabase | None = None,
        transform: lambda_.IFunction | None = None,
        removal_policy: RemovalPolicy = "retain",
        directory: Path | None = None,
    ) -> None:
        """Creates the archive.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for; its `to` is an `S3Destination`.
            source: The stream that it reads. Left out: records are put into it directly.
            schema: The schema of the records that are delivered. Left out: they have none.
            bucket: An existing bucket. Left out: as the spec says.
            backup_bucket: An existing bucket for the source backup. Left out: as the spec says; where it says nothing, the
                bucket of the archive.
            database: A database for the table. Left out: the one that the spec names, else one is created.
            transform: An existing function that transforms records. Left out: as the spec says.
            removal_policy: retain keeps the bucket and logs when they leave the stack, destroy destroys them.
            directory: The folder that the transformation's `code` is relative to. Left out: the working directory.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        fields = record_schema(schema) if schema is not None else None
        super().__init__(
            scope,
            construct_id,
            spec=spec,
            destination=S3Destination,
            source=source,
            schema=fields,
            transform=transform,
            removal_policy=removal_policy,
            directory=directory,
        )
        to, folders = spec.to, self.plan.folders
        assert isinstance(to, S3Destination)
        assert folders is not None
        _check(
            construct_id,
            to,
            bucket_given=bucket is not None,
            backup_given=backup_bucket is not None,
            database_given=database is not None,
            has_table=has_table(self.plan),
        )
        self.bucket = bucket or bucket_of(
            self, "Bucket", to, stream_key=self.encryption_key, removal_policy=removal_policy
        )
        self._may_write(self.bucket, (folders.location, folders.error_prefix.partition("!")[0]))
        self.table = self._table(to, fields, database)
        self._deliver("ExtendedS3DestinationConfiguration", self._destination(to, fields, backup_bucket))

    def _table(self, to: S3Destination, schema: RecordSchema | None, database: GlueDatabase | None) -> GlueTable | None:
        if schema is None or not has_table(self.plan):
            return None
        table = GlueTable(
            self,
            "Table",
            schema=schema,
            bucket=self.bucket,
            spec=to,
            database=database,
            name=self.node.id,
            description=f"Records of the delivery {self.node.id}",
        )
        if to.is_converted:
            self._needed.append(table.permissions_to_read)
        return table

    def _destination(
        self, to: S3Destination, schema: RecordSchema | None, backup_bucket: s3.IBucket | None
    ) -> dict[str, Any]:
        folders = self.plan.folders
        assert folders is not None
        return {
            "BucketARN": self.bucket.bucket_arn,
            "RoleARN": self.role.role_arn,
            "Prefix": folders.prefix,
            "ErrorOutputPrefix": folders.error_prefix,
            "CustomTimeZone": to.time_zone,
            "BufferingHints": {
                "SizeInMBs": self.plan.buffer_mb,
                "IntervalInSeconds": self.plan.buffer_seconds,
            },
            # With conversion the compression is inside the file.
            "CompressionFormat": _COMPRESSIONS[to.format.compression]
            if isinstance(to.format, JsonFormat)
            else "UNCOMPRESSED",
            "EncryptionConfiguration": self._encryption_of(self.bucket),
            "CloudWatchLoggingOptions": self._logging("Delivery"),
            "ProcessingConfiguration": self._processing(),
            "DynamicPartitioningConfiguration": self._dynamic_partitioning(to),
            "DataFormatConversionConfiguration": self._conversion(to.format, schema),
            **self._source_backup(to, backup_bucket),
        }

    def _dynamic_partitioning(self, to: S3Destination) -> dict[str, Any] | None:
        if not to.is_dynamic:
            return None
        seconds = to.retry_seconds
        return {"Enabled": True, "RetryOptions": {"DurationInSeconds": seconds} if seconds is not None else None}

    def _source_backup(self, to: S3Destination, backup_bucket: s3.IBucket | None) -> dict[str, Any]:
        if to.source_backup is None:
            return {}
        bucket = backup_bucket
        if bucket is None and backup_in_archive(to):
            bucket = self.bucket
        return {"S3BackupMode": "Enabled", "S3BackupConfiguration": self._backup(to.source_backup, bucket)}

    def _conversion(self, format_: JsonFormat | ParquetFormat | OrcFormat, schema: RecordSchema | None) -> Any:
        if isinstance(format_, JsonFormat) or self.table is None or schema is None:
            return None
        patterns = timestamp_patterns(schema)
        keys = json_keys(schema)
        return {
            "Enabled": True,
            "InputFormatConfiguration": {
                "Deserializer": {"HiveJsonSerDe": {"TimestampFormats": list(patterns)}}
                if patterns
                else {"OpenXJsonSerDe": {"CaseInsensitive": True, "ColumnToJsonKeyMappings": keys or None}}
            },
            "OutputFormatConfiguration": {"Serializer": _serializer(format_)},
            "SchemaConfiguration": {
                "CatalogId": self.table.table.catalog_id,
                "DatabaseName": self.table.database_name,
                "TableName": self.table.table.ref,
                "Region": self.table.table.stack.region,
                "RoleARN": self.role.role_arn,
                "VersionId": "LATEST",
            },
        }


def _serializer(format_: ParquetFormat | OrcFormat) -> dict[str, Any]:
    if isinstance(format_, ParquetFormat):
        return {
            "ParquetSerDe": {
                "Compression": "UNCOMPRESSED" if format_.compression == "none" else format_.compression.upper(),
                "BlockSizeBytes": format_.block_mb * MIB if format_.block_mb else None,
                "WriterVersion": format_.writer_version.upper(),
            }
        }
    return {
        "OrcSerDe": {
            "Compression": format_.compression.upper(),
            "StripeSizeBytes": format_.stripe_mb * MIB if format_.stripe_mb else None,
            "BloomFilterColumns": [column_name(name) for name in format_.bloom_filter_columns] or None,
        }
    }


_COMPRESSIONS = {
    "gzip": "GZIP",
    "none": "UNCOMPRESSED",
    "zip": "ZIP",
    "snappy": "Snappy",
    "hadoop_snappy": "HADOOP_SNAPPY",
}


def _check(
    name: str, to: S3Destination, *, bucket_given: bool, backup_given: bool, database_given: bool, has_table: bool
) -> None:
    findings = []
    if bucket_given:
        created = ("bucket", "kms_key_arn", *CREATED_BUCKET_FIELDS)
        findings += [brought_finding(f"to.{field}", "bucket") for field in created if field in to.model_fields_set]
    if backup_given and to.source_backup is None:
        findings.append(
            Finding(
                "LNG404",
                "nothing is copied to the bucket that was brought",
                ("to", "source_backup"),
                note="`backup_bucket=` was given",
                help="ask for the copies: `source_backup: {}`, in Python `source_backup=BackupSpec()`",
            )
        )
    if database_given and to.database is not None:
        findings.append(brought_finding("to.database", "database"))
    if database_given and not has_table:
        findings.append(
            Finding(
                "LNG404",
                "the database that was brought gets no table",
                ("to",),
                note="`database=` was given; a table stands over records with a schema that Athena can read",
                help="give the `schema` too, or do not bring a database",
            )
        )
    if findings:
        raise SpecError([finding.below(name) for finding in findings])
