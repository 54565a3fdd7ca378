"""CloudWatch metrics that alarms and dashboards stand on, with the dimensions AWS publishes them under.

A metric without its dimensions has no data, and an alarm on it never fires: so they are one value here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.facts.fact import CHECKED, Fact

_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html"
_DOMAIN = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html"
_AGENT = "https://docs.aws.amazon.com/streams/latest/dev/agent-health.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
_SQS = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
)

ALARM_ACTIONS = Fact(
    5, "actions", "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
)
"""How many topics one alarm tells."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric.

    Attributes:
        namespace: Such as `AWS/Kinesis`.
        name: The metric's name.
        dimensions: The names of its dimensions, all of them.
        unit: The unit of its values, as CloudWatch writes it.
        statistic: The statistic that says something about it.
        source: The page that describes it.
        checked: The day the page was read (ISO 8601).
        called: What a node calls the value of its one dimension, where it has two of that name: a queue and its dead letters.
    """

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    unit: str
    statistic: str
    source: str
    checked: str = CHECKED
    called: str = ""

    def dimensions_of(self, known: Mapping[str, str]) -> dict[str, str]:
        """Its dimensions with their values.

        Args:
            known: The values that a node knows, by name.
        """
        return {name: known[self.called or name] for name in self.dimensions}


def _stream(name: str, unit: str, statistic: str, *more: str) -> Metric:
    return Metric("AWS/Kinesis", name, ("StreamName", *more), unit, statistic, _KINESIS)


INCOMING_BYTES = _stream("IncomingBytes", "Bytes", "Sum")
INCOMING_RECORDS = _stream("IncomingRecords", "Count", "Sum")
STREAM_ITERATOR_AGE = _stream("GetRecords.IteratorAgeMilliseconds", "Milliseconds", "Maximum")
"""Seen by shared readers alone: enhanced fan-out consumers do not call GetRecords."""
WRITE_THROTTLED = _stream("WriteProvisionedThroughputExceeded", "Count", "Sum")
READ_THROTTLED = _stream("ReadProvisionedThroughputExceeded", "Count", "Sum")
PUT_RECORDS_FAILED = _stream("PutRecords.FailedRecords", "Count", "Sum")
"""Records of PutRecords requests that Kinesis refused for an internal failure; throttled ones are counted apart."""
FAN_OUT_LAG = _stream("SubscribeToShardEvent.MillisBehindLatest", "Milliseconds", "Maximum", "ConsumerName")


def _function(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/Lambda", name, ("FunctionName",), unit, statistic, _LAMBDA)


FUNCTION_INVOCATIONS = _function("Invocations", "Count", "Sum")
FUNCTION_ERRORS = _function("Errors", "Count", "Sum")
FUNCTION_THROTTLES = _function("Throttles", "Count", "Sum")
FUNCTION_ITERATOR_AGE = _function("IteratorAge", "Milliseconds", "Maximum")
FUNCTION_DESTINATION_FAILURES = _function("DestinationDeliveryFailures", "Count", "Sum")
FUNCTION_OFFSET_LAG = _function("OffsetLag", "Count", "Maximum")
"""Of Kafka: records that its group has not processed yet, of all partitions together."""


def _mapping(name: str) -> Metric:
    return Metric("AWS/Lambda", name, ("EventSourceMappingUUID",), "Count", "Sum", _LAMBDA)


# These are published when the mapping's MetricsConfig asks for EventCount.
MAPPING_POLLED = _mapping("PolledEventCount")
MAPPING_FILTERED_OUT = _mapping("FilteredOutEventCount")
MAPPING_INVOKED = _mapping("InvokedEventCount")
MAPPING_DROPPED = _mapping("DroppedEventCount")
MAPPING_KEPT_FAILURES = _mapping("OnFailureDestinationDeliveredEventCount")

# This one when it asks for ErrorCount.
MAPPING_DESTINATION_ERRORS = _mapping("OnFailureDestinationDeliveryErrorCount")


QUEUE, DEAD_LETTER_QUEUE = "QueueName", "DeadLetterQueueName"


def _queue(name: str, unit: str, statistic: str, called: str = "") -> Metric:
    return Metric("AWS/SQS", name, (QUEUE,), unit, statistic, _SQS, called=called)


QUEUE_DEPTH = _queue("ApproximateNumberOfMessagesVisible", "Count", "Maximum")
QUEUE_IN_FLIGHT = _queue("ApproximateNumberOfMessagesNotVisible", "Count", "Maximum")
QUEUE_OLDEST = _queue("ApproximateAgeOfOldestMessage", "Seconds", "Maximum")
QUEUE_SENT = _queue("NumberOfMessagesSent", "Count", "Sum")
QUEUE_DELETED = _queue("NumberOfMessagesDeleted", "Count", "Sum")
DEAD_LETTERS = _queue("ApproximateNumberOfMessagesVisible", "Count", "Maximum", DEAD_LETTER_QUEUE)
"""Of the dead-letter queue of a queue: what SQS moves there is not counted as sent."""


def delivery_metric(name: str, unit: str, statistic: str, source: str = _FIREHOSE) -> Metric:
    """A metric of `AWS/Firehose`.

    Args:
        name: Its name.
        unit: Its unit.
        statistic: The statistic that says something about it.
        source: The page that describes it.
    """
    return Metric("AWS/Firehose", name, ("DeliveryStreamName",), unit, statistic, source)


BACKUP_SUCCESS = delivery_metric("BackupToS3.Success", "None", "Average")

# What comes in by PutRecord and PutRecordBatch.
DELIVERY_THROTTLED_RECORDS = delivery_metric("ThrottledRecords", "Count", "Sum")

# What is read from a stream.
DELIVERY_SOURCE_LAG = delivery_metric("KinesisMillisBehindLatest", "Milliseconds", "Maximum")
DELIVERY_THROTTLED_READS = delivery_metric("ThrottledGetRecords", "Count", "Sum")

# What is read from a topic of Kafka.
DELIVERY_OFFSET_LAG = delivery_metric("KafkaOffsetLag", "Count", "Maximum")
"""Records that are in a partition and were not read yet; offsets are a partition's, so it is the latest one's."""
DELIVERY_BACKPRESSURED = delivery_metric("DataReadFromSource.Backpressured", "None", "Maximum")
"""1 while a partition has more than Firehose reads of it, or writing to the destination is slow or stopped."""
DELIVERY_INVALID_RECORDS = delivery_metric("FailedValidation.Records", "Count", "Sum")
"""Records that are larger than Firehose takes."""

# What happens in between.
TRANSFORM_SUCCESS = delivery_metric("ExecuteProcessing.Success", "None", "Average")
FAILED_DECOMPRESSION_RECORDS = delivery_metric("OutputDecompressedRecords.Failed", "Count", "Sum")
FAILED_CONVERSION_RECORDS = delivery_metric("FailedConversion.Records", "Count", "Sum")
PARTITION_COUNT_EXCEEDED = delivery_metric("PartitionCountExceeded", "Count", "Maximum")
"""1 when there are more active partitions than the quota, 0 when there are not."""

# Keys: of the stream that is read, and of a delivery stream that encrypts what is put into it.
DELIVERY_KEY_DENIED = delivery_metric("KMSKeyAccessDenied", "Count", "Sum")


def _domain(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/ES", name, ("DomainName", "ClientId"), unit, statistic, _DOMAIN)


# OpenSearch domains; `ClientId` is the account's id.
DOMAIN_YELLOW = _domain("ClusterStatus.yellow", "Count", "Maximum")
DOMAIN_RED = _domain("ClusterStatus.red", "Count", "Maximum")
DOMAIN_NODES = _domain("Nodes", "Count", "Minimum")
DOMAIN_CPU = _domain("CPUUtilization", "Percent", "Maximum")
DOMAIN_FREE_STORAGE = _domain("FreeStorageSpace", "Megabytes", "Minimum")
"""Of the node with the least; in MiB, whatever the unit is called."""
DOMAIN_WRITES_BLOCKED = _domain("ClusterIndexWritesBlocked", "Count", "Maximum")
DOMAIN_HEAP = _domain("JVMMemoryPressure", "Percent", "Maximum")
DOMAIN_OLD_HEAP = _domain("OldGenJVMMemoryPressure", "Percent", "Maximum")
DOMAIN_SNAPSHOT_FAILURE = _domain("AutomatedSnapshotFailure", "Count", "Maximum")
DOMAIN_KEY_ERROR = _domain("KMSKeyError", "Count", "Maximum")
DOMAIN_KEY_INACCESSIBLE = _domain("KMSKeyInaccessible", "Count", "Maximum")
DOMAIN_WRITE_QUEUE = _domain("ThreadpoolWriteQueue", "Count", "Average")
DOMAIN_SEARCH_QUEUE = _domain("ThreadpoolSearchQueue", "Count", "Average")
# Of dedicated masters, where there are any.
DOMAIN_MASTER_CPU = _domain("MasterCPUUtilization", "Percent", "Maximum")
DOMAIN_MASTER_HEAP = _domain("MasterJVMMemoryPressure", "Percent", "Maximum")
DOMAIN_MASTER_OLD_HEAP = _domain("MasterOldGenJVMMemoryPressure", "Percent", "Maximum")
DOMAIN_MASTER_REACHABLE = _domain("MasterReachableFromNode", "Count", "Maximum")


# Kinesis Agent, which also serves deliveries. AWS names no dimensions: an account sees the sums of all agents.
AGENT_BYTES = Metric("AWSKinesisAgent", "BytesSent", (), "Bytes", "Sum", _AGENT)

RESOURCE_OF_DIMENSION = {
    "Application": "AWS::KinesisAnalyticsV2::Application",
    "ConnectorName": "AWS::KafkaConnect::Connector",
    "ConsumerName": "AWS::Kinesis::StreamConsumer",
    "DeliveryStreamName": "AWS::KinesisFirehose::DeliveryStream",
    "DomainName": "AWS::OpenSearchService::Domain",
    "EventSourceMappingUUID": "AWS::Lambda::EventSourceMapping",
    "FunctionName": "AWS::Lambda::Function",
    "QueueName": "AWS::SQS::Queue",
    "ReplicatorName": "AWS::MSK::Replicator",
    "StreamName": "AWS::Kinesis::Stream",
    "TableName": "AWS::DynamoDB::Table",
}
"""The CloudFormation type of what a dimension names; `ClientId` is an account."""

PUBLISHED_BESIDE = {"AWS/ApiGateway": (("ApiName",), ("ApiId",))}
"""By namespace, other sets of dimensions that its metrics are published under: of a whole API, and of APIs of version 2.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html, read 2026-11-29
"""

SAME_DIMENSION = {
    "AWS::DynamoDB::Table": ("AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"),
    "AWS::Lambda::Function": ("AWS::Serverless::Function",),
    "AWS::OpenSearchService::Domain": ("AWS::Elasticsearch::Domain",),
}
"""Other types that are named by the same dimension."""

ALSO_NAMED = {
    "ApiName": ("AWS::ApiGateway::RestApi",),
    "Cluster Name": ("AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"),
    "LogGroupName": ("AWS::Logs::LogGroup",),
    "RuleName": ("AWS::Events::Rule",),
    "TopicName": ("AWS::SNS::Topic",),
}
"""Types whose names people write as dimensions in words, also where no alarm of ours does."""

NAME_ATTRIBUTES = {
    "AWS::KafkaConnect::Connector": "ConnectorName",
    "AWS::Kinesis::StreamConsumer": "ConsumerName",
    "AWS::MSK::Replicator": "ReplicatorName",
    "AWS::SQS::Queue": "QueueName",
}
"""The attribute that is the name of a resource whose `Ref` is none, but an ARN or an address.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html,
read 2026-11-29
"""

NAME_PROPERTIES = {
    "AWS::ApiGateway::RestApi": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisAnalyticsV2::Application": "ApplicationName",
    "AWS::MSK::Cluster": "ClusterName",
    "AWS::MSK::ServerlessCluster": "ClusterName",
}
"""The property with the name of a resource, where it is not called as the dimension is."""


_MSK = "https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html"

_MSK_EXPRESS = "https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details-express.html"
_MSK_SERVERLESS = "https://docs.aws.amazon.com/msk/latest/developerguide/serverless-monitoring.html"
_MSK_READ = "2026-11-27"
CLUSTER, BROKER, TOPIC, GROUP = "Cluster Name", "Broker ID", "Topic", "Consumer Group"
"""Dimensions of `AWS/Kafka`; their names have blanks."""


def _cluster(name: str, unit: str, statistic: str, *more: str, source: str = _MSK) -> Metric:
    return Metric("AWS/Kafka", name, (CLUSTER, *more), unit, statistic, source, _MSK_READ)


# Published at every level of monitoring.
OFFLINE_PARTITIONS = _cluster("OfflinePartitionsCount", "Count", "Maximum")
"""Not published by Express brokers."""
ACTIVE_CONTROLLERS = _cluster("ActiveControllerCount", "Count", "Sum")
"""Of clusters with ZooKeeper; one with KRaft was seen to publish nothing."""
GLOBAL_PARTITIONS = _cluster("GlobalPartitionCount", "Count", "Maximum")
STORAGE_USED = _cluster("StorageUsed", "Bytes", "Maximum", source=_MSK_EXPRESS)
"""Of Express brokers alone, whose storage is the cluster's."""
BROKER_CPU_USER = _cluster("CpuUser", "Percent", "Average", BROKER)
BROKER_CPU_SYSTEM = _cluster("CpuSystem", "Percent", "Average", BROKER)
BROKER_CPU_CREDITS = _cluster("CPUCreditBalance", "Count", "Minimum", BROKER)
"""Of kafka.t3.small alone."""
BROKER_HEAP = _cluster("HeapMemoryAfterGC", "Percent", "Maximum", BROKER)
"""Not published by Express brokers."""
BROKER_DISK = _cluster("KafkaDataLogsDiskUsed", "Percent", "Maximum", BROKER)
"""Not published by Express brokers."""
BROKER_UNDER_REPLICATED = _cluster("UnderReplicatedPartitions", "Count", "Maximum", BROKER)
"""Not published by Express brokers."""
BROKER_UNDER_MIN_ISR = _cluster("UnderMinIsrPartitionCount", "Count", "Maximum", BROKER)
"""Not published by Express brokers."""
BROKER_TRAFFIC_SHAPING = _cluster("TrafficShaping", "Count", "Maximum", BROKER)
"""Packets that were dropped or had to wait, as more came than the network of the instance takes. Not published by Express
brokers."""
BROKER_PARTITIONS = _cluster("PartitionCount", "Count", "Maximum", BROKER)
BROKER_CONNECTIONS = _cluster("ConnectionCount", "Count", "Maximum", BROKER)
BROKER_BYTES_IN = _cluster("BytesInPerSec", "Bytes/Second", "Average", BROKER)
BROKER_BYTES_OUT = _cluster("BytesOutPerSec", "Bytes/Second", "Average", BROKER)
GROUP_TIME_LAG = _cluster("EstimatedMaxTimeLag", "Seconds", "Maximum", GROUP, TOPIC)
"""Of groups that are stable or empty, and whose id is ASCII without a colon."""
GROUP_OFFSET_LAG = _cluster("SumOffsetLag", "Count", "Maximum", GROUP, TOPIC)

