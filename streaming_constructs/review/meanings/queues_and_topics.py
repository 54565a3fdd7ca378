"""What changes of queues of SQS mean: how long messages wait, how often they are tried, and where those go that fail.

Topics of SNS and their subscriptions are told in `topics`; who may send and receive, in `public_access`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.facts.sqs import QUEUE_DEFAULTS, RECEIVES_BY_DEFAULT
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import Resource, value_at
from streaming_constructs.review.comparing.values import is_false, listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, PropertyRule, means
from streaming_constructs.review.rules.quantities import Quantity, defaults_of
from streaming_constructs.review.rules.switches import Other, Switch

QUEUE = "AWS::SQS::Queue"
_MAPPING = "AWS::Lambda::EventSourceMapping"
_HOUR = 3600

is_by_default(QUEUE, QUEUE_DEFAULTS)


@means(QUEUE, "MessageRetentionPeriod")
def retention(changed: Changed) -> Iterator[Meaning]:
    """How long a message that nobody deletes is kept."""
    default = QUEUE_DEFAULTS["MessageRetentionPeriod"]
    old, new = (number(default if value is None else value) for value in (changed.old, changed.new))
    if old is None or new is None:
        yield Meaning(
            "REV270",
            f"messages are kept for {shown(changed.new)} s; it was {shown(changed.old)} s: where it is less, older ones are "
            "deleted when this is deployed",
            grade="caution",
        )
    elif new < old:
        yield Meaning(
            "REV270",
            f"messages older than {_hours(new)} are deleted when this is deployed, read or not; they were kept for "
            f"{_hours(old)}",
            "see first that `ApproximateAgeOfOldestMessage` is below it",
        )
    elif new > old:
        yield Meaning("REV271", f"messages are kept for {_hours(new)}; it was {_hours(old)}")


def _hours(seconds: float) -> str:
    return f"{seconds / _HOUR:.3g} h" if seconds >= _HOUR else f"{seconds:g} s"


def document(value: Any) -> Any:
    """A policy that may be written as a text of JSON, as plain data.

    Args:
        value: A value by its meaning.
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def redrive(changed: Changed) -> Iterator[Meaning]:
    """Where messages go that are tried in vain."""
    old, new = document(changed.old), document(changed.new)
    was, is_ = (value_at(policy, ("deadLetterTargetArn",)) for policy in (old, new))
    if was is not None and new is None:
        yield Meaning(
            "REV272",
            f"{_given_up(changed.new_resource)}: such messages no longer go to {shown(was)}",
            "leave the dead-letter queue, and an alarm on it",
        )
    elif old is None and is_ is not None:
        yield Meaning("REV274", f"messages that are tried in vain go to {shown(is_)}")
    elif was is None or is_ is None:
        yield Meaning(
            "REV273", f"where messages go that are tried in vain: {shown(changed.old)} → {shown(changed.new)}"
        )
    elif not same(was, is_):
        yield Meaning(
            "REV273",
            f"messages that are tried in vain go to {shown(is_)}; it was {shown(was)}, where earlier ones stay",
            "see that somebody is told of messages in the new one, and reads those in the old one",
        )
    if was is not None and is_ is not None:
        yield from _receives(changed, *(value_at(policy, ("maxReceiveCount",)) for policy in (old, new)))


def _given_up(resource: Resource) -> str:
    if resource.type == QUEUE:
        return "a message that cannot be processed is tried until its retention ends, and then deleted without a trace"
    return "messages that SNS cannot deliver are dropped without a trace"


_RECEIVES = Quantity(
    "tries before a message is given up", "", "it goes to the dead-letter queue earlier", "REV273", "REV274"
)


def _receives(changed: Changed, old: Any, new: Any) -> Meanings:
    return _RECEIVES.meanings(replace(changed, old=old, new=new), RECEIVES_BY_DEFAULT.value)


means(QUEUE, "RedrivePolicy")(redrive)


@means(QUEUE, "RedriveAllowPolicy")
def redrive_allow(changed: Changed) -> Iterator[Meaning]:
    """Whose dead-letter queue a queue may be."""
    old, new = _sources(changed.old), _sources(changed.new)
    if old is None or new is None:
        yield Meaning("REV273", f"whose dead-letter queue it may be: {shown(changed.old)} → {shown(changed.new)}")
        return
    gone, come = [name for name in old if name not in new], [name for name in new if name not in old]
    if gone and "*" not in new:
        named = "every queue" if "*" in old else ", ".join(gone)
        yield Meaning(
            "REV274" if "*" in old and new else "REV273",
            f"it was the dead-letter queue that {shown(named)} may have; now: {shown(', '.join(new) or 'none')}; AWS refuses "
            "it to the others",
            "see that each queue that names it is listed",
        )
    elif come:
        yield Meaning(
            "REV273", f"it may be the dead-letter queue of {shown(', '.join(come).replace('*', 'every queue'))}"
        )


def _sources(value: Any) -> list[str] | None:
    """The queues that may name a queue as theirs for dead letters, `*` for all; None where nobody knows."""
    policy = document(value)
    permission = value_at(policy, ("redrivePermission",))
    if policy is None or permission == "allowAll":
        return ["*"]
    if permission == "denyAll":
        return []
    arns = value_at(policy, ("sourceQueueArns",))
    return [shown(arn) for arn in listed(arns)] if permission == "byQueue" else None


