"""An Amazon Redshift table as the destination of a delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
from streaming_constructs.spec.deliveries.copy_command import column_refused, options_refused, table_refused
from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.deliveries.secret import KEY_ARN_HELP, Identifier
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import (
    Int,
    KeyArn,
    SecretArn,
    form,
    listed_once,
    no_effect,
    refusal,
    within,
)
from streaming_constructs.spec.node import BucketFolder

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


def _known_address(value: Any) -> Any:
    """Refuses the bare name of a cluster: AWS puts characters of its own into the address."""
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9-]{0,62}", value):
        endpoint = f"{value}.abcdefghijkl.eu-west-1.redshift.amazonaws.com"
        raise refusal(
            Finding(
                "LNG206",
                "the address of a cluster does not follow from its name",
                note="AWS puts characters of its own between name and region; the console shows them, and so does "
                f"`aws redshift describe-clusters --cluster-identifier {value} --query Clusters[0].Endpoint.Address`",
                help=f"write the whole endpoint: `cluster: {endpoint}`",
                edits=(Edit((), endpoint, invented=True),),
            )
        )
    return value


ClusterEndpoint = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/redshift/latest/mgmt/jdbc20-obtain-url.html
    form(
        r"^[a-z][a-z0-9-]{0,62}\.[a-z0-9]+\.[a-z0-9-]+\.redshift\.amazonaws\.com(\.cn)?(:[0-9]{1,5})?$",
        "the endpoint of a cluster, NAME.ID.REGION.redshift.amazonaws.com, as the console shows it",
    ),
    BeforeValidator(_known_address),
]
Workgroup = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
    form(
        r"^[a-z0-9-]{3,64}(\.[0-9]{12}\.[a-z0-9-]+\.redshift-serverless\.amazonaws\.com(\.cn)?(:[0-9]{1,5})?)?$",
        "the name of a workgroup, or its endpoint, NAME.ACCOUNT.REGION.redshift-serverless.amazonaws.com",
    ),
]
DatabaseName = Annotated[str, form(r"^[A-Za-z0-9_$-]{1,127}$", "a database of letters, digits and _$-")]
PORT = 5439
"""Where a cluster or workgroup listens unless it was created otherwise.

Source: https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
"""
STAGING_FOLDERS = ("errors/", "manifests/")
"""Folders of the staging bucket for the lists of objects that are loaded, and of those that could not be.

AWS names `errors/` and does not say whether it is below the prefix of the objects, so the delivery may write to both.
Source: https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""
SHOWN_CHARACTERS = 80
WAYS = ("cluster", "workgroup", "jdbc_url")
"""Fields that say where the database is; a destination has one of them."""