# Published from the level PER_BROKER on.
BROKER_REQUEST_IDLE = _cluster("RequestHandlerAvgIdlePercent", "None", "Average", BROKER)
"""A fraction from 0 to 1, whatever its name says."""
BROKER_NETWORK_IDLE = _cluster("NetworkProcessorAvgIdlePercent", "None", "Average", BROKER)
"""A fraction from 0 to 1, whatever its name says."""
BROKER_IAM_REFUSED = _cluster("IAMTooManyConnections", "Count", "Maximum", BROKER)
"""New connections with IAM above the quota of a second; 0 while they are within it."""
BROKER_TIER_LAG = _cluster("RemoteCopyLagBytes", "Bytes", "Maximum", BROKER)
"""What is to be in tiered storage, and is not yet there."""
BROKER_PRODUCE_THROTTLE = _cluster("ProduceThrottleTime", "Milliseconds", "Maximum", BROKER)
BROKER_FETCH_THROTTLE = _cluster("FetchThrottleTime", "Milliseconds", "Maximum", BROKER)

# Published by brokers at every level, and records from the level PER_TOPIC_PER_BROKER on.
BROKER_TOPIC_BYTES_IN = _cluster("BytesInPerSec", "Bytes/Second", "Average", BROKER, TOPIC)
BROKER_TOPIC_BYTES_OUT = _cluster("BytesOutPerSec", "Bytes/Second", "Average", BROKER, TOPIC)
BROKER_TOPIC_MESSAGES_IN = _cluster("MessagesInPerSec", "Count/Second", "Average", BROKER, TOPIC)

