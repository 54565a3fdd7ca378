"""The construct of a delivery, by the kind of its destination."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.cdk.node import Context
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, needs_database
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination

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
    context: Context,
) -> Delivery:
    """Creates a delivery of a system.

    Args:
        scope: The system.
        plan: The delivery, with its numbers.
        source: The stream that it reads, if it reads one.
        stores: The stores of the system, by name.
        context: The system around it.
    """
    to, more = plan.spec.to, dict[str, Any]()
    if needs_database(plan):
        more["database"] = context.catalog()
    if isinstance(to, OpenSearchDestination) and to.domain is not None:
        more["domain"] = stores[to.domain]
    module = importlib.import_module("streaming_constructs.cdk")
    created = getattr(module, CLASS_OF[to.kind])(
        scope,
        plan.name,
        spec=plan.spec,
        source=source,
        schema=plan.schema,
        removal_policy=context.spec.removal_policy,
        directory=context.spec.directory,
        transform=context.brought.functions.get(plan.name),
        **more,
    )
    return cast("Delivery", created)
