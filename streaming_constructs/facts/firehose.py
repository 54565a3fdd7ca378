"""Amazon Data Firehose: limits and accepted values, by kind of destination where they differ.

The kinds are those of the language: s3, opensearch, opensearch_serverless, redshift, splunk, http, snowflake,
iceberg; and http_datadog and http_mongodb, vendors behind an HTTP endpoint that take less than others.
"""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.facts.fact import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/firehose/latest/dev"
_API = "https://docs.aws.amazon.com/firehose/latest/APIReference"
_BUFFERING = f"{_GUIDE}/create-configure-backup.html"
_QUOTAS = f"{_GUIDE}/limits.html"
_TRANSFORM = f"{_GUIDE}/data-transformation.html"
_PROCESSOR = f"{_API}/API_ProcessorParameter.html"
_DESTINATIONS = f"{_GUIDE}/create-destination.html"
_STREAM_SOURCE = f"{_GUIDE}/writing-with-kinesis-streams.html"
_CDK = "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_kinesisfirehose"
_DYNAMIC_BUFFER = f"{_CDK}.S3BucketProps.html"

# Buffers. Firehose delivers when either is full; give both or neither. They are hints, and hold for each shard of a
# source stream, not for the delivery. 0 seconds delivers within a few seconds, and costs S3 more requests below 60.
BUFFER_MIB: Mapping[str, Range] = {
    "s3": Range(1, 128, "MiB", _BUFFERING),
    "opensearch": Range(1, 100, "MiB", _BUFFERING),
    "opensearch_serverless": Range(1, 100, "MiB", _BUFFERING),
    "redshift": Range(1, 128, "MiB", _BUFFERING),
    "splunk": Range(1, 5, "MiB", _BUFFERING),
    "http": Range(1, 64, "MiB", _BUFFERING),
    "http_datadog": Range(1, 4, "MiB", _BUFFERING),
    "http_mongodb": Range(1, 16, "MiB", _BUFFERING),
    "snowflake": Range(1, 128, "MiB", _BUFFERING),
    "iceberg": Range(1, 128, "MiB", _BUFFERING),
}
BUFFER_SECONDS: Mapping[str, Range] = {
    kind: Range(0, 60 if kind == "splunk" else 900, "seconds", _BUFFERING) for kind in BUFFER_MIB
}
DEFAULT_BUFFER_MIB: Mapping[str, Fact] = {
    "s3": Fact(5, "MiB", _BUFFERING),
    "opensearch": Fact(5, "MiB", _BUFFERING),
    "opensearch_serverless": Fact(5, "MiB", _BUFFERING),
    "redshift": Fact(5, "MiB", _BUFFERING),
    "splunk": Fact(5, "MiB", _BUFFERING),
    "http": Fact(5, "MiB", _BUFFERING),
    "http_datadog": Fact(4, "MiB", _BUFFERING),
    "http_mongodb": Fact(5, "MiB", _BUFFERING),
    "snowflake": Fact(1, "MiB", _BUFFERING),
    "iceberg": Fact(5, "MiB", _BUFFERING),
}
DEFAULT_BUFFER_SECONDS: Mapping[str, Fact] = {
    "s3": Fact(300, "seconds", _BUFFERING),
    "opensearch": Fact(300, "seconds", _BUFFERING),
    "opensearch_serverless": Fact(300, "seconds", _BUFFERING),
    "redshift": Fact(300, "seconds", _BUFFERING),
    "splunk": Fact(60, "seconds", _BUFFERING),
    "http": Fact(60, "seconds", _BUFFERING),
    "http_datadog": Fact(60, "seconds", _BUFFERING),
    "http_mongodb": Fact(60, "seconds", _BUFFERING),
    "snowflake": Fact(0, "seconds", _BUFFERING),
    "iceberg": Fact(300, "seconds", _BUFFERING),
}
BACKUP_BUFFER_MIB = Range(1, 128, "MiB", _BUFFERING)
BACKUP_BUFFER_SECONDS = Range(60, 900, "seconds", _BUFFERING)
"""Of the bucket that keeps copies or failed records; it cannot deliver without buffering."""

