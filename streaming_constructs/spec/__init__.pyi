from streaming_constructs.spec.alarms import AlarmOverride as AlarmOverride, AlarmsSpec as AlarmsSpec
from streaming_constructs.spec.analytics.checkpointing import Checkpointing as Checkpointing
from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec as FlinkAppSpec
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec as FlinkSqlSpec
from streaming_constructs.spec.analytics.restore import Restore as Restore
from streaming_constructs.spec.apis.lambda_function import LambdaApiSpec as LambdaApiSpec
from streaming_constructs.spec.athena import AthenaSpec as AthenaSpec
from streaming_constructs.spec.clusters.msk import MskClusterSpec as MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec as MskExpressClusterSpec
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec as MskServerlessClusterSpec
from streaming_constructs.spec.connectors.capacity import ConnectorCapacity as ConnectorCapacity
from streaming_constructs.spec.connectors.plugin import Plugin as Plugin
from streaming_constructs.spec.connectors.sink import SinkConnectorSpec as SinkConnectorSpec
from streaming_constructs.spec.connectors.source import SourceConnectorSpec as SourceConnectorSpec
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec as LambdaConsumerSpec
from streaming_constructs.spec.consumers.pollers import Pollers as Pollers
from streaming_constructs.spec.deliveries.backup import FailedBackup as FailedBackup
from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec as BackupSpec
from streaming_constructs.spec.deliveries.firehose import (
    DelimitedRecords as DelimitedRecords,
    DeliverySpec as DeliverySpec,
)
from streaming_constructs.spec.deliveries.http_endpoint import HttpDestination as HttpDestination
from streaming_constructs.spec.deliveries.iceberg import (
    IcebergDestination as IcebergDestination,
    IcebergTable as IcebergTable,
)
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination as OpenSearchDestination
from streaming_constructs.spec.deliveries.opensearch_serverless import (
    OpenSearchServerlessDestination as OpenSearchServerlessDestination,
)
from streaming_constructs.spec.deliveries.redshift import RedshiftDestination as RedshiftDestination
from streaming_constructs.spec.deliveries.s3 import S3Destination as S3Destination
from streaming_constructs.spec.deliveries.s3_partitions import Partition as Partition
from streaming_constructs.spec.deliveries.snowflake import SnowflakeDestination as SnowflakeDestination
from streaming_constructs.spec.deliveries.splunk import SplunkDestination as SplunkDestination
from streaming_constructs.spec.deliveries.transform import TransformSpec as TransformSpec
from streaming_constructs.spec.encryption import (
    AwsManagedKey as AwsManagedKey,
    AwsOwnedKey as AwsOwnedKey,
    CustomerManagedKey as CustomerManagedKey,
    S3ManagedKey as S3ManagedKey,
    SqsManagedKey as SqsManagedKey,
)
from streaming_constructs.spec.finding import Finding as Finding, SpecError as SpecError
from streaming_constructs.spec.notify import (
    NotifyEmail as NotifyEmail,
    NotifyNode as NotifyNode,
    NotifyTopic as NotifyTopic,
)
from streaming_constructs.spec.on_failure import (
    KafkaOnFailure as KafkaOnFailure,
    NodeOnFailure as NodeOnFailure,
    OnFailure as OnFailure,
    S3OnFailure as S3OnFailure,
    SnsOnFailure as SnsOnFailure,
    SqsOnFailure as SqsOnFailure,
)
from streaming_constructs.spec.permission import Permission as Permission
from streaming_constructs.spec.pipeline import PipelineSpec as PipelineSpec
from streaming_constructs.spec.producers.api_gateway import (
    ApiGatewayProducerSpec as ApiGatewayProducerSpec,
    Throttle as Throttle,
)
from streaming_constructs.spec.producers.cloudwatch_logs import (
    AcceptFrom as AcceptFrom,
    AccountPolicy as AccountPolicy,
    CloudWatchLogsProducerSpec as CloudWatchLogsProducerSpec,
)
from streaming_constructs.spec.producers.fluent_bit import FluentBitProducerSpec as FluentBitProducerSpec
from streaming_constructs.spec.producers.kinesis_agent import (
    AgentFile as AgentFile,
    DataProcessing as DataProcessing,
    KinesisAgentProducerSpec as KinesisAgentProducerSpec,
)
from streaming_constructs.spec.queues.sqs import DeadLetter as DeadLetter, SqsQueueSpec as SqsQueueSpec
from streaming_constructs.spec.replicators.msk import MskReplicatorSpec as MskReplicatorSpec
from streaming_constructs.spec.s3_lifecycle import Transition as Transition
from streaming_constructs.spec.schema_registry import GlueSchemaRegistrySpec as GlueSchemaRegistrySpec
from streaming_constructs.spec.schemas import RecordField as RecordField
from streaming_constructs.spec.sns_topics.sns import SnsTopicSpec as SnsTopicSpec
from streaming_constructs.spec.starting_position import AtTimestamp as AtTimestamp
from streaming_constructs.spec.stores.dynamodb import (
    DynamoDbTableSpec as DynamoDbTableSpec,
    KeyAttribute as KeyAttribute,
    TableCapacity as TableCapacity,
)
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec as OpenSearchDomainSpec
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec as KafkaTopicSpec
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec as KinesisStreamSpec
from streaming_constructs.spec.vpc import VpcPlacement as VpcPlacement
from streaming_constructs.spec.watermark import Watermark as Watermark
from streaming_constructs.spec.workload import Workload as Workload
