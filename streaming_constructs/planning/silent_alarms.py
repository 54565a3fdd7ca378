"""Alarms that never tell anybody, although there are some: silenced ones, thresholds out of reach, topics that take none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.numbers import number
from streaming_constructs.spec.alarms import AlarmsSpec
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.notify import NotifyTopic
from streaming_constructs.spec.removal_policy import RemovalPolicy


def silent_alarm_findings(
    spec: AlarmsSpec, computed: Sequence[AlarmPlan], removal_policy: RemovalPolicy
) -> Iterator[Finding]:
    """What keeps a system's alarms from telling anybody.

    Args:
        spec: What the spec says about alarms.
        computed: The alarms as they were computed.
        removal_policy: Whether the system keeps its data; one that does not wakes nobody.
    """
    left = [alarm for alarm in computed if alarm.name not in spec.silence and alarm.kind not in spec.silence]
    if computed and not left and removal_policy == "retain":
        yield Finding(
            "ALM605",
            "all alarms are silenced",
            ("alarms", "silence"),
            note=f"none of the {len(computed)} is created, and what goes wrong is seen by nobody",
            help="take out those that tell of lost records, such as iterator_age; or write `alarms: false`, which says so",
        )
    for alarm in left:
        yield from _out_of_reach(spec, alarm)
    for path, target in _topics(spec):
        if target.topic_arn.endswith(".fifo"):
            yield Finding(
                "ALM607",
                "a FIFO topic as target of alarms",
                path,
                note="a message to a FIFO topic needs a group, and CloudWatch names none",
                help="name a standard topic",
            )


def _topics(spec: AlarmsSpec) -> Iterator[tuple[SpecPath, NotifyTopic]]:
    places: list[tuple[SpecPath, Sequence[object]]] = [(("alarms", "notify"), spec.notify)]
    places += [(("alarms", "override", name, "notify"), one.notify) for name, one in spec.override.items()]
    for path, targets in places:
        for position, target in enumerate(targets):
            if isinstance(target, NotifyTopic):
                yield (*path, position), target


def _out_of_reach(spec: AlarmsSpec, alarm: AlarmPlan) -> Iterator[Finding]:
    name = alarm.name if alarm.name in spec.override else alarm.kind
    override = spec.override.get(name)
    if override is None or override.threshold is None:
        return
    threshold, most = override.threshold, 100.0 if alarm.metric.unit == "Percent" else alarm.most
    if alarm.below:
        # None is less than 0, so one that is included is passed at 0 itself.
        never, bound = threshold <= 0 and not alarm.inclusive, "below 0"
    elif most is not None:
        never, bound = threshold > most or (threshold == most and not alarm.inclusive), f"above {number(most)}"
    else:
        return
    if never:
        yield Finding(
            "ALM606",
            f"the threshold of `{alarm.name}` is never passed",
            ("alarms", "override", name, "threshold"),
            note=f"{alarm.metric.name} ({alarm.metric.unit}) is never {bound}; it was computed as {number(alarm.threshold)}: "
            f"{alarm.working}",
            help=f"set `threshold: {number(alarm.threshold).replace(',', '')}`, or take it out to have it computed",
            edits=(Edit(("alarms", "override", name, "threshold"), alarm.threshold),),
        )
