"""Amazon EventBridge: rules, schedules and pipes."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact

_RETRIES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"
_READ = "2026-11-29"

TARGET_RETRY_ATTEMPTS = Fact(185, "attempts, where a target says nothing else", _RETRIES, _READ)
TARGET_EVENT_AGE_SECONDS = Fact(86_400, "seconds, where a target says nothing else", _RETRIES, _READ)
"""What is still not delivered then is dropped, or goes to the target's dead-letter queue."""
