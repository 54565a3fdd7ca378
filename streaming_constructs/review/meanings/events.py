"""What changes of EventBridge's rules, schedules, buses and archives mean: events that reach nobody any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.alarms.alarm_watch import successors
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.events.event_patterns import pattern_change
from streaming_constructs.review.events.event_targets import dead_letters, target_meanings, targets_meanings
from streaming_constructs.review.meaning import Changed, Meaning, means, when_removed, when_renamed
from streaming_constructs.review.meanings import any_resource

_RULE = "AWS::Events::Rule"
_SCHEDULE = "AWS::Scheduler::Schedule"
_ARCHIVE = "AWS::Events::Archive"
_BUS = "AWS::Events::EventBus"

is_by_default(_RULE, {"State": "ENABLED", "EventBusName": "default"})
is_by_default(_SCHEDULE, {"State": "ENABLED", "GroupName": "default", "ScheduleExpressionTimezone": "UTC"})


@means(_RULE, "State")
@means(_SCHEDULE, "State")
def state(changed: Changed) -> Iterator[Meaning]:
    """Whether a rule or a schedule does anything."""
    if changed.new != "DISABLED":
        yield Meaning("REV564", f"it is {shown(changed.new or 'ENABLED')}; it was {shown(changed.old)}")
    elif changed.new_resource.at("EventPattern") is not None:
        yield Meaning(
            "REV560",
            "it is disabled: events that come meanwhile reach nobody, and are not kept",
            "let an archive keep the events for a replay",
        )
    else:
        yield Meaning("REV561", f"it is disabled: {shown(_when(changed.new_resource))} passes, and nothing is done")


def _when(resource: Resource) -> Any:
    return resource.at("ScheduleExpression")


@means(_RULE, "EventPattern")
@means(_ARCHIVE, "EventPattern")
def pattern(changed: Changed) -> Iterator[Meaning]:
    """Which events a rule or an archive takes."""
    if changed.new_resource.type == _ARCHIVE and None in (changed.old, changed.new):
        change = "widened" if changed.new is None else "narrowed"
    else:
        change = pattern_change(changed.old, changed.new)
    if change == "narrowed":
        yield Meaning(
            "REV562",
            f"it takes fewer events, and the others reach nobody by it: {shown(changed.new)}; it was {shown(changed.old)}",
            "add a second rule with the narrower pattern, and move its targets one by one",
        )
    elif change != "same":
        yield Meaning(
            "REV564" if change == "widened" else "REV563",
            f"it takes {'more' if change == 'widened' else 'other'} events: {shown(changed.new)}; it was {shown(changed.old)}",
        )


@means(_RULE, "Targets")
def targets(changed: Changed) -> Iterator[Meaning]:
    """Where events go."""
    yield from targets_meanings(changed.pair, changed.old, changed.new, "Properties.Targets")


@means(_SCHEDULE, "Target")
def target(changed: Changed) -> Iterator[Meaning]:
    """What a schedule calls."""
    yield from target_meanings(changed.pair, changed.old, changed.new, "Properties.Target")


@means(_RULE, "ScheduleExpression", "RoleArn", "EventBusName")
@means(
    _SCHEDULE,
    *("ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow", "StartDate", "EndDate", "GroupName"),
)
@means("AWS::Events::ApiDestination", "ConnectionArn", "HttpMethod", "InvocationEndpoint")
@means("AWS::Events::Connection", "AuthorizationType", "AuthParameters", "InvocationConnectivityParameters")
@means("AWS::Events::Endpoint", "EventBuses", "ReplicationConfig", "RoleArn", "RoutingConfig")
@means(_BUS, "LogConfig", "EventSourceName")
def otherwise(changed: Changed) -> Iterator[Meaning]:
    """When something is done, and how."""
    yield Meaning("REV563", f"{changed.name} is {shown(changed.new)}; it was {shown(changed.old)}")


@means("AWS::Events::ApiDestination", "InvocationRateLimitPerSecond")
def rate(changed: Changed) -> Iterator[Meaning]:
    """How many requests a second an address gets."""
    before, after = number(changed.old), number(changed.new)
    more = before is not None and after is not None and after > before
    yield Meaning(
        "REV564" if more else "REV563",
        f"{shown(changed.new)} requests a second are sent at most; it was {shown(changed.old)}",
        about="throttle",
    )


@means(_BUS, "DeadLetterConfig")
def bus_queue(changed: Changed) -> Iterator[Meaning]:
    """Where a bus keeps what it cannot deliver."""
    yield from dead_letters(changed.old, changed.new, "Properties.DeadLetterConfig")


@means(_SCHEDULE, "KmsKeyArn")
@means(_BUS, "KmsKeyIdentifier")
@means(_ARCHIVE, "KmsKeyIdentifier")
@means("AWS::Events::Connection", "KmsKeyIdentifier")
@means("AWS::Pipes::Pipe", "KmsKeyIdentifier")
def key(changed: Changed) -> Iterator[Meaning]:
    """The key of your own that is encrypted with; without one it is a key of AWS."""
    if changed.old is None:
        yield Meaning("REV543", f"it is encrypted with {shown(changed.new)}")
    else:
        yield Meaning(
            "REV542", f"it is encrypted with {shown(changed.new or 'a key of AWS')}, no longer {shown(changed.old)}"
        )


@means(_ARCHIVE, "RetentionDays")
def archive_retention(changed: Changed) -> Iterator[Meaning]:
    """How long an archive keeps events: for ever, where nothing or 0 is said."""
    before, after = (number(value or 0) for value in (changed.old, changed.new))
    text = f"RetentionDays is {shown(changed.new)}; it was {shown(changed.old)}"
    if before is None or after is None:
        yield Meaning("REV541", f"events are kept for another time: {text}", grade="caution")
    elif (after or float("inf")) < (before or float("inf")):
        yield Meaning("REV540", f"events older than {after:g} days are deleted when this is deployed: {text}")
    else:
        yield Meaning("REV541", f"events are kept longer: {text}")


@when_removed(_RULE)
def rule_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A rule that is there no more: bad while who got its events is there."""
    if old.at("EventPattern") is None:
        yield from any_resource.removed(pair, old)
        return
    if old.at("State") == "DISABLED":
        yield Meaning("REV564", "it is removed, and was disabled")
        return
    targets = [item.get("Arn") for item in listed(old.at("Targets")) if isinstance(item, dict)]
    named = [(arn, pair.old.target(arn)) for arn in targets]
    left = [arn for arn, resource in named if resource is None or pair.counterpart(resource) is not None]
    if left:
        yield Meaning(
            "REV560",
            f"it is removed: its events do not reach {', '.join(map(shown, left))} any more, and are not kept",
            "add the rule that takes its place first",
        )
    else:
        yield Meaning("REV564", "it is removed with its targets")


@when_renamed(_RULE)
def rule_renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A rule under another logical id; what is another in it counts as well."""
    yield from any_resource.renamed(pair, old, new)
    for name, rule in (("State", state), ("EventPattern", pattern), ("Targets", targets)):
        before = renamed(old.at(name), successors(pair))
        if not same(before, new.at(name)):
            yield from rule(Changed(pair, old, new, (name,), before, new.at(name)))


@when_removed(_SCHEDULE)
def schedule_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A schedule that is there no more."""
    yield Meaning("REV561", f"it is removed: {shown(_when(old))} passes, and nothing is done")
