"""The dashboard graphs of a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph

if TYPE_CHECKING:
    from streaming_constructs.planning.streams.kafka import TopicPlan


def topic_graphs(topic: TopicPlan) -> tuple[Graph, ...]:
    """What flows, where the cluster publishes it for a whole topic.

    Args:
        topic: The topic.
    """
    if not topic.cluster.is_serverless:
        return ()
    return (
        Graph("Bytes written per second", (metrics.TOPIC_BYTES_IN,)),
        Graph("Records written per second", (metrics.TOPIC_MESSAGES_IN,)),
        Graph("Bytes read per second", (metrics.TOPIC_BYTES_OUT,)),
    )
