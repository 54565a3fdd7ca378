"""Further destinations of a delivery: Redshift, Splunk, HTTP endpoints, Snowflake and Iceberg tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.buckets import BackupSpec
from streaming_constructs.spec.failures import BucketArn
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import (
    Bool,
    CatalogName,
    Int,
    KeyArn,
    SecretArn,
    SpecModel,
    arn,
    form,
    listed_once,
    only_with,
    within,
)
from streaming_constructs.spec.search_destinations import BackedUpDestination

SplunkUrl = Annotated[str, form(r"^https://[^\s/]+(/\S*)?$", "an address that starts with https://", max_length=2048)]
HttpUrl = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
    form(
        r"^https://[^\s/:@]+(:443)?(/\S*)?$",
        "an address that starts with https://, on port 443, which is the only one that Firehose delivers to",
        max_length=1000,
    ),
]
JdbcUrl = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_RedshiftDestinationConfiguration.html
    form(
        r"^jdbc:(redshift|postgresql)://([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+redshift(-serverless)?"
        r"\.[A-Za-z0-9.-]+:[0-9]{1,5}/[A-Za-z0-9_$-]+$",
        "an address as jdbc:redshift://HOST.redshift.amazonaws.com:5439/DATABASE, without parameters",
        max_length=512,
    ),
]
SnowflakeUrl = Annotated[
    str,
    form(
        r"^(https://)?[A-Za-z0-9_.-]+\.snowflakecomputing\.com(:443)?$",
        "an address as https://ACCOUNT.snowflakecomputing.com",
    ),
]
Identifier = Annotated[str, form(r"^\S(.{0,253}\S)?$", "a name of up to 255 characters")]
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
VpcEndpointServiceId = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_SnowflakeVpcConfiguration.html
    form(
        r"^(cn\.)?com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-z]{17}$",
        "the id of Snowflake's endpoint service, com.amazonaws.vpce.REGION.vpce-svc-ID",
    ),
]
AttributeName = Annotated[str, form(r"^\s*\S[\s\S]*$", "a name of up to 256 characters, not blank", max_length=256)]
AttributeValue = Annotated[str, Field(max_length=1024)]
VENDOR_LIMITS = {"datadog": "http_datadog", "mongodb": "http_mongodb"}
"""What in the host of an HTTP endpoint names a vendor with a smaller buffer, and its key in the facts."""
_KEY_OF_IT = (
    "ARN of the customer managed key that the secret is encrypted with. "
    "Left out: it is under the key of Secrets Manager, which takes no permission."
)


class RedshiftDestination(SpecModel):
    """A table of an Amazon Redshift cluster or workgroup, loaded with COPY from objects that are staged in S3."""

    kind: Literal["redshift"] = Field(default="redshift", description="An Amazon Redshift table.")
    jdbc_url: JdbcUrl = Field(
        description="Address of the database, jdbc:redshift://HOST:5439/DATABASE; it has to be reachable from Firehose."
    )
    secret_arn: SecretArn = Field(description="ARN of the secret with `username` and `password`.")
    secret_key_arn: KeyArn | None = Field(default=None, description=_KEY_OF_IT)
    table: Identifier = Field(description="The table, which has to exist.")
    columns: tuple[Identifier, ...] = Field(
        default=(), description="The columns that are loaded, in order. Left out: those of the table."
    )
    copy_options: str = Field(
        default="json 'auto' gzip",
        max_length=204_800,
        description="Options of the COPY command; what is staged is gzipped. Left out: json 'auto' gzip.",
    )
    buffer_mib: Annotated[Int, within(firehose.BUFFER_MIB["redshift"])] = Field(
        default=64, description="Size of a staged object, in MiB, 1 to 128. Left out: 64."
    )
    buffer_seconds: Annotated[Int, within(firehose.BUFFER_SECONDS["redshift"])] = Field(
        default=300,
        description="Age at which an object is loaded, in seconds, 0 to 900. Left out: 300.",
    )
    retry_seconds: Annotated[Int, within(firehose.RETRY_SECONDS["redshift"])] = Field(
        default=3600, description="How long a COPY is retried, in seconds, 0 to 7200. Left out: 3600."
    )
    staging: BackupSpec = Field(
        default_factory=BackupSpec,
        description="The bucket of staged objects, and of the manifests of those that could not be loaded. "
        "Left out: a bucket is created.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "columns")
        if "gzip" not in self.copy_options.lower().replace(";", " ").split():
            yield Finding(
                "SC729",
                "the COPY command is not told that what it loads is gzipped",
                ("copy_options",),
                note="Firehose stages objects gzipped, and COPY takes them for text",
                help="add `gzip` to the options",
            )


class SplunkDestination(BackedUpDestination):
    """An HTTP Event Collector of Splunk."""

    kind: Literal["splunk"] = Field(default="splunk", description="A Splunk HTTP Event Collector.")
    endpoint: SplunkUrl = Field(description="Address of the collector, https://HOST:8088.")
    endpoint_type: Literal["raw", "event"] = Field(
        default="raw",
        description="The collector's endpoint: raw, or event for records in Splunk's form. Left out: raw.",
    )
    secret_arn: SecretArn = Field(description="ARN of the secret with `hec_token`.")
    secret_key_arn: KeyArn | None = Field(default=None, description=_KEY_OF_IT)
    acknowledgement_seconds: Annotated[Int, within(firehose.SPLUNK_ACKNOWLEDGEMENT_SECONDS)] = Field(
        default=300,
        description="How long Firehose waits for Splunk to say that it has the data, in seconds, 180 to 600. Left out: 300.",
    )
    buffer_mib: Annotated[Int, within(firehose.BUFFER_MIB["splunk"])] = Field(
        default=5, description="Size of a request, in MiB, 1 to 5. Left out: 5."
    )
    buffer_seconds: Annotated[Int, within(firehose.BUFFER_SECONDS["splunk"])] = Field(
        default=60, description="Age at which records are sent, in seconds, 0 to 60. Left out: 60."
    )
    retry_seconds: Annotated[Int, within(firehose.RETRY_SECONDS["splunk"])] = Field(
        default=300, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 300."
    )


class HttpDestination(BackedUpDestination):
    """An HTTP endpoint that speaks Firehose's protocol, of your own or of a vendor such as Datadog."""

    kind: Literal["http"] = Field(default="http", description="An HTTP endpoint.")
    endpoint: HttpUrl = Field(description="Its address; https on port 443 only.")
    secret_arn: SecretArn | None = Field(
        default=None,
        description="ARN of the secret with `api_key`, which travels in a header. Left out: no key is sent.",
    )
    secret_key_arn: KeyArn | None = Field(default=None, description=_KEY_OF_IT)
    compression: Literal["gzip", "none"] = Field(
        default="gzip", description="Compression of the request's body. Left out: gzip."
    )
    attributes: Mapping[AttributeName, AttributeValue] = Field(
        default_factory=dict,
        max_length=50,
        description="Attributes that each request carries, in a header; values have up to 1024 characters. Left out: none.",
    )
    buffer_mib: Annotated[Int, within(firehose.BUFFER_MIB["http"])] | None = Field(
        default=None, description="Size of a request, in MiB, 1 to 64; Datadog takes 4, MongoDB 16. Left out: 4."
    )
    buffer_seconds: Annotated[Int, within(firehose.BUFFER_SECONDS["http"])] = Field(
        default=60, description="Age at which records are sent, in seconds, 0 to 900. Left out: 60."
    )
    retry_seconds: Annotated[Int, within(firehose.RETRY_SECONDS["http"])] = Field(
        default=300, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 300."
    )

    def findings(self) -> Iterator[Finding]:
        yield from only_with(
            self,
            "secret_arn",
            "secret_key_arn",
            code="SC404",
            reason="without a secret there is nothing to decrypt",
        )
        host = urlsplit(self.endpoint).hostname or ""
        for vendor, key in VENDOR_LIMITS.items():
            most = firehose.BUFFER_MIB[key].maximum
            if vendor in host and self.buffer_mib is not None and self.buffer_mib > most:
                yield Finding(
                    "SC721",
                    "requests are larger than this vendor takes",
                    ("buffer_mib",),
                    note=f"{self.buffer_mib} MiB; {host} takes {most} MiB",
                    help=f"set it to {most} or less",
                )