class RedshiftDestination(DestinationSpec):
    """A table of an Amazon Redshift cluster or workgroup, loaded with COPY from objects that are staged in S3."""

    title: ClassVar[str] = "Redshift"
    facts: ClassVar = firehose.REDSHIFT
    example: ClassVar = {
        "kind": "redshift",
        "workgroup": "analytics",
        "database": "analytics",
        "table": "public.orders",
        "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:NAME-AbCdEf",
    }

    kind: Literal["redshift"] = Field(default="redshift", description="An Amazon Redshift table.")
    cluster: ClusterEndpoint | None = Field(
        default=None,
        description="Endpoint of the cluster, NAME.ID.REGION.redshift.amazonaws.com as the console shows it; it has to be "
        "reachable from Firehose. Left out: give `workgroup` or `jdbc_url`.",
    )
    workgroup: Workgroup | None = Field(
        default=None,
        description="Name of the workgroup of Redshift Serverless in the account and region of the stack, or its whole "
        "endpoint; it has to be reachable from Firehose. Left out: give `cluster` or `jdbc_url`.",
    )
    database: DatabaseName | None = Field(
        default=None, description="The database of the cluster or workgroup. Left out: it is in `jdbc_url`."
    )
    jdbc_url: JdbcUrl | None = Field(
        default=None,
        description="The whole address, jdbc:redshift://HOST:5439/DATABASE, where it is none of a cluster or workgroup. "
        "Left out: it follows from these.",
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
    buffer_mb: Annotated[Int, within(firehose.REDSHIFT.buffer_mb)] = Field(
        default=64, description="Size of a staged object, in MiB, 1 to 128. Left out: 64."
    )
    buffer_seconds: Annotated[Int, within(firehose.REDSHIFT.buffer_seconds)] = Field(
        default=300,
        description="Age at which an object is loaded, in seconds, 0 to 900. Left out: 300.",
    )
    retry_seconds: Annotated[Int, within(firehose.REDSHIFT.retry_seconds)] = Field(
        default=3600, description="How long a COPY is retried, in seconds, 0 to 7200. Left out: 3600."
    )
    staging: BackupSpec = Field(
        default_factory=BackupSpec,
        description="The bucket of staged objects, and of the manifests of those that could not be loaded. "
        "Left out: a bucket is created.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from self._address_findings()
        yield from listed_once(self, "columns")
        yield from self._command_findings()
        if "gzip" not in self.copy_options.lower().replace(";", " ").split():
            yield Finding(
                "FIR729",
                "the COPY command is not told that what it loads is gzipped",
                ("copy_options",),
                note="Firehose stages objects gzipped, and COPY takes them for text",
                help="add `gzip` to the options",
                edits=(Edit(("copy_options",), f"{self.copy_options.rstrip(' ;')} gzip"),),
            )

    def _command_findings(self) -> Iterator[Finding]:
        parts: list[tuple[SpecPath, str, str]] = [(("table",), self.table, table_refused(self.table))]
        parts += [(("columns", at), column, column_refused(column)) for at, column in enumerate(self.columns)]
        parts.append((("copy_options",), self.copy_options, options_refused(self.copy_options)))
        for path, text, why in parts:
            if why:
                yield Finding(
                    "FIR738",
                    f"`{text[:SHOWN_CHARACTERS]}` is no part of a COPY command",
                    path,
                    note=why,
                    help="write the options alone, such as `copy_options: json 'auto' gzip`"
                    if path == ("copy_options",)
                    else "write the name alone, one in each item of a list",
                    edits=(Edit(path),) if path == ("copy_options",) else (),
                )

    def _address_findings(self) -> Iterator[Finding]:
        given = [field for field in WAYS if getattr(self, field) is not None]
        if not given:
            yield Finding(
                "LNG202",
                "nothing says where the database is",
                help="add `workgroup: analytics` and `database: analytics`, or the endpoint of a `cluster`",
                edits=(
                    Edit(("workgroup",), "analytics", invented=True),
                    Edit(("database",), self.database or "analytics", invented=True),
                ),
            )
        for field in given[1:]:
            yield no_effect(
                field, note=f"`{given[0]}` says where the database is already", help_="take one of them out"
            )
        if given[:1] == ["jdbc_url"] and self.database is not None:
            yield no_effect("database", note="the address in `jdbc_url` ends in the database")
        if given and given[0] != "jdbc_url" and self.database is None:
            yield Finding(
                "LNG202",
                "`database` is missing",
                ("database",),
                note=f"a {given[0]} has several",
                help="add `database: analytics`",
                edits=(Edit(("database",), "analytics", invented=True),),
            )

    def backup_folder(self) -> tuple[str, BackupSpec]:
        return "staging", self.staging

    def bucket_folders(self, delivery: str) -> Iterator[BucketFolder]:
        yield from super().bucket_folders(delivery)
        if self.staging.bucket is not None:
            for folder in STAGING_FOLDERS:
                yield BucketFolder(("staging", "bucket"), self.staging.bucket, folder, "errors")

    def written_to(self, delivery: str) -> Mapping[str, str]:
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        where = self.jdbc_url or f"{self.cluster or self.workgroup}/{self.database}"
        return {
            "table": f"{self.table}{columns} of {where}; it has to exist",
            "copy": f"COPY with {self.copy_options}",
        }

    def existing_tables(self, delivery: str) -> Iterator[tuple[SpecPath, str]]:
        host = self.cluster or self.workgroup or ""
        where = self.jdbc_url or (f"{host}/{self.database}" if "." in host else "")
        # A workgroup by its name alone is that of the stack's account, which may be another one.
        if where:
            yield ("table",), f"the table {self.table} of {where}"

    @property
    def is_staged(self) -> bool:
        return True
