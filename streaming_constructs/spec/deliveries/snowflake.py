"""A Snowflake table as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.secret import KEY_ARN_HELP, Identifier
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.kept import Kept
from streaming_constructs.spec.model import (
    Int,
    KeyArn,
    SecretArn,
    form,
    within,
)

SnowflakeUrl = Annotated[
    str,
    form(
        r"^(https://)?[A-Za-z0-9_.-]+\.snowflakecomputing\.com(:443)?$",
        "an address as https://ACCOUNT.snowflakecomputing.com",
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


class SnowflakeDestination(BackedUpDestination):
    """A table of Snowflake, by Snowpipe Streaming."""

    title: ClassVar[str] = "Snowflake"
    facts: ClassVar = firehose.SNOWFLAKE
    example: ClassVar = {
        "kind": "snowflake",
        "account_url": "https://ACCOUNT.snowflakecomputing.com",
        "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:NAME-AbCdEf",
        "database": "sales",
        "schema": "public",
        "table": "orders",
    }

    kind: Literal["snowflake"] = Field(default="snowflake", description="A Snowflake table.")
    account_url: SnowflakeUrl = Field(description="Address of the account, https://ACCOUNT.snowflakecomputing.com.")
    secret_arn: SecretArn = Field(
        description="ARN of the secret with `user`, `private_key` and, where the key has one, `key_passphrase`."
    )
    secret_kms_key_arn: KeyArn | None = Field(default=None, description=KEY_ARN_HELP)
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
    buffer_mb: Annotated[Int, within(firehose.SNOWFLAKE.buffer_mb)] = Field(
        default=1, description="Size of what is sent at once, in MiB, 1 to 128. Left out: 1."
    )
    buffer_seconds: Annotated[Int, within(firehose.SNOWFLAKE.buffer_seconds)] = Field(
        default=0, description="Age at which records are sent, in seconds, 0 to 900. Left out: 0, at once."
    )
    retry_seconds: Annotated[Int, within(firehose.SNOWFLAKE.retry_seconds)] = Field(
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
                    "FIR722",
                    f"`load_as: {self.load_as}` needs a `{field}`",
                    ("load_as",),
                    help=f"give `{field}`, or set `load_as: json_mapping`",
                    edits=(Edit((field,), field.removesuffix("_column").upper(), invented=True),),
                )
            elif given and not is_needed:
                yield Finding(
                    "LNG404",
                    f"`{field}` has no effect here",
                    (field,),
                    note=f"with `load_as: {self.load_as}` nothing is written to it",
                    help="take it out, or choose another `load_as`",
                    edits=(Edit((field,)),),
                )

    def kept(self, delivery: str) -> Iterator[Kept]:
        yield Kept(
            "the private link",
            self.private_link_service or "none",
            ("to", "private_link_service"),
            "EVO973",
            note="CloudFormation replaces the Firehose stream, and what the old one had not delivered is lost",
        )

    def written_to(self, delivery: str) -> Mapping[str, str]:
        columns = [column for column in (self.content_column, self.metadata_column) if column is not None]
        into = f" ({', '.join(columns)})" if columns else ""
        return {
            "table": f"{self.database}.{self.schema_name}.{self.table}{into} of {self.account_url}; it has to exist"
        }

    def existing_tables(self, delivery: str) -> Iterator[tuple[SpecPath, str]]:
        host = self.account_url.removeprefix("https://").removesuffix(":443").lower()
        yield ("table",), f"the table {self.database}.{self.schema_name}.{self.table} of {host}"
