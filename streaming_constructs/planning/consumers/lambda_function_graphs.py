"""The dashboard graphs of a Lambda consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.spec.on_failure import destination_kind

if TYPE_CHECKING:
    from streaming_constructs.facts.metrics import Metric
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan


def consumer_graphs(consumer: ConsumerPlan) -> tuple[Graph, ...]:
    """What is read, what is late, what failed, and what was given up.

    Args:
        consumer: The consumer.
    """
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import queue_consumer_graphs

        return queue_consumer_graphs()
    spec = consumer.spec
    lag: tuple[Metric, ...]
    if consumer.kind == "kafka":
        # Of a group with a colon in its id MSK publishes nothing.
        lag = () if ":" in (spec.consumer_group or "") else (metrics.GROUP_TIME_LAG,)
        undelivered = metrics.MAPPING_DESTINATION_ERRORS
    else:
        lag = (metrics.FUNCTION_ITERATOR_AGE, *((metrics.FAN_OUT_LAG,) if spec.enhanced_fan_out else ()))
        undelivered = metrics.FUNCTION_DESTINATION_FAILURES
    kept = metrics.QUEUE_DEPTH if destination_kind(spec.failure_policy) == "sqs" else metrics.MAPPING_KEPT_FAILURES
    return (
        Graph(
            "Records read, filtered out, handed over",
            (metrics.MAPPING_POLLED, metrics.MAPPING_FILTERED_OUT, metrics.MAPPING_INVOKED),
        ),
        *((Graph("Lag", lag),) if lag else ()),
        Graph(
            "Errors and throttles", (metrics.FUNCTION_INVOCATIONS, metrics.FUNCTION_ERRORS, metrics.FUNCTION_THROTTLES)
        ),
        Graph("Given up", (kept, metrics.MAPPING_DROPPED, undelivered)),
        *((Graph("Records that wait", (metrics.FUNCTION_OFFSET_LAG,)),) if consumer.kind == "kafka" else ()),
    )