@means(QUEUE, "VisibilityTimeout")
def visibility(changed: Changed) -> Iterator[Meaning]:
    """How long nobody else gets a message that somebody has received."""
    default = QUEUE_DEFAULTS["VisibilityTimeout"]
    old, new = (number(default if value is None else value) for value in (changed.old, changed.new))
    if old is None or new is None or new < old:
        yield Meaning(
            "REV275",
            f"a message that was received is seen by others after {_seconds(changed.new)}; it was {_seconds(changed.old)}: "
            f"what takes longer is processed twice{_slower_readers(changed, new)}",
            "leave it at six times the timeout of the function that reads the queue",
        )
    else:
        yield Meaning("REV276", f"a message that failed is tried again after {new:g} s; it was {old:g} s")


def _seconds(value: Any) -> str:
    return f"{shown(QUEUE_DEFAULTS['VisibilityTimeout'] if value is None else value)} s"


def _slower_readers(changed: Changed, seconds: float | None) -> str:
    """Functions that read the queue and may take longer, in words."""
    slower = [
        f"{function.logical_id} may take {timeout:g} s"
        for function, timeout in functions_behind(changed)
        if seconds is not None and timeout > seconds
    ]
    return f" ({shown(', '.join(slower))})" if slower else ""


def functions_behind(changed: Changed) -> Iterator[tuple[Resource, float]]:
    """The functions of the new template that read a changed queue, with their timeouts.

    Args:
        changed: A change of the queue.
    """
    template = changed.pair.new
    for mapping in template.of_type(_MAPPING):
        if template.target(mapping.at("EventSourceArn")) is changed.new_resource:
            function = template.target(mapping.at("FunctionName"))
            timeout = number(function.at("Timeout")) if function else None
            if function is not None and timeout is not None:
                yield function, timeout


@means(QUEUE, "KmsMasterKeyId", "SqsManagedSseEnabled")
def encryption(changed: Changed) -> Iterator[Meaning]:
    """With which key messages are encrypted; both properties say one thing."""
    old, new = _encryption(changed.old_resource), _encryption(changed.new_resource)
    if "KmsMasterKeyId" in changed.path:
        old = ("kms", changed.old) if changed.old is not None else old
    path = "Properties.KmsMasterKeyId" if "kms" in (old[0], new[0]) else "Properties.SqsManagedSseEnabled"
    was, is_ = (_LABELS.get(kind, shown(key)) for kind, key in (old, new))
    if new[0] == "none" != old[0]:
        yield Meaning("REV257", f"its messages are no longer encrypted; it was with {was}", _KEEP_KEY, path=path)
    elif old[0] == "kms" and new[0] == "unsaid":
        yield Meaning(
            "REV257",
            f"its messages are no longer encrypted with {was}: at best with a key of SQS's own, that no key policy guards",
            _KEEP_KEY,
            path=path,
        )
    elif old[0] == "kms" and not same(old[1], new[1]):
        yield Meaning(
            "REV258",
            f"its messages are encrypted with {is_}; it was {was}: who may not use the new key neither sends nor receives",
            "give senders and receivers the new key first; messages of the old one are read with that",
            path=path,
        )
    elif old[0] == "none" != new[0] or new[0] == "kms" != old[0]:
        yield Meaning("REV259", f"its messages are encrypted with {is_}", path=path)


_KEEP_KEY = "leave `KmsMasterKeyId`, or say `SqsManagedSseEnabled: true`"
_LABELS = {"sqs": "a key of SQS's own", "unsaid": "a key of SQS's own", "none": "no key"}


def _encryption(queue: Resource) -> tuple[str, Any]:
    """How a queue is encrypted: `kms` with its key, `sqs`, `none`, or `unsaid`, which today is `sqs`."""
    key, managed = queue.at("KmsMasterKeyId"), queue.at("SqsManagedSseEnabled")
    if key not in (None, ""):
        return "kms", key
    if is_false(managed):
        return "none", None
    return ("unsaid", None) if managed is None else ("sqs", None)


_WAIT = Quantity("waits", "s", "", "REV276", "REV276")
_SIZE = Quantity("the greatest message", "bytes", "greater ones are refused", "REV277", "REV276")


def _plain(quantity: Quantity) -> PropertyRule:
    def rule(changed: Changed) -> Meanings:
        return quantity.meanings(changed, defaults_of(QUEUE_DEFAULTS, changed))

    return rule


_PLAIN: Mapping[str, PropertyRule] = {
    "MaximumMessageSize": _plain(_SIZE),
    "DelaySeconds": _plain(replace(_WAIT, what="a message is first seen after", less="earlier than before")),
    "ReceiveMessageWaitTimeSeconds": _plain(replace(_WAIT, what="a receiver waits for", less="it asks more often")),
    "KmsDataKeyReusePeriodSeconds": _plain(
        replace(_WAIT, what="a key is used again for", less="KMS is asked more often")
    ),
}

for _name, _rule in _PLAIN.items():
    means(QUEUE, _name)(_rule)


CONTENT_DEDUPLICATION = Switch(
    "REV278",
    "a message that says no deduplication id is refused",
    "REV276",
    "messages of the same content within five minutes are taken for one, where they say no deduplication id",
    help="see that every sender says one",
)
means(QUEUE, "ContentBasedDeduplication")(CONTENT_DEDUPLICATION.meanings)


@means(QUEUE, "FifoThroughputLimit")
def throughput(changed: Changed) -> Iterator[Meaning]:
    """Whether each message group has a throughput of its own."""
    if changed.new == "perMessageGroupId":
        yield Meaning("REV276", "each message group has a throughput of its own")
    else:
        yield Meaning(
            "REV278",
            "all message groups share the throughput of one queue, and senders are throttled beyond it",
            about="throttle",
        )


_SCOPE = Other(
    "REV278",
    "where a deduplication id is one of a kind",
    "what was one message may be two, or of two with the same id one is dropped",
    "see that senders make ids that are their own",
)
means(QUEUE, "DeduplicationScope")(_SCOPE.meanings)
