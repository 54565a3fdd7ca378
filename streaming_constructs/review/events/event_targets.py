"""What it means that a target of EventBridge is gone or another, or that what it does not take is dropped sooner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.events import TARGET_EVENT_AGE_SECONDS, TARGET_RETRY_ATTEMPTS
from streaming_constructs.review.alarms.alarm_watch import successors
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import value_at
from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.meaning import Meaning

_RETRIES = {
    "MaximumRetryAttempts": (TARGET_RETRY_ATTEMPTS.value, "attempts"),
    "MaximumEventAgeInSeconds": (TARGET_EVENT_AGE_SECONDS.value, "s"),
}
_COMPARED = ("Arn", "Id", "DeadLetterConfig", "RetryPolicy")


def targets_meanings(pair: Pair, old: Any, new: Any, path: str) -> Iterator[Meaning]:
    """What it means that a rule has other targets.

    Args:
        pair: The two templates.
        old: Its targets as they are.
        new: Its targets as they would be.
        path: Where they stand.
    """
    before = [target for target in listed(old) if isinstance(target, Mapping)]
    after = [target for target in listed(new) if isinstance(target, Mapping)]
    for target in before:
        arn = renamed(target.get("Arn"), successors(pair))
        successor = _taken(after, "Arn", arn)
        if successor is None:
            successor = _taken(after, "Id", target.get("Id"))
        if successor is not None:
            after.remove(successor)
            yield from target_meanings(pair, target, successor, path)
            continue
        gone = pair.old.target(target.get("Arn"))
        if gone is not None and pair.counterpart(gone) is None:
            yield Meaning("REV563", f"events do not reach {shown(arn)} any more, which leaves the stack", path=path)
        else:
            yield Meaning(
                "REV562",
                f"events do not reach {shown(arn)} any more, and nothing keeps them for it",
                "leave the target until nobody needs its events",
                path=path,
            )
    for target in after:
        yield Meaning("REV564", f"events reach {shown(target.get('Arn'))} too", path=path)


def _taken(targets: list[Mapping[str, Any]], name: str, value: Any) -> Mapping[str, Any] | None:
    return next((target for target in targets if value is not None and same(target.get(name), value)), None)


def target_meanings(pair: Pair, old: Any, new: Any, path: str) -> Iterator[Meaning]:
    """What it means that a target of a rule or of a schedule is another.

    Args:
        pair: The two templates.
        old: The target as it is.
        new: The target as it would be.
        path: Where it stands.
    """
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield Meaning("REV563", f"it has another target: {shown(new)}", path=path)
        return
    before = renamed(old, successors(pair))
    if not same(before.get("Arn"), new.get("Arn")):
        yield Meaning(
            "REV563", f"events reach {shown(new.get('Arn'))} in place of {shown(before.get('Arn'))}", path=path
        )
    yield from dead_letters(
        value_at(before, ("DeadLetterConfig", "Arn")), value_at(new, ("DeadLetterConfig", "Arn")), path
    )
    has_queue = value_at(new, ("DeadLetterConfig", "Arn")) is not None
    for name, (default, unit) in _RETRIES.items():
        values = [value_at(target, ("RetryPolicy", name)) for target in (before, new)]
        if not same(*values):
            yield from _retries(name, values, default, unit, path, has_queue=has_queue)
    for name in dict.fromkeys([*before, *new]):
        if name not in _COMPARED and not same(before.get(name), new.get(name)):
            yield Meaning(
                "REV563",
                f"its target is given something else: {name} is {shown(new.get(name))}; it was {shown(before.get(name))}",
                path=path,
            )


def dead_letters(old: Any, new: Any, path: str) -> Iterator[Meaning]:
    """What it means that what cannot be delivered goes to another queue, or to none.

    Args:
        old: The queue, or None.
        new: The queue, or None.
        path: Where it stands.
    """
    if same(old, new):
        return
    if new is None:
        yield Meaning(
            "REV565",
            f"what cannot be delivered is dropped; it was kept in {shown(old)}",
            "leave the dead-letter queue",
            path=path,
        )
    elif old is None:
        yield Meaning("REV564", f"what cannot be delivered is kept in {shown(new)}", path=path)
    else:
        yield Meaning(
            "REV563", f"what cannot be delivered is kept in {shown(new)}, no longer in {shown(old)}", path=path
        )


def _retries(
    name: str, values: list[Any], default: float, unit: str, path: str, *, has_queue: bool
) -> Iterator[Meaning]:
    before, after = (default if value is None else number(value) for value in values)
    text = f"{name} is {shown(default if after is None else after)} {unit}; it was {shown(before)}"
    if before is None or after is None:
        yield Meaning("REV566", f"{name} is {shown(values[1])}; it was {shown(values[0])}", path=path)
    elif before == after:
        return
    elif after > before:
        yield Meaning("REV564", f"events are tried for longer: {text}", path=path)
    elif has_queue:
        yield Meaning("REV566", f"events go to the dead-letter queue sooner: {text}", path=path)
    else:
        yield Meaning(
            "REV565",
            f"events are dropped sooner when they cannot be delivered: {text}",
            "give the target a dead-letter queue",
            path=path,
        )
