"""What the function takes that starts an application of Flink: how long it waits, and how often."""

from __future__ import annotations

import math

from streaming_constructs.facts import event_source, flink_service

START_MEMORY_MIB = 256
START_SECONDS = event_source.FUNCTION_TIMEOUT_SECONDS.maximum
START_ANSWER_SECONDS = START_SECONDS + 300
"""How long CloudFormation waits for its answer, with the time until it runs: a function that ends without one stays dumb."""
START_LOG_RETENTION_DAYS = 30
START_WAITS = math.ceil(flink_service.LONGEST_START_MINUTES * 60 / START_SECONDS)
"""How many times, one after the other, a function waits until an application runs."""
DEPLOYMENT, FINGERPRINT = "streaming-constructs", "fingerprint"
"""The group of properties, and the property, by which the function sees which deployment runs."""
