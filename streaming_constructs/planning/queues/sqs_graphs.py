"""The dashboard graphs of an SQS queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph

if TYPE_CHECKING:
    from streaming_constructs.planning.queues.sqs import QueuePlan


def queue_graphs(queue: QueuePlan) -> tuple[Graph, ...]:
    """What comes and goes, what waits, for how long, and what was given up.

    Args:
        queue: The queue.
    """
    has_dead_letters = queue.spec.arn is None and queue.spec.dead_letter.enabled
    return (
        Graph("Messages sent and deleted", (metrics.QUEUE_SENT, metrics.QUEUE_DELETED)),
        Graph("Messages that wait, and in flight", (metrics.QUEUE_DEPTH, metrics.QUEUE_IN_FLIGHT)),
        Graph("Age of the oldest message", (metrics.QUEUE_OLDEST,)),
        *((Graph("Dead letters", (metrics.DEAD_LETTERS,)),) if has_dead_letters else ()),
    )
