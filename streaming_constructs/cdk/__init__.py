"""The constructs: a planned spec and live CDK objects in, resources out.

One concept per file. Every number comes from the spec, from planning or from facts; none is decided here. Each is loaded when
it is first used, with the services of AWS that it needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from streaming_constructs.loading import choose_node, uncollected

if TYPE_CHECKING:
    from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
    from streaming_constructs.cdk.cloudwatch_logs_producer import CloudWatchLogsProducer
    from streaming_constructs.cdk.glue_table import GlueDatabase, GlueTable
    from streaming_constructs.cdk.http_delivery import HttpDelivery
    from streaming_constructs.cdk.iceberg_delivery import IcebergDelivery
    from streaming_constructs.cdk.kinesis_agent_producer import KinesisAgentProducer
    from streaming_constructs.cdk.kinesis_stream import KinesisStream
    from streaming_constructs.cdk.lambda_consumer import LambdaConsumer
    from streaming_constructs.cdk.notification_topic import NotificationTopic
    from streaming_constructs.cdk.opensearch_delivery import OpenSearchDelivery
    from streaming_constructs.cdk.opensearch_domain import OpenSearchDomain
    from streaming_constructs.cdk.opensearch_serverless_delivery import OpenSearchServerlessDelivery
    from streaming_constructs.cdk.redshift_delivery import RedshiftDelivery
    from streaming_constructs.cdk.s3_delivery import S3Delivery
    from streaming_constructs.cdk.snowflake_delivery import SnowflakeDelivery
    from streaming_constructs.cdk.splunk_delivery import SplunkDelivery
    from streaming_constructs.cdk.stream_alarms import StreamAlarms
    from streaming_constructs.cdk.stream_dashboard import StreamDashboard
    from streaming_constructs.cdk.streaming_pipeline import StreamingPipeline

_MODULE_OF = {
    "AthenaWorkgroup": "athena_workgroup",
    "CloudWatchLogsProducer": "cloudwatch_logs_producer",
    "GlueDatabase": "glue_table",
    "GlueTable": "glue_table",
    "HttpDelivery": "http_delivery",
    "IcebergDelivery": "iceberg_delivery",
    "KinesisAgentProducer": "kinesis_agent_producer",
    "KinesisStream": "kinesis_stream",
    "LambdaConsumer": "lambda_consumer",
    "NotificationTopic": "notification_topic",
    "OpenSearchDelivery": "opensearch_delivery",
    "OpenSearchDomain": "opensearch_domain",
    "OpenSearchServerlessDelivery": "opensearch_serverless_delivery",
    "RedshiftDelivery": "redshift_delivery",
    "S3Delivery": "s3_delivery",
    "SnowflakeDelivery": "snowflake_delivery",
    "SplunkDelivery": "splunk_delivery",
    "StreamAlarms": "stream_alarms",
    "StreamDashboard": "stream_dashboard",
    "StreamingPipeline": "streaming_pipeline",
}

__all__ = [
    "AthenaWorkgroup",
    "CloudWatchLogsProducer",
    "GlueDatabase",
    "GlueTable",
    "HttpDelivery",
    "IcebergDelivery",
    "KinesisAgentProducer",
    "KinesisStream",
    "LambdaConsumer",
    "NotificationTopic",
    "OpenSearchDelivery",
    "OpenSearchDomain",
    "OpenSearchServerlessDelivery",
    "RedshiftDelivery",
    "S3Delivery",
    "SnowflakeDelivery",
    "SplunkDelivery",
    "StreamAlarms",
    "StreamDashboard",
    "StreamingPipeline",
]

choose_node()


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with uncollected():
        value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
