"""CloudWatch metrics that alarms and dashboards stand on, with the dimensions AWS publishes them under.

A metric without its dimensions has no data, and an alarm on it never fires: so they are one value here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.facts.fact import CHECKED, Fact

_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html"
_ICEBERG = "https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-metric.html"
_DOMAIN = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html"
_LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html"
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
    """

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    unit: str
    statistic: str
    source: str
    checked: str = CHECKED


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


def _mapping(name: str) -> Metric:
    return Metric("AWS/Lambda", name, ("EventSourceMappingUUID",), "Count", "Sum", _LAMBDA)


# These are published when the mapping's MetricsConfig asks for EventCount.
MAPPING_POLLED = _mapping("PolledEventCount")
MAPPING_FILTERED_OUT = _mapping("FilteredOutEventCount")
MAPPING_INVOKED = _mapping("InvokedEventCount")
MAPPING_DROPPED = _mapping("DroppedEventCount")
MAPPING_KEPT_FAILURES = _mapping("OnFailureDestinationDeliveredEventCount")

QUEUE_DEPTH = Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName",), "Count", "Maximum", _SQS)


def _delivery(name: str, unit: str, statistic: str, source: str = _FIREHOSE) -> Metric:
    return Metric("AWS/Firehose", name, ("DeliveryStreamName",), unit, statistic, source)


_DESTINATIONS = {
    "s3": "DeliveryToS3",
    "opensearch": "DeliveryToAmazonOpenSearchService",
    "opensearch_serverless": "DeliveryToAmazonOpenSearchServerless",
    "redshift": "DeliveryToRedshift",
    "splunk": "DeliveryToSplunk",
    "http": "DeliveryToHttpEndpoint",
    "snowflake": "DeliveryToSnowflake",
    "iceberg": "DeliveryToIceberg",
}
"""How the names of a destination's metrics start, by kind of destination."""


def _by_destination(name: str, unit: str, statistic: str) -> dict[str, Metric]:
    return {
        kind: _delivery(f"{start}.{name}", unit, statistic, _ICEBERG if kind == "iceberg" else _FIREHOSE)
        for kind, start in _DESTINATIONS.items()
    }


# What arrives at the destination.
DELIVERY_SUCCESS: Mapping[str, Metric] = _by_destination("Success", "None", "Average") | {
    "http": _delivery("DeliveryToHttpEndpoint.Success", "Count", "Minimum")
}
"""From 0 to 1: successful requests out of all. At an HTTP endpoint it counts records, and a failed request is a 0."""
DELIVERY_FRESHNESS: Mapping[str, Metric] = _by_destination("DataFreshness", "Seconds", "Maximum")
"""The age of the oldest record in Firehose: whatever is older has been delivered."""
DELIVERY_BYTES: Mapping[str, Metric] = _by_destination("Bytes", "Bytes", "Sum")
DELIVERY_RECORDS: Mapping[str, Metric] = {
    kind: metric for kind, metric in _by_destination("Records", "Count", "Sum").items() if kind != "iceberg"
}
DELIVERY_OBJECTS = _delivery("DeliveryToS3.ObjectCount", "Count", "Sum")
"""Published with dynamic partitioning alone."""
DELIVERY_REFUSED: Mapping[str, Metric] = {
    "opensearch": _delivery("DeliveryToAmazonOpenSearchService.DeliveryRejected", "None", "Maximum"),
    "opensearch_serverless": _delivery("DeliveryToAmazonOpenSearchServerless.DeliveryRejected", "None", "Maximum"),
}
"""1 when the destination refuses a delivery, 0 when it does not."""
DELIVERY_UNAUTHORIZED: Mapping[str, Metric] = {
    "opensearch": _delivery("DeliveryToAmazonOpenSearchService.AuthFailure", "None", "Maximum"),
    "opensearch_serverless": _delivery("DeliveryToAmazonOpenSearchServerless.AuthFailure", "None", "Maximum"),
}
"""1 when the domain's or collection's own access control stops Firehose."""
DELIVERY_FAILED_ROWS = _delivery("DeliveryToIceberg.FailedRowCount", "Count", "Sum", _ICEBERG)
SPLUNK_ACKNOWLEDGEMENT_LATENCY = _delivery("DeliveryToSplunk.DataAckLatency", "Seconds", "Maximum")
SNOWFLAKE_COMMIT_LATENCY = _delivery("DeliveryToSnowflake.DataCommitLatency", "Seconds", "Maximum")

