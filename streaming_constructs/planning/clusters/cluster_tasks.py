"""What the function takes that does with a cluster what CloudFormation cannot: how long it waits, and how often."""

from __future__ import annotations

import math

from streaming_constructs.facts import event_source, msk

TASK_MEMORY_MIB = 256
TASK_SECONDS = event_source.FUNCTION_TIMEOUT_SECONDS.maximum
TASK_ANSWER_SECONDS = TASK_SECONDS + 300
"""How long CloudFormation waits for its answer, with the time until it runs: a function that ends without one stays dumb."""
TASK_LOG_RETENTION_DAYS = 30


def connectivity_waits(brokers: int) -> int:
    """How many times, one after the other, the function waits until a cluster has private connectivity.

    One resource of a stack is waited for as long as a function runs, and brokers are restarted one after the other.

    Args:
        brokers: How many brokers the cluster has.
    """
    minutes = max(msk.CONNECTIVITY_MINUTES.value, brokers * msk.CONNECTIVITY_MINUTES_PER_BROKER.value)
    return math.ceil(minutes * 60 / TASK_SECONDS)
