"""The dashboard graphs of a connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph, Part

if TYPE_CHECKING:
    from streaming_constructs.planning.connectors.connector import ConnectorPlan


def connector_graphs(connector: ConnectorPlan) -> tuple[Graph, ...]:
    """What flows through it, and who carries it.

    Args:
        connector: The connector.
    """
    records = (
        (metrics.CONNECTOR_RECORDS_POLLED, metrics.CONNECTOR_RECORDS_WRITTEN)
        if connector.spec.connects == "source"
        else (metrics.CONNECTOR_RECORDS_READ, metrics.CONNECTOR_RECORDS_SENT)
    )
    read = connector.topics if connector.retention_hours is not None else {}
    topics = tuple(Part(node, {metrics.TOPIC: topic}) for node, topic in read.items())
    return (
        Graph("Records per second", records),
        Graph("Tasks", (metrics.CONNECTOR_RUNNING_TASKS, metrics.CONNECTOR_ERRORED_TASKS, metrics.CONNECTOR_WORKERS)),
        *((Graph("Lag in each topic, in seconds", (metrics.GROUP_TIME_LAG,), parts=topics),) if topics else ()),
    )
