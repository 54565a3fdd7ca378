"""Metrics that a cluster of MSK does not publish at its level of monitoring."""

from __future__ import annotations

from streaming_constructs.facts.msk_levels import FROM_LEVEL, LEVELS
from streaming_constructs.review.alarms.alarm_metrics import WatchedMetric


def needed_level(metric: WatchedMetric, level: str) -> str:
    """The level that a metric needs, where a cluster has a lower one; empty where it has it.

    Args:
        metric: The metric.
        level: The cluster's level, such as `DEFAULT`.
    """
    needed = FROM_LEVEL.get(metric.name, "") if metric.namespace == "AWS/Kafka" else ""
    is_blind = needed and level in LEVELS and LEVELS.index(needed) > LEVELS.index(level)
    return needed if is_blind else ""
