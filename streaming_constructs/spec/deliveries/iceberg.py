"""Apache Iceberg tables as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.arns import BucketName
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.secret import Identifier
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.kept import Kept
from streaming_constructs.spec.model import (
    Bool,
    CatalogName,
    Int,
    KeyArn,
    SpecModel,
    arn,
    listed_once,
    no_effect,
    within,
)
from streaming_constructs.spec.node import BucketFolder

if TYPE_CHECKING:
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec

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
    """One Iceberg table of several, and how records find their row in it."""

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
    facts: ClassVar = firehose.ICEBERG
    example: ClassVar = {
        "kind": "iceberg",
        "database": "sales",
        "table": "orders",
        "unique_keys": ["order_id"],
        "table_bucket": "company-lakehouse",
    }

    kind: Literal["iceberg"] = Field(default="iceberg", description="Apache Iceberg tables.")
    database: CatalogName | None = Field(
        default=None, description="The Glue database of the one table. Left out: give `tables`."
    )
    table: CatalogName | None = Field(
        default=None, description="The one table, which has to exist. Left out: give `tables`."
    )
    unique_keys: tuple[Identifier, ...] = Field(
        default=(),
        description="Columns that make a row of the one table: each record replaces the row with its keys, or becomes one "
        "where there is none. Firehose keeps no order, so of two records with one key either may come last. With a `transform` "
        "its function says in `metadata.otfMetadata` what a record does. Left out: rows are only added.",
    )
    tables: tuple[IcebergTable, ...] = Field(
        default=(),
        description="Several tables, of which a `transform` says the one that a record belongs to. Left out: give `database` "
        "and `table`.",
    )
    catalog_arn: GlueCatalogArn | None = Field(
        default=None,
        description="ARN of the Glue catalog that has the tables; to change it replaces the delivery. Left out: that of the "
        "account and region of the stack.",
    )
    table_bucket: BucketName | None = Field(
        default=None,
        description="Name or ARN of the bucket that holds the tables' data. Left out: the catalog is one of S3 Tables, which "
        "keeps it itself.",
    )
    table_bucket_kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that this bucket is encrypted with. Left out: no permission on a key.",
    )
    append_only: Bool | None = Field(
        default=None,
        description="Whether rows are only added, which lets Firehose scale by itself; AWS cannot change it later. "
        "Left out: true, and false where there are `unique_keys`.",
    )
    buffer_mb: Annotated[Int, within(firehose.ICEBERG.buffer_mb)] = Field(
        default=64, description="Size of a file, in MiB of records, 1 to 128. Left out: 64."
    )
    buffer_seconds: Annotated[Int, within(firehose.ICEBERG.buffer_seconds)] = Field(
        default=300, description="Age at which a file is committed, in seconds, 0 to 900. Left out: 300."
    )
    retry_seconds: Annotated[Int, within(firehose.ICEBERG.retry_seconds)] = Field(
        default=300, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 300."
    )

    def findings(self) -> Iterator[Finding]:
        if self.copies_all_records:
            yield Finding(
                "FIR734",
                "of deliveries to Iceberg tables only failed records are kept",
                ("backup", "records"),
                note="Firehose carries out no other backup for them",
                help="take it out; to keep all records as they come, add a delivery of their stream to S3",
                edits=(Edit(("backup",)),),
            )
        yield from self._bucket_findings()
        yield from self._table_findings()
        yield from listed_once(self, "unique_keys")
        for path, table in self._placed_tables():
            if self.append_only and table.unique_keys:
                yield Finding(
                    "LNG404",
                    "`unique_keys` has no effect here",
                    (*path, "unique_keys"),
                    note="rows are only added, so none has to be found",
                    help="take it out, or take out `append_only: true`",
                    edits=(Edit(("append_only",)),),
                )
            elif self.append_only is False and not table.unique_keys:
                yield Finding(
                    "FIR725",
                    "a table that is updated needs the columns that make a row",
                    path,
                    note="without them Firehose cannot tell which row a record updates or deletes",
                    help="give `unique_keys`, or take out `append_only: false`",
                    edits=(Edit(("append_only",)),),
                )

    def _table_findings(self) -> Iterator[Finding]:
        flat = [field for field in ("database", "table", "unique_keys") if getattr(self, field)]
        if self.tables:
            for field in flat:
                yield no_effect(
                    field, note="each of the `tables` has its own", help_="take it out, or take out `tables`"
                )
        else:
            for field, value in (("database", "sales"), ("table", "orders")):
                if field not in flat:
                    yield Finding(
                        "LNG202",
                        f"`{field}` is missing",
                        (field,),
                        help=f"add `{field}: {value}`",
                        edits=(Edit((field,), value, invented=True),),
                    )
        names = [(table.database, table.table) for table in self.tables]
        for position, name in enumerate(names):
            if name in names[:position]:
                yield Finding(
                    "LNG406",
                    "an item of `tables` is listed twice",
                    ("tables", position),
                    note=f"`{'.'.join(name)}` is item {names.index(name)} too, counted from 0",
                    help="take one out",
                    edits=(Edit(("tables", position)),),
                )

    def _placed_tables(self) -> Iterator[tuple[SpecPath, IcebergTable]]:
        """The tables, each with where the spec describes it."""
        if self.database is not None and self.table is not None:
            keys = tuple(dict.fromkeys(self.unique_keys))
            yield (), IcebergTable(database=self.database, table=self.table, unique_keys=keys)
        for position, table in enumerate(self.tables):
            yield ("tables", position), table

    @property
    def all_tables(self) -> tuple[IcebergTable, ...]:
        """The tables, however they are given."""
        return tuple(table for _, table in self._placed_tables())

    @property
    def only_adds(self) -> bool:
        """Whether rows are only added: `AppendOnly`."""
        return not any(table.unique_keys for table in self.all_tables)

    @property
    def is_in_s3_tables(self) -> bool:
        """Whether the tables are in a table bucket of S3 Tables, which has a catalog of its own."""
        return "/s3tablescatalog/" in (self.catalog_arn or "")

    def _bucket_findings(self) -> Iterator[Finding]:
        if self.is_in_s3_tables:
            for field in ("table_bucket", "table_bucket_kms_key_arn"):
                if getattr(self, field) is not None:
                    yield no_effect(
                        field, note="the catalog is one of S3 Tables, through which Firehose gets at the data"
                    )
        elif self.table_bucket is None:
            yield Finding(
                "FIR735",
                "the bucket of the tables' data is missing",
                ("table_bucket",),
                note="Firehose writes the data itself, and needs permission on the bucket that the tables were created in",
                help="add `table_bucket: company-lakehouse`, or a `catalog_arn` of S3 Tables, which ends in "
                "s3tablescatalog/BUCKET",
                edits=(Edit(("table_bucket",), "company-lakehouse", invented=True),),
            )

    def bucket_folders(self, delivery: str) -> Iterator[BucketFolder]:
        """The folders beside the tables, and those that the tables' data is likely to be in: only the catalog knows them."""
        yield from super().bucket_folders(delivery)
        for _, table in self._placed_tables() if self.table_bucket is not None else ():
            for folder in (f"{table.database}/{table.table}", f"{table.database}.db/{table.table}"):
                yield BucketFolder(("table_bucket",), self.table_bucket or "", f"{folder}/", "table_data")

    def kept(self, delivery: str) -> Iterator[Kept]:
        yield Kept(
            "whether rows are only added",
            self.only_adds,
            ("to", "unique_keys") if self.unique_keys else ("to",),
            "EVO971",
            note="Firehose does not change `AppendOnly` of a stream that is there",
        )
        yield Kept(
            "the catalog",
            self.catalog_arn or "that of the account",
            ("to", "catalog_arn"),
            "EVO973",
            note="CloudFormation replaces the Firehose stream, and what the old one had not delivered is lost",
        )

    def written_to(self, delivery: str) -> Mapping[str, str]:
        where = self.catalog_arn or "the Glue catalog of the stack"
        tables = ", ".join(
            f"{table.database}.{table.table}"
            + (f" (a row is {', '.join(table.unique_keys)})" if table.unique_keys else "")
            for table in self.all_tables
        )
        many = len(self.all_tables) > 1
        told = {"tables" if many else "table": f"{tables} of {where}; {'they have' if many else 'it has'} to exist"}
        return told | ({"data": f"s3://{self.table_bucket}"} if self.table_bucket else {})

    def existing_tables(self, delivery: str) -> Iterator[tuple[SpecPath, str]]:
        # Without a catalog it is that of the stack, and its account may be another one.
        where = self.catalog_arn or (f"s3://{self.table_bucket}" if self.table_bucket else "")
        for path, table in self._placed_tables() if where else ():
            yield (*path, "table"), f"the table {table.database}.{table.table} of {where}"

    def delivery_findings(self, delivery: DeliverySpec) -> Iterator[Finding]:
        """What is wrong where no function says to which of several tables a record belongs.

        Source: https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record-different.html

        Args:
            delivery: The delivery.
        """
        if len(self.all_tables) > 1 and delivery.transform is None:
            yield Finding(
                "FIR728",
                "nothing says which table a record belongs to",
                ("tables",),
                note=f"there are {len(self.all_tables)} tables, and no `transform`",
                help="add a `transform` whose function returns `destinationDatabaseName` and `destinationTableName` in the "
                "`metadata.otfMetadata` of each record, or make it a delivery for each table",
                edits=(Edit(("tables",), [self.tables[0].model_dump(exclude_defaults=True)], invented=True),),
            )
