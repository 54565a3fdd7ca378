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
BUFFER_DEFAULTS: Mapping[str, tuple[Fact, Fact]] = {
    kind: (Fact(mib, "MiB", _BUFFERING), Fact(seconds, "seconds", _BUFFERING))
    for kind, mib, seconds in (
        ("s3", 5, 300),
        ("opensearch", 5, 300),
        ("opensearch_serverless", 5, 300),
        ("redshift", 5, 300),
        ("splunk", 5, 60),
        ("http", 5, 60),
        ("snowflake", 1, 0),
        ("iceberg", 5, 300),
    )
}
"""Size and interval of a buffer that nothing is said about."""
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
DYNAMIC_PARTITIONING_RETRY_SECONDS = Range(0, 7200, "seconds", f"{_API}/API_RetryOptions.html")
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
TRANSFORM_CONCURRENCY_PER_SHARD = Fact(5, "outstanding invocations per shard", _QUOTAS)
TRANSFORM_CONCURRENCY_PER_SHARD_SPLUNK = Fact(10, "outstanding invocations per shard", _QUOTAS)
PROCESSOR_PARAMETER_CHARACTERS = Fact(5120, "characters", _PROCESSOR)

# What comes in.
RECORD_KIB = Fact(1000, "KiB", _QUOTAS)
"""Of one record that is put into the delivery directly, before base64."""
SMALL_RECORD_DESTINATIONS = ("http", "redshift", "snowflake")
"""Destinations that do not take records over 1 MiB from a stream; nor does S3 with dynamic partitioning.

AWS advises against them where a function transforms records, and to try OpenSearch, Splunk and Iceberg first.
Source: https://docs.aws.amazon.com/streams/latest/dev/large-records.html
"""
DIRECT_PUT_MIB_PER_SECOND = Fact(1, "MiB/s", _QUOTAS)
"""Where a delivery stream starts; Firehose raises it by itself while it throttles, and refuses records meanwhile."""
DIRECT_PUT_RECORDS_PER_SECOND = Fact(100_000, "records/s", _QUOTAS)
LARGE_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
"""Regions with the greater quotas of direct put."""
DIRECT_PUT_RETENTION_HOURS = Fact(24, "hours", _QUOTAS)
"""How long Firehose keeps what it cannot deliver; of a stream's records the stream keeps them."""

# What it reads from a stream. It starts at the latest record: what was put before the delivery was active is not read.

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
