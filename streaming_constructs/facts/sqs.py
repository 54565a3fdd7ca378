"""Amazon SQS: what a queue is where nothing is said, and what a function behind it needs."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.facts.fact import Fact, Range

_ATTRIBUTES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
_MESSAGES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"
_QUOTAS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"
_QUEUE_QUOTAS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html"
_FIFO = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html"
_READ = "2026-11-29"

RETENTION_SECONDS_BY_DEFAULT = Fact(345_600, "seconds", _ATTRIBUTES, _READ)
VISIBILITY_SECONDS_BY_DEFAULT = Fact(30, "seconds", _ATTRIBUTES, _READ)
MESSAGE_BYTES_BY_DEFAULT = Fact(1_048_576, "bytes", _ATTRIBUTES, _READ)
RECEIVES_BY_DEFAULT = Fact(10, "receives before a message goes to the dead-letter queue", _ATTRIBUTES, _READ)
KEY_REUSE_SECONDS_BY_DEFAULT = Fact(300, "seconds", _ATTRIBUTES, _READ)

QUEUE_DEFAULTS: Mapping[str, int | bool | str] = {
    "MessageRetentionPeriod": int(RETENTION_SECONDS_BY_DEFAULT.value),
    "VisibilityTimeout": int(VISIBILITY_SECONDS_BY_DEFAULT.value),
    "MaximumMessageSize": int(MESSAGE_BYTES_BY_DEFAULT.value),
    "KmsDataKeyReusePeriodSeconds": int(KEY_REUSE_SECONDS_BY_DEFAULT.value),
    "DelaySeconds": 0,
    "ReceiveMessageWaitTimeSeconds": 0,
    "ContentBasedDeduplication": False,
    "FifoQueue": False,
    "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
}
"""What a queue is where its template does not say it.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html, read 2026-11-29
"""

VISIBILITY_OF_FUNCTION = Fact(6, "times the timeout of the function that reads a queue, at least", _LAMBDA, _READ)
RECEIVES_OF_FUNCTION = Fact(
    5, "receives before a message is given up, where a function reads the queue", _LAMBDA, _READ
)
"""Fewer, and messages are given up that Lambda has only throttled."""
FUNCTION_SECONDS_BY_DEFAULT = Fact(
    3, "seconds", "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html", _READ
)
"""The timeout of a function that says none."""
RETENTION_SECONDS_MOST = Fact(1_209_600, "seconds", _ATTRIBUTES, _READ)
MESSAGE_KIB_MOST = Fact(1024, "KiB of a message", _MESSAGES, _READ)
BATCH_MESSAGES = Fact(10, "messages of a request", _MESSAGES, _READ)
FIFO_REQUESTS_PER_SECOND_OF_GROUP = Fact(300, "requests/s of each kind for a group of messages", _MESSAGES, _READ)
FIFO_REQUESTS_PER_SECOND = {
    "us-east-1": 70_000,
    "us-west-2": 70_000,
    "eu-west-1": 70_000,
    "us-east-2": 19_000,
    "eu-central-1": 19_000,
    "ap-south-1": 9_000,
    "ap-southeast-1": 9_000,
    "ap-southeast-2": 9_000,
    "ap-northeast-1": 9_000,
    "eu-west-2": 4_500,
    "sa-east-1": 4_500,
}
"""Requests of each kind in a second to a FIFO queue with high throughput, each of one message or of a batch.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html, read 2026-11-29
"""
FIFO_REQUESTS_PER_SECOND_ELSEWHERE = Fact(2_400, "requests/s of each kind, in other regions", _MESSAGES, _READ)
TOPIC_MESSAGE_BYTES_BY_DEFAULT = Fact(
    262_144, "bytes", "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html", _READ
)

VISIBILITY_SECONDS = Range(0, 43_200, "seconds", _QUOTAS, _READ)
RETENTION_SECONDS = Range(60, 1_209_600, "seconds", _QUOTAS, _READ)
RETENTION_DAYS = Range(1, 14, "days", _QUOTAS, _READ)
"""The same in whole days."""
MESSAGE_KIB = Range(1, 1024, "KiB", _QUOTAS, _READ)
DELAY_SECONDS = Range(0, 900, "seconds", _QUEUE_QUOTAS, _READ)
RECEIVES = Range(1, 1000, "receives before a message goes to the dead-letter queue", _ATTRIBUTES, _READ)
FIFO_MESSAGES_PER_SECOND = Fact(300, "messages a second that are sent one by one", _QUOTAS, _READ)
FIFO_BATCHED_MESSAGES_PER_SECOND = Fact(3000, "messages a second that are sent ten at a time", _QUOTAS, _READ)
"""Of a FIFO queue whose throughput is limited for the whole of it; high throughput is for each group of messages."""
HIGH_THROUGHPUT_SOURCE = _FIFO
"""High throughput needs both: `DeduplicationScope` of a message group, and `FifoThroughputLimit` per message group."""
MESSAGES_OF_A_REQUEST = Fact(10, "messages of one request", _QUOTAS, _READ)
DEAD_LETTERS_SOURCE = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
)
"""A message of a standard queue keeps the time at which it was sent when it goes to the dead-letter queue."""
