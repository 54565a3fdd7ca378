"""What changes of composite alarms mean: alarms left out of their rule, or a rule that holds less often."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.alarms.alarm_rule import (
    COMPOSITE_ALARM,
    AlarmRule,
    alarm_rule,
    fires_less,
    is_never,
    means_the_same,
)
from streaming_constructs.review.alarms.alarm_telling import telling_meanings
from streaming_constructs.review.alarms.alarm_watch import successors, tells
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole, when_added, when_removed

MUTE_RULE = "AWS::CloudWatch::AlarmMuteRule"

is_by_default(COMPOSITE_ALARM, {"ActionsEnabled": True})


@means(COMPOSITE_ALARM, "AlarmRule", "ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions")
def part_of_a_composite_alarm(changed: Changed) -> Iterator[Meaning]:
    """What is said of the alarm as a whole: see `composite_alarms`."""
    yield from ()


@means(COMPOSITE_ALARM, "ActionsSuppressor")
def suppressor(changed: Changed) -> Iterator[Meaning]:
    """Another alarm that keeps this one quiet."""
    if changed.new is None:
        yield Meaning("REV510", "no other alarm keeps it quiet any more")
    else:
        yield Meaning("REV512", f"it is quiet as long as {shown(changed.new)} fires")


@means(COMPOSITE_ALARM, "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
def suppressor_periods(changed: Changed) -> Iterator[Meaning]:
    """How long an alarm stays quiet before and after another one fires."""
    before, after = number(changed.old or 0), number(changed.new or 0)
    shorter = before is not None and after is not None and after < before
    yield Meaning(
        "REV510" if shorter else "REV512",
        f"{changed.name} is {shown(changed.new)} s; it was {shown(changed.old)} s",
    )


@of_the_whole
def composite_alarms(pair: Pair) -> Iterator[Meaning]:
    """Every composite alarm that is in both templates, also under another logical id."""
    for old, new in [*pair.match.kept.values(), *pair.match.renamed]:
        if new.type == COMPOSITE_ALARM:
            yield from _rule(pair, old, new)
            yield from telling_meanings(pair, old, new)


def _rule(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    names = successors(pair)
    before = alarm_rule(pair.old, old.at("AlarmRule"), names)
    after = alarm_rule(pair.new, new.at("AlarmRule"))
    path = "Properties.AlarmRule"
    silent = _left_out(pair, before, after)
    if silent:
        yield Meaning(
            "REV521",
            f"{', '.join(silent)} is no longer in its rule, and tells nobody by itself",
            "leave it in the rule, or give it actions of its own",
            path=path,
            resource=new,
        )
        return
    strangers = sorted(name for name in after.strangers if _was_ours(pair, before, name))
    if strangers:
        yield Meaning(
            "REV521",
            f"its rule names {', '.join(strangers)}, and no alarm here has that name any more",
            "write a reference to the alarm in place of its name",
            path=path,
            resource=new,
        )
    elif means_the_same(before, after, old.at("AlarmRule"), new.at("AlarmRule")):
        return
    elif is_never(after) and not is_never(before):
        yield Meaning("REV521", "its rule never holds: it cannot fire", path=path, resource=new)
    elif fires_less(before, after) is False:
        yield Meaning("REV518", f"it fires in more cases: {shown(new.at('AlarmRule'))}", path=path, resource=new)
    else:
        yield Meaning(
            "REV522",
            f"it fires in fewer cases, or in others: {shown(new.at('AlarmRule'))}",
            path=path,
            resource=new,
        )


def _left_out(pair: Pair, before: AlarmRule, after: AlarmRule) -> list[str]:
    """Alarms that are there, are in the rule no more, and of which nobody is told now."""
    names = successors(pair)
    found = []
    for name in sorted(before.alarms):
        alarm = pair.new.resources.get(names.get(name, name))
        if alarm is not None and alarm.logical_id not in after.alarms and not tells(pair.new, alarm):
            found.append(alarm.logical_id)
    # An alarm whose name is another now is still meant by the rule that has the old one.
    return found if len(after.strangers - before.strangers) < len(found) else []


def _was_ours(pair: Pair, before: AlarmRule, name: str) -> bool:
    """Whether a name that is no alarm of the new template was one of the old."""
    return name not in before.strangers and any(
        same(pair.old.resources[alarm].at("AlarmName"), name.rpartition(":alarm:")[2]) for alarm in before.alarms
    )


@when_removed(COMPOSITE_ALARM)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A composite alarm that is there no more: bad where it alone told of the alarms below it."""
    names = successors(pair)
    below = [
        pair.new.resources[names.get(name, name)]
        for name in sorted(alarm_rule(pair.old, old.at("AlarmRule")).alarms)
        if names.get(name, name) in pair.new.resources
    ]
    silent = [alarm.logical_id for alarm in below if tells(pair.old, old) and not tells(pair.new, alarm)]
    if silent:
        yield Meaning(
            "REV521",
            f"it is removed, and nobody is told any more when {', '.join(silent)} fires",
            "give the alarms below it actions of their own first",
        )
    elif below:
        yield Meaning("REV522", "it is removed; the alarms below it tell of themselves")
    else:
        yield Meaning("REV502", "it is removed with the alarms that it was about")


@when_added(MUTE_RULE)
def muted(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """Times at which alarms tell nobody."""
    yield Meaning("REV512", f"alarms tell nobody at times: {shown(new.at('Rule'))}")


@when_removed(MUTE_RULE)
def no_longer_muted(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """Alarms that tell at any time again."""
    yield Meaning("REV510", "alarms tell at any time again")


@means(MUTE_RULE, "Rule", "MuteTargets", "StartDate", "ExpireDate")
def mute_rule(changed: Changed) -> Iterator[Meaning]:
    """Other times at which alarms tell nobody, or other alarms."""
    yield Meaning("REV512", f"other alarms are muted, or at other times: {changed.name} is {shown(changed.new)}")
