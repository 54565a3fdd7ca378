"""The construct of a delivery, by the kind of its destination."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.cdk.glue_table import GlueDatabase
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, needs_database
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain

CLASS_OF = {
    "s3": "S3Delivery",
    "opensearch": "OpenSearchDelivery",
    "opensearch_serverless": "OpenSearchServerlessDelivery",
    "redshift": "RedshiftDelivery",
    "splunk": "SplunkDelivery",
    "http": "HttpDelivery",
    "snowflake": "SnowflakeDelivery",
    "iceberg": "IcebergDelivery",
}
"""The construct of each kind of destination."""


def create_delivery(
    scope: Construct,
    plan: DeliveryPlan,
    *,
    source: KinesisStream | None,
    stores: Mapping[str, OpenSearchDomain],
    catalog: GlueDatabase | None,
    removal_policy: RemovalPolicy,
    directory: Path,
) -> Delivery:
    """Creates a delivery of a system.

    Args:
        scope: The system.
        plan: The delivery, with its numbers.
        source: The stream that it reads, if it reads one.
        stores: The stores of the system, by name.
        catalog: The system's database, if it has one.
        removal_policy: What the system says of data that leaves the stack.
        directory: The folder that paths in the spec are relative to.
    """
    to, more = plan.spec.to, dict[str, Any]()
    if needs_database(plan):
        more["database"] = catalog
    if isinstance(to, OpenSearchDestination) and to.domain is not None:
        more["domain"] = stores[to.domain]
    module = importlib.import_module("streaming_constructs.cdk")
    created = getattr(module, CLASS_OF[to.kind])(
        scope,
        plan.name,
        spec=plan.spec,
        source=source,
        schema=plan.schema,
        removal_policy=removal_policy,
        directory=directory,
        **more,
    )
    return cast("Delivery", created)
