"""What the alarms of a template watch, by the resources behind their dimensions, and whether anybody is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from streaming_constructs.facts.kinesis import RETENTION_HOURS
from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM, WatchedMetric, named_by, watched_metrics
from streaming_constructs.review.alarms.alarm_rule import COMPOSITE_ALARM, alarm_rule
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import Resource, Template, references
from streaming_constructs.review.comparing.values import is_false, listed, number

STREAM = "AWS::Kinesis::Stream"
CONSUMER = "AWS::Kinesis::StreamConsumer"
MAPPING = "AWS::Lambda::EventSourceMapping"
_MILLISECONDS_OF_AN_HOUR = 3_600_000
LAGS = {
    ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds"),
    ("AWS/Kinesis", "SubscribeToShardEvent.MillisBehindLatest"),
    ("AWS/Lambda", "IteratorAge"),
}
"""Metrics that say how far a reader of a stream is behind."""
_LOOKERS_ON = ("AWS::CloudWatch::Dashboard", METRIC_ALARM, COMPOSITE_ALARM)


def key_of(template: Template, metric: WatchedMetric, names: Mapping[str, str] | None = None) -> str:
    """What a metric is of, whatever its resource is called.

    Args:
        template: The template of its alarm.
        metric: The metric.
        names: What logical ids are called instead, where they are compared with those of another template.
    """
    others = names or {}
    parts = []
    for name, value in sorted(metric.dimensions.items()):
        resource = named_by(template, name, value)
        if resource is not None:
            parts.append(f"{name}=@{others.get(resource.logical_id, resource.logical_id)}")
        else:
            parts.append(f"{name}={_plain(renamed(value, others))}")
    account = f"/{_plain(metric.account)}" if metric.account is not None else ""
    return f"{_plain(metric.namespace)}{account}:{_plain(metric.name)}:{','.join(parts)}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def keys_of(template: Template, alarm: Resource, names: Mapping[str, str] | None = None) -> dict[str, WatchedMetric]:
    """The metrics of an alarm by what they are of.

    Args:
        template: Its template.
        alarm: The alarm.
        names: What logical ids are called instead.
    """
    return {key_of(template, metric, names): metric for metric in watched_metrics(alarm)}


def successors(pair: Pair) -> Mapping[str, str]:
    """New logical ids of what is called otherwise, by the old ones.

    Args:
        pair: The two templates.
    """
    return {**pair.new_names, **{old.logical_id: new.logical_id for old, new in pair.match.renamed}}


def watched_resources(template: Template, metric: WatchedMetric) -> list[Resource]:
    """The resources that the dimensions of a metric name.

    Args:
        template: The template of its alarm.
        metric: The metric.
    """
    found = (named_by(template, name, value) for name, value in metric.dimensions.items())
    return [resource for resource in found if resource is not None]


def alarm_actions(alarm: Resource) -> list[Any]:
    """Whom an alarm tells when it fires, whether its actions are on or off.

    Args:
        alarm: The alarm.
    """
    return listed(alarm.at("AlarmActions"))


def tells_by_itself(alarm: Resource) -> bool:
    """Whether an alarm tells anybody when it fires.

    Args:
        alarm: The alarm.
    """
    return bool(alarm_actions(alarm)) and not is_false(alarm.at("ActionsEnabled"))


def tells(template: Template, alarm: Resource) -> bool:
    """Whether somebody learns that an alarm fires: by its actions, by a composite alarm, or by what looks at alarms.

    Args:
        template: Its template.
        alarm: The alarm.
    """
    return tells_by_itself(alarm) or alarm.logical_id in heard_of(template)


def heard_of(template: Template) -> set[str]:
    """The alarms whose state somebody looks at who tells of it, by logical id.

    Args:
        template: The template.
    """
    heard: set[str] = set()
    if any(map(_is_about_alarms, template.of_type("AWS::Events::Rule"))):
        heard |= {alarm.logical_id for alarm in template.of_type(METRIC_ALARM, COMPOSITE_ALARM)}
    alarms = {alarm.logical_id for alarm in template.of_type(METRIC_ALARM, COMPOSITE_ALARM)}
    for resource in template.resources.values():
        # A deployment that is rolled back when an alarm fires, a health check, and whatever else refers to one.
        if resource.type not in _LOOKERS_ON and not resource.type.startswith("AWS::IAM::"):
            heard |= {name for name, _ in references(resource.properties) if name in alarms}
    waiting = [
        composite
        for composite in template.of_type(COMPOSITE_ALARM)
        if tells_by_itself(composite) or composite.logical_id in heard
    ]
    seen: set[str] = set()
    while waiting:
        composite = waiting.pop()
        if composite.logical_id in seen:
            continue
        seen.add(composite.logical_id)
        below = alarm_rule(template, composite.at("AlarmRule")).alarms
        heard |= below
        waiting += [template.resources[name] for name in below if template.resources[name].type == COMPOSITE_ALARM]
    return heard


def _is_about_alarms(rule: Resource) -> bool:
    """Whether a rule of EventBridge is told of each alarm that changes its state."""
    return (
        "aws.cloudwatch" in listed(rule.at("EventPattern", "source"))
        and rule.at("State") != "DISABLED"
        and bool(rule.at("Targets"))
    )


def others_that_watch(pair: Pair, keys: Iterable[str], but: str, *, told: bool) -> dict[str, list[Resource]]:
    """By metric, the alarms of the new template that watch it.

    Args:
        pair: The two templates.
        keys: The metrics, by the names of the new template.
        but: The logical id of an alarm that does not count.
        told: Whether only those count that somebody learns of.
    """
    wanted: dict[str, list[Resource]] = {key: [] for key in keys}
    heard = heard_of(pair.new) if told else set()
    for alarm in pair.new.of_type(METRIC_ALARM):
        if alarm.logical_id != but and (not told or tells_by_itself(alarm) or alarm.logical_id in heard):
            for key in keys_of(pair.new, alarm):
                if key in wanted:
                    wanted[key].append(alarm)
    return wanted


def is_gone_too(pair: Pair, metric: WatchedMetric) -> bool:
    """Whether what a metric is of leaves the stack with its alarm.

    Args:
        pair: The two templates.
        metric: A metric of the old template.
    """
    if any(pair.counterpart(resource) is None for resource in watched_resources(pair.old, metric)):
        return True
    if (metric.namespace, metric.name) == ("AWS/Lambda", "IteratorAge"):
        return _reads_no_more(pair, metric)
    return any(_is_filter_gone(pair, source) for source in metric_filters(pair.old, metric))


def _reads_no_more(pair: Pair, metric: WatchedMetric) -> bool:
    """Whether a function read streams, and none of its mappings is left."""
    for function in watched_resources(pair.old, metric):
        mappings = [
            mapping for mapping in pair.old.of_type(MAPPING) if pair.old.target(mapping.at("FunctionName")) is function
        ]
        if mappings and all(pair.counterpart(mapping) is None for mapping in mappings):
            return True
    return False


def _is_filter_gone(pair: Pair, source: Resource) -> bool:
    """Whether the log group of a filter leaves the stack."""
    group = pair.old.target(source.at("LogGroupName"))
    return group is not None and pair.counterpart(group) is None


def metric_filters(template: Template, metric: WatchedMetric) -> Iterator[Resource]:
    """The filters of logs that publish a metric.

    Args:
        template: The template of its alarm.
        metric: The metric.
    """
    for source in template.of_type("AWS::Logs::MetricFilter"):
        for made in listed(source.at("MetricTransformations")):
            if isinstance(made, Mapping) and (
                _plain(made.get("MetricNamespace")),
                _plain(made.get("MetricName")),
            ) == (_plain(metric.namespace), _plain(metric.name)):
                yield source


def lag_limit(template: Template, metric: WatchedMetric) -> float | None:
    """The milliseconds that a lag cannot exceed, as older records are deleted; None where that is not known.

    Args:
        template: The template of its alarm.
        metric: The metric, one of `LAGS`.
    """
    if (metric.namespace, metric.name) not in LAGS:
        return None
    streams = [resource for resource in watched_resources(template, metric) if resource.type == STREAM]
    for function in watched_resources(template, metric):
        mappings = [
            mapping for mapping in template.of_type(MAPPING) if template.target(mapping.at("FunctionName")) is function
        ]
        read = [read_stream(template, mapping) for mapping in mappings]
        if None in read:
            return None
        streams += [stream for stream in read if stream is not None]
    hours = [number(stream.at("RetentionPeriodHours") or RETENTION_HOURS.minimum) for stream in streams]
    known = [value for value in hours if value is not None]
    return max(known) * _MILLISECONDS_OF_AN_HOUR if known and len(known) == len(hours) else None


def read_stream(template: Template, mapping: Resource) -> Resource | None:
    """The Kinesis stream of the template that a mapping reads, itself or by a consumer with fan-out; None if there is none.

    Args:
        template: The template.
        mapping: The mapping.
    """
    source = template.target(mapping.at("EventSourceArn"))
    if source is not None and source.type == CONSUMER:
        source = template.target(source.at("StreamARN"))
    return source if source is not None and source.type == STREAM else None
