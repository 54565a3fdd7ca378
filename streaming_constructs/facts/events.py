"""Amazon EventBridge: rules, schedules and pipes."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact

_RETRIES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"
_QUOTAS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
_PAYLOADS = (
    "https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb"
)
_READ = "2026-11-29"

TARGET_RETRY_ATTEMPTS = Fact(185, "attempts, where a target says nothing else", _RETRIES, _READ)
TARGET_EVENT_AGE_SECONDS = Fact(86_400, "seconds, where a target says nothing else", _RETRIES, _READ)
"""What is still not delivered then is dropped, or goes to the target's dead-letter queue."""

EVENT_KIB_MOST = Fact(1024, "KiB of an event", _PAYLOADS, _READ)
INVOCATIONS_PER_SECOND = {
    "us-east-1": 18_750,
    "us-west-2": 18_750,
    "eu-west-1": 18_750,
    "us-east-2": 4_500,
    "eu-central-1": 4_500,
    "us-west-1": 2_250,
    "eu-west-2": 2_250,
    "ap-northeast-1": 2_250,
    "ap-southeast-1": 2_250,
    "ap-southeast-2": 2_250,
}
"""Invocations of targets in a second, by the quota that an account begins with; more are delayed.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html, read 2026-11-29
"""
INVOCATIONS_PER_SECOND_ELSEWHERE = Fact(1_100, "invocations/s, in most other regions", _QUOTAS, _READ)
