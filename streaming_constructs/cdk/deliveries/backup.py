"""What deliveries to somewhere else than S3 have in common: a bucket beside the destination, for what it does not take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import RecordField, record_schema

if TYPE_CHECKING:
    # A large module, that only a bucket needs.
    from aws_cdk import aws_s3 as s3


class BackedUpDelivery(Delivery):
    """A Firehose stream to a destination that may refuse records; each kind is a class of its own below this one.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that could not be delivered unless one is brought or
    named (**stateful**, retained).
    """

    _destination_spec: ClassVar[type[BackedUpDestination]]
    """The kind of destination that the class is for."""
    _property: ClassVar[str]
    """The property of `AWS::KinesisFirehose::DeliveryStream` that configures it."""
    _backup_mode: ClassVar[str] = "S3BackupMode"
    """How CloudFormation spells the mode of the backup there."""

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
            spec: What is asked for; its `to` is of the kind that the class is for.
            source: The stream that it reads. Left out: records are put into it directly.
            schema: The schema of the records that are delivered. Left out: they have none.
            backup_bucket: An existing bucket for what could not be delivered. Left out: as the spec says.
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
            destination=self._destination_spec,
            source=source,
            schema=record_schema(schema) if schema is not None else None,
            transform=transform,
            removal_policy=removal_policy,
            directory=directory,
        )
        to = spec.to
        assert isinstance(to, BackedUpDestination)
        self._deliver(
            self._property,
            {
                **self._destination(to),
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mb,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                self._backup_mode: firehose.BACKUP_MODES[spec.to.kind][to.backup.records == "all"],
                "S3Configuration": self._backup(to.backup, backup_bucket),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        """What is special about the destination, in CloudFormation's words; permits it too."""
        raise NotImplementedError
