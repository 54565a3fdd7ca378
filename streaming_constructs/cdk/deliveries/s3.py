"""An archive in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery, DeliveryInputs, system_inputs
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.glue_table import GlueDatabase, GlueTable
from streaming_constructs.cdk.node import Context
from streaming_constructs.cdk.s3_bucket import bucket_of
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan, backup_in_archive
from streaming_constructs.planning.glue_table import json_keys, timestamp_patterns
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.s3_bucket import CREATED_BUCKET_FIELDS
from streaming_constructs.spec.schemas import column_name

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
            spec=DeliverySpec(from_="clicks", to=S3Destination(format="parquet")),
        )
        ```

    Attributes:
        bucket: The bucket of the archive.
        table: The table over the archive, if its records have a schema.
        plan: Its numbers: buffer, objects, folders, and the working behind them.
    """

    bucket: s3.IBucket
    table: GlueTable | None
    plan: S3DeliveryPlan

    _destination_spec = S3Destination

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket | None = None,
        database: GlueDatabase | None = None,
        **inputs: Unpack[DeliveryInputs],
    ) -> None:
        """Creates the archive.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            bucket: An existing bucket. Left out: as the spec says.
            database: A database for the table. Left out: the one that the spec names, else one is created.
            **inputs: What every delivery takes; see `Delivery`. `backup_bucket` is for the source backup, which is in the
                bucket of the archive where nothing is said of it.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id, **inputs)
        to, folders = self.plan.to, self.plan.folders
        _check(
            construct_id,
            to,
            bucket_given=bucket is not None,
            backup_given=self._brought_backup_bucket is not None,
            database_given=database is not None,
            has_table=self.plan.has_table,
        )
        self.bucket = bucket or bucket_of(
            self, "Bucket", to, stream_key=self.encryption_key, removal_policy=self._removal_policy
        )
        errors = folders.error_prefix.partition("!")[0]
        # What may be written below the folder of records may be below one inside of it.
        beside = () if errors.startswith(folders.location) else (errors,)
        self._may_write(self.bucket, (folders.location, *beside))
        self.table = self._table(to, database)
        self._deliver(self._destination(to))

    @classmethod
    def of_system(cls, scope: Construct, plan: DeliveryPlan, context: Context) -> Self:
        return cls(
            scope,
            plan.name,
            bucket=context.brought.buckets.get(plan.name),
            database=context.catalog() if plan.needs_database else None,
            **system_inputs(plan, context),
        )

    def _table(self, to: S3Destination, database: GlueDatabase | None) -> GlueTable | None:
        schema = self.plan.schema
        if schema is None or not self.plan.has_table:
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

    def _destination(self, to: S3Destination) -> dict[str, Any]:
        folders = self.plan.folders
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
            "CompressionFormat": "UNCOMPRESSED" if to.is_converted else _COMPRESSIONS[to.compressed_by],
            "EncryptionConfiguration": self._encryption_of(self.bucket),
            "CloudWatchLoggingOptions": self._logging("Delivery"),
            "ProcessingConfiguration": self._processing(),
            "DynamicPartitioningConfiguration": self._dynamic_partitioning(to),
            "DataFormatConversionConfiguration": self._conversion(to),
            **self._source_backup(to),
        }

    def _dynamic_partitioning(self, to: S3Destination) -> dict[str, Any] | None:
        if not to.is_dynamic:
            return None
        seconds = to.retry_seconds
        return {"Enabled": True, "RetryOptions": {"DurationInSeconds": seconds} if seconds is not None else None}

    def _source_backup(self, to: S3Destination) -> dict[str, Any]:
        if to.source_backup is None:
            return {}
        shared = self.bucket if backup_in_archive(to) else None
        return {
            "S3BackupMode": to.facts.backup_modes[True],
            "S3BackupConfiguration": self._backup(to.source_backup, shared),
        }

    def _conversion(self, to: S3Destination) -> dict[str, Any] | None:
        schema = self.plan.schema
        if not to.is_converted or self.table is None or schema is None:
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
            "OutputFormatConfiguration": {"Serializer": _serializer(to)},
            "SchemaConfiguration": {
                "CatalogId": self.table.table.catalog_id,
                "DatabaseName": self.table.database_name,
                "TableName": self.table.table.ref,
                "Region": self.table.table.stack.region,
                "RoleARN": self.role.role_arn,
                "VersionId": "LATEST",
            },
        }


def _serializer(to: S3Destination) -> dict[str, Any]:
    if to.format == "parquet":
        return {
            "ParquetSerDe": {
                "Compression": "UNCOMPRESSED" if to.compressed_by == "none" else to.compressed_by.upper(),
                "BlockSizeBytes": to.block_mb * MIB if to.block_mb else None,
                "WriterVersion": (to.writer_version or "v1").upper(),
            }
        }
    return {
        "OrcSerDe": {
            "Compression": to.compressed_by.upper(),
            "StripeSizeBytes": to.stripe_mb * MIB if to.stripe_mb else None,
            "BloomFilterColumns": [column_name(name) for name in to.bloom_filter_columns] or None,
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
