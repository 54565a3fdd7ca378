"""AWS Lambda consumers of SQS queues; a part of `LAM`."""

from __future__ import annotations

from streaming_constructs.facts import event_source_sqs, sqs
from streaming_constructs.spec.codes.code import Code, piece


def _on_queue(consumer: str, queue: str = "", more: str = "") -> str:
    """The base with a queue, and a function that reads it."""
    return piece(f"""
        queues:
          tasks: {{kind: sqs{queue}}}
          others: {{kind: sqs}}
        consumers:
          worker: {{kind: lambda, from: tasks, code: handlers/fraud{consumer}}}
          {more}
    """)


_FIFO = ", fifo: true, content_based_deduplication: true"
QUEUE_CODES = (
    Code(
        "LAM570",
        "little time is left to hand a message to the function",
        "Lambda tries again to invoke a function that is throttled, for as long as the message is hidden. AWS advises six "
        "times the timeout of the function, and the time that a batch is gathered.",
        _on_queue(", timeout_seconds: 60", ", visibility_timeout_seconds: 120"),
        _on_queue(", timeout_seconds: 60", ", visibility_timeout_seconds: 360"),
        source=sqs.VISIBILITY_OF_FUNCTION.source,
    ),
    Code(
        "LAM571",
        "two consumers share the messages of a queue",
        "Each message of a queue goes to one reader, and is gone once that is done with it. Two consumers have a part of "
        "them each, and a filter of one deletes what is for the other.",
        _on_queue("", more="audit: {kind: lambda, from: tasks, code: handlers/fraud}"),
        _on_queue("", more="audit: {kind: lambda, from: others, code: handlers/fraud}"),
        source=event_source_sqs.FILTERING_SOURCE,
    ),
    Code(
        "LAM572",
        "more messages are taken out of the queue than the function may process",
        "Lambda takes batches of a queue without regard to what is reserved for its function. What is throttled waits for the "
        "visibility timeout, and counts as tried: in the end it is given up without ever having been processed.",
        _on_queue(", reserved_concurrency: 5"),
        _on_queue(", reserved_concurrency: 5, maximum_concurrency: 5"),
        source=event_source_sqs.SCALING_SOURCE,
    ),
    Code(
        "LAM573",
        "a batch of a queue that is so large needs time to gather",
        "Lambda hands over no more than 10 messages of a queue at a time, unless it may gather them: for a second at least. It "
        "refuses a mapping that asks for more without that.",
        _on_queue(", batch_size: 100"),
        _on_queue(", batch_size: 100, batch_window_seconds: 5"),
        source=event_source_sqs.BATCH_SIZE_WITHOUT_WINDOW.source,
    ),
    Code(
        "LAM574",
        "a batch of a FIFO queue is no larger than 10",
        "Of a FIFO queue Lambda hands over 10 messages at most, and gathers none over time. It refuses a mapping that asks "
        "for more.",
        _on_queue(", batch_size: 50", _FIFO),
        _on_queue(", batch_size: 10", _FIFO),
        source=event_source_sqs.BATCH_SIZE_FIFO.source,
    ),
    Code(
        "LAM575",
        "messages are handed out again while the function still processes them",
        "A message that was handed out is hidden for the visibility timeout of its queue. Where that is shorter than the "
        "function may take, others get it meanwhile: Lambda refuses the mapping.",
        _on_queue(", timeout_seconds: 120", ", visibility_timeout_seconds: 60"),
        _on_queue(", timeout_seconds: 120"),
        source=sqs.VISIBILITY_OF_FUNCTION.source,
    ),
)
