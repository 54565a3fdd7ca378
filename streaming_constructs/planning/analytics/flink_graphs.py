"""The dashboard graphs of an application of Flink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics_flink as metrics
from streaming_constructs.planning.dashboard import Graph

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan


def application_graphs(application: FlinkApplicationPlan) -> tuple[Graph, ...]:
    """What flows through it, what it keeps, and how busy it is.

    Args:
        application: The application.
    """
    restarts = metrics.NUM_RESTARTS if application.runtime.is_2 else metrics.FULL_RESTARTS
    late = (metrics.LATE_RECORDS_DROPPED,) if application.is_event_time else ()
    return (
        Graph("Records per second", (metrics.RECORDS_IN, metrics.RECORDS_OUT)),
        Graph("Last checkpoint, in milliseconds", (metrics.CHECKPOINT_DURATION,)),
        Graph("Processors and heap, in percent", (metrics.CONTAINER_CPU, metrics.HEAP)),
        Graph("Restarts, and records dropped as late" if late else "Restarts", (restarts, *late)),
    )
