"""Amazon CloudWatch Logs subscriptions, Kinesis Agent and Fluent Bit: limits and accepted values."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_QUOTAS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"
_FILTER = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html"
_POLICY = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html"
_DESTINATION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDestinationPolicy.html"
_SUBSCRIPTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html"
_AGENT = "https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html"

# Subscriptions. Log events arrive in gzipped batches, at least once, and are tried again while the target throttles.
SUBSCRIPTION_FILTERS_PER_LOG_GROUP = Fact(5, "subscription filters", _QUOTAS)
"""Other pages still say 2; the quotas, which were raised, say 5."""
ACCOUNT_POLICIES = Fact(1, "subscription filter policy per account and region", _POLICY)
"""Its subscription comes in addition to those of the log group."""
FILTER_PATTERN_CHARACTERS = Fact(1024, "characters", _FILTER)
DESTINATION_NAME_CHARACTERS = Range(1, 512, "characters", _DESTINATION)
DESTINATION_POLICY_BYTES = Fact(5120, "bytes", _DESTINATION)
POLICY_NAME_CHARACTERS = Range(1, 256, "characters", _POLICY)


SELECTION_CRITERIA = "LogGroupName NOT IN [{names}]"
"""All that an account policy may say about log groups: names in quotes, with commas between; no prefixes.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
"""
EXCLUDED_LOG_GROUPS = Range(0, 48, "log groups", _POLICY)
"""So many names fit in the selection criteria whatever their length; AWS limits the length, not the number."""

CONTROL_MESSAGE = "CONTROL_MESSAGE"
"""The `messageType` of records that only ask whether the target is there; those with log events say `DATA_MESSAGE`.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

# Kinesis Agent: /etc/aws-kinesis/agent.json.
AGENT_BUFFER_SECONDS = Range(1, 900, "seconds", _AGENT)
"""maxBufferAgeMillis, which is in milliseconds; 60,000 when left out."""
AGENT_SETTINGS = (
    "assumeRoleARN",
    "assumeRoleExternalId",
    "awsAccessKeyId",
    "awsSecretAccessKey",
    "cloudwatch.emitMetrics",
    "cloudwatch.endpoint",
    "firehose.endpoint",
    "flows",
    "kinesis.endpoint",
    "sts.endpoint",
    "userDefinedCredentialsProvider.classname",
    "userDefinedCredentialsProvider.location",
)
"""Endpoints left out are those of us-east-1, and metrics are emitted.

Source: https://docs.aws.amazon.com/firehose/latest/dev/agent-config-settings.html and
https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
"""
AGENT_FLOW_SETTINGS = (
    "aggregatedRecordSizeBytes",
    "dataProcessingOptions",
    "deliveryStream",
    "filePattern",
    "initialPosition",
    "kinesisStream",
    "maxBufferAgeMillis",
    "maxBufferSizeBytes",
    "maxBufferSizeRecords",
    "minTimeBetweenFilePollsMillis",
    "multiLineStartPattern",
    "partitionKeyOption",
    "skipHeaderLines",
    "truncatedRecordTerminator",
)
"""A flow has `filePattern` and one of `kinesisStream` and `deliveryStream`.

Only streams know `partitionKeyOption`, only deliveries `aggregatedRecordSizeBytes`.
Source: https://docs.aws.amazon.com/firehose/latest/dev/agent-config-settings.html and
https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
"""
AGENT_PROCESSING = ("SINGLELINE", "CSVTOJSON", "LOGTOJSON")
"""Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html"""
AGENT_LOG_FORMATS = ("COMMONAPACHELOG", "COMBINEDAPACHELOG", "APACHEERRORLOG", "SYSLOG", "RFC3339SYSLOG")
"""Formats that LOGTOJSON reads; the last is in the agent's source, not on its pages.

Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html and
https://github.com/awslabs/amazon-kinesis-agent
"""

# Fluent Bit, the plugins written in C, which come with it.
FLUENT_BIT_STREAM_KEYS = (
    "auto_retry_requests",
    "endpoint",
    "external_id",
    "log_key",
    "port",
    "profile",
    "region",
    "role_arn",
    "simple_aggregation",
    "stream",
    "sts_endpoint",
    "time_key",
    "time_key_format",
    "workers",
)
"""Of `kinesis_streams`, whose partition keys are random.

Source: https://docs.fluentbit.io/manual/pipeline/outputs/kinesis
"""
FLUENT_BIT_DELIVERY_KEYS = (
    "auto_retry_requests",
    "compression",
    "delivery_stream",
    "endpoint",
    "external_id",
    "log_key",
    "region",
    "role_arn",
    "sts_endpoint",
    "time_key",
    "time_key_format",
    "workers",
)
"""Of `kinesis_firehose`.

Source: https://docs.fluentbit.io/manual/pipeline/outputs/firehose
"""
