"""The kinds of nodes, and of destinations of deliveries: the only list of them. Strings alone; it imports nothing of ours.

A row names the module that holds the kind in every room: `spec` has its model there, `planning` its plan, `cdk` its construct.
What a spec does not name is not loaded.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of node.

    Attributes:
        section: The section of the language that it stands in; `destinations` are what stands in a delivery's `to`.
        kind: Its word there; empty where the section has one kind, which is not named.
        module: Its module below each room, such as `streams.kinesis`.
        model: Its model in the room `spec`.
        plan: Of a destination, its class in the room `planning`; empty where its row of facts says all there is to plan.
        construct: Of a destination, its class in the room `cdk`.
        like: Of a destination that is a preset, the kind that it is planned and built as.
    """

    section: str
    kind: str
    module: str
    model: str
    plan: str = ""
    construct: str = ""
    like: str = ""


KINDS = (
    Kind("streams", "kinesis", "streams.kinesis", "KinesisStreamSpec"),
    Kind("streams", "kafka", "streams.kafka", "KafkaTopicSpec"),
    Kind("queues", "sqs", "queues.sqs", "SqsQueueSpec"),
    Kind("clusters", "msk", "clusters.msk", "MskClusterSpec"),
    Kind("clusters", "msk_express", "clusters.msk_express", "MskExpressClusterSpec"),
    Kind("clusters", "msk_serverless", "clusters.msk_serverless", "MskServerlessClusterSpec"),
    Kind("replicators", "msk", "replicators.msk", "MskReplicatorSpec"),
    Kind("connectors", "source", "connectors.source", "SourceConnectorSpec"),
    Kind("connectors", "sink", "connectors.sink", "SinkConnectorSpec"),
    Kind("consumers", "lambda", "consumers.lambda_function", "LambdaConsumerSpec"),
    Kind("analytics", "flink_sql", "analytics.flink_sql", "FlinkSqlSpec"),
    Kind("analytics", "flink_app", "analytics.flink_app", "FlinkAppSpec"),
    Kind("deliveries", "", "deliveries.firehose", "DeliverySpec"),
    Kind("stores", "opensearch", "stores.opensearch", "OpenSearchDomainSpec"),
    Kind("stores", "dynamodb", "stores.dynamodb", "DynamoDbTableSpec"),
    Kind("sns_topics", "sns", "sns_topics.sns", "SnsTopicSpec"),
    Kind("apis", "lambda", "apis.lambda_function", "LambdaApiSpec"),
    Kind("producers", "cloudwatch_logs", "producers.cloudwatch_logs", "CloudWatchLogsProducerSpec"),
    Kind("producers", "kinesis_agent", "producers.kinesis_agent", "KinesisAgentProducerSpec"),
    Kind("producers", "fluent_bit", "producers.fluent_bit", "FluentBitProducerSpec"),
    Kind("producers", "api_gateway", "producers.api_gateway", "ApiGatewayProducerSpec"),
    Kind("destinations", "s3", "deliveries.s3", "S3Destination", "S3DeliveryPlan", "S3Delivery"),
    Kind(
        "destinations", "opensearch", "deliveries.opensearch", "OpenSearchDestination", construct="OpenSearchDelivery"
    ),
    Kind(
        "destinations",
        "opensearch_serverless",
        "deliveries.opensearch_serverless",
        "OpenSearchServerlessDestination",
        construct="OpenSearchServerlessDelivery",
    ),
    Kind("destinations", "redshift", "deliveries.redshift", "RedshiftDestination", construct="RedshiftDelivery"),
    Kind("destinations", "splunk", "deliveries.splunk", "SplunkDestination", construct="SplunkDelivery"),
    Kind("destinations", "http", "deliveries.http_endpoint", "HttpDestination", construct="HttpDelivery"),
    Kind("destinations", "snowflake", "deliveries.snowflake", "SnowflakeDestination", construct="SnowflakeDelivery"),
    Kind(
        "destinations", "iceberg", "deliveries.iceberg", "IcebergDestination", "IcebergDeliveryPlan", "IcebergDelivery"
    ),
)

NODE_SECTIONS = tuple(dict.fromkeys(row.section for row in KINDS if row.section != "destinations"))
"""The sections whose entries are nodes of the graph, in the order in which alarms and rows of a dashboard stand."""


def kinds_of(section: str) -> dict[str, Kind]:
    """The kinds of a section, by their words, in the order in which documents list them.

    Args:
        section: The section.
    """
    return {row.kind: row for row in KINDS if row.section == section}


def built_as(section: str, kind: str) -> Kind:
    """The row by which a kind is planned and built: its own, or that of the kind of which it is a preset.

    Args:
        section: The section.
        kind: The kind.
    """
    kinds = kinds_of(section)
    return kinds[kinds[kind].like or kind]
