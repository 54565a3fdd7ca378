"""Amazon CloudWatch Logs subscriptions, Kinesis Agent and Fluent Bit: limits and accepted values."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
_QUOTAS = f"{_GUIDE}/cloudwatch_limits_cwl.html"
_FILTER = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html"
_POLICY = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html"
_DESTINATION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDestinationPolicy.html"
_AGENT = "https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html"

# Subscriptions. Log events arrive in gzipped batches, at least once, and are tried again while the target throttles.
SUBSCRIPTION_FILTERS_PER_LOG_GROUP = Fact(5, "subscription filters", _QUOTAS)
"""The page of subscriptions says 5; see `SUBSCRIPTION_FILTERS_PER_LOG_GROUP_SURE`."""
SUBSCRIPTION_FILTERS_PER_LOG_GROUP_SURE = Fact(2, "subscription filters", _FILTER, "2026-11-27")
"""What every page grants: that of the API still says 2, and not every account has more."""
ACCOUNT_POLICIES = Fact(1, "subscription filter policy per account and region", _POLICY)
"""Its subscription comes in addition to those of the log group."""
FILTER_PATTERN_CHARACTERS = Fact(1024, "characters", _FILTER)
FILTER_PATTERN_REGULAR_EXPRESSIONS = Fact(
    2, "regular expressions", f"{_GUIDE}/FilterAndPatternSyntax.html", "2026-11-27"
)
"""In one pattern of JSON or of fields."""
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
