"""What changes of metric alarms mean: removed, watching something else, later, louder or quieter, telling others or nobody.

An alarm is compared as a whole with the one that it takes the place of: a threshold says something only together with its
operator, its period and its statistic, and metric math only as a whole. So the rules of properties say nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.alarms.alarm_comparison import called, signal_meanings, watch_same
from streaming_constructs.review.alarms.alarm_firing import firing_meanings, is_as_strict
from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM
from streaming_constructs.review.alarms.alarm_rule import COMPOSITE_ALARM
from streaming_constructs.review.alarms.alarm_telling import telling_meanings
from streaming_constructs.review.alarms.alarm_topics import may_use, subscribers, told_topics
from streaming_constructs.review.alarms.alarm_watch import (
    is_gone_too,
    keys_of,
    others_that_watch,
    successors,
    tells,
)
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import shown
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole, when_removed, when_renamed
from streaming_constructs.review.meanings.any_resource import renamed as renamed_resource

is_by_default(METRIC_ALARM, {"ActionsEnabled": True, "TreatMissingData": "missing"})
is_by_default(METRIC_ALARM, {"EvaluateLowSampleCountPercentile": "evaluate"})

_COMPARED_AS_A_WHOLE = (
    *("MetricName", "Namespace", "Dimensions", "Metrics", "Unit", "Statistic", "ExtendedStatistic", "Period"),
    *("Threshold", "ThresholdMetricId", "ComparisonOperator", "EvaluationPeriods", "DatapointsToAlarm"),
    *("TreatMissingData", "EvaluateLowSampleCountPercentile"),
    *("EvaluationCriteria", "EvaluationInterval", "EvaluationWindow", "WarmUpConfiguration"),
    *("ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions"),
)


@means(METRIC_ALARM, *_COMPARED_AS_A_WHOLE)
def part_of_an_alarm(changed: Changed) -> Iterator[Meaning]:
    """What is said of the alarm as a whole: see `alarms`."""
    yield from ()


@means(METRIC_ALARM, "AlarmDescription", "ActionConfiguration")
@means(COMPOSITE_ALARM, "AlarmDescription", "ActionConfiguration")
def words(changed: Changed) -> Iterator[Meaning]:
    """What is written into the messages of an alarm."""
    yield Meaning("REV519", f"{changed.name} says: {shown(changed.new)}")


@of_the_whole
def alarms(pair: Pair) -> Iterator[Meaning]:
    """Every alarm that is in both templates, also under another logical id."""
    for old, new in [*pair.match.kept.values(), *pair.match.renamed]:
        if new.type != METRIC_ALARM:
            continue
        if old.logical_id != new.logical_id and not watch_same(pair, old, new):
            continue
        watched = list(signal_meanings(pair, old, new))
        yield from watched
        if not any(meaning.code in ("REV504", "REV505") for meaning in watched):
            yield from firing_meanings(pair, old, new)
        yield from telling_meanings(pair, old, new)


@when_renamed(METRIC_ALARM)
def renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """An alarm under another logical id; or one that goes while another comes that only looks like it."""
    if watch_same(pair, old, new):
        yield from renamed_resource(pair, old, new)
    else:
        yield Meaning("REV111", f"{new.type} is created", resource=new)
        yield from removed(pair, old)


@when_removed(METRIC_ALARM)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """An alarm that is there no more: bad while what it watched is, and no other alarm watches it."""
    keys = keys_of(pair.old, old, successors(pair))
    others = others_that_watch(pair, keys, "", told=tells(pair.old, old))
    left = {key: metric for key, metric in keys.items() if not is_gone_too(pair, metric)}
    unwatched = [metric for key, metric in left.items() if not others[key]]
    if unwatched or not keys:
        named = ", ".join(map(called, unwatched)) or "its metric"
        yield Meaning(
            "REV501",
            f"it is removed, and nothing watches {named} any more",
            "leave it until another alarm watches the same",
        )
    elif not left:
        yield Meaning("REV502", "it is removed with what it watched")
    elif all(any(is_as_strict(pair, old, other) for other in others[key]) for key in left):
        yield Meaning("REV502", f"it is removed; {_names(others)} watches the same, and fires as soon")
    else:
        yield Meaning("REV503", f"it is removed; {_names(others)} still watches the same, and fires later or otherwise")


def _names(others: dict[str, list[Resource]]) -> str:
    return ", ".join(dict.fromkeys(alarm.logical_id for found in others.values() for alarm in found))


@of_the_whole
def topics(pair: Pair) -> Iterator[Meaning]:
    """A topic that alarms tell, and that tells nobody any more, or that CloudWatch cannot tell."""
    alone = told_topics(pair.new, alone=True)
    for old, new in [*pair.match.kept.values(), *pair.match.renamed]:
        if new.logical_id in alone and subscribers(pair.old, old) and not subscribers(pair.new, new):
            yield Meaning(
                "REV511",
                f"nobody is subscribed to it any more, and {', '.join(alone[new.logical_id])} tells it alone",
                "leave a subscription, or give the alarms another topic",
                resource=new,
            )


@of_the_whole
def keys_of_topics(pair: Pair) -> Iterator[Meaning]:
    """A topic that alarms could tell, and that CloudWatch may not publish to any more; or another one in its place."""
    names = successors(pair)
    could = {names.get(name, name) for name in told_topics(pair.old) if _may_use(pair.old, pair.old.resources[name])}
    told_before = {names.get(name, name) for name in told_topics(pair.old)}
    for name, alarms in told_topics(pair.new).items():
        topic = pair.new.resources[name]
        if _may_use(pair.new, topic) or (name in told_before and name not in could):
            continue
        yield Meaning(
            "REV523",
            f"CloudWatch may not use its key {shown(topic.at('KmsMasterKeyId'))}: {', '.join(alarms)} cannot tell it anything",
            "use a key of your own whose policy allows cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*",
            path="Properties.KmsMasterKeyId",
            resource=topic,
        )


def _may_use(template: Template, topic: Resource) -> bool:
    """Whether CloudWatch may use the key of a topic, or there is none."""
    key = topic.at("KmsMasterKeyId")
    return key is None or may_use(template, key)
