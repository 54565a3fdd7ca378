"""What is wrong with queues and topics: messages that are lost after some tries, or processed twice, or lie there in plain.

Who may send and receive is looked at in `public_access`; the mappings that read queues, in `event_source_mapping`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.facts.event_source import QUEUE_RETENTION_SECONDS
from streaming_constructs.facts.sqs import (
    FUNCTION_SECONDS_BY_DEFAULT,
    QUEUE_DEFAULTS,
    RECEIVES_OF_FUNCTION,
    RETENTION_SECONDS_BY_DEFAULT,
    VISIBILITY_OF_FUNCTION,
)
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.events.event_sources import function_of
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.queues_and_topics import document

_QUEUE = "AWS::SQS::Queue"
_TOPIC = "AWS::SNS::Topic"
_SUBSCRIPTION = "AWS::SNS::Subscription"
_MAPPING = "AWS::Lambda::EventSourceMapping"


def _mappings(template: Template, queue: Resource) -> list[Resource]:
    """The mappings that read a queue."""
    return [each for each in template.of_type(_MAPPING) if template.target(each.at("EventSourceArn")) is queue]


def _dead_letters(template: Template, queue: Resource) -> Resource | None:
    """The dead-letter queue of a queue, where it is in the template."""
    return template.target(value_at(document(queue.at("RedrivePolicy")), ("deadLetterTargetArn",)))


@audits(_QUEUE)
def gives_up(template: Template, queue: Resource) -> Iterator[Meaning]:
    """Queues whose messages are lost where they cannot be processed, or too early."""
    readers = _mappings(template, queue)
    policy = document(queue.at("RedrivePolicy"))
    if readers and policy is None and not _is_for_dead_letters(template, queue):
        yield Meaning(
            "AUD252",
            f"a message that {shown(readers[0].logical_id)} cannot process is tried until its retention ends, and is then "
            "deleted without a trace: it has no dead-letter queue",
            "a second queue, and a `RedrivePolicy` that names it",
        )
    receives = number(value_at(policy, ("maxReceiveCount",)))
    if receives is not None and (receives < RECEIVES_OF_FUNCTION.value if readers else receives <= 1):
        least = f"AWS advises {RECEIVES_OF_FUNCTION.value:g} at least for a function" if readers else "once is no retry"
        yield Meaning(
            "AUD253",
            f"a message is given up after {receives:g} tries, and being throttled is one of them; {least}",
            f"`maxReceiveCount: {RECEIVES_OF_FUNCTION.value:g}`",
            path="Properties.RedrivePolicy.maxReceiveCount",
        )


def _is_for_dead_letters(template: Template, queue: Resource) -> bool:
    return any(_dead_letters(template, other) is queue for other in template.of_type(_QUEUE, _SUBSCRIPTION))


@audits(_QUEUE)
def visibility(template: Template, queue: Resource) -> Iterator[Meaning]:
    """Queues whose messages others get while a function still processes them."""
    given = queue.at("VisibilityTimeout")
    seconds = number(QUEUE_DEFAULTS["VisibilityTimeout"] if given is None else given)
    for mapping in _mappings(template, queue):
        function = function_of(template, mapping.at("FunctionName"))
        if function is None or seconds is None:
            continue
        given = function.at("Timeout")
        timeout = number(FUNCTION_SECONDS_BY_DEFAULT.value if given is None else given)
        if timeout is None or seconds >= timeout * VISIBILITY_OF_FUNCTION.value:
            continue
        refused = seconds < timeout
        yield Meaning(
            "AUD254",
            f"others see a message after {seconds:g} s, and {function.logical_id} may take {timeout:g} s: "
            + ("Lambda refuses the mapping" if refused else "what is throttled is processed twice, and given up early"),
            f"`VisibilityTimeout: {timeout * VISIBILITY_OF_FUNCTION.value:g}`: {VISIBILITY_OF_FUNCTION.value:g} times",
            grade="danger" if refused else None,
            path="Properties.VisibilityTimeout",
        )


@audits(_QUEUE)
def readers(template: Template, queue: Resource) -> Iterator[Meaning]:
    """Queues that several mappings read: each message goes to one of them."""
    all_readers = _mappings(template, queue)
    for mapping in all_readers[1:]:
        first = all_readers[0]
        filtered = next((each for each in (first, mapping) if each.at("FilterCriteria")), None)
        says = f"{first.logical_id} and {mapping.logical_id} read it: each message goes to one of them"
        deletes = f", and {filtered.logical_id} deletes what its filter passes over" if filtered else ""
        yield Meaning(
            "AUD265",
            f"{says}{deletes}",
            "give each a queue of its own, and send to both by a topic",
            grade="danger" if filtered else None,
            path="Properties.EventSourceArn",
            resource=mapping,
        )


@audits(_QUEUE)
def dead_letters(template: Template, queue: Resource) -> Iterator[Meaning]:
    """Dead-letter queues that lose, or cannot take, what their source gives up."""
    dead = _dead_letters(template, queue)
    if dead is None or dead.type != _QUEUE:
        return
    ordered = [is_true(each.at("FifoQueue")) for each in (queue, dead)]
    if ordered[0] != ordered[1]:
        kinds = ["FIFO" if each else "standard" for each in ordered]
        yield Meaning(
            "AUD256",
            f"it is {kinds[0]} and its dead-letter queue {dead.logical_id} is {kinds[1]}: AWS refuses that",
            "make both of one kind",
            path="Properties.RedrivePolicy",
        )
    elif not _lets(template, dead, queue):
        yield Meaning(
            "AUD256",
            f"{dead.logical_id} does not let it be its source: AWS refuses that, or keeps none of what it gives up",
            "name it in the `RedriveAllowPolicy` of that queue",
            path="Properties.RedrivePolicy",
        )
    kept, source = _retention(dead), _retention(queue)
    if kept is not None and source is not None and kept < source and not ordered[0]:
        yield Meaning(
            "AUD255",
            f"messages are kept for {kept:.0f} s here and for {source:.0f} s in {queue.logical_id}, both from when they were "
            "sent: those that are given up late are deleted here at once",
            f"keep them longer here: `MessageRetentionPeriod: {QUEUE_RETENTION_SECONDS.maximum}`",
            path="Properties.MessageRetentionPeriod",
            resource=dead,
        )


def _retention(queue: Resource) -> float | None:
    given = queue.at("MessageRetentionPeriod")
    return RETENTION_SECONDS_BY_DEFAULT.value if given is None else number(given)


def _lets(template: Template, dead: Resource, source: Resource) -> bool:
    """Whether a queue may be the dead-letter queue of another, as far as the template says."""
    policy = document(dead.at("RedriveAllowPolicy"))
    if value_at(policy, ("redrivePermission",)) == "denyAll":
        return False
    arns: list[Any] = listed(value_at(policy, ("sourceQueueArns",)))
    if value_at(policy, ("redrivePermission",)) != "byQueue" or not arns:
        return True
    sources = [template.target(arn) for arn in arns]
    return source in sources or None in sources


@audits(_QUEUE)
def encryption(template: Template, queue: Resource) -> Iterator[Meaning]:
    """Queues whose messages lie there in plain."""
    if is_false(queue.at("SqsManagedSseEnabled")) and queue.at("KmsMasterKeyId") in (None, ""):
        yield Meaning(
            "AUD257",
            "its messages are not encrypted: that is switched off",
            "leave `SqsManagedSseEnabled` out, or name a key: `KmsMasterKeyId`",
            path="Properties.SqsManagedSseEnabled",
        )


@audits(_SUBSCRIPTION)
def undelivered(template: Template, subscription: Resource) -> Iterator[Meaning]:
    """Subscriptions whose messages are dropped after a few tries."""
    if subscription.at("Protocol") in ("http", "https") and subscription.at("RedrivePolicy") is None:
        yield Meaning(
            "AUD258",
            f"what {shown(subscription.at('Endpoint'))} does not take after a few tries is dropped without a trace",
            "a `RedrivePolicy` that names a queue for it",
        )
    if subscription.at("Protocol") == "http":
        yield Meaning(
            "AUD259",
            f"messages go to {shown(subscription.at('Endpoint'))} in plain text: who is between reads them",
            "`Protocol: https`",
            path="Properties.Protocol",
        )


@audits(_TOPIC)
def plain_topic(template: Template, topic: Resource) -> Iterator[Meaning]:
    """Topics whose messages no key guards; what alarms say is nobody's secret."""
    if topic.at("KmsMasterKeyId") in (None, "") and not _is_for_alarms(template, topic):
        yield Meaning(
            "AUD264",
            "no key of yours guards its messages: whoever may read the topic reads them, and nothing logs it",
            "`KmsMasterKeyId: alias/aws/sns`, or a key whose policy lets its publishers in",
        )


def _is_for_alarms(template: Template, topic: Resource) -> bool:
    actions = ("AlarmActions", "OKActions", "InsufficientDataActions")
    return any(
        template.target(action) is topic
        for alarm in template.of_type("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
        for name in actions
        for action in listed(alarm.at(name))
    )


@audits(_TOPIC)
def inline(template: Template, topic: Resource) -> Iterator[Meaning]:
    """Subscriptions in plain text that stand in their topic."""
    for item in listed(topic.at("Subscription")):
        if value_at(item, ("Protocol",)) == "http":
            yield Meaning(
                "AUD259",
                f"messages go to {shown(value_at(item, ('Endpoint',)))} in plain text: who is between reads them",
                "`Protocol: https`",
                path="Properties.Subscription",
            )
