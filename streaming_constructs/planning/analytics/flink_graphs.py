"""The dashboard graphs of an application of Flink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics_flink as metrics
from streaming_constructs.facts.metrics import GROUP_TIME_LAG, TOPIC
from streaming_constructs.planning.analytics.flink_alarms import WATERMARK_LAG, WHILE_RECORDS_COME
from streaming_constructs.planning.dashboard import Graph, Part

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan


def application_graphs(application: FlinkApplicationPlan) -> tuple[Graph, ...]:
    """What flows through it, what it keeps, how busy it is, and how late. What is in a graph has one unit.

    Args:
        application: The application.
    """
    is_2, is_event_time = application.runtime.is_2, application.is_event_time
    restarts = metrics.NUM_RESTARTS if is_2 else metrics.FULL_RESTARTS
    down = (metrics.RESTARTING_TIME, metrics.FAILING_TIME) if is_2 else (metrics.DOWNTIME,)
    late = (metrics.LATE_RECORDS_DROPPED,) if is_event_time else ()
    # Offsets are committed with checkpoints alone.
    read = application.topics if application.spec.checkpointing else {}
    topics = tuple(Part(node, {TOPIC: topic}) for node, topic in read.items())
    behind = Graph(
        "Watermark behind the clock, in milliseconds",
        (metrics.OUTPUT_WATERMARK,),
        expression=WATERMARK_LAG,
        variables=WHILE_RECORDS_COME,
    )
    return (
        Graph("Records per second", (metrics.RECORDS_IN, metrics.RECORDS_OUT)),
        Graph("Last checkpoint, in milliseconds", (metrics.CHECKPOINT_DURATION,)),
        Graph("Processors and heap, in percent", (metrics.CONTAINER_CPU, metrics.HEAP)),
        Graph(
            "Restarts, failed checkpoints and late records" if late else "Restarts and failed checkpoints",
            (restarts, metrics.FAILED_CHECKPOINTS, *late),
        ),
        Graph("Down, in milliseconds", down),
        *((behind,) if is_event_time else ()),
        *((Graph("Lag in each topic, in seconds", (GROUP_TIME_LAG,), parts=topics),) if topics else ()),
    )
