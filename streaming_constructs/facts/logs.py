"""Amazon CloudWatch Logs subscriptions, Kinesis Agent and Fluent Bit: limits and accepted values."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_QUOTAS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"
_FILTER = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html"
_POLICY = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html"
_DESTINATION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDestinationPolicy.html"
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

# Kinesis Agent: /etc/aws-kinesis/agent.json.
AGENT_BUFFER_SECONDS = Range(1, 900, "seconds", _AGENT)
"""maxBufferAgeMillis, which is in milliseconds; 60,000 when left out."""