# What arrives in the backup bucket. Copies of S3 and Redshift, and all records of Splunk and Snowflake, are counted
# by BackupToS3; what these and OpenSearch could not take, and all documents of OpenSearch, by DeliveryToS3.
BACKUP_SUCCESS = _delivery("BackupToS3.Success", "None", "Average")
BACKUP_FRESHNESS = _delivery("BackupToS3.DataFreshness", "Seconds", "Maximum")
BACKUP_BYTES = _delivery("BackupToS3.Bytes", "Bytes", "Sum")
BACKUP_RECORDS = _delivery("BackupToS3.Records", "Count", "Sum")
FALLBACK_SUCCESS: Mapping[str, Metric] = dict.fromkeys(
    ("opensearch", "opensearch_serverless", "splunk", "snowflake"), DELIVERY_SUCCESS["s3"]
)
"""Whether records that a destination did not take arrive in its backup bucket; BACKUP_SUCCESS says nothing of them."""

# What comes in by PutRecord and PutRecordBatch.
DELIVERY_INCOMING_BYTES = _delivery("IncomingBytes", "Bytes", "Sum")
DELIVERY_INCOMING_RECORDS = _delivery("IncomingRecords", "Count", "Sum")
DELIVERY_INCOMING_REQUESTS = _delivery("IncomingPutRequests", "Count", "Sum")
DELIVERY_THROTTLED_RECORDS = _delivery("ThrottledRecords", "Count", "Sum")
DELIVERY_BYTES_LIMIT = _delivery("BytesPerSecondLimit", "Bytes/Second", "Minimum")
DELIVERY_RECORDS_LIMIT = _delivery("RecordsPerSecondLimit", "Count/Second", "Minimum")
DELIVERY_REQUESTS_LIMIT = _delivery("PutRequestsPerSecondLimit", "Count/Second", "Minimum")

# What is read from a stream.
DELIVERY_SOURCE_BYTES = _delivery("DataReadFromKinesisStream.Bytes", "Bytes", "Sum")
DELIVERY_SOURCE_RECORDS = _delivery("DataReadFromKinesisStream.Records", "Count", "Sum")
DELIVERY_SOURCE_LAG = _delivery("KinesisMillisBehindLatest", "Milliseconds", "Maximum")
DELIVERY_THROTTLED_READS = _delivery("ThrottledGetRecords", "Count", "Sum")
DELIVERY_THROTTLED_ITERATORS = _delivery("ThrottledGetShardIterator", "Count", "Sum")
DELIVERY_THROTTLED_DESCRIBES = _delivery("ThrottledDescribeStream", "Count", "Sum")

# What happens in between.
TRANSFORM_SUCCESS = _delivery("ExecuteProcessing.Success", "None", "Average")
TRANSFORM_DURATION = _delivery("ExecuteProcessing.Duration", "Milliseconds", "Maximum")
TRANSFORMED_RECORDS = _delivery("SucceedProcessing.Records", "Count", "Sum")
DECOMPRESSED_RECORDS = _delivery("OutputDecompressedRecords.Success", "Count", "Sum")
FAILED_DECOMPRESSION_RECORDS = _delivery("OutputDecompressedRecords.Failed", "Count", "Sum")
SUCCEEDED_CONVERSION_RECORDS = _delivery("SucceedConversion.Records", "Count", "Sum")
FAILED_CONVERSION_RECORDS = _delivery("FailedConversion.Records", "Count", "Sum")
PARTITION_COUNT = _delivery("PartitionCount", "Count", "Maximum")
PARTITION_COUNT_EXCEEDED = _delivery("PartitionCountExceeded", "Count", "Maximum")
"""1 when there are more active partitions than the quota, 0 when there are not."""
ACTIVE_PARTITIONS_LIMIT = _delivery("ActivePartitionsLimit", "Count", "Maximum")
KEY_QUERY_DURATION = _delivery("JQProcessing.Duration", "Milliseconds", "Maximum")

