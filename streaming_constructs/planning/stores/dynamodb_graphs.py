"""The dashboard graphs of a DynamoDB table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.dynamodb import TablePlan


def table_graphs(table: TablePlan) -> tuple[Graph, ...]:
    """What is written and read, what was throttled, and what expired.

    Args:
        table: The table.
    """
    expired = (Graph("Items that expired", (metrics.TABLE_EXPIRED_ITEMS,)),) if table.spec.ttl else ()
    return (
        Graph("Write units used per minute", (metrics.TABLE_WRITE_UNITS,)),
        Graph("Read units used per minute", (metrics.TABLE_READ_UNITS,)),
        Graph("Throttled requests", (metrics.TABLE_WRITE_THROTTLED, metrics.TABLE_READ_THROTTLED)),
        *expired,
    )
