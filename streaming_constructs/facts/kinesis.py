"""Amazon Kinesis Data Streams: limits and accepted values."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_QUOTAS = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
_SIZING = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html"
_FAN_OUT = "https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html"
_LARGE_RECORDS = "https://docs.aws.amazon.com/streams/latest/dev/large-records.html"
_GET_RECORDS = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html"
_GET_SHARD_ITERATOR = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html"
_PUT_RECORDS = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html"
_PUT_RECORDS_ENTRY = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html"
_UPDATE_SHARD_COUNT = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html"
_CFN_STREAM = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"

# One shard. AWS writes "MB"; the service counts 1,048,576 bytes.
SHARD_WRITE_MIB_PER_SECOND = Fact(1, "MiB/s", _QUOTAS)
SHARD_WRITE_RECORDS_PER_SECOND = Fact(1000, "records/s", _QUOTAS)
SHARD_READ_MIB_PER_SECOND = Fact(2, "MiB/s", _QUOTAS)
SHARD_GET_RECORDS_PER_SECOND = Fact(5, "calls/s", _QUOTAS)
GET_RECORDS_MIB = Fact(10, "MiB per call", _GET_RECORDS)
GET_RECORDS_RECORDS = Fact(10_000, "records per call", _GET_RECORDS)
SHARD_ITERATOR_SECONDS = Fact(300, "seconds", _GET_SHARD_ITERATOR)

# One request that writes.
PUT_RECORDS_RECORDS = Range(1, 500, "records per call", _PUT_RECORDS)
PUT_RECORDS_MIB = Fact(10, "MiB per call, with partition keys", _PUT_RECORDS)
PARTITION_KEY_CHARACTERS = Range(1, 256, "characters", _PUT_RECORDS_ENTRY)
RESHARDING_FACTOR = Fact(2, "times the number of shards at most, and its inverse at least", _UPDATE_SHARD_COUNT)

# One on-demand stream.
ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND = Fact(4, "MiB/s", _SIZING)
ON_DEMAND_INITIAL_WRITE_RECORDS_PER_SECOND = Fact(4000, "records/s", _SIZING)
ON_DEMAND_PEAK_MULTIPLE = Fact(2, "times the highest write throughput of the last 30 days", _SIZING)
ON_DEMAND_GROWTH_MINUTES = Fact(15, "minutes in which writes may double without being throttled", _SIZING, "2026-11-29")
ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_MOST_REGIONS = Fact(200, "MiB/s", _QUOTAS)
ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_LARGE_REGIONS = Fact(10_240, "MiB/s", _QUOTAS)
SHARDS_LEAST_QUOTA = Fact(1000, "shards per account and region", _QUOTAS)
SHARDS_LARGE_REGIONS_QUOTA = Fact(20_000, "shards per account and region", _QUOTAS)
LARGE_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
"""Regions with the greater on-demand and shard quotas."""

# Enhanced fan-out consumers of one stream.
FAN_OUT_CONSUMERS = Fact(20, "consumers", _QUOTAS)
FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE = Fact(50, "consumers", _QUOTAS)
FAN_OUT_READ_MIB_PER_SECOND = Fact(2, "MiB/s per shard and consumer", _QUOTAS)

FAN_OUT_DELAY_MILLISECONDS = Fact(70, "ms on average, however many readers there are", _FAN_OUT, "2026-11-29")
SHARED_DELAY_MILLISECONDS = Fact(200, "ms on average with one reader; 1,000 with five", _FAN_OUT, "2026-11-29")
ON_DEMAND_SHARED_READERS = Fact(
    2,
    "times what is written is read at least without enhanced fan-out",
    "https://aws.amazon.com/kinesis/data-streams/faqs/",
    "2026-11-29",
)

RETENTION_HOURS = Range(24, 8760, "hours", _QUOTAS)
MAX_RECORD_KIB = Range(1024, 10_240, "KiB", _CFN_STREAM)
SHARD_COUNT = Range(1, 100_000, "shards", _CFN_STREAM)
WARM_THROUGHPUT_MIB_PER_SECOND = Range(1, 10_240, "MiB/s", _CFN_STREAM)
LARGE_RECORD_SHARE = Fact(0.02, "of the records", _LARGE_RECORDS)

SHARD_LEVEL_METRICS = (
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
)
"""Metrics per shard, each paid for as a CloudWatch custom metric.

Source: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
"""

RETENTION_HOURS_BY_DEFAULT = Fact(24, "hours", _QUOTAS)
STREAM_DEFAULTS = {
    "MaxRecordSizeInKiB": 1024,
    "RecordDistributionStrategy": "USER_PARTITION_KEY",
    "RetentionPeriodHours": 24,
    "StreamModeDetails.StreamMode": "PROVISIONED",
}
"""What properties of a stream are where they are left out.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html,
read 2026-11-29
"""
MODE_SWITCHES = Fact(2, "switches of a stream's mode in 24 hours", _QUOTAS, "2026-11-29")
SHARD_COUNT_UPDATES = Fact(10, "updates of a stream's shards in 24 hours", _UPDATE_SHARD_COUNT, "2026-11-29")
LAMBDA_POLLS_PER_SHARD = Fact(
    1, "GetRecords calls/s of a mapping", "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html", "2026-11-29"
)
