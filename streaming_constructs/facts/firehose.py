"""Amazon Data Firehose: limits and accepted values, and a row of facts for each destination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from streaming_constructs.facts.fact import Fact, Range
from streaming_constructs.facts.metrics import BACKUP_SUCCESS, Metric, delivery_metric

_GUIDE = "https://docs.aws.amazon.com/firehose/latest/dev"
_API = "https://docs.aws.amazon.com/firehose/latest/APIReference"
_BUFFERING = f"{_GUIDE}/create-configure-backup.html"
_QUOTAS = f"{_GUIDE}/limits.html"
_TRANSFORM = f"{_GUIDE}/data-transformation.html"
_PROCESSOR = f"{_API}/API_ProcessorParameter.html"
_DESTINATIONS = f"{_GUIDE}/create-destination.html"
_ICEBERG_METRICS = f"{_GUIDE}/apache-iceberg-metric.html"
_CDK = "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_kinesisfirehose"
_DYNAMIC_BUFFER = f"{_CDK}.S3BucketProps.html"

BACKUP_BUFFER_MIB = Range(1, 128, "MiB", _BUFFERING)
BACKUP_BUFFER_SECONDS = Range(60, 900, "seconds", _BUFFERING)
"""Of the bucket that keeps copies or failed records; it cannot deliver without buffering."""

SPLUNK_ACKNOWLEDGEMENT_SECONDS = Range(180, 600, "seconds", f"{_API}/API_SplunkDestinationConfiguration.html")

# Conversion to Parquet or ORC; S3 only, and without an outer compression.
ZERO_BUFFERING_SECONDS = Fact(5, "seconds", f"{_GUIDE}/buffering-hints.html")
"""How soon most records are delivered when they are not buffered at all."""
CONVERSION_BUFFER_MIB = Range(64, 128, "MiB", f"{_GUIDE}/enable-record-format-conversion.html")
CONVERSION_BUFFER_MIB_DEFAULT = Fact(128, "MiB", f"{_GUIDE}/enable-record-format-conversion.html")
PARQUET_BLOCK_MIB = Range(64, 2047, "MiB", f"{_API}/API_ParquetSerDe.html")
"""AWS names no greatest value; the property is a 32-bit number of bytes. So it is for the two below."""
ORC_STRIPE_MIB = Range(8, 2047, "MiB", f"{_API}/API_OrcSerDe.html")

# Dynamic partitioning; S3 only, and only from the day the delivery stream is created.
DYNAMIC_PARTITIONING_BUFFER_MIB = Range(64, 128, "MiB", _DYNAMIC_BUFFER)
DYNAMIC_PARTITIONING_BUFFER_SECONDS = Range(60, 900, "seconds", _DYNAMIC_BUFFER)
DYNAMIC_PARTITIONING_RETRY_SECONDS = Fact(300, "seconds", f"{_CDK}.DynamicPartitioningProps.html", "2026-11-29")
"""How long delivery is tried again where nothing is said of it."""
PARTITION_MIB_PER_SECOND = Fact(1000, "MiB/s for each active partition", _QUOTAS)
"""AWS writes 1 GB; the lesser reading of it."""
DEAGGREGATED_RECORDS = Fact(500, "records", f"{_GUIDE}/dynamic-partitioning-multirecord-deaggergation.html")
"""The most that one record is taken apart into."""
PARTITION_KEYS = Fact(50, "keys", _DESTINATIONS)
ACTIVE_PARTITIONS = Fact(500, "partitions", _QUOTAS)

# Transformation by a function, invoked synchronously. The buffer is a decimal number, so it is two facts.
TRANSFORM_BUFFER_MIB_LEAST = Fact(0.2, "MiB", _TRANSFORM)
TRANSFORM_BUFFER_MIB_MOST = Fact(3, "MiB", _TRANSFORM)
TRANSFORM_BUFFER_SECONDS = Range(0, 900, "seconds", _TRANSFORM)
TRANSFORM_RETRIES = Range(0, 300, "retries", _PROCESSOR)
"""The page names the parameter and no bounds; the greatest value is ours, and not verified."""
TRANSFORM_BUFFER_MIB_DEFAULT = Fact(1, "MiB", _TRANSFORM)
"""0.25 MiB for Splunk and Snowflake."""
TRANSFORM_RETRIES_DEFAULT = Fact(3, "retries", _PROCESSOR)
TRANSFORM_TIMEOUT_SECONDS = Range(1, 300, "seconds", _TRANSFORM)
TRANSFORM_PAYLOAD_MIB = Fact(6, "MiB", _TRANSFORM)
"""Of the request, and of the response: a function that makes records greater has to be given fewer."""
PROCESSOR_PARAMETER_CHARACTERS = Fact(5120, "characters", _PROCESSOR)

# What comes in.
RECORD_KIB = Fact(1000, "KiB", _QUOTAS)
"""Of one record that is put into the delivery directly, before base64."""
PUT_RECORD_BATCH_RECORDS = Fact(
    500,
    "records per call",
    "https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html",
    "2026-11-28",
)
DIRECT_PUT_MIB_PER_SECOND = Fact(1, "MiB/s", _QUOTAS)
"""Where a delivery stream starts; Firehose raises it by itself while it throttles, and refuses records meanwhile."""
DIRECT_PUT_MIB_PER_SECOND_LARGE_REGIONS = Fact(5, "MiB/s", _QUOTAS, "2026-11-29")
DIRECT_PUT_RECORDS_PER_SECOND = Fact(100_000, "records/s", _QUOTAS)
DIRECT_PUT_MIB_PER_SECOND_LARGE_REGIONS = Fact(5, "MiB/s", _QUOTAS)
DIRECT_PUT_RECORDS_PER_SECOND_LARGE_REGIONS = Fact(500_000, "records/s", _QUOTAS)
LARGE_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
"""Regions with the greater quotas of direct put."""
DIRECT_PUT_RETENTION_HOURS = Fact(24, "hours", _QUOTAS)
"""How long Firehose keeps what it cannot deliver; of a stream's records the stream keeps them."""

