"""An Amazon Redshift table as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.deliveries.secret import KEY_ARN_HELP, Identifier
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import (
    Int,
    KeyArn,
    SecretArn,
    form,
    listed_once,
    within,
)
from streaming_constructs.spec.s3_bucket import BackupSpec

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


class RedshiftDestination(DestinationSpec):
    """A table of an Amazon Redshift cluster or workgroup, loaded with COPY from objects that are staged in S3."""

    title: ClassVar[str] = "Redshift"

    kind: Literal["redshift"] = Field(default="redshift", description="An Amazon Redshift table.")
    jdbc_url: JdbcUrl = Field(
        description="Address of the database, jdbc:redshift://HOST:5439/DATABASE; it has to be reachable from Firehose."
    )
    secret_arn: SecretArn = Field(description="ARN of the secret with `username` and `password`.")
    secret_kms_key_arn: KeyArn | None = Field(default=None, description=KEY_ARN_HELP)
    table: Identifier = Field(description="The table, which has to exist.")
    columns: tuple[Identifier, ...] = Field(
        default=(), description="The columns that are loaded, in order. Left out: those of the table."
    )
    copy_options: str = Field(
        default="json 'auto' gzip",
        max_length=204_800,
        description="Options of the COPY command; what is staged is gzipped. Left out: json 'auto' gzip.",
    )
    buffer_mb: Annotated[Int, within(firehose.BUFFER_MIB["redshift"])] = Field(
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
                "FIR729",
                "the COPY command is not told that what it loads is gzipped",
                ("copy_options",),
                note="Firehose stages objects gzipped, and COPY takes them for text",
                help="add `gzip` to the options",
            )

    def backup_folder(self) -> tuple[str, BackupSpec]:
        return "staging", self.staging
