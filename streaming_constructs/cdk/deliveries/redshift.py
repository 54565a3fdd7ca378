"""A delivery to an Amazon Redshift table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.cdk.deliveries.secret import secret_configuration, secret_permissions
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.redshift import RedshiftDestination
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import RecordField, record_schema

if TYPE_CHECKING:
    # A large module, that only what brings a bucket needs.
    from aws_cdk import aws_s3 as s3

STAGING_FOLDERS = ("errors/", "manifests/")
"""Folders of the staging bucket for the lists of objects that are loaded, and of those that could not be.

AWS names `errors/` and does not say whether it is below the prefix of the objects, so the delivery may write to both.
Source: https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""


class RedshiftDelivery(Delivery):
    """A Firehose stream that loads records into a table of a Redshift cluster or workgroup.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for what is staged unless one is brought or named (**stateful**,
    retained). Firehose writes gzipped objects there, and has Redshift load them with COPY; it never deletes one, so an
    `expire_after_days` bounds what they cost. A batch that cannot be loaded within `retry_seconds` is skipped: its objects are
    listed in a manifest under `errors/`, to load it by hand.

    The table has to exist, and the user of the secret needs INSERT on it. A cluster or workgroup in a VPC has to be publicly
    accessible, and let Firehose's addresses in.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs

    Example:
        ```python
        RedshiftDelivery(
            stack,
            "warehouse",
            source=clicks,
            spec=DeliverySpec(
                from_="clicks",
                to=RedshiftDestination(
                    jdbc_url="jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop",
                    secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:redshift-AbCdEf",
                    table="clicks",
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
        removal_policy: RemovalPolicy = "retain",
        directory: Path | None = None,
    ) -> None:
        """Creates the delivery.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for; its `to` is a `RedshiftDestination`.
            source: The stream that it reads. Left out: records are put into it directly.
            schema: The schema of the records that are delivered. Left out: they have none.
            backup_bucket: An existing bucket for what is staged. Left out: as the spec says.
            transform: An existing function that transforms records. Left out: as the spec says.
            removal_policy: retain keeps the bucket and logs when they leave the stack, destroy destroys them.
            directory: The folder that the transformation's `code` is relative to. Left out: the working directory.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(
            scope,
            construct_id,
            spec=spec,
            destination=RedshiftDestination,
            source=source,
            schema=record_schema(schema) if schema is not None else None,
            transform=transform,
            removal_policy=removal_policy,
            directory=directory,
        )
        to = spec.to
        assert isinstance(to, RedshiftDestination)
        self._needed.append(secret_permissions(to.secret_arn, to.secret_kms_key_arn))
        staging = self._backup(to.staging, backup_bucket)
        assert self.backup_bucket is not None  # it was just set
        self._may_write(self.backup_bucket, STAGING_FOLDERS)
        self._deliver(
            "RedshiftDestinationConfiguration",
            {
                "ClusterJDBCURL": to.jdbc_url,
                "RoleARN": self.role.role_arn,
                "SecretsManagerConfiguration": secret_configuration(to.secret_arn, self.role.role_arn),
                "CopyCommand": {
                    "DataTableName": to.table,
                    "DataTableColumns": ",".join(to.columns) or None,
                    "CopyOptions": to.copy_options,
                },
                # Redshift has no buffer of its own: each staged object is loaded as it is.
                "S3Configuration": {
                    **staging,
                    "BufferingHints": {
                        "SizeInMBs": self.plan.buffer_mb,
                        "IntervalInSeconds": self.plan.buffer_seconds,
                    },
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                # What is staged stays there, so it is the copy already.
                "S3BackupMode": firehose.BACKUP_MODES["redshift"][False],
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )
