"""A delivery to an OpenSearch Serverless collection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.delivery import Delivery
from streaming_constructs.cdk.kinesis_stream import KinesisStream
from streaming_constructs.facts import firehose, permissions
from streaming_constructs.planning.domain import index_name
from streaming_constructs.spec.deliveries import DeliverySpec
from streaming_constructs.spec.model import Environment
from streaming_constructs.spec.schemas import RecordField, record_schema
from streaming_constructs.spec.search_destinations import OpenSearchServerlessDestination

if TYPE_CHECKING:
    # A large module, that only what brings a bucket needs.
    from aws_cdk import aws_s3 as s3


class OpenSearchServerlessDelivery(Delivery):
    """A Firehose stream that writes each record as a document into an index of an existing Serverless collection.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for documents that the collection refuses unless one is brought or
    named (**stateful**, retained in prod). IAM is not enough to write there: a data access policy of the collection has to
    give `role` the permissions aoss:CreateIndex, aoss:UpdateIndex and aoss:WriteDocument on the index, and its network policy
    has to let requests in. Fields and retention are the collection's own.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-serverless

    Example:
        ```python
        OpenSearchServerlessDelivery(
            stack,
            "search",
            source=events,
            spec=DeliverySpec(
                from_="events",
                to=OpenSearchServerlessDestination(
                    collection_arn="arn:aws:aoss:eu-west-1:111122223333:collection/abc123",
                    collection_endpoint="https://abc123.eu-west-1.aoss.amazonaws.com",
                ),
            ),
        )
        ```

    Attributes:
        index: The index.
    """

    index: str

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
            spec: What is asked for; its `to` is an `OpenSearchServerlessDestination`.
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
            destination=OpenSearchServerlessDestination,
            source=source,
            schema=record_schema(schema) if schema is not None else None,
            transform=transform,
            environment=environment,
            directory=directory,
        )
        to = spec.to
        assert isinstance(to, OpenSearchServerlessDestination)
        self.index = index_name(self.plan)
        self._needed.append({to.collection_arn: permissions.FIREHOSE_WRITES_OPENSEARCH_SERVERLESS})
        self._deliver(
            "AmazonOpenSearchServerlessDestinationConfiguration",
            {
                "CollectionEndpoint": to.collection_endpoint,
                "RoleARN": self.role.role_arn,
                "IndexName": self.index,
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mib,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                "S3BackupMode": firehose.BACKUP_MODES["opensearch_serverless"][to.backup.records == "all"],
                "S3Configuration": self._backup(to.backup, backup_bucket),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )
