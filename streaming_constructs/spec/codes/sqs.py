"""Amazon SQS queues."""

from __future__ import annotations

from streaming_constructs.facts import sqs
from streaming_constructs.spec.codes.code import Code, piece


def _queue(*fields: str) -> str:
    """The base with a queue whose fields are these."""
    return piece(f"""
        queues:
          tasks: {{{", ".join(("kind: sqs", *fields))}}}
    """)


def _read(*fields: str) -> str:
    """The same, with a function that reads the queue."""
    return piece(f"""
        queues:
          tasks: {{{", ".join(("kind: sqs", *fields))}}}
        consumers:
          worker: {{kind: lambda, from: tasks, code: handlers/fraud}}
    """)


_FIFO = ("fifo: true", "content_based_deduplication: true")
CODES = (
    Code(
        "SQS757",
        "high throughput of a FIFO queue needs messages to be told apart in their group",
        "A limit for each group of messages goes with looking for duplicates in each group. SQS refuses a queue that has "
        "the one without the other.",
        _queue(*_FIFO, "fifo_throughput_limit: per_message_group_id"),
        _queue(*_FIFO, "fifo_throughput_limit: per_message_group_id", "deduplication_scope: message_group"),
        source=sqs.HIGH_THROUGHPUT_SOURCE,
    ),
    Code(
        "SQS758",
        "the dead-letter queue is of another kind than its source",
        "The dead-letter queue of a FIFO queue is a FIFO queue, and that of a standard queue is a standard one. SQS refuses "
        "any other pair.",
        _queue('dead_letter: {arn: "arn:aws:sqs:eu-west-1:111122223333:dead.fifo"}'),
        _queue('dead_letter: {arn: "arn:aws:sqs:eu-west-1:111122223333:dead"}'),
        source=sqs.DEAD_LETTERS_SOURCE,
    ),
    Code(
        "SQS759",
        "messages that were given up late are deleted at once",
        "A message of a standard queue keeps the time at which it was sent when it goes to the dead-letter queue. Where "
        "that keeps messages for less time than the queue does, one that waited for long is deleted as it arrives.",
        _queue("retention_days: 10", "dead_letter: {retention_days: 7}"),
        _queue("retention_days: 7", "dead_letter: {retention_days: 14}"),
        source=sqs.DEAD_LETTERS_SOURCE,
    ),
    Code(
        "SQS760",
        "messages are given up before they were really tried",
        "Lambda takes messages out of the queue also while the function is throttled, and each time counts. AWS advises 5 "
        "receives at least, so that what was never tried does not end among the dead letters.",
        _read("dead_letter: {max_receives: 2}"),
        _read("dead_letter: {max_receives: 5}"),
        source=sqs.RECEIVES_OF_FUNCTION.source,
    ),
    Code(
        "SQS761",
        "a message is larger than the queue takes",
        "SQS refuses a message that is larger than the queue takes, and takes 1 MiB at most, attributes included. What is "
        "larger is kept in S3, and the message says where.",
        _queue("workload: {records_per_second: 10, record_kb: 100}", "max_message_kb: 64"),
        _queue("workload: {records_per_second: 10, record_kb: 100}", "max_message_kb: 128"),
        source=sqs.MESSAGE_KIB.source,
    ),
    Code(
        "SQS762",
        "more messages than a FIFO queue takes",
        "A FIFO queue takes 300 requests a second of each kind, and 3,000 messages a second where each request has ten. "
        "What is sent beyond that is throttled. High throughput has such a limit for each group of messages.",
        _queue(*_FIFO, "workload: {records_per_second: 5000, record_kb: 1}"),
        _queue(
            *_FIFO,
            "deduplication_scope: message_group",
            "fifo_throughput_limit: per_message_group_id",
            "workload: {records_per_second: 5000, record_kb: 1}",
        ),
        source=sqs.FIFO_BATCHED_MESSAGES_PER_SECOND.source,
    ),
    Code(
        "SQS763",
        "a FIFO queue takes so many messages in batches alone",
        "A FIFO queue takes 300 requests a second of each kind: more messages than that have to be sent several in one "
        "request, ten at most.",
        _queue(*_FIFO, "workload: {records_per_second: 1000, record_kb: 1}"),
        _queue(*_FIFO, "workload: {records_per_second: 200, record_kb: 1}"),
        source=sqs.FIFO_MESSAGES_PER_SECOND.source,
    ),
)
