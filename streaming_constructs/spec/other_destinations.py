"""Further destinations of a delivery: Redshift, Splunk, HTTP endpoints, Snowflake and Iceberg tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.buckets import BackupSpec
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import Bool, CatalogName, Int, SecretArn, SpecModel, arn, form, within
from streaming_constructs.spec.search_destinations import FailedBackup

HttpsUrl = Annotated[str, form(r"^https://[^\s/]+(/\S*)?$", "an address that starts with https://", max_length=1000)]
JdbcUrl = Annotated[
    str,
    form(
        r"^jdbc:(redshift|postgresql)://[A-Za-z0-9.-]+\.redshift(-serverless)?\.[a-z0-9.-]+:[0-9]+/\S+$",
        "an address as jdbc:redshift://HOST.redshift.amazonaws.com:5439/DATABASE",
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
    str, arn("glue", r"catalog(/\S+)?", "the ARN of a Glue catalog, arn:aws:glue:REGION:ACCOUNT:catalog")
]
VpcEndpointServiceId = Annotated[
    str,
    form(
        r"^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]+$",
        "the id of Snowflake's endpoint service, com.amazonaws.vpce.REGION.vpce-svc-ID",
    ),
]
VENDOR_LIMITS = {"datadog": "http_datadog", "mongodb": "http_mongodb"}
"""What in the host of an HTTP endpoint names a vendor with a smaller buffer, and its key in the facts."""


class RedshiftDestination(SpecModel):
    """A table of an Amazon Redshift cluster or workgroup, loaded with COPY from objects that are staged in S3."""

    kind: Literal["redshift"] = Field(default="redshift", description="An Amazon Redshift table.")
    jdbc_url: JdbcUrl = Field(
        description="Address of the database, jdbc:redshift://HOST:5439/DATABASE; it has to be reachable from Firehose."
    )
    secret_arn: SecretArn = Field(description="ARN of the secret with `username` and `password`.")
    table: Identifier = Field(description="The table, which has to exist.")
    columns: tuple[Identifier, ...] = Field(
        default=(), description="The columns that are loaded, in order. Left out: those of the table."
    )
    copy_options: str = Field(
        default="json 'auto' gzip",
        max_length=204_800,
        description="Options of the COPY command. Left out: json 'auto' gzip, which reads what is staged.",
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


class SplunkDestination(SpecModel):
    """An HTTP Event Collector of Splunk."""

    kind: Literal["splunk"] = Field(default="splunk", description="A Splunk HTTP Event Collector.")
    endpoint: HttpsUrl = Field(description="Address of the collector, https://HOST:8088.")
    endpoint_type: Literal["raw", "event"] = Field(
        default="raw",
        description="The collector's endpoint: raw, or event for records in Splunk's form. Left out: raw.",
    )
    secret_arn: SecretArn = Field(description="ARN of the secret with `hec_token`.")
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
    backup: FailedBackup = Field(
        default_factory=FailedBackup,
        description="The bucket of records that could not be delivered. Left out: a bucket is created.",
    )


class HttpDestination(SpecModel):
    """An HTTP endpoint that speaks Firehose's protocol, of your own or of a vendor such as Datadog."""

    kind: Literal["http"] = Field(default="http", description="An HTTP endpoint.")
    endpoint: HttpsUrl = Field(description="Its address; https only.")
    secret_arn: SecretArn | None = Field(
        default=None,
        description="ARN of the secret with `api_key`, which travels in a header. Left out: no key is sent.",
    )
    compression: Literal["gzip", "none"] = Field(
        default="gzip", description="Compression of the request's body. Left out: gzip."
    )
    attributes: Mapping[Annotated[str, form(r"^.{1,256}$", "a name of up to 256 characters")], str] = Field(
        default_factory=dict,
        max_length=50,
        description="Attributes that each request carries. Left out: none.",
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
    backup: FailedBackup = Field(
        default_factory=FailedBackup,
        description="The bucket of records that could not be delivered. Left out: a bucket is created.",
    )

    def findings(self) -> Iterator[Finding]:
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


class SnowflakeDestination(SpecModel):
    """A table of Snowflake, by Snowpipe Streaming."""

    kind: Literal["snowflake"] = Field(default="snowflake", description="A Snowflake table.")
    account_url: SnowflakeUrl = Field(description="Address of the account, https://ACCOUNT.snowflakecomputing.com.")
    secret_arn: SecretArn = Field(description="ARN of the secret with `user` and `private_key`.")
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
        default=None, description="Snowflake's endpoint service for a private connection. Left out: over the internet."
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
    backup: FailedBackup = Field(
        default_factory=FailedBackup,
        description="The bucket of records that could not be delivered. Left out: a bucket is created.",
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


class IcebergDestination(SpecModel):
    """Apache Iceberg tables, in S3 with the Glue catalog or in S3 Tables."""

    kind: Literal["iceberg"] = Field(default="iceberg", description="Apache Iceberg tables.")
    catalog_arn: GlueCatalogArn = Field(description="ARN of the Glue catalog that has the tables.")
    table_bucket_arn: Annotated[
        str, form(r"^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "the ARN of a bucket, arn:aws:s3:::NAME")
    ] = Field(description="ARN of the bucket that holds the tables' data.")
    tables: tuple[IcebergTable, ...] = Field(
        min_length=1, description="The tables; with several, the records name theirs by a transform."
    )
    append_only: Bool = Field(
        default=True,
        description="Whether rows are only added; false lets records update and delete. AWS cannot change it later. "
        "Left out: true.",
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
    backup: FailedBackup = Field(
        default_factory=FailedBackup,
        description="The bucket of records that could not be delivered. Left out: a bucket is created.",
    )

    def findings(self) -> Iterator[Finding]:
        for position, table in enumerate(self.tables):
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
