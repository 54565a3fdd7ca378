"""Apache Iceberg tables as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.arns import BucketName
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.secret import Identifier
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import (
    Bool,
    CatalogName,
    Int,
    KeyArn,
    SpecModel,
    arn,
    listed_once,
    within,
)

GlueCatalogArn = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_CatalogConfiguration.html
    # and https://docs.aws.amazon.com/glue/latest/dg/s3tables-catalog-prerequisites.html
    arn(
        "glue",
        r"catalog(/s3tablescatalog/[a-z0-9][a-z0-9-]{1,61}[a-z0-9])?",
        "the ARN of a Glue catalog, arn:aws:glue:REGION:ACCOUNT:catalog, for S3 Tables with /s3tablescatalog/BUCKET after it",
    ),
]


class IcebergTable(SpecModel):
    """One Iceberg table, and how records find their row in it."""

    database: CatalogName = Field(description="The Glue database.")
    table: CatalogName = Field(description="The table in it, which has to exist.")
    unique_keys: tuple[Identifier, ...] = Field(
        default=(), description="Columns that make a row, for updates and deletes. Left out: rows are only added."
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "unique_keys")


class IcebergDestination(BackedUpDestination):
    """Apache Iceberg tables: of an account's Glue catalog with their data in a bucket of S3, or in S3 Tables."""

    title: ClassVar[str] = "Iceberg tables"

    kind: Literal["iceberg"] = Field(default="iceberg", description="Apache Iceberg tables.")
    catalog_arn: GlueCatalogArn = Field(
        description="ARN of the Glue catalog that has the tables; to change it replaces the delivery."
    )
    table_bucket_arn: BucketName | None = Field(
        default=None,
        description="ARN of the bucket that holds the tables' data. Left out: the catalog is one of S3 Tables, which keeps it "
        "itself.",
    )
    table_bucket_kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that this bucket is encrypted with. Left out: no permission on a key.",
    )
    tables: tuple[IcebergTable, ...] = Field(
        min_length=1, description="The tables; with several, a `transform` says which one a record belongs to."
    )
    append_only: Bool = Field(
        default=True,
        description="Whether rows are only added; false lets a `transform` say that a record updates or deletes one. AWS "
        "cannot change it later. Left out: true.",
    )
    buffer_mb: Annotated[Int, within(firehose.BUFFER_MIB["iceberg"])] = Field(
        default=64, description="Size of a file, in MiB of records, 1 to 128. Left out: 64."
    )
    buffer_seconds: Annotated[Int, within(firehose.BUFFER_SECONDS["iceberg"])] = Field(
        default=300, description="Age at which a file is committed, in seconds, 0 to 900. Left out: 300."
    )
    retry_seconds: Annotated[Int, within(firehose.RETRY_SECONDS["iceberg"])] = Field(
        default=300, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 300."
    )

    def findings(self) -> Iterator[Finding]:
        if self.backup.records == "all":
            yield Finding(
                "FIR734",
                "of deliveries to Iceberg tables only failed records are kept",
                ("backup", "records"),
                note="Firehose carries out no other backup for them",
                help="take it out; to keep all records as they come, add a delivery of their stream to S3",
            )
        yield from self._bucket_findings()
        names = [(table.database, table.table) for table in self.tables]
        for position, table in enumerate(self.tables):
            if names[position] in names[:position]:
                yield Finding(
                    "LNG406",
                    "an item of `tables` is listed twice",
                    ("tables", position),
                    note=f"`{table.database}.{table.table}` is item {names.index(names[position])} too, counted from 0",
                    help="take one out",
                )
            if self.append_only and table.unique_keys:
                yield Finding(
                    "LNG404",
                    "`unique_keys` has no effect here",
                    ("tables", position, "unique_keys"),
                    note="rows are only added, so none has to be found",
                    help="take it out, or set `append_only: false`",
                )
            elif not self.append_only and not table.unique_keys:
                yield Finding(
                    "FIR725",
                    "a table that is updated needs the columns that make a row",
                    ("tables", position),
                    note="without them Firehose cannot tell which row a record updates or deletes",
                    help="give `unique_keys`, or set `append_only: true`",
                )

    @property
    def is_in_s3_tables(self) -> bool:
        """Whether the tables are in a table bucket of S3 Tables, which has a catalog of its own."""
        return "/s3tablescatalog/" in self.catalog_arn

    def _bucket_findings(self) -> Iterator[Finding]:
        if self.is_in_s3_tables:
            for field in ("table_bucket_arn", "table_bucket_kms_key_arn"):
                if getattr(self, field) is not None:
                    yield Finding(
                        "LNG404",
                        f"`{field}` has no effect here",
                        (field,),
                        note="the catalog is one of S3 Tables, through which Firehose gets at the data",
                        help="take it out",
                    )
        elif self.table_bucket_arn is None:
            yield Finding(
                "FIR735",
                "the bucket of the tables' data is missing",
                help="give `table_bucket_arn`, or a `catalog_arn` of S3 Tables, which ends in s3tablescatalog/BUCKET",
            )

    def findings_without_transform(self) -> Iterator[Finding]:
        """What is wrong where no function says to which table a record belongs, and what it does there.

        Firehose takes both from a function, or else from JQ expressions, which the language does not have.
        Source: https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record.html
        """
        if len(self.tables) > 1:
            yield Finding(
                "FIR728",
                "nothing says which table a record belongs to",
                ("tables",),
                note=f"there are {len(self.tables)} tables, and no `transform`",
                help="add a `transform` whose function returns `destinationDatabaseName` and `destinationTableName` in the "
                "`metadata.otfMetadata` of each record, or make it a delivery for each table",
            )
        if not self.append_only:
            yield Finding(
                "FIR728",
                "nothing says which records update or delete a row",
                ("append_only",),
                note="without a `transform` each record is added as a row",
                help="add a `transform` whose function returns `operation` in the `metadata.otfMetadata` of each record, or "
                "set `append_only: true`",
            )