# What is read from a topic of Kafka on MSK.
MSK_EARLIEST = "1970-01-01T00:00:00Z"
"""The moment to read from that means the oldest record; without one it is that at which the delivery stream is active.

Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_MSKSourceConfiguration.html, read 2026-11-28
"""
MSK_PARTITION_MIB_PER_SECOND = Fact(10, "MiB/s from a partition", _QUOTAS)
"""Where a delivery stream starts; AWS raises it on request."""
MSK_RECORD_MIB = Fact(10, "MiB", f"{_GUIDE}/writing-with-msk.html")
MSK_TRANSFORMED_RECORD_MIB = Fact(6, "MiB, where a function transforms records", f"{_GUIDE}/writing-with-msk.html")

# Where objects go.
PREFIX_CHARACTERS = Fact(512, "characters", f"{_GUIDE}/s3-prefixes.html")
"""Of a prefix after its expressions are evaluated."""
RANDOM_STRING_CHARACTERS = Fact(11, "characters", f"{_GUIDE}/s3-prefixes.html")
FILE_EXTENSIONS: Mapping[str, str] = {
    "parquet": ".parquet",
    "orc": ".orc",
    "GZIP": ".gz",
    "ZIP": ".zip",
    "Snappy": ".snappy",
    "HADOOP_SNAPPY": ".hsnappy",
    "UNCOMPRESSED": "",
}
"""What Firehose appends to the name of an object, unless `FileExtension` says otherwise.

Source: https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
"""
PREFIX_PROPERTY_CHARACTERS = Fact(1024, "characters", f"{_API}/API_ExtendedS3DestinationConfiguration.html")
"""Of a prefix as it is written."""