# Keys: of the stream that is read, and of a delivery stream that encrypts what is put into it.
DELIVERY_KEY_DENIED = _delivery("KMSKeyAccessDenied", "Count", "Sum")
DELIVERY_KEY_DISABLED = _delivery("KMSKeyDisabled", "Count", "Sum")
DELIVERY_KEY_INVALID = _delivery("KMSKeyInvalidState", "Count", "Sum")
DELIVERY_KEY_NOT_FOUND = _delivery("KMSKeyNotFound", "Count", "Sum")


def _domain(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/ES", name, ("DomainName", "ClientId"), unit, statistic, _DOMAIN)


# OpenSearch domains; `ClientId` is the account's id.
DOMAIN_GREEN = _domain("ClusterStatus.green", "Count", "Maximum")
DOMAIN_YELLOW = _domain("ClusterStatus.yellow", "Count", "Maximum")
DOMAIN_RED = _domain("ClusterStatus.red", "Count", "Maximum")
DOMAIN_NODES = _domain("Nodes", "Count", "Minimum")
DOMAIN_DOCUMENTS = _domain("SearchableDocuments", "Count", "Maximum")
DOMAIN_SHARDS = _domain("Shards.active", "Count", "Maximum")
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
DOMAIN_WRITES_REJECTED = _domain("ThreadpoolWriteRejected", "Count", "Sum")
"""Counts since the node's start: only its difference says something."""
DOMAIN_INDEXING_RATE = _domain("IndexingRate", "Count", "Sum")
DOMAIN_INDEXING_LATENCY = _domain("IndexingLatency", "Milliseconds", "Average")
DOMAIN_SEARCH_RATE = _domain("SearchRate", "Count", "Sum")
DOMAIN_SEARCH_LATENCY = _domain("SearchLatency", "Milliseconds", "Average")
DOMAIN_REQUESTS = _domain("OpenSearchRequests", "Count", "Sum")
DOMAIN_SERVER_ERRORS = _domain("5xx", "Count", "Sum")
# Of dedicated masters, where there are any.
DOMAIN_MASTER_CPU = _domain("MasterCPUUtilization", "Percent", "Maximum")
DOMAIN_MASTER_HEAP = _domain("MasterJVMMemoryPressure", "Percent", "Maximum")
DOMAIN_MASTER_OLD_HEAP = _domain("MasterOldGenJVMMemoryPressure", "Percent", "Maximum")
DOMAIN_MASTER_REACHABLE = _domain("MasterReachableFromNode", "Count", "Maximum")


def _subscription(name: str, unit: str) -> Metric:
    return Metric("AWS/Logs", name, ("LogGroupName", "DestinationType", "FilterName"), unit, "Sum", _LOGS)


def _account_subscription(name: str, unit: str) -> Metric:
    return Metric("AWS/Logs", name, ("PolicyLevel", "DestinationType", "FilterName"), unit, "Sum", _LOGS)


# CloudWatch Logs: subscription filters of log groups, and those of an account. AWS does not state the values that
# `DestinationType` takes; an expression (`SEARCH`, or a metrics query) finds them without.

# Kinesis Agent, which also serves deliveries. AWS names no dimensions: an account sees the sums of all agents.
AGENT_BYTES = Metric("AWSKinesisAgent", "BytesSent", (), "Bytes", "Sum", _AGENT)