# Retries, after which records go to the backup bucket.
RETRY_SECONDS: Mapping[str, Range] = {
    "opensearch": Range(0, 7200, "seconds", f"{_API}/API_AmazonopensearchserviceRetryOptions.html"),
    "opensearch_serverless": Range(0, 7200, "seconds", f"{_API}/API_AmazonOpenSearchServerlessRetryOptions.html"),
    "redshift": Range(0, 7200, "seconds", f"{_API}/API_RedshiftRetryOptions.html"),
    "splunk": Range(0, 7200, "seconds", f"{_API}/API_SplunkRetryOptions.html"),
    "http": Range(0, 7200, "seconds", f"{_API}/API_HttpEndpointRetryOptions.html"),
    "snowflake": Range(0, 7200, "seconds", f"{_API}/API_SnowflakeRetryOptions.html"),
    "iceberg": Range(0, 7200, "seconds", f"{_API}/API_RetryOptions.html"),
}
"""S3 is not among them: Firehose retries it until the source's retention ends, and has no setting for it."""
DEFAULT_RETRY_SECONDS: Mapping[str, Fact] = {
    "opensearch": Fact(300, "seconds", _DESTINATIONS),
    "opensearch_serverless": Fact(300, "seconds", _DESTINATIONS),
    "redshift": Fact(3600, "seconds", f"{_API}/API_RedshiftRetryOptions.html"),
    "snowflake": Fact(60, "seconds", f"{_GUIDE}/retry.html"),
}
"""Firehose's own, where its pages state one."""
SPLUNK_ACKNOWLEDGEMENT_SECONDS = Range(180, 600, "seconds", f"{_API}/API_SplunkDestinationConfiguration.html")

# Conversion to Parquet or ORC; S3 only, and without an outer compression.
ZERO_BUFFERING_SECONDS = Fact(5, "seconds", f"{_GUIDE}/buffering-hints.html")
"""How soon most records are delivered when they are not buffered at all."""
CONVERSION_BUFFER_MIB = Range(64, 128, "MiB", f"{_GUIDE}/enable-record-format-conversion.html")
CONVERSION_DEFAULT_BUFFER_MIB = Fact(128, "MiB", f"{_GUIDE}/enable-record-format-conversion.html")
PARQUET_BLOCK_MIB = Range(64, 2047, "MiB", f"{_API}/API_ParquetSerDe.html")
"""AWS names no greatest value; the property is a 32-bit number of bytes. So it is for the two below."""
PARQUET_PAGE_KIB = Range(64, 2_097_151, "KiB", f"{_API}/API_ParquetSerDe.html")
ORC_STRIPE_MIB = Range(8, 2047, "MiB", f"{_API}/API_OrcSerDe.html")
DEFAULT_PARQUET_BLOCK_MIB = Fact(256, "MiB", f"{_API}/API_ParquetSerDe.html")
DEFAULT_PARQUET_PAGE_KIB = Fact(1024, "KiB", f"{_API}/API_ParquetSerDe.html")
DEFAULT_ORC_STRIPE_MIB = Fact(64, "MiB", f"{_API}/API_OrcSerDe.html")
CONVERTED_ROW_MIB = Fact(32, "MiB in one row", f"{_GUIDE}/record-format-conversion.html")

