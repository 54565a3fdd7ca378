"""Words that people bring from SQS's own API, CloudFormation, CDK and Terraform for a queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.spec.word import Word, Words, first_of, gone, renamed

SECTION_OF_QUEUES: Words = dict.fromkeys(("sqs", "sqs_queues", "task_queues"), renamed("queues"))
_DAY = 86_400


def _days(value: Any, _: Any = None) -> Mapping[str, Any]:
    """A retention in seconds, as SQS has it, in whole days."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"retention_days": min(14, max(1, -(-int(value) // _DAY)))} if is_number else {"retention_days": value}


def _kib(value: Any, _: Any = None) -> Mapping[str, Any]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"max_message_kb": max(1, int(value) // 1024) if is_number else value}


def _redrive(value: Any, _: Any = None) -> Mapping[str, Any]:
    """A redrive policy, or a dead-letter queue as CDK has it."""
    if not isinstance(value, Mapping):
        return {"dead_letter": value if isinstance(value, bool) else {"max_receives": 5}}
    receives = first_of(value, "maxReceiveCount", "max_receive_count", "max_receives", "max_retries")
    queue = first_of(value, "deadLetterTargetArn", "dead_letter_target_arn", "target_arn", "queue_arn", "arn")
    ours: dict[str, Any] = {}
    if isinstance(receives, int):
        ours["max_receives"] = receives
    if isinstance(queue, str) and queue.startswith("arn:"):
        ours["arn"] = queue
    return {"dead_letter": ours or {"max_receives": 5}}


def _receives(value: Any, _: Any = None) -> Mapping[str, Any]:
    return {"dead_letter.max_receives": value}


def _encryption(value: Any) -> Any:
    return {"kms_key_arn": value}


QUEUE_WORDS: Words = {
    **dict.fromkeys(
        ("visibility_timeout", "visibility_seconds", "visibility", "timeout", "timeout_seconds"),
        renamed("visibility_timeout_seconds"),
    ),
    **dict.fromkeys(
        ("retention_seconds", "message_retention_seconds", "message_retention_period", "retention_period"), Word(_days)
    ),
    **dict.fromkeys(("retention", "message_retention_days"), renamed("retention_days")),
    **dict.fromkeys(("max_message_size", "maximum_message_size", "max_message_size_bytes"), Word(_kib)),
    **dict.fromkeys(("delay", "delivery_delay"), renamed("delay_seconds")),
    **dict.fromkeys(("fifo_queue", "is_fifo", "ordered"), renamed("fifo")),
    **dict.fromkeys(
        ("redrive_policy", "dead_letter_queue", "dlq", "dead_letter_config", "deadletter", "redrive"), Word(_redrive)
    ),
    **dict.fromkeys(
        ("max_receive_count", "maxreceivecount", "max_receives", "max_retries", "retries"),
        (Word(_receives), renamed("max_receives")),
    ),
    **dict.fromkeys(("deduplication", "content_deduplication"), renamed("content_based_deduplication")),
    "queue_arn": renamed("arn"),
    **dict.fromkeys(
        ("kms_key_arn", "key_arn", "kms_key", "kms_key_id", "kms_master_key_id"),
        (renamed("encryption", _encryption), renamed("kms_key_arn")),
    ),
    **dict.fromkeys(
        ("receive_wait_time_seconds", "receive_message_wait_time_seconds"),
        gone("Lambda polls for as long as SQS lets it, whatever the queue says"),
    ),
    **dict.fromkeys(
        ("queue_name",),
        gone(
            "CloudFormation chooses the name; the outputs of the stack say what it is. Name a queue that exists by `arn`"
        ),
    ),
}
