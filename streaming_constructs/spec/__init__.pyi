from streaming_constructs.spec.alarms import AlarmOverride as AlarmOverride
from streaming_constructs.spec.alarms import AlarmsSpec as AlarmsSpec
from streaming_constructs.spec.athena import AthenaSpec as AthenaSpec
from streaming_constructs.spec.consumers.lambda_function import (
    AtTimestamp as AtTimestamp,
)
from streaming_constructs.spec.consumers.lambda_function import (
    LambdaConsumerSpec as LambdaConsumerSpec,
)
from streaming_constructs.spec.deliveries.backup import FailedBackup as FailedBackup
from streaming_constructs.spec.deliveries.firehose import (
    DelimitedRecords as DelimitedRecords,
)
from streaming_constructs.spec.deliveries.firehose import (
    DeliverySpec as DeliverySpec,
)
from streaming_constructs.spec.deliveries.firehose import (
    TransformSpec as TransformSpec,
)
from streaming_constructs.spec.deliveries.http_endpoint import HttpDestination as HttpDestination
from streaming_constructs.spec.deliveries.iceberg import (
    IcebergDestination as IcebergDestination,
)
from streaming_constructs.spec.deliveries.iceberg import (
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
from streaming_constructs.spec.encryption import (
    AwsManagedKey as AwsManagedKey,
)
from streaming_constructs.spec.encryption import (
    AwsOwnedKey as AwsOwnedKey,
)
from streaming_constructs.spec.encryption import (
    CustomerManagedKey as CustomerManagedKey,
)
from streaming_constructs.spec.encryption import (
    S3ManagedKey as S3ManagedKey,
)
from streaming_constructs.spec.finding import Finding as Finding
from streaming_constructs.spec.finding import SpecError as SpecError
from streaming_constructs.spec.notify import (
    NotifyEmail as NotifyEmail,
)
from streaming_constructs.spec.notify import (
    NotifyNode as NotifyNode,
)
from streaming_constructs.spec.notify import (
    NotifyTopic as NotifyTopic,
)
from streaming_constructs.spec.on_failure import (
    NodeOnFailure as NodeOnFailure,
)
from streaming_constructs.spec.on_failure import (
    OnFailure as OnFailure,
)
from streaming_constructs.spec.on_failure import (
    S3OnFailure as S3OnFailure,
)
from streaming_constructs.spec.on_failure import (
    SnsOnFailure as SnsOnFailure,
)
from streaming_constructs.spec.on_failure import (
    SqsOnFailure as SqsOnFailure,
)
from streaming_constructs.spec.permission import Permission as Permission
from streaming_constructs.spec.pipeline import PipelineSpec as PipelineSpec
from streaming_constructs.spec.producers.cloudwatch_logs import (
    AcceptFrom as AcceptFrom,
)
from streaming_constructs.spec.producers.cloudwatch_logs import (
    AccountPolicy as AccountPolicy,
)
from streaming_constructs.spec.producers.cloudwatch_logs import (
    CloudWatchLogsProducerSpec as CloudWatchLogsProducerSpec,
)
from streaming_constructs.spec.producers.fluent_bit import FluentBitProducerSpec as FluentBitProducerSpec
from streaming_constructs.spec.producers.kinesis_agent import (
    AgentFile as AgentFile,
)
from streaming_constructs.spec.producers.kinesis_agent import (
    DataProcessing as DataProcessing,
)
from streaming_constructs.spec.producers.kinesis_agent import (
    KinesisAgentProducerSpec as KinesisAgentProducerSpec,
)
from streaming_constructs.spec.s3_bucket import BackupSpec as BackupSpec
from streaming_constructs.spec.s3_bucket import Transition as Transition
from streaming_constructs.spec.schemas import RecordField as RecordField
from streaming_constructs.spec.sns_topics.sns import SnsTopicSpec as SnsTopicSpec
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec as OpenSearchDomainSpec
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec as KinesisStreamSpec
from streaming_constructs.spec.vpc import VpcPlacement as VpcPlacement
from streaming_constructs.spec.workload import Workload as Workload
