"""The constructs: a planned spec and live CDK objects in, resources out.

One concept per file. Every number comes from the spec, from planning or from facts; none is decided here. Each is loaded when
it is first used, with the services of AWS that it needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from streaming_constructs.loading import choose_node, uncollected

if TYPE_CHECKING:
    from streaming_constructs.cdk.alarms import PipelineAlarms
    from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
    from streaming_constructs.cdk.consumers.lambda_function import LambdaConsumer
    from streaming_constructs.cdk.dashboard import PipelineDashboard
    from streaming_constructs.cdk.deliveries.http_endpoint import HttpDelivery
    from streaming_constructs.cdk.deliveries.iceberg import IcebergDelivery
    from streaming_constructs.cdk.deliveries.opensearch import OpenSearchDelivery
    from streaming_constructs.cdk.deliveries.opensearch_serverless import OpenSearchServerlessDelivery
    from streaming_constructs.cdk.deliveries.redshift import RedshiftDelivery
    from streaming_constructs.cdk.deliveries.s3 import S3Delivery
    from streaming_constructs.cdk.deliveries.snowflake import SnowflakeDelivery
    from streaming_constructs.cdk.deliveries.splunk import SplunkDelivery
    from streaming_constructs.cdk.glue_table import GlueDatabase, GlueTable
    from streaming_constructs.cdk.producers.cloudwatch_logs import CloudWatchLogsProducer
    from streaming_constructs.cdk.producers.kinesis_agent import KinesisAgentProducer
    from streaming_constructs.cdk.sns_topics.sns import NotificationTopic
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain
    from streaming_constructs.cdk.streaming_pipeline import StreamingPipeline
    from streaming_constructs.cdk.streams.kinesis import KinesisStream

_MODULE_OF = {
    "AthenaWorkgroup": "athena_workgroup",
    "CloudWatchLogsProducer": "producers.cloudwatch_logs",
    "GlueDatabase": "glue_table",
    "GlueTable": "glue_table",
    "HttpDelivery": "deliveries.http_endpoint",
    "IcebergDelivery": "deliveries.iceberg",
    "KinesisAgentProducer": "producers.kinesis_agent",
    "KinesisStream": "streams.kinesis",
    "LambdaConsumer": "consumers.lambda_function",
    "NotificationTopic": "sns_topics.sns",
    "OpenSearchDelivery": "deliveries.opensearch",
    "OpenSearchDomain": "stores.opensearch",
    "OpenSearchServerlessDelivery": "deliveries.opensearch_serverless",
    "RedshiftDelivery": "deliveries.redshift",
    "S3Delivery": "deliveries.s3",
    "SnowflakeDelivery": "deliveries.snowflake",
    "SplunkDelivery": "deliveries.splunk",
    "PipelineAlarms": "alarms",
    "PipelineDashboard": "dashboard",
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
    "PipelineAlarms",
    "PipelineDashboard",
    "RedshiftDelivery",
    "S3Delivery",
    "SnowflakeDelivery",
    "SplunkDelivery",
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
