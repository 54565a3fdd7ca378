"""The kinds of each section as unions: for type checkers, which do not run what `Section` decides on reading.

Written by `docs/generate.py` from `kinds.py`; run `make docs` after a change.
"""

from __future__ import annotations

from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.apis.lambda_function import LambdaApiSpec
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec
from streaming_constructs.spec.connectors.sink import SinkConnectorSpec
from streaming_constructs.spec.connectors.source import SourceConnectorSpec
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.http_endpoint import HttpDestination
from streaming_constructs.spec.deliveries.iceberg import IcebergDestination
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.deliveries.opensearch_serverless import OpenSearchServerlessDestination
from streaming_constructs.spec.deliveries.redshift import RedshiftDestination
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.snowflake import SnowflakeDestination
from streaming_constructs.spec.deliveries.splunk import SplunkDestination
from streaming_constructs.spec.producers.api_gateway import ApiGatewayProducerSpec
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec
from streaming_constructs.spec.producers.fluent_bit import FluentBitProducerSpec
from streaming_constructs.spec.producers.kinesis_agent import KinesisAgentProducerSpec
from streaming_constructs.spec.queues.sqs import SqsQueueSpec
from streaming_constructs.spec.replicators.msk import MskReplicatorSpec
from streaming_constructs.spec.sns_topics.sns import SnsTopicSpec
from streaming_constructs.spec.stores.dynamodb import DynamoDbTableSpec
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec

StreamSpec = KinesisStreamSpec | KafkaTopicSpec
QueueSpec = SqsQueueSpec
ConsumerSpec = LambdaConsumerSpec
Delivery = DeliverySpec
StoreSpec = OpenSearchDomainSpec | DynamoDbTableSpec
ClusterSpec = MskClusterSpec | MskExpressClusterSpec | MskServerlessClusterSpec
ConnectorSpec = SourceConnectorSpec | SinkConnectorSpec
ReplicatorSpec = MskReplicatorSpec
SnsTopic = SnsTopicSpec
ProducerSpec = CloudWatchLogsProducerSpec | KinesisAgentProducerSpec | FluentBitProducerSpec | ApiGatewayProducerSpec
AnalyticsSpec = FlinkSqlSpec | FlinkAppSpec
ApiSpec = LambdaApiSpec
Destination = (
    S3Destination
    | OpenSearchDestination
    | OpenSearchServerlessDestination
    | RedshiftDestination
    | SplunkDestination
    | HttpDestination
    | SnowflakeDestination
    | IcebergDestination
)
