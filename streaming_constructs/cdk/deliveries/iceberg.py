"""A delivery to Apache Iceberg tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.deliveries.backup import BackedUpDelivery
from streaming_constructs.cdk.iam_policy import Permissions
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.facts import permissions
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.iceberg import IcebergDestination, IcebergTable


class IcebergDelivery(BackedUpDelivery):
    """A Firehose stream that adds rows to Apache Iceberg tables, or updates and deletes them.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that do not fit their table unless one is brought or
    named (**stateful**, retained). The tables have to exist before it, in version 2 of the format; Firehose writes
    Parquet, and outside of S3 Tables compacting is the owner's to do. Records are not kept in order, so of two updates of
    one row either may come last. Where Lake Formation governs the tables, which it does with S3 Tables, give `role` its
    grants on them there first.
    Sources: https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-prereq.html and
    https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record-different.html

    Example:
        ```python
        IcebergDelivery(
            stack,
            "ledger",
            source=payments,
            spec=DeliverySpec(
                from_="payments",
                to=IcebergDestination(
                    database="sales", table="payments", unique_keys=("payment_id",), table_bucket="ledger"
                ),
            ),
        )
        ```
    """

    _destination_spec = IcebergDestination
    _backup_mode = "s3BackupMode"  # so here alone

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        assert isinstance(to, IcebergDestination)
        stack = Stack.of(self)
        catalog_arn = to.catalog_arn or stack.format_arn(service="glue", resource="catalog")
        self._needed.append(_catalog_permissions(to, catalog_arn))
        if to.table_bucket is None:
            self._needed.append({"*": permissions.FIREHOSE_READS_LAKE_FORMATION})
        else:
            self._needed.append(_data_permissions(to, self._table_bucket_arn(to.table_bucket)))
        return {
            "CatalogConfiguration": {"CatalogArn": catalog_arn},
            "RoleARN": self.role.role_arn,
            "AppendOnly": to.only_adds,
            "DestinationTableConfigurationList": [_table(table) for table in to.all_tables],
        }

    def _table_bucket_arn(self, name: str) -> str:
        return Stack.of(self).format_arn(service="s3", region="", account="", resource=name)

    def _deliver(self, configuration: Mapping[str, Any]) -> None:
        super()._deliver(configuration)
        to = self.plan.spec.to
        assert isinstance(to, IcebergDestination)
        if to.table_bucket is None:
            reason, resource = "The action knows no resources; Lake Formation says which tables the role may use", "*"
        else:
            reason = "Where in this bucket a table has its files, and what they are called, the table says itself"
            resource = f"{nag_name(self, self._table_bucket_arn(to.table_bucket))}/*"
        acknowledge(self.permissions, reason, f"AwsSolutions-IAM5[Resource::{resource}]")


def _table(table: IcebergTable) -> dict[str, Any]:
    return {
        "DestinationDatabaseName": table.database,
        "DestinationTableName": table.table,
        "UniqueKeys": list(table.unique_keys) or None,
    }


def _catalog_permissions(to: IcebergDestination, catalog_arn: str) -> Permissions:
    """What Firehose does in the catalog: on each table, and on all that it is in.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-iceberg
    """
    root, _, inside = catalog_arn.partition(":catalog")
    # The catalog of S3 Tables is in the account's, and the table bucket's in that.
    parents = [inside[:end] for end, letter in enumerate(inside) if letter == "/"]
    resources = [f"{root}:catalog{path}" for path in (*parents, inside)]
    for table in to.all_tables:
        resources.append(f"{root}:database{inside}/{table.database}")
        resources.append(f"{root}:table{inside}/{table.database}/{table.table}")
    return dict.fromkeys(resources, permissions.FIREHOSE_WRITES_ICEBERG)


def _data_permissions(to: IcebergDestination, bucket_arn: str) -> Permissions:
    """What Firehose does with the tables' data, deleting included.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
    """
    needed: dict[str, tuple[str, ...]] = {
        bucket_arn: permissions.FIREHOSE_WRITES_BUCKET,
        f"{bucket_arn}/*": (*permissions.FIREHOSE_WRITES_OBJECTS, *permissions.FIREHOSE_DELETES_OBJECTS),
    }
    if to.table_bucket_kms_key_arn is not None:
        needed[to.table_bucket_kms_key_arn] = permissions.ENCRYPT_WITH_KEY
    return needed
