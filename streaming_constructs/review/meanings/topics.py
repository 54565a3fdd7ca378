"""What changes of topics of SNS mean, and of their subscriptions: who gets which messages, and what becomes of the others.

Who may publish and subscribe is told in `public_access`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.sqs import TOPIC_MESSAGE_BYTES_BY_DEFAULT
from streaming_constructs.review.access.policy_sides import new_names
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, dotted_path, value_at
from streaming_constructs.review.comparing.values import is_true, listed, number, shown
from streaming_constructs.review.meaning import (
    Changed,
    Meaning,
    Meanings,
    PropertyRule,
    means,
    when_removed,
    when_replaced,
)
from streaming_constructs.review.meanings import any_resource
from streaming_constructs.review.meanings.queues_and_topics import CONTENT_DEDUPLICATION, document, redrive
from streaming_constructs.review.rules.quantities import Quantity
from streaming_constructs.review.rules.switches import Other, Switch

TOPIC = "AWS::SNS::Topic"
SUBSCRIPTION = "AWS::SNS::Subscription"

is_by_default(
    TOPIC,
    {
        "FifoTopic": False,
        "ContentBasedDeduplication": False,
        "TracingConfig": "PassThrough",
        "SignatureVersion": "1",
        "MaximumMessageSize": int(TOPIC_MESSAGE_BYTES_BY_DEFAULT.value),
        "FifoThroughputScope": "Topic",
    },
)
is_by_default(SUBSCRIPTION, {"RawMessageDelivery": False, "FilterPolicyScope": "MessageAttributes"})


@when_removed(SUBSCRIPTION)
def unsubscribed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A subscription that is there no more."""
    topic = pair.old.target(old.at("TopicArn"))
    after = pair.counterpart(topic) if topic is not None else None
    inline = listed(after.at("Subscription")) if after is not None else []
    if any_resource.keeps(old.deletion_policy):
        yield from any_resource.removed(pair, old)
    elif any(_is_the_same(pair, old.properties, item) for item in inline):
        # SNS answers the second of two equal subscriptions with the first, and CloudFormation deletes what is gone last.
        yield Meaning(
            "REV281",
            f"the subscription of {_subscriber(old.properties)} stands in {after.logical_id if after else ''} itself: SNS "
            "takes both for one, and may end it when the resource is deleted",
            "look at the subscriptions of the topic afterwards; or leave the resource, and do it in two deployments",
        )
        yield from _moved_settings(old.properties, {})
    else:
        yield Meaning(
            "REV279",
            f"{shown(old.at('Endpoint'))} gets nothing more of what is published to {shown(old.at('TopicArn'))}",
            "see that nobody counts on it",
        )


