"""The dashboard graphs of a topic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph

if TYPE_CHECKING:
    from streaming_constructs.planning.streams.kafka import TopicPlan


TOPIC_LEVELS = ("per_topic_per_broker", "per_topic_per_partition")
"""Levels of monitoring at which brokers count the records of each topic."""


def topic_graphs(topic: TopicPlan) -> tuple[Graph, ...]:
    """What flows, by broker where there are some; and how late each group is that reads it.

    Groups are whoever reads it, in the system or elsewhere: they are found by the metrics that they have, as are the brokers
    that lead its partitions.

    Args:
        topic: The topic.
    """
    return (
        *(
            _flow()
            if topic.cluster.is_serverless
            else _flow_by_broker(getattr(topic.cluster, "enhanced_monitoring", ""))
        ),
        Graph("Lag of each group, in seconds", (metrics.GROUP_TIME_LAG,), each=metrics.GROUP),
        Graph("Records that wait for each group", (metrics.GROUP_OFFSET_LAG,), each=metrics.GROUP),
    )


def _flow() -> Iterator[Graph]:
    yield Graph("Bytes written per second", (metrics.TOPIC_BYTES_IN,))
    yield Graph("Records written per second", (metrics.TOPIC_MESSAGES_IN,))
    yield Graph("Bytes read per second", (metrics.TOPIC_BYTES_OUT,))


def _flow_by_broker(level: str) -> Iterator[Graph]:
    yield Graph("Bytes written per second, by broker", (metrics.BROKER_TOPIC_BYTES_IN,), each=metrics.BROKER)
    if level in TOPIC_LEVELS:
        yield Graph("Records written per second, by broker", (metrics.BROKER_TOPIC_MESSAGES_IN,), each=metrics.BROKER)
    yield Graph("Bytes read per second, by broker", (metrics.BROKER_TOPIC_BYTES_OUT,), each=metrics.BROKER)
