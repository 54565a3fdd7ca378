"""Is a queue of Amazon SQS ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.facts import event_source_sqs, sqs
from streaming_constructs.planning.numbers import counted, duration
from streaming_constructs.planning.queues.sqs import QueuePlan
from streaming_constructs.planning.readiness.common_items import (
    asks,
    dashboard_item,
    encryption,
    failure_test,
    load_test,
    told_item,
    watched,
)
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, failed, not_applicable, passed

_VISIBILITY = sqs.VISIBILITY_OF_FUNCTION.source
_DEAD_LETTERS = sqs.DEAD_LETTERS_SOURCE
_METRICS = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
)
_ENCRYPTION = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html"
)
_FIFO = sqs.HIGH_THROUGHPUT_SOURCE
_AT_LEAST_ONCE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html"


def _planned(asked: Asked) -> QueuePlan:
    return cast("QueuePlan", asked.node)


def _visibility(asked: Asked) -> Answer:
    queue = _planned(asked)
    if queue.visibility_seconds is None:
        return confirm(
            "the queue exists already",
            "write its `visibility_timeout_seconds`, to have it compared with the timeouts of its readers",
            "visibility_timeout_seconds",
        )
    if not queue.readers:
        return confirm("no function of the system reads it", "look at how long its reader takes for a message")
    return passed(f"hidden for {duration(queue.visibility_seconds)}: {queue.working[-1]}", "visibility_timeout_seconds")


def _dead_letters(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    if spec.arn is not None:
        return confirm("the queue exists already", "look at its redrive policy, and alarm on its dead-letter queue")
    if not spec.dead_letter.enabled:
        return failed(
            "what fails is tried until it expires, and is gone then", "take out `dead_letter: false`", "dead_letter"
        )
    return passed(
        f"it goes to a dead-letter queue after {counted(spec.dead_letter.max_receives, 'try')}", "dead_letter"
    )


def _retention(asked: Asked) -> Answer:
    days = _planned(asked).spec.retention_days
    return confirm(
        f"messages wait {counted(days, 'day')} for a reader",
        "is that longer than a long weekend without anybody who mends it?",
        "retention_days",
    )


def _order(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    if not spec.is_fifo:
        return confirm("a standard queue hands messages out in any order", "is the order of no matter?", "fifo")
    return confirm(
        "a FIFO queue keeps the order of each group", "senders give groups that are many, and none that is hot"
    )


def _twice(asked: Asked) -> Answer:
    if _planned(asked).spec.is_fifo:
        return confirm(
            "a message is sent once within five minutes; it is processed again where its reader fails behind it",
            "write what the reader does so that twice is as once",
        )
    return confirm(
        "a standard queue hands out a message twice now and then", "write what the reader does so that twice is as once"
    )


def _downstream(asked: Asked) -> Answer:
    readers = _planned(asked).readers
    if not readers:
        return not_applicable("no function of the system reads it")
    free = [name for name, reader in readers.items() if reader.maximum_concurrency is None]
    if free:
        most = int(event_source_sqs.BATCHES_AT_MOST.value)
        return confirm(
            f"`{free[0]}` has up to {most:,} batches at once",
            f"what it calls bears that, or `maximum_concurrency` of `{free[0]}` limits it",
        )
    return passed(
        ", ".join(f"{name}: {reader.maximum_concurrency} batches at once" for name, reader in readers.items())
    )


def _alarms(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    has_dead_letters = spec.arn is None and spec.dead_letter.enabled
    return watched(asked, ("oldest_message", *(("dead_letters",) if has_dead_letters else ())))


CHECKLIST = (
    Item("QI1", "Infrastructure", "a message stays hidden while it is processed", _visibility, _VISIBILITY),
    Item("QI2", "Infrastructure", "messages wait long enough", _retention, sqs.RETENTION_SECONDS.source),
    Item(
        "QI3",
        "Infrastructure",
        "what its reader calls bears a full queue",
        _downstream,
        event_source_sqs.SCALING_SOURCE,
    ),
    Item("QC1", "Code", "a message that cannot be processed is kept", _dead_letters, _DEAD_LETTERS),
    Item("QC2", "Code", "the order of messages is as it is needed", _order, _FIFO),
    Item("QC3", "Code", "a message may come twice", _twice, _AT_LEAST_ONCE),
    Item("QO1", "Operations", "waiting messages and dead letters have alarms", _alarms, _METRICS),
    dashboard_item("QO2"),
    Item(
        "QO3",
        "Operations",
        "somebody knows how dead letters are moved back",
        asks("no spec says so", "start a redrive of SQS to the source queue, once the cause is mended: try it"),
        _DEAD_LETTERS,
    ),
    failure_test("QO4", "send it a message that its reader refuses"),
    load_test("QO5"),
    told_item("QO6"),
    Item("QS1", "Security", "its messages are encrypted at rest", encryption, _ENCRYPTION),
)