@when_replaced(SUBSCRIPTION)
def subscribed_anew(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A subscription that is created anew, and the old one is deleted."""
    old, new = replacement.old, replacement.new
    if replacement.because:
        yield Meaning(
            "REV281",
            f"it is subscribed anew: `{dotted_path(replacement.path)}` refers to {shown(replacement.because)}, which is "
            "replaced; what is published meanwhile may come twice",
        )
    elif replacement.path and replacement.path[0] == "TopicArn":
        yield Meaning(
            "REV279",
            f"{shown(new.at('Endpoint'))} gets what is published to {shown(new.at('TopicArn'))}, and nothing more of "
            f"{shown(old.at('TopicArn'))}",
            "add a second subscription where both are meant",
        )
    elif replacement.path and replacement.path[0] in ("Endpoint", "Protocol"):
        yield Meaning(
            "REV279",
            f"messages go to {shown(new.at('Endpoint'))} ({shown(new.at('Protocol'))}); {shown(old.at('Endpoint'))} "
            f"({shown(old.at('Protocol'))}) gets nothing more",
            "add a second subscription where both are meant",
        )
    else:
        yield from any_resource.replaced(pair, replacement)


@means(TOPIC, "Subscription")
def subscriptions(changed: Changed) -> Iterator[Meaning]:
    """Subscriptions that stand in the topic."""
    old, new = (listed(value) for value in (changed.old, changed.new))
    apart = [
        each
        for each in changed.pair.new.of_type(SUBSCRIPTION)
        if changed.pair.new.target(each.at("TopicArn")) is changed.new_resource
    ]
    for gone in (item for item in old if not any(same(item, other) for other in new)):
        moved = next((each for each in apart if _is_the_same(changed.pair, gone, each.properties)), None)
        if moved is not None:
            yield Meaning(
                "REV276", f"the subscription of {_subscriber(gone)} stands as {moved.logical_id}; it is the same"
            )
            yield from _moved_settings({}, moved.properties)
            continue
        yield Meaning(
            "REV279", f"{_subscriber(gone)} gets nothing more of what is published", "see that nobody counts on it"
        )
    had = [
        each.properties
        for each in changed.pair.old.of_type(SUBSCRIPTION)
        if changed.pair.old.target(each.at("TopicArn")) is changed.old_resource
    ]
    for come in (item for item in new if not any(same(item, other) for other in old)):
        if not any(_is_the_same(changed.pair, each, come) for each in had):
            yield Meaning("REV276", f"{_subscriber(come)} gets what is published")


def _is_the_same(pair: Pair, old: Any, new: Any) -> bool:
    """Whether two subscriptions of a topic are of one subscriber."""
    before = renamed(old, new_names(pair))
    return all(same(value_at(before, (name,)), value_at(new, (name,))) for name in ("Protocol", "Endpoint"))


def _moved_settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Meaning]:
    """Of a subscription that stands elsewhere in the template: whether it lets the same through."""
    before, after = document(old.get("FilterPolicy")), document(new.get("FilterPolicy"))
    if not lets_at_least(after, before):
        yield Meaning("REV280", f"messages that do not fit {shown(after)} are no longer delivered; it had no filter")
    elif before not in (None, {}):
        yield Meaning("REV281", f"its subscriber gets more messages: the filter {shown(before)} is gone")
    if is_true(old.get("RawMessageDelivery")) != is_true(new.get("RawMessageDelivery")):
        yield Meaning("REV281", "its messages come in another form: `RawMessageDelivery` is another")
    if old.get("RedrivePolicy") is not None:
        yield Meaning(
            "REV272", f"{_NOT_DELIVERED}: they no longer go to its dead-letter queue", "leave the dead-letter queue"
        )


_NOT_DELIVERED = "messages that SNS cannot deliver are dropped without a trace"


def _subscriber(item: Any) -> str:
    return f"{shown(value_at(item, ('Endpoint',)))} ({shown(value_at(item, ('Protocol',)))})"


@means(SUBSCRIPTION, "FilterPolicy")
def filtered(changed: Changed) -> Iterator[Meaning]:
    """Which messages a subscriber gets."""
    old, new = document(changed.old), document(changed.new)
    if same(old, new):
        return
    if lets_at_least(new, old):
        yield Meaning(
            "REV281", f"its subscriber gets more messages: {shown(old)} → {shown(new)}", "see that it knows them"
        )
    else:
        yield Meaning(
            "REV280",
            f"messages that do not fit {shown(new)} are no longer delivered, and nothing tells of them; it was "
            f"{'no filter' if old is None else shown(old)}",
            "let it through what it let through before, or see that nobody counts on the rest",
        )


def lets_at_least(policy: Any, other: Any) -> bool:
    """Whether a filter lets through all that another lets through, as far as one can see.

    Args:
        policy: The filter; None lets everything through.
        other: The other one.
    """
    if policy in (None, {}):
        return True
    if not (isinstance(policy, Mapping) and isinstance(other, Mapping)):
        return False
    for name, wanted in policy.items():
        known = other.get(name)
        if isinstance(wanted, Mapping) and isinstance(known, Mapping):
            if not lets_at_least(wanted, known):
                return False
        elif known is None or not all(any(same(value, mine) for mine in listed(wanted)) for value in listed(known)):
            return False
    return True


@means(SUBSCRIPTION, "FilterPolicyScope")
def filter_scope(changed: Changed) -> Iterator[Meaning]:
    """What of a message the filter looks at."""
    if changed.new_resource.at("FilterPolicy") is None:
        yield Meaning("REV276", f"a filter would look at: {shown(changed.new)}")
    else:
        yield Meaning(
            "REV280",
            f"the filter looks at {shown(changed.new)}; it was {shown(changed.old)}: messages that have there what it asks for "
            "are delivered, all others are not, and nothing tells of them",
            "see that publishers put there what the filter asks for",
        )


means(SUBSCRIPTION, "RedrivePolicy")(redrive)

_RAW = Switch(
    "REV281",
    "messages come inside the envelope of SNS: the subscriber has to take them out",
    "REV281",
    "messages come as they were published, without the envelope of SNS",
)
_SUBSCRIPTION: Mapping[str, PropertyRule] = {
    "RawMessageDelivery": _RAW.meanings,
    "DeliveryPolicy": Other("REV281", "how often, and how fast, delivery is tried").meanings,
    "ReplayPolicy": Other(
        "REV281", "what is delivered again from the archive", "it reads those messages again"
    ).meanings,
    "SubscriptionRoleArn": Other(
        "REV281", "the role that delivers", "it has to be allowed what the other was"
    ).meanings,
}

for _name, _rule in _SUBSCRIPTION.items():
    means(SUBSCRIPTION, _name)(_rule)


@means(TOPIC, "KmsMasterKeyId")
def encryption(changed: Changed) -> Iterator[Meaning]:
    """With which key messages are encrypted on their way through."""
    if changed.new in (None, ""):
        yield Meaning(
            "REV257",
            f"its messages are no longer encrypted with a key of KMS; it was {shown(changed.old)}",
            "leave `KmsMasterKeyId`",
        )
    elif changed.old in (None, ""):
        yield Meaning(
            "REV259", f"its messages are encrypted with {shown(changed.new)}: its publishers have to be allowed it"
        )
    else:
        yield Meaning(
            "REV258",
            f"its messages are encrypted with {shown(changed.new)}; it was {shown(changed.old)}: what a publisher that may "
            "not use the new key sends is refused",
            "give its publishers the new key first, alarms and event rules among them",
        )


@means(TOPIC, "ArchivePolicy")
def archive(changed: Changed) -> Iterator[Meaning]:
    """For how many days messages are kept to be delivered again."""
    old, new = _days(changed.old), _days(changed.new)
    if old is None or new is None:
        yield Meaning("REV270", "for how long messages are archived is known at deployment only", grade="caution")
    elif new < old:
        kept = f"only the last {new:g} days of messages" if new else "none of its messages"
        yield Meaning(
            "REV270",
            f"{kept} can be delivered again; it was {old:g} days, and what is older is deleted",
            "deliver again what is needed first",
        )
    elif new > old:
        yield Meaning("REV271", f"messages of the last {new:g} days can be delivered again; it was {old:g}")


def _days(value: Any) -> float | None:
    policy = document(value)
    return 0 if policy in (None, {}) else number(value_at(policy, ("MessageRetentionPeriod",)))


@means(TOPIC, "DataProtectionPolicy")
def data_protection(changed: Changed) -> Iterator[Meaning]:
    """What is done with personal data in messages."""
    if changed.old is None:
        yield Meaning(
            "REV276", "messages are searched for personal data, and audited, masked or refused by what is found"
        )
    else:
        what = "no longer searched" if changed.new in (None, {}) else "searched otherwise"
        yield Meaning(
            "REV282", f"messages are {what} for personal data: {shown(changed.new)}", "leave what it refuses or masks"
        )


_WITH_SHA_256 = 2


@means(TOPIC, "SignatureVersion")
def signature(changed: Changed) -> Iterator[Meaning]:
    """How SNS signs what it delivers."""
    code = "REV276" if number(changed.new) == _WITH_SHA_256 else "REV282"
    yield Meaning(code, f"deliveries are signed by version {shown(changed.new or 1)}: SHA-1 is 1, SHA-256 is 2")


@means(TOPIC, "TracingConfig")
def tracing(changed: Changed) -> Iterator[Meaning]:
    """Whether X-Ray is told."""
    is_on = changed.new == "Active"
    yield Meaning(
        "REV276" if is_on else "REV268", "X-Ray is told of its messages" if is_on else "X-Ray is no longer told"
    )


@means(TOPIC, "DeliveryStatusLogging")
def delivery_logs(changed: Changed) -> Iterator[Meaning]:
    """Logs of what was delivered, by protocol."""
    old, new = (
        [shown(value_at(item, ("Protocol",))) for item in listed(value)] for value in (changed.old, changed.new)
    )
    gone = [protocol for protocol in old if protocol not in new]
    if gone:
        yield Meaning("REV268", f"deliveries to {shown(', '.join(gone))} are no longer logged, nor those that fail")
    else:
        yield Meaning("REV276", f"deliveries that are logged: {shown(', '.join(new))}")


@means(TOPIC, "FifoThroughputScope")
def throughput(changed: Changed) -> Iterator[Meaning]:
    """Whether each message group has a throughput of its own."""
    if changed.new == "MessageGroup":
        yield Meaning("REV276", "each message group has a throughput of its own, and its own deduplication")
    else:
        yield Meaning(
            "REV278", "all message groups share the throughput of one topic, and publishers are throttled beyond it"
        )


means(TOPIC, "ContentBasedDeduplication")(CONTENT_DEDUPLICATION.meanings)

_SIZE = Quantity("the greatest message", "bytes", "greater ones are refused", "REV277", "REV276")


@means(TOPIC, "MaximumMessageSize")
def size(changed: Changed) -> Meanings:
    """The greatest message that a topic takes."""
    return _SIZE.meanings(changed, TOPIC_MESSAGE_BYTES_BY_DEFAULT.value)
