"""A Lambda consumer of an SQS queue: what its event source mapping takes, and what is of streams alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source_sqs
from streaming_constructs.spec.consumers.lambda_filters import unknown_fields
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import no_effect

if TYPE_CHECKING:
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.pipeline import PipelineSpec

NOT_OF_QUEUES = {
    "enhanced_fan_out": "a queue has no shards: what is read there is for one reader alone",
    "parallelization_factor": "a queue has no shards; `maximum_concurrency` says how many batches there are at once",
    "tumbling_window_seconds": "Lambda carries no state from one batch of a queue to the next",
    "starting_position": "a queue has no positions: messages wait until they are processed",
    "consumer_group": "a queue has no groups: each message goes to one reader",
    "pollers": "Lambda scales by how many messages wait; `maximum_concurrency` limits it",
    "secret_arn": "a queue is read by the function's role",
    "event_record_format": "messages are handed over as they are",
    "on_failure": "what fails is handed out again after the visibility timeout, and the queue's own `dead_letter` says when it "
    "is given up, and keeps it",
}
"""Fields that change nothing on a queue, and why."""


def batch_size_of_queue(consumer: LambdaConsumerSpec) -> int:
    """Most messages in a batch of a queue: as given, else Lambda's own default for queues.

    Args:
        consumer: The consumer.
    """
    is_given = "batch_size" in consumer.model_fields_set
    return consumer.batch_size if is_given else int(event_source_sqs.BATCH_SIZE_BY_DEFAULT.value)


def queue_findings(consumer: LambdaConsumerSpec, *, is_fifo: bool) -> Iterator[Finding]:
    """What of a consumer does not fit the queue that it reads; paths are relative to the consumer.

    Args:
        consumer: The consumer.
        is_fifo: Whether the queue keeps the order.
    """
    for field, why in NOT_OF_QUEUES.items():
        if getattr(consumer, field) != type(consumer).model_fields[field].default:
            yield no_effect(field, note=f"it reads a queue; {why}")
    for position, pattern in enumerate(consumer.filters):
        for finding in unknown_fields(pattern, "sqs"):
            yield finding.below("filters", position)
    if is_fifo:
        yield from _fifo_findings(consumer)
        return
    most = int(event_source_sqs.BATCH_SIZE_WITHOUT_WINDOW.value)
    size = batch_size_of_queue(consumer)
    if size > most and not consumer.batch_window_seconds:
        yield Finding(
            "LAM573",
            "a batch of a queue that is so large needs time to gather",
            ("batch_size",),
            note=f"{size:,} messages; without a window Lambda hands over {most} at most, and refuses a mapping that asks "
            "for more",
            help=f"add `batch_window_seconds: 5`, or set `batch_size: {most}` or less",
            edits=(Edit(("batch_window_seconds",), 5),),
        )


def _fifo_findings(consumer: LambdaConsumerSpec) -> Iterator[Finding]:
    if consumer.batch_window_seconds:
        yield no_effect(
            "batch_window_seconds",
            note="it reads a FIFO queue, of which Lambda gathers no batches over time, and refuses such a mapping",
        )
    most = int(event_source_sqs.BATCH_SIZE_FIFO.value)
    if batch_size_of_queue(consumer) > most:
        yield Finding(
            "LAM574",
            "a batch of a FIFO queue is no larger than 10",
            ("batch_size",),
            note=f"{consumer.batch_size:,} messages; Lambda refuses the mapping",
            help=f"set `batch_size: {most}` or less",
            edits=(Edit(("batch_size",), most),),
        )


def shared_queue_findings(name: str, consumer: LambdaConsumerSpec, spec: PipelineSpec) -> Iterator[Finding]:
    """Another consumer that takes messages away from this one; told once, of the later one. Paths are relative to it.

    Args:
        name: The name of the consumer.
        consumer: The consumer.
        spec: The system, all of whose names resolve.
    """
    own = spec.queues[consumer.from_]
    for other, node in spec.consumers.items():
        if other == name:
            return
        read = spec.queues.get(node.from_)
        if read is None:
            continue
        if node.from_ == consumer.from_ or (own.arn is not None and own.arn == read.arn):
            yield Finding(
                "LAM571",
                "two consumers share the messages of a queue",
                ("from",),
                note=f"`{other}` reads it too: each message goes to one of them, and one that has filters deletes what is for "
                "the other",
                help="give each a queue of its own, and let the sender write to both",
            )
