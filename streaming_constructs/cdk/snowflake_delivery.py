"""A delivery to a Snowflake table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.delivery import Delivery
from streaming_constructs.cdk.delivery_secret import secret_configuration, secret_permissions
from streaming_constructs.cdk.kinesis_stream import KinesisStream
from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries import DeliverySpec
from streaming_constructs.spec.model import Environment
from streaming_constructs.spec.other_destinations import SnowflakeDestination
from streaming_constructs.spec.schemas import RecordField, record_schema

if TYPE_CHECKING:
    # A large module, that only what brings a bucket needs.
    from aws_cdk import aws_s3 as s3

_LOADING_OPTIONS = {
    "json_mapping": "JSON_MAPPING",
    "variant": "VARIANT_CONTENT_MAPPING",
    "variant_and_metadata": "VARIANT_CONTENT_AND_METADATA_MAPPING",
}


class SnowflakeDelivery(Delivery):
    """A Firehose stream that adds records to a Snowflake table, by Snowpipe Streaming.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that Snowflake refuses unless one is brought or named
    (**stateful**, retained in prod). The table has to exist, and the user of the secret needs to sign in with its key pair and
    to add to the table.
    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_SnowflakeDestinationConfiguration.html

    Example:
        ```python
        SnowflakeDelivery(
            stack,
            "warehouse",
            source=clicks,
            spec=DeliverySpec(
                from_="clicks",
                to=SnowflakeDestination(
                    account_url="https://example.snowflakecomputing.com",
                    secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:snowflake-AbCdEf",
                    database="SHOP",
                    schema_name="PUBLIC",
                    table="CLICKS",
                ),
            ),
        )
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: DeliverySpec,
        source: KinesisStream | kinesis.IStream | None = None,
        schema: Mapping[str, str | RecordField] | None = None,
        backup_bucket: s3.IBucket | None = None,
        transform: lambda_.IFunction | None = None,
        environment: Environment = "prod",
        directory: Path | None = None,
    ) -> None:
        """Creates the delivery.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for; its `to` is a `SnowflakeDestination`.
            source: The stream that it reads. Left out: records are put into it directly.
            schema: The schema of the records that are delivered. Left out: they have none.
            backup_bucket: An existing bucket for what could not be delivered. Left out: as the spec says.
            transform: An existing function that transforms records. Left out: as the spec says.
            environment: prod keeps the bucket and logs when they leave the stack, dev destroys them.
            directory: The folder that the transformation's `code` is relative to. Left out: the working directory.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(
            scope,
            construct_id,
            spec=spec,
            destination=SnowflakeDestination,
            source=source,
            schema=record_schema(schema) if schema is not None else None,
            transform=transform,
            environment=environment,
            directory=directory,
        )
        to = spec.to
        assert isinstance(to, SnowflakeDestination)
        self._needed.append(secret_permissions(to.secret_arn, to.secret_key_arn))
        service = to.private_link_service
        self._deliver(
            "SnowflakeDestinationConfiguration",
            {
                "AccountUrl": to.account_url,
                "Database": to.database,
                "Schema": to.schema_name,
                "Table": to.table,
                "RoleARN": self.role.role_arn,
                "SecretsManagerConfiguration": secret_configuration(to.secret_arn, self.role.role_arn),
                "SnowflakeRoleConfiguration": {"Enabled": True, "SnowflakeRole": to.role} if to.role else None,
                "SnowflakeVpcConfiguration": {"PrivateLinkVpceId": service} if service else None,
                "DataLoadingOption": _LOADING_OPTIONS[to.load_as],
                "ContentColumnName": to.content_column,
                "MetaDataColumnName": to.metadata_column,
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mib,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                "S3BackupMode": firehose.BACKUP_MODES["snowflake"][to.backup.records == "all"],
                "S3Configuration": self._backup(to.backup, backup_bucket),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )
