"""A delivery to Splunk."""

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
from streaming_constructs.spec.other_destinations import SplunkDestination
from streaming_constructs.spec.schemas import RecordField, record_schema

if TYPE_CHECKING:
    # A large module, that only what brings a bucket needs.
    from aws_cdk import aws_s3 as s3

_ENDPOINT_TYPES = {"raw": "Raw", "event": "Event"}


class SplunkDelivery(Delivery):
    """A Firehose stream that sends records to an HTTP Event Collector of Splunk.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that Splunk does not acknowledge unless one is brought or
    named (**stateful**, retained in prod). The collector needs indexer acknowledgement switched on for its token, and sticky
    sessions for as long as possible where a load balancer stands before it.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-splunk

    Example:
        ```python
        SplunkDelivery(
            stack,
            "search",
            source=events,
            spec=DeliverySpec(
                from_="events",
                to=SplunkDestination(
                    endpoint="https://http-inputs-firehose-shop.splunkcloud.com:443",
                    secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk-AbCdEf",
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
            spec: What is asked for; its `to` is a `SplunkDestination`.
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
            destination=SplunkDestination,
            source=source,
            schema=record_schema(schema) if schema is not None else None,
            transform=transform,
            environment=environment,
            directory=directory,
        )
        to = spec.to
        assert isinstance(to, SplunkDestination)
        self._needed.append(secret_permissions(to.secret_arn, to.secret_key_arn))
        self._deliver(
            "SplunkDestinationConfiguration",
            {
                "HECEndpoint": to.endpoint,
                "HECEndpointType": _ENDPOINT_TYPES[to.endpoint_type],
                "HECAcknowledgmentTimeoutInSeconds": to.acknowledgement_seconds,
                "SecretsManagerConfiguration": secret_configuration(to.secret_arn, self.role.role_arn),
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mib,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                "S3BackupMode": firehose.BACKUP_MODES["splunk"][to.backup.records == "all"],
                "S3Configuration": self._backup(to.backup, backup_bucket),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )
