"""Each plan is a `NodePlan`, each construct a `Node`: a method that a kind forgets is an error of the type checker here."""

from streaming_constructs import (
    CloudWatchLogsProducer,
    DynamoDbTable,
    FluentBitProducer,
    HttpDelivery,
    IcebergDelivery,
    KinesisAgentProducer,
    KinesisStream,
    LambdaConsumer,
    NotificationTopic,
    OpenSearchDelivery,
    OpenSearchDomain,
    OpenSearchServerlessDelivery,
    RedshiftDelivery,
    S3Delivery,
    SnowflakeDelivery,
    SplunkDelivery,
)
from streaming_constructs.cdk.edges import Readable, Writable
from streaming_constructs.cdk.node import Node
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.deliveries.iceberg import IcebergDeliveryPlan
from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan
from streaming_constructs.planning.node import NodePlan, Source
from streaming_constructs.planning.producers.cloudwatch_logs import CloudWatchLogsProducerPlan
from streaming_constructs.planning.producers.kinesis_agent import HostProducerPlan
from streaming_constructs.planning.sns_topics.sns import SnsTopicPlan
from streaming_constructs.planning.stores.dynamodb import TablePlan
from streaming_constructs.planning.stores.opensearch import DomainPlan
from streaming_constructs.planning.streams.kinesis import StreamPlan


def plans(
    stream: StreamPlan,
    consumer: ConsumerPlan,
    delivery: DeliveryPlan,
    archive: S3DeliveryPlan,
    iceberg: IcebergDeliveryPlan,
    domain: DomainPlan,
    table: TablePlan,
    topic: SnsTopicPlan,
    subscription: CloudWatchLogsProducerPlan,
    hosts: HostProducerPlan,
) -> tuple[NodePlan, ...]:
    """Every plan."""
    source: Source = stream
    del source
    return (stream, consumer, delivery, archive, iceberg, domain, table, topic, subscription, hosts)


def constructs(
    stream: KinesisStream,
    consumer: LambdaConsumer,
    archive: S3Delivery,
    index: OpenSearchDelivery,
    collection: OpenSearchServerlessDelivery,
    warehouse: RedshiftDelivery,
    splunk: SplunkDelivery,
    endpoint: HttpDelivery,
    snowflake: SnowflakeDelivery,
    iceberg: IcebergDelivery,
    domain: OpenSearchDomain,
    table: DynamoDbTable,
    topic: NotificationTopic,
    subscription: CloudWatchLogsProducer,
    agent: KinesisAgentProducer,
    fluent_bit: FluentBitProducer,
) -> tuple[Node, ...]:
    """Every construct of a node."""
    read: Readable = stream
    written: tuple[Writable, ...] = (stream, archive, topic, table)
    del read, written
    return (
        *(stream, consumer, archive, index, collection, warehouse, splunk, endpoint, snowflake, iceberg),
        *(domain, table, topic, subscription, agent, fluent_bit),
    )