class SnowflakeDestination(BackedUpDestination):
    """A table of Snowflake, by Snowpipe Streaming."""

    kind: Literal["snowflake"] = Field(default="snowflake", description="A Snowflake table.")
    account_url: SnowflakeUrl = Field(description="Address of the account, https://ACCOUNT.snowflakecomputing.com.")
    secret_arn: SecretArn = Field(
        description="ARN of the secret with `user`, `private_key` and, where the key has one, `key_passphrase`."
    )
    secret_key_arn: KeyArn | None = Field(default=None, description=_KEY_OF_IT)
    database: Identifier = Field(description="The database.")
    schema_name: Identifier = Field(
        validation_alias="schema", serialization_alias="schema", description="The schema in it."
    )
    table: Identifier = Field(description="The table in it, which has to exist.")
    role: Identifier | None = Field(
        default=None, description="The role that Firehose takes in Snowflake. Left out: the user's own."
    )
    load_as: Literal["json_mapping", "variant", "variant_and_metadata"] = Field(
        default="json_mapping",
        description="json_mapping (fields to columns of the same name), variant (the record in one column) or "
        "variant_and_metadata. Left out: json_mapping.",
    )
    content_column: Identifier | None = Field(
        default=None, description="The VARIANT column that takes the record. Left out: give it with variant loading."
    )
    metadata_column: Identifier | None = Field(
        default=None,
        description="The VARIANT column that takes the metadata. Left out: give it with variant_and_metadata.",
    )
    private_link_service: VpcEndpointServiceId | None = Field(
        default=None,
        description="Snowflake's endpoint service for a private connection; to change it replaces the delivery. "
        "Left out: over the internet.",
    )
    buffer_mib: Annotated[Int, within(firehose.BUFFER_MIB["snowflake"])] = Field(
        default=1, description="Size of what is sent at once, in MiB, 1 to 128. Left out: 1."
    )
    buffer_seconds: Annotated[Int, within(firehose.BUFFER_SECONDS["snowflake"])] = Field(
        default=0, description="Age at which records are sent, in seconds, 0 to 900. Left out: 0, at once."
    )
    retry_seconds: Annotated[Int, within(firehose.RETRY_SECONDS["snowflake"])] = Field(
        default=60, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 60."
    )

    def findings(self) -> Iterator[Finding]:
        needed = {
            "content_column": self.load_as != "json_mapping",
            "metadata_column": self.load_as == "variant_and_metadata",
        }
        for field, is_needed in needed.items():
            given = getattr(self, field) is not None
            if is_needed and not given:
                yield Finding(
                    "SC722",
                    f"`load_as: {self.load_as}` needs a `{field}`",
                    ("load_as",),
                    help=f"give `{field}`, or set `load_as: json_mapping`",
                )
            elif given and not is_needed:
                yield Finding(
                    "SC404",
                    f"`{field}` has no effect here",
                    (field,),
                    note=f"with `load_as: {self.load_as}` nothing is written to it",
                    help="take it out, or choose another `load_as`",
                )


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

    kind: Literal["iceberg"] = Field(default="iceberg", description="Apache Iceberg tables.")
    catalog_arn: GlueCatalogArn = Field(
        description="ARN of the Glue catalog that has the tables; to change it replaces the delivery."
    )
    table_bucket_arn: BucketArn | None = Field(
        default=None,
        description="ARN of the bucket that holds the tables' data. Left out: the catalog is one of S3 Tables, which keeps it "
        "itself.",
    )
    table_bucket_key_arn: KeyArn | None = Field(
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
    buffer_mib: Annotated[Int, within(firehose.BUFFER_MIB["iceberg"])] = Field(
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
                "SC734",
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
                    "SC406",
                    "an item of `tables` is listed twice",
                    ("tables", position),
                    note=f"`{table.database}.{table.table}` is item {names.index(names[position])} too, counted from 0",
                    help="take one out",
                )
            if self.append_only and table.unique_keys:
                yield Finding(
                    "SC404",
                    "`unique_keys` has no effect here",
                    ("tables", position, "unique_keys"),
                    note="rows are only added, so none has to be found",
                    help="take it out, or set `append_only: false`",
                )
            elif not self.append_only and not table.unique_keys:
                yield Finding(
                    "SC725",
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
            for field in ("table_bucket_arn", "table_bucket_key_arn"):
                if getattr(self, field) is not None:
                    yield Finding(
                        "SC404",
                        f"`{field}` has no effect here",
                        (field,),
                        note="the catalog is one of S3 Tables, through which Firehose gets at the data",
                        help="take it out",
                    )
        elif self.table_bucket_arn is None:
            yield Finding(
                "SC735",
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
                "SC728",
                "nothing says which table a record belongs to",
                ("tables",),
                note=f"there are {len(self.tables)} tables, and no `transform`",
                help="add a `transform` whose function returns `destinationDatabaseName` and `destinationTableName` in the "
                "`metadata.otfMetadata` of each record, or make it a delivery for each table",
            )
        if not self.append_only:
            yield Finding(
                "SC728",
                "nothing says which records update or delete a row",
                ("append_only",),
                note="without a `transform` each record is added as a row",
                help="add a `transform` whose function returns `operation` in the `metadata.otfMetadata` of each record, or "
                "set `append_only: true`",
            )