PROCESSOR_ORDER = (
    "Decompression",
    "CloudWatchLogProcessing",
    "RecordDeAggregation",
    "Lambda",
    "MetadataExtraction",
    "AppendDelimiterToRecord",
)
"""The order in which records go through processors; conversion and delivery follow.

Of deaggregation, function, partition keys and conversion AWS says so: KPL deaggregation comes before them all, by
itself. That decompression is first, and the delimiter last, is what examples of AWS and CDK show.
Source: https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationFacts:
    """What AWS says of one kind of destination of a delivery stream.

    Attributes:
        configuration: The property of `AWS::KinesisFirehose::DeliveryStream` that configures it.
        buffer_mb: Size of a buffer. Firehose delivers when it is full, or old enough; give both or neither. They are hints,
            and hold for each shard of a source stream, not for the delivery.
        buffer_seconds: Age of a buffer. 0 delivers within a few seconds, and costs S3 more requests below 60.
        default_buffer_mb: The size where nothing is said of the buffer.
        default_buffer_seconds: The age where nothing is said of the buffer.
        retry_seconds: How long it is retried, after which records go to the backup. Of S3 this is with dynamic partitioning
            alone; else Firehose retries it until the source's retention ends.
        backup_modes: `S3BackupMode`, the lesser value first; S3, Redshift and Splunk cannot go back to the lesser.
        freshness: The age of the oldest record in Firehose: whatever is older has been delivered.
        success: From 0 to 1: successful requests out of all.
        backup_success: Whether what is written beside the destination arrives, in each of the two modes: what it did not
            take, and copies of all. None where AWS publishes nothing of it, and an alarm would watch nothing.
        refused: What the destination does not take of a delivery; None where AWS does not count it.
        unauthorized: 1 when the destination's own access control stops Firehose; None where it has none.
        is_one_row: Whether a record becomes one document, or one row.
        takes_kafka: Whether a topic of Kafka can be delivered to it.
            Source: https://docs.aws.amazon.com/firehose/latest/dev/writing-with-msk.html
        takes_large_records: Whether records over 1 MiB are delivered from a stream. AWS advises against them where a function
            transforms records.
            Source: https://docs.aws.amazon.com/streams/latest/dev/large-records.html
        transform_concurrency: The most invocations of a transformation at once, for each shard.
    """

    configuration: str
    buffer_mb: Range
    buffer_seconds: Range
    default_buffer_mb: Fact
    default_buffer_seconds: Fact
    retry_seconds: Range
    backup_modes: tuple[str, str]
    freshness: Metric
    success: Metric
    backup_success: tuple[Metric | None, Metric | None]
    refused: Metric | None
    unauthorized: Metric | None
    is_one_row: bool
    takes_kafka: bool
    takes_large_records: bool
    transform_concurrency: Fact


def _mb(least: int, most: int) -> Range:
    return Range(least, most, "MiB", _BUFFERING)


def _default_mb(size: int) -> Fact:
    return Fact(size, "MiB", _BUFFERING)


def _seconds(most: int) -> Range:
    return Range(0, most, "seconds", _BUFFERING)


def _default_seconds(age: int) -> Fact:
    return Fact(age, "seconds", _BUFFERING)


def _retries(page: str) -> Range:
    return Range(0, 7200, "seconds", f"{_API}/{page}.html")


REDSHIFT_RETRY_SECONDS = Fact(3600, "seconds", f"{_API}/API_RedshiftRetryOptions.html", "2026-11-29")
OPENSEARCH_RETRY_SECONDS = Fact(300, "seconds", f"{_API}/API_AmazonopensearchserviceRetryOptions.html", "2026-11-29")
"""How long delivery is tried again where nothing is said of it. The same of a collection."""
_CONCURRENCY = Fact(5, "outstanding invocations per shard", _QUOTAS)

# Backup modes: API_ExtendedS3DestinationConfiguration.html, API_SplunkDestinationConfiguration.html,
# API_IcebergDestinationConfiguration.html and so on, of the API reference.
# What arrives in the backup bucket: copies of S3, and all records of Splunk and Snowflake, are counted by BackupToS3; what
# these and OpenSearch could not take, all documents of OpenSearch, and what Redshift loads from, by DeliveryToS3.
# Source: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
S3 = DestinationFacts(
    configuration="ExtendedS3DestinationConfiguration",
    buffer_mb=_mb(1, 128),
    buffer_seconds=_seconds(900),
    default_buffer_mb=_default_mb(5),
    default_buffer_seconds=_default_seconds(300),
    retry_seconds=_retries("API_RetryOptions"),
    backup_modes=("Disabled", "Enabled"),
    freshness=delivery_metric("DeliveryToS3.DataFreshness", "Seconds", "Maximum"),
    success=delivery_metric("DeliveryToS3.Success", "None", "Average"),
    backup_success=(None, BACKUP_SUCCESS),
    refused=None,
    unauthorized=None,
    is_one_row=False,
    takes_kafka=True,
    takes_large_records=True,
    transform_concurrency=_CONCURRENCY,
)
OPENSEARCH = DestinationFacts(
    configuration="AmazonopensearchserviceDestinationConfiguration",
    buffer_mb=_mb(1, 100),
    buffer_seconds=_seconds(900),
    default_buffer_mb=_default_mb(5),
    default_buffer_seconds=_default_seconds(300),
    retry_seconds=_retries("API_AmazonopensearchserviceRetryOptions"),
    backup_modes=("FailedDocumentsOnly", "AllDocuments"),
    freshness=delivery_metric("DeliveryToAmazonOpenSearchService.DataFreshness", "Seconds", "Maximum"),
    success=delivery_metric("DeliveryToAmazonOpenSearchService.Success", "None", "Average"),
    backup_success=(S3.success, S3.success),
    refused=delivery_metric("DeliveryToAmazonOpenSearchService.DeliveryRejected", "None", "Maximum"),
    unauthorized=delivery_metric("DeliveryToAmazonOpenSearchService.AuthFailure", "None", "Maximum"),
    is_one_row=True,
    takes_kafka=False,
    takes_large_records=True,
    transform_concurrency=_CONCURRENCY,
)
OPENSEARCH_SERVERLESS = replace(
    OPENSEARCH,
    configuration="AmazonOpenSearchServerlessDestinationConfiguration",
    retry_seconds=_retries("API_AmazonOpenSearchServerlessRetryOptions"),
    freshness=delivery_metric("DeliveryToAmazonOpenSearchServerless.DataFreshness", "Seconds", "Maximum"),
    success=delivery_metric("DeliveryToAmazonOpenSearchServerless.Success", "None", "Average"),
    refused=delivery_metric("DeliveryToAmazonOpenSearchServerless.DeliveryRejected", "None", "Maximum"),
    unauthorized=delivery_metric("DeliveryToAmazonOpenSearchServerless.AuthFailure", "None", "Maximum"),
)
REDSHIFT = DestinationFacts(
    configuration="RedshiftDestinationConfiguration",
    buffer_mb=_mb(1, 128),
    buffer_seconds=_seconds(900),
    default_buffer_mb=_default_mb(5),
    default_buffer_seconds=_default_seconds(300),
    retry_seconds=_retries("API_RedshiftRetryOptions"),
    backup_modes=("Disabled", "Enabled"),
    freshness=delivery_metric("DeliveryToRedshift.DataFreshness", "Seconds", "Maximum"),
    success=delivery_metric("DeliveryToRedshift.Success", "None", "Average"),
    backup_success=(S3.success, BACKUP_SUCCESS),
    refused=None,
    unauthorized=None,
    is_one_row=False,
    takes_kafka=False,
    takes_large_records=False,
    transform_concurrency=_CONCURRENCY,
)
SPLUNK = DestinationFacts(
    configuration="SplunkDestinationConfiguration",
    buffer_mb=_mb(1, 5),
    buffer_seconds=_seconds(60),
    default_buffer_mb=_default_mb(5),
    default_buffer_seconds=_default_seconds(60),
    retry_seconds=_retries("API_SplunkRetryOptions"),
    backup_modes=("FailedEventsOnly", "AllEvents"),
    freshness=delivery_metric("DeliveryToSplunk.DataFreshness", "Seconds", "Maximum"),
    success=delivery_metric("DeliveryToSplunk.Success", "None", "Average"),
    backup_success=(S3.success, BACKUP_SUCCESS),
    refused=None,
    unauthorized=None,
    is_one_row=False,
    takes_kafka=False,
    takes_large_records=True,
    transform_concurrency=Fact(10, "outstanding invocations per shard", _QUOTAS),
)
HTTP = DestinationFacts(
    configuration="HttpEndpointDestinationConfiguration",
    buffer_mb=_mb(1, 64),
    buffer_seconds=_seconds(900),
    default_buffer_mb=_default_mb(5),
    default_buffer_seconds=_default_seconds(60),
    retry_seconds=_retries("API_HttpEndpointRetryOptions"),
    backup_modes=("FailedDataOnly", "AllData"),
    freshness=delivery_metric("DeliveryToHttpEndpoint.DataFreshness", "Seconds", "Maximum"),
    # It counts records, and a failed request is a 0.
    success=delivery_metric("DeliveryToHttpEndpoint.Success", "Count", "Minimum"),
    backup_success=(None, None),
    refused=None,
    unauthorized=None,
    is_one_row=False,
    takes_kafka=False,
    takes_large_records=False,
    transform_concurrency=_CONCURRENCY,
)
DATADOG_BUFFER_MB = _mb(1, 4)
MONGODB_BUFFER_MB = _mb(1, 16)
"""Vendors behind an HTTP endpoint that take less than others."""
SNOWFLAKE = DestinationFacts(
    configuration="SnowflakeDestinationConfiguration",
    buffer_mb=_mb(1, 128),
    buffer_seconds=_seconds(900),
    default_buffer_mb=_default_mb(1),
    default_buffer_seconds=_default_seconds(0),
    retry_seconds=_retries("API_SnowflakeRetryOptions"),
    backup_modes=("FailedDataOnly", "AllData"),
    freshness=delivery_metric("DeliveryToSnowflake.DataFreshness", "Seconds", "Maximum"),
    success=delivery_metric("DeliveryToSnowflake.Success", "None", "Average"),
    backup_success=(S3.success, BACKUP_SUCCESS),
    refused=None,
    unauthorized=None,
    is_one_row=True,
    takes_kafka=False,
    takes_large_records=False,
    transform_concurrency=_CONCURRENCY,
)
ICEBERG = DestinationFacts(
    configuration="IcebergDestinationConfiguration",
    buffer_mb=_mb(1, 128),
    buffer_seconds=_seconds(900),
    default_buffer_mb=_default_mb(5),
    default_buffer_seconds=_default_seconds(300),
    retry_seconds=_retries("API_RetryOptions"),
    # Only the lesser of them is one that Firehose carries out.
    backup_modes=("FailedDataOnly", "AllData"),
    freshness=delivery_metric("DeliveryToIceberg.DataFreshness", "Seconds", "Maximum", _ICEBERG_METRICS),
    success=delivery_metric("DeliveryToIceberg.Success", "None", "Average", _ICEBERG_METRICS),
    backup_success=(None, None),
    refused=delivery_metric("DeliveryToIceberg.FailedRowCount", "Count", "Sum", _ICEBERG_METRICS),
    unauthorized=None,
    is_one_row=True,
    takes_kafka=True,
    takes_large_records=True,
    transform_concurrency=_CONCURRENCY,
)

ICEBERG_UPSERT = "update"
"""The `operation` of a record that replaces the row with its unique keys, or becomes one where there is none.

Firehose writes a delete file and then the row. It takes `insert`, `update` or `delete` from a JQ expression, or from a
transformation; without either a record is inserted.
Source: https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-stream.html
"""
