"""What is wrong with the alarms of a template: none where one is needed, or one that watches nothing or tells nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.metrics import FAN_OUT_LAG, FUNCTION_ITERATOR_AGE
from streaming_constructs.review.alarms.alarm_metrics import (
    METRIC_ALARM,
    WatchedMetric,
    dimension_problems,
    missing_dimensions,
    named_by,
    watched_metrics,
)
from streaming_constructs.review.alarms.alarm_rule import COMPOSITE_ALARM
from streaming_constructs.review.alarms.alarm_strictness import firing
from streaming_constructs.review.alarms.alarm_topics import key_in, lets_publish, may_use, policies_of, told_topics
from streaming_constructs.review.alarms.alarm_watch import (
    CONSUMER,
    LAGS,
    MAPPING,
    alarm_actions,
    heard_of,
    lag_limit,
    tells_by_itself,
)
from streaming_constructs.review.auditing import audits, audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template, references
from streaming_constructs.review.comparing.values import is_false, shown
from streaming_constructs.review.meaning import Meaning

_QUEUE = "AWS::SQS::Queue"
_HIDING = ("Average", "Minimum", "SampleCount", "Sum")
"""Statistics of a lag that say nothing of the reader that is furthest behind."""
_DEAD_LETTERS = (
    "DestinationConfig",
    "DeadLetterConfig",
    "RedrivePolicy",
    "OnFailure",
    "DeadLetterQueue",
    "deadLetterTargetArn",
)
_HOUR = 3_600_000


@audits(METRIC_ALARM)
def watches_something(template: Template, alarm: Resource) -> Iterator[Meaning]:
    """Whether the metrics of an alarm can have data."""
    place = "Properties.Metrics" if alarm.at("Metrics") is not None else "Properties.Dimensions"
    for metric in watched_metrics(alarm):
        missing = missing_dimensions(metric)
        if missing:
            yield Meaning(
                "AUD501",
                f"it watches nothing: {metric.namespace} publishes {metric.name} of each {', '.join(missing)}",
                f"add the dimension {', '.join(missing)}, with a reference to what it watches",
                path=place,
            )
        for problem in dimension_problems(template, metric):
            yield Meaning("AUD502", f"it watches nothing: {problem}", "refer to what it is to watch", path=place)


@audits(METRIC_ALARM)
def can_fire(template: Template, alarm: Resource) -> Iterator[Meaning]:
    """Whether an alarm on a lag fires before the records are gone, and for the reader that is furthest behind."""
    metrics = watched_metrics(alarm)
    if alarm.at("Metrics") is not None or len(metrics) != 1:
        return
    (metric,) = metrics
    if (metric.namespace, metric.name) not in LAGS:
        return
    fires = firing(alarm)
    limit = lag_limit(template, metric)
    if fires.direction == "above" and fires.threshold is not None and limit is not None and fires.threshold >= limit:
        yield Meaning(
            "AUD503",
            f"it can never fire: its threshold is {fires.threshold / _HOUR:g} h, and no record is kept for more than "
            f"{limit / _HOUR:g} h",
            f"set it to half of the retention at most: {limit / 2:.0f}",
            path="Properties.Threshold",
        )
    if metric.statistic in _HIDING or fires.direction == "below":
        yield Meaning(
            "AUD504",
            f"it does not see the reader that is furthest behind: it fires when the {metric.statistic} is "
            f"{'small' if fires.direction == 'below' else 'large'}",
            "let it fire when the Maximum is greater than its threshold",
            path="Properties.Statistic",
        )


@audits_the_whole
def tells_somebody(template: Template) -> Iterator[Meaning]:
    """Alarms that nobody hears of: by their actions, by a composite alarm above, or by whatever else looks at them."""
    heard = heard_of(template)
    for alarm in template.of_type(METRIC_ALARM, COMPOSITE_ALARM):
        if tells_by_itself(alarm) or alarm.logical_id in heard or _is_decided_elsewhere(template, alarm):
            continue
        if alarm_actions(alarm):
            yield Meaning(
                "AUD506",
                "nobody is told when it fires: ActionsEnabled is false",
                "leave out ActionsEnabled",
                path="Properties.ActionsEnabled",
                resource=alarm,
            )
        else:
            yield Meaning(
                "AUD505",
                "nobody is told when it fires: it has no AlarmActions, and no composite alarm tells of it",
                "add a topic to AlarmActions",
                path="Properties.AlarmActions",
                resource=alarm,
            )


def _is_decided_elsewhere(template: Template, alarm: Resource) -> bool:
    """Whether a condition or a parameter says whether an alarm tells anybody: somebody has thought of it."""
    written = template.data["Resources"][alarm.logical_id].get("Properties")
    if not isinstance(written, Mapping):
        return False
    return any(isinstance(written.get(name), Mapping) for name in ("ActionsEnabled", "AlarmActions"))


@audits_the_whole
def topics(template: Template) -> Iterator[Meaning]:
    """Topics that CloudWatch cannot publish to: its messages are lost without an error."""
    for name, callers in told_topics(template).items():
        topic = template.resources[name]
        key = topic.at("KmsMasterKeyId")
        told = f"so {', '.join(callers)} cannot tell {name} anything"
        if key is not None and not may_use(template, key):
            inside = key_in(template, key)
            yield Meaning(
                "AUD507",
                f"CloudWatch may not use {'it' if inside else f'its key {shown(key)}'}, {told}",
                "use a key of your own whose policy allows cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*",
                path="Properties.KeyPolicy" if inside else "Properties.KmsMasterKeyId",
                resource=inside or topic,
            )
        policies = policies_of(template, topic)
        if policies and not any(lets_publish(policy) for policy in policies):
            yield Meaning(
                "AUD507",
                f"it does not let CloudWatch publish, {told}",
                "allow cloudwatch.amazonaws.com sns:Publish, with aws:SourceAccount",
                path="Properties.PolicyDocument",
                resource=policies[-1],
            )


@audits_the_whole
def lag_of_readers(template: Template) -> Iterator[Meaning]:
    """Functions that read a stream of Kinesis or DynamoDB, and nobody watches how far they are behind."""
    watched = [metric for alarm in template.of_type(METRIC_ALARM) for metric in watched_metrics(alarm)]
    for mapping in [*template.of_type(MAPPING), *_events_of_functions(template)]:
        kind = _stream_kind(template, mapping)
        if (
            not kind
            or is_false(mapping.at("Enabled"))
            or any(_is_lag_of(template, mapping, metric) for metric in watched)
        ):
            continue
        yield Meaning(
            "AUD508",
            f"nobody is told when it falls behind its {kind}, until records expire unread",
            f"add an alarm on {FUNCTION_ITERATOR_AGE.name} of the function, at half of the retention at most",
            path="Properties.EventSourceArn",
            resource=mapping,
        )


def _events_of_functions(template: Template) -> Iterator[Resource]:
    """The mappings that SAM makes of the events of a function, each under the name of the function."""
    for function in template.of_type("AWS::Serverless::Function"):
        events = function.at("Events")
        for event in events.values() if isinstance(events, Mapping) else ():
            if isinstance(event, Mapping) and event.get("Type") in ("Kinesis", "DynamoDB"):
                told = event.get("Properties")
                told = told if isinstance(told, Mapping) else {}
                properties = {
                    "EventSourceArn": told.get("Stream"),
                    "FunctionName": {"Ref": function.logical_id},
                    "Enabled": told.get("Enabled"),
                }
                yield Resource(function.logical_id, function.type, properties)


def _stream_kind(template: Template, mapping: Resource) -> str:
    """What stream a mapping reads; empty where it reads something else, or nobody knows."""
    source = mapping.at("EventSourceArn")
    target = template.target(source)
    if target is not None:
        names = {"AWS::Kinesis::Stream": "stream", CONSUMER: "stream"}
        is_table = target.type.startswith("AWS::DynamoDB::")
        return "table's stream" if is_table else names.get(target.type, "")
    text = shown(source)
    return "stream" if ":kinesis:" in text else "table's stream" if ":dynamodb:" in text else ""


def _is_lag_of(template: Template, mapping: Resource, metric: WatchedMetric) -> bool:
    """Whether a metric says how far a mapping is behind."""
    if (metric.namespace, metric.name) not in LAGS or missing_dimensions(metric):
        return False
    if metric.name == FUNCTION_ITERATOR_AGE.name:
        return _names_the_same(
            template, "FunctionName", metric.dimensions.get("FunctionName"), mapping.at("FunctionName")
        )
    # A reader with fan-out does not call GetRecords, which is all that the age of a stream's iterators sees.
    dimension = "ConsumerName" if metric.name == FAN_OUT_LAG.name else "StreamName"
    return _names_the_same(template, dimension, metric.dimensions.get(dimension), mapping.at("EventSourceArn"))


def _names_the_same(template: Template, dimension: str, name: Any, value: Any) -> bool:
    """Whether a dimension names what a property refers to, by a reference or in words."""
    one = named_by(template, dimension, name)
    other = template.target(value)
    while other is not None and other.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
        other = template.target(other.at("FunctionName"))
    other = other or named_by(template, dimension, value)
    if one is not None or other is not None:
        return one is other
    # What neither names is called in words, or comes by a parameter.
    ends = {str(part).rpartition(":")[2].rpartition("/")[2] for part in (shown(value), shown(name))}
    parameters = {target for target, _ in references(value)} & {target for target, _ in references(name)}
    return len(ends) == 1 or bool(parameters - {"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName"})


@audits_the_whole
def dead_letter_queues(template: Template) -> Iterator[Meaning]:
    """Queues that keep what failed, while nobody looks into them."""
    watched = {
        resource.logical_id
        for alarm in template.of_type(METRIC_ALARM)
        for metric in watched_metrics(alarm)
        if metric.namespace == "AWS/SQS"
        for name, value in metric.dimensions.items()
        if (resource := named_by(template, name, value)) is not None
    }
    watched |= {
        resource.logical_id
        for mapping in template.of_type(MAPPING, "AWS::Pipes::Pipe")
        if (resource := template.target(mapping.at("EventSourceArn") or mapping.at("Source"))) is not None
    }
    for queue, owners in _dead_letters_of(template).items():
        if queue not in watched:
            yield Meaning(
                "AUD509",
                f"nobody is told when something is in it: {', '.join(owners)} puts what failed here, and it expires",
                "add an alarm on its ApproximateNumberOfMessagesVisible, greater than 0",
                resource=template.resources[queue],
            )


def _dead_letters_of(template: Template) -> dict[str, list[str]]:
    """The queues of the template that keep what failed, each with what puts it there."""
    found: dict[str, list[str]] = {}
    for resource in template.resources.values():
        for value in _parts(resource.properties):
            target = template.target(value)
            if target is not None and target.type == _QUEUE and target is not resource:
                owners = found.setdefault(target.logical_id, [])
                if resource.logical_id not in owners:
                    owners.append(resource.logical_id)
    return found


def _parts(value: Any, depth: int = 0) -> Iterator[Any]:
    """What stands under the names that failed records go by, however deep."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _DEAD_LETTERS:
                yield inner
            elif depth < 10:
                yield from _parts(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner, depth + 1)
