"""What of an SQS queue is likely to go wrong: limits that its workload is beyond, and messages that are given up too early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import sqs
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.spec.finding import Edit, Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.queues.sqs import QueuePlan


def queue_findings(queue: QueuePlan) -> Iterator[Finding]:
    """What is likely to go wrong with a queue; paths are relative to it.

    Args:
        queue: The queue with its numbers.
    """
    spec, least = queue.spec, int(sqs.RECEIVES_OF_FUNCTION.value)
    if spec.arn is None and spec.dead_letter.enabled and queue.readers and spec.dead_letter.max_receives < least:
        yield Finding(
            "SQS760",
            "messages are given up before they were really tried",
            ("dead_letter", "max_receives"),
            note=f"{spec.dead_letter.max_receives} at most; Lambda takes messages out that it cannot hand over while the "
            "function is throttled, and each time counts",
            help=f"set `max_receives: {least}` or more",
            edits=(Edit(("dead_letter", "max_receives"), least),),
        )
    yield from _retention_findings(queue)
    yield from _rate_findings(queue)


def _retention_findings(queue: QueuePlan) -> Iterator[Finding]:
    """Dead letters that are deleted before anybody has seen them; in a FIFO queue they begin anew."""
    spec, dead = queue.spec, queue.spec.dead_letter
    if spec.makes_dead_letters and not spec.fifo and dead.retention_days < spec.retention_days:
        yield Finding(
            "SQS759",
            "messages that were given up late are deleted at once",
            ("dead_letter", "retention_days"),
            note=f"a message keeps the time at which it was sent: the queue keeps it for {spec.retention_days} days, and its "
            f"dead-letter queue for {dead.retention_days}",
            help=f"set `retention_days: {sqs.RETENTION_DAYS.maximum}` there",
            edits=(Edit(("dead_letter", "retention_days"), sqs.RETENTION_DAYS.maximum),),
        )


def _rate_findings(queue: QueuePlan) -> Iterator[Finding]:
    """A workload that is beyond what a FIFO queue takes, unless its limits are those of each group."""
    spec = queue.spec
    if not spec.is_fifo or spec.is_high_throughput or spec.workload is None:
        return
    peak = exact(spec.workload.records_per_second) * exact(spec.workload.peak_factor)
    alone, batched = sqs.FIFO_MESSAGES_PER_SECOND.value, sqs.FIFO_BATCHED_MESSAGES_PER_SECOND.value
    more = "set `deduplication_scope: message_group` and `fifo_throughput_limit: per_message_group_id`"
    edits = (
        Edit(("deduplication_scope",), "message_group"),
        Edit(("fifo_throughput_limit",), "per_message_group_id"),
    )
    where = ("workload", "records_per_second")
    if peak > batched:
        yield Finding(
            "SQS762",
            "more messages than the FIFO queue takes",
            where,
            note=f"{number(peak)} messages/s at the peak; it takes {number(alone)} requests a second of each kind, with ten "
            f"messages in one at most: {number(batched)}",
            help=f"{more}, with several groups of messages; or a standard queue, if their order does not matter",
            edits=() if spec.arn else edits,
        )
    elif peak > alone:
        yield Finding(
            "SQS763",
            "a FIFO queue takes so many messages in batches alone",
            where,
            note=f"{number(peak)} messages/s at the peak; it takes {number(alone)} requests a second of each kind",
            help=f"let senders use SendMessageBatch, with ten messages in one; or {more}",
            edits=() if spec.arn else edits,
        )
