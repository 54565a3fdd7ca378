"""The CloudWatch alarms of an SQS queue: messages that wait too long, and messages that were given up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan, late_after

if TYPE_CHECKING:
    from streaming_constructs.planning.queues.sqs import QueuePlan


def queue_alarms(queue: QueuePlan) -> Iterator[AlarmPlan]:
    """The alarms of a queue.

    Args:
        queue: The queue with its numbers.
    """
    days = queue.spec.retention_days
    left = f"the retention of {days} d"
    late, why = late_after(None, queue.max_lag_seconds, queue.spec.retention_seconds, left)
    own = next(
        (name for name, reader in queue.readers.items() if reader.max_lag_seconds == queue.max_lag_seconds is not None),
        "",
    )
    yield AlarmPlan(
        queue.name,
        "oldest_message",
        metrics.QUEUE_OLDEST,
        threshold=late,
        minutes=SUSTAINED_MINUTES,
        most=queue.spec.retention_seconds if queue.retention_is_known else None,
        title=f"Messages wait too long in the queue {queue.name}, and are deleted unread in the end",
        action="check the errors, throttles and duration of its reader; raise maximum_concurrency or memory_mb, or "
        "retention_days before messages expire",
        working=f"{late:,} s, as `max_lag_seconds` of {own} says" if own else why,
    )
    if queue.spec.arn is None and queue.spec.dead_letter.enabled:
        yield AlarmPlan(
            queue.name,
            "dead_letters",
            metrics.DEAD_LETTERS,
            threshold=0,
            minutes=1,
            title=f"Messages of the queue {queue.name} could not be processed, and wait in its dead-letter queue",
            action="find the cause in the log of its reader and mend it; then move them back with the redrive of SQS, before "
            f"{queue.spec.dead_letter.retention_days} days are over"
            if queue.spec.dead_letter.arn is None
            else "find the cause in the log of its reader and mend it; then move them back with the redrive of SQS",
            working="any message",
        )
