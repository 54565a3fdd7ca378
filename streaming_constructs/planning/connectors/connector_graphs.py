"""The dashboard graphs of a connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph

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
    return (
        Graph("Records per second", records),
        Graph("Tasks", (metrics.CONNECTOR_RUNNING_TASKS, metrics.CONNECTOR_ERRORED_TASKS, metrics.CONNECTOR_WORKERS)),
    )