# Published by MSK Serverless, of which nobody sees brokers.
TOPIC_BYTES_IN = _cluster("BytesInPerSec", "Bytes/Second", "Sum", TOPIC, source=_MSK_SERVERLESS)
TOPIC_BYTES_OUT = _cluster("BytesOutPerSec", "Bytes/Second", "Sum", TOPIC, source=_MSK_SERVERLESS)
TOPIC_MESSAGES_IN = _cluster("MessagesInPerSec", "Count/Second", "Sum", TOPIC, source=_MSK_SERVERLESS)

_CONNECT = "https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html"


def _connector(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/KafkaConnect", name, ("ConnectorName",), unit, statistic, _CONNECT, "2026-11-28")


CONNECTOR_CPU = _connector("CpuUtilization", "Percent", "Average")
CONNECTOR_ERRORED_TASKS = _connector("ErroredTaskCount", "Count", "Maximum")
CONNECTOR_RUNNING_TASKS = _connector("RunningTaskCount", "Count", "Maximum")
CONNECTOR_WORKERS = _connector("WorkerCount", "Count", "Maximum")
CONNECTOR_RECORDS_READ = _connector("SinkRecordReadRate", "Count/Second", "Average")
CONNECTOR_RECORDS_SENT = _connector("SinkRecordSendRate", "Count/Second", "Average")
CONNECTOR_RECORDS_POLLED = _connector("SourceRecordPollRate", "Count/Second", "Average")
CONNECTOR_RECORDS_WRITTEN = _connector("SourceRecordWriteRate", "Count/Second", "Average")

_REPLICATOR = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-monitor.html"


def _replicator(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/Kafka", name, ("ReplicatorName",), unit, statistic, _REPLICATOR, "2026-11-28")


# Published in the region of the cluster that is written to.
REPLICATION_LATENCY = _replicator("ReplicationLatency", "Milliseconds", "Maximum")
REPLICATION_LAG = _replicator("MessageLag", "Count", "Sum")
"""Records that were written to the one cluster and are not yet in the other."""
REPLICATOR_FAILURES = _replicator("ReplicatorFailure", "Count", "Sum")
REPLICATOR_THROUGHPUT = _replicator("ReplicatorThroughput", "Bytes/Second", "Sum")

_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html"


def _api(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/ApiGateway", name, ("ApiName", "Stage"), unit, statistic, _API, "2026-11-28")


# Amazon API Gateway, of a stage of a REST API. An average of the errors is their share of all requests.
API_REQUESTS = _api("Count", "Count", "Sum")
API_CLIENT_ERRORS = _api("4XXError", "Count", "Average")
"""Requests that were answered with 400 to 499: refused, unsigned, throttled by the gateway, or by the stream."""
API_SERVER_ERRORS = _api("5XXError", "Count", "Average")
API_LATENCY = _api("Latency", "Milliseconds", "Average")
API_INTEGRATION_LATENCY = _api("IntegrationLatency", "Milliseconds", "Average")
"""The part of it that the service behind the API takes."""

_TABLE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html"


def _table(name: str, statistic: str, *more: str) -> Metric:
    return Metric("AWS/DynamoDB", name, ("TableName", *more), "Count", statistic, _TABLE, "2026-11-28")


TABLE_WRITE_UNITS = _table("ConsumedWriteCapacityUnits", "Sum")
TABLE_READ_UNITS = _table("ConsumedReadCapacityUnits", "Sum")
TABLE_WRITE_THROTTLED = _table("WriteThrottleEvents", "Sum")
"""Each write of a batch by itself; `ThrottledRequests` counts a batch only once all of it is throttled."""
TABLE_READ_THROTTLED = _table("ReadThrottleEvents", "Sum")
TABLE_EXPIRED_ITEMS = _table("TimeToLiveDeletedItemCount", "Sum")
TABLE_SYSTEM_ERRORS = _table("SystemErrors", "Sum", "Operation")
"""Requests that DynamoDB answered with a status of 5xx; published by operation alone."""
