"""What changes of a template mean for CloudWatch alarms, logs and events."""

from __future__ import annotations

from streaming_constructs.spec.codes import review_alarms, review_logs_and_events
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (*review_alarms.CODES, *review_logs_and_events.CODES)
