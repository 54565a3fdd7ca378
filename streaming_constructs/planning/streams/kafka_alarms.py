"""The CloudWatch alarms of a topic: what its kind of cluster publishes of one."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.planning.streams.kafka import TopicPlan, partition_limits

CAPACITY_SHARE = 0.8
"""Share of what the partitions take at which there is still time to add some."""


def topic_alarms(topic: TopicPlan) -> Iterator[AlarmPlan]:
    """The alarms of a topic.

    Args:
        topic: The topic with its numbers.
    """
    if not topic.cluster.is_serverless or topic.partitions is None:
        return  # what brokers publish of topics has each of them as a dimension, and their own alarms tell of load
    limit = exact(partition_limits(topic.cluster).write)
    most = topic.partitions * limit
    share = exact(CAPACITY_SHARE)
    yield AlarmPlan(
        topic.name,
        "write_capacity",
        metrics.TOPIC_BYTES_IN,
        threshold=float(share * most * 1024 * 1024),
        minutes=SUSTAINED_MINUTES,
        title=f"The topic {topic.name} takes nearly what its partitions take; writes are throttled from there on",
        action="add partitions: keys then go to others of them; or look for one key that most records have",
        working=f"{number(share)} × {counted(topic.partitions, 'partition')} × {number(limit)} MiB/s",
    )
