"""A delivery to Apache Iceberg tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.delivery import Delivery
from streaming_constructs.cdk.kinesis_stream import KinesisStream
from streaming_constructs.cdk.policy import Permissions
from streaming_constructs.facts import firehose, permissions
from streaming_constructs.spec.deliveries import DeliverySpec
from streaming_constructs.spec.model import Environment
from streaming_constructs.spec.other_destinations import IcebergDestination, IcebergTable
from streaming_constructs.spec.schemas import RecordField, record_schema

if TYPE_CHECKING:
    # A large module, that only what brings a bucket needs.
    from aws_cdk import aws_s3 as s3


class IcebergDelivery(Delivery):
    """A Firehose stream that adds rows to Apache Iceberg tables, or updates and deletes them.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that do not fit their table unless one is brought or
    named (**stateful**, retained in prod). The tables have to exist before it, in version 2 of the format; Firehose writes
    Parquet, and outside of S3 Tables compacting is the owner's to do. Where Lake Formation governs the tables, which it does
    with S3 Tables, give `role` its grants on them there first.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-prereq.html

    Example:
        ```python
        IcebergDelivery(
            stack,
            "ledger",
            source=payments,
            spec=DeliverySpec(
                from_="payments",
                to=IcebergDestination(
                    catalog_arn="arn:aws:glue:eu-west-1:111122223333:catalog",
                    table_bucket_arn="arn:aws:s3:::ledger",
                    tables=(IcebergTable(database="sales", table="payments"),),
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
            spec: What is asked for; its `to` is an `IcebergDestination`.
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
            destination=IcebergDestination,
            source=source,
            schema=record_schema(schema) if schema is not None else None,
            transform=transform,
            environment=environment,
            directory=directory,
        )
        to = spec.to
        assert isinstance(to, IcebergDestination)
        self._needed += [_catalog_permissions(to), _data_permissions(to)]
        self._deliver(
            "IcebergDestinationConfiguration",
            {
                "CatalogConfiguration": {"CatalogArn": to.catalog_arn},
                "RoleARN": self.role.role_arn,
                "AppendOnly": to.append_only,
                "DestinationTableConfigurationList": [_table(table) for table in to.tables],
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mib,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                # CloudFormation spells it so, here alone.
                "s3BackupMode": firehose.BACKUP_MODES["iceberg"][to.backup.records == "all"],
                "S3Configuration": self._backup(to.backup, backup_bucket),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )
        self._acknowledge_data(to)

    def _acknowledge_data(self, to: IcebergDestination) -> None:
        if to.is_in_s3_tables:
            reason, resource = "The action knows no resources; Lake Formation says which tables the role may use", "*"
        else:
            reason = "Where in this bucket a table has its files, and what they are called, the table says itself"
            resource = f"{to.table_bucket_arn}/*"
        acknowledge(self.permissions, reason, f"AwsSolutions-IAM5[Resource::{resource}]")


def _table(table: IcebergTable) -> dict[str, Any]:
    return {
        "DestinationDatabaseName": table.database,
        "DestinationTableName": table.table,
        "UniqueKeys": list(table.unique_keys) or None,
    }


def _catalog_permissions(to: IcebergDestination) -> Permissions:
    """What Firehose does in the catalog: on each table, and on all that it is in.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-iceberg
    """
    root, _, inside = to.catalog_arn.partition(":catalog")
    # The catalog of S3 Tables is in the account's, and the table bucket's in that.
    parents = [inside[:end] for end, letter in enumerate(inside) if letter == "/"]
    resources = [f"{root}:catalog{path}" for path in (*parents, inside)]
    for table in to.tables:
        resources.append(f"{root}:database{inside}/{table.database}")
        resources.append(f"{root}:table{inside}/{table.database}/{table.table}")
    return dict.fromkeys(resources, permissions.FIREHOSE_WRITES_ICEBERG)


def _data_permissions(to: IcebergDestination) -> Permissions:
    """What Firehose does with the tables' data, deleting included.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
    """
    if to.table_bucket_arn is None:
        return {"*": permissions.FIREHOSE_READS_LAKE_FORMATION}
    needed: dict[str, tuple[str, ...]] = {
        to.table_bucket_arn: permissions.FIREHOSE_WRITES_BUCKET,
        f"{to.table_bucket_arn}/*": (*permissions.FIREHOSE_WRITES_OBJECTS, *permissions.FIREHOSE_DELETES_OBJECTS),
    }
    if to.table_bucket_key_arn is not None:
        needed[to.table_bucket_key_arn] = permissions.ENCRYPT_WITH_KEY
    return needed