# Dynamic partitioning; S3 only, and only from the day the delivery stream is created.
DYNAMIC_PARTITIONING_BUFFER_MIB = Range(64, 128, "MiB", _DYNAMIC_BUFFER)
DYNAMIC_PARTITIONING_BUFFER_SECONDS = Range(60, 900, "seconds", _DYNAMIC_BUFFER)
DYNAMIC_PARTITIONING_DELAY = Fact(1.5, "times the buffer's seconds", f"{_GUIDE}/buffering.html")
"""How late a record may be delivered: Firehose buffers in stages, to make greater objects."""
DYNAMIC_PARTITIONING_RETRY_SECONDS = Range(0, 7200, "seconds", f"{_API}/API_RetryOptions.html")
DEFAULT_DYNAMIC_PARTITIONING_RETRY_SECONDS = Fact(300, "seconds", f"{_CDK}.DynamicPartitioningProps.html")
PARTITION_MIB_PER_SECOND = Fact(1000, "MiB/s for each active partition", _QUOTAS)
"""AWS writes 1 GB; the lesser reading of it."""
PARTITION_KEYS = Fact(50, "keys", _DESTINATIONS)
ACTIVE_PARTITIONS = Fact(500, "partitions", _QUOTAS)
ACTIVE_PARTITIONS_RAISED = Fact(2500, "partitions", f"{_GUIDE}/buffering.html")
"""As far as AWS raises the quota on request."""
DEAGGREGATED_RECORDS = Fact(500, "records out of one", f"{_GUIDE}/dynamic-partitioning-multirecord-deaggergation.html")

# Transformation by a function, invoked synchronously. The buffer is a decimal number, so it is two facts.
TRANSFORM_BUFFER_MIB_LEAST = Fact(0.2, "MiB", _TRANSFORM)
TRANSFORM_BUFFER_MIB_MOST = Fact(3, "MiB", _TRANSFORM)
TRANSFORM_BUFFER_SECONDS = Range(0, 900, "seconds", _TRANSFORM)
TRANSFORM_RETRIES = Range(0, 300, "retries", _PROCESSOR)
"""The page names the parameter and no bounds; the greatest value is ours, and not verified."""
TRANSFORM_TIMEOUT_SECONDS = Range(1, 300, "seconds", _TRANSFORM)
TRANSFORM_PAYLOAD_MIB = Fact(6, "MiB", _TRANSFORM)
"""Of the request, and of the response: a function that makes records greater has to be given fewer."""
TRANSFORM_CONCURRENCY_PER_SHARD = Fact(5, "outstanding invocations per shard", _QUOTAS)
TRANSFORM_CONCURRENCY_PER_SHARD_SPLUNK = Fact(10, "outstanding invocations per shard", _QUOTAS)
DEFAULT_TRANSFORM_BUFFER_MIB: Mapping[str, Fact] = {
    kind: Fact(0.25 if kind in {"splunk", "snowflake"} else 1, "MiB", _TRANSFORM) for kind in BUFFER_MIB
}
DEFAULT_TRANSFORM_BUFFER_SECONDS: Mapping[str, Fact] = {
    kind: Fact(30 if kind == "snowflake" else 60, "seconds", _TRANSFORM) for kind in BUFFER_MIB
}
DEFAULT_TRANSFORM_RETRIES = Fact(3, "retries", _PROCESSOR)
PROCESSOR_PARAMETER_CHARACTERS = Fact(5120, "characters", _PROCESSOR)

# What comes in.
RECORD_KIB = Fact(1000, "KiB", _QUOTAS)
"""Of one record that is put into the delivery directly, before base64."""
SMALL_RECORD_DESTINATIONS = ("http", "redshift", "snowflake")
"""Destinations that do not take records over 1 MiB from a stream; nor does S3 with dynamic partitioning.

AWS advises against them where a function transforms records, and to try OpenSearch, Splunk and Iceberg first.
Source: https://docs.aws.amazon.com/streams/latest/dev/large-records.html
"""
PUT_BATCH_RECORDS = Fact(500, "records per PutRecordBatch", _QUOTAS)
PUT_BATCH_MIB = Fact(4, "MiB per PutRecordBatch", _QUOTAS)
DIRECT_PUT_MIB_PER_SECOND = Fact(1, "MiB/s", _QUOTAS)
"""Where a delivery stream starts; Firehose raises it by itself while it throttles, and refuses records meanwhile."""
DIRECT_PUT_RECORDS_PER_SECOND = Fact(100_000, "records/s", _QUOTAS)
DIRECT_PUT_REQUESTS_PER_SECOND = Fact(1000, "requests/s", _QUOTAS)
DIRECT_PUT_MIB_PER_SECOND_LARGE_REGIONS = Fact(5, "MiB/s", _QUOTAS)
DIRECT_PUT_RECORDS_PER_SECOND_LARGE_REGIONS = Fact(500_000, "records/s", _QUOTAS)
DIRECT_PUT_REQUESTS_PER_SECOND_LARGE_REGIONS = Fact(2000, "requests/s", _QUOTAS)
LARGE_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
"""Regions with the greater quotas of direct put."""
DIRECT_PUT_RETENTION_HOURS = Fact(24, "hours", _QUOTAS)
"""How long Firehose keeps what it cannot deliver; of a stream's records the stream keeps them."""
THROUGHPUT_HINT_MIB = Range(1, 100, "MiB/s", f"{_API}/API_DirectPutSourceConfiguration.html")
KMS_CMK_STREAMS = Fact(500, "delivery streams", _QUOTAS)
"""How many may be encrypted with customer managed keys in one account and region."""

# What it reads from a stream. It starts at the latest record: what was put before the delivery was active is not read.
GET_RECORDS_PER_SECOND_PER_SHARD = Fact(1, "GetRecords calls/s", _STREAM_SOURCE)
GET_RECORDS_PER_SECOND_PER_SHARD_WITH_BACKUP = Fact(2, "GetRecords calls/s", _STREAM_SOURCE)
"""With a backup of all source records the stream is read twice, out of five calls that a shard takes in all."""

# Where objects go.
PREFIX_CHARACTERS = Fact(512, "characters", f"{_GUIDE}/s3-prefixes.html")
"""Of a prefix after its expressions are evaluated."""
PREFIX_PROPERTY_CHARACTERS = Fact(1024, "characters", f"{_API}/API_ExtendedS3DestinationConfiguration.html")
"""Of a prefix as it is written."""
FILE_EXTENSION_CHARACTERS = Fact(128, "characters", f"{_API}/API_ExtendedS3DestinationConfiguration.html")
INDEX_NAME_CHARACTERS = Fact(80, "characters", f"{_API}/API_AmazonopensearchserviceDestinationConfiguration.html")
VPC_SUBNETS = Range(1, 16, "subnets", f"{_API}/API_VpcConfiguration.html")
VPC_SECURITY_GROUPS = Range(1, 5, "security groups", f"{_API}/API_VpcConfiguration.html")
VPC_INTERFACES_PER_SUBNET = Fact(3, "network interfaces per subnet", f"{_API}/API_VpcConfiguration.html")
"""As many as a delivery may make in each; free addresses have to be there for them."""

BACKUP_MODES: Mapping[str, tuple[str, str]] = {
    "s3": ("Disabled", "Enabled"),
    "redshift": ("Disabled", "Enabled"),
    "opensearch": ("FailedDocumentsOnly", "AllDocuments"),
    "opensearch_serverless": ("FailedDocumentsOnly", "AllDocuments"),
    "splunk": ("FailedEventsOnly", "AllEvents"),
    "http": ("FailedDataOnly", "AllData"),
    "snowflake": ("FailedDataOnly", "AllData"),
    "iceberg": ("FailedDataOnly", "AllData"),
}
"""S3BackupMode, the lesser value first; a delivery stream of S3, Redshift or Splunk cannot go back to the lesser.

For Iceberg the lesser is the only one that Firehose carries out.
Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html,
API_SplunkDestinationConfiguration.html, API_IcebergDestinationConfiguration.html and so on
"""

ERROR_OUTPUT_TYPES = (
    "AmazonOpenSearchService-failed",
    "format-conversion-failed",
    "http-endpoint-failed",
    "processing-failed",
    "splunk-failed",
)
"""What `!{firehose:error-output-type}` becomes.

Source: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html; pages elsewhere add `decompression-failed`
(decomp-faq.html), `activePartitionExceeded` (buffering.html) and `snowflake-failed` (retry.html).
"""

DECOMPRESSION_DESTINATIONS = ("s3", "splunk")
"""Destinations for which the console offers to decompress CloudWatch Logs; the API takes the processor for all.

A delivery stream that decompresses takes nothing but subscriptions of CloudWatch Logs.
Source: https://docs.aws.amazon.com/firehose/latest/dev/create-transform.html
"""

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
