"""What is wrong with what alarms look at: metrics that are not published, names that nothing has, shares taken for percents."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.metric_names import ALL_DIMENSIONS, LIKELY_MISSPELT, METRIC_NAMES, ONE_NAMESPACE, SHARES
from streaming_constructs.facts.metrics import NAME_PROPERTIES, RESOURCE_OF_DIMENSION, STREAM_ITERATOR_AGE
from streaming_constructs.facts.metrics_flink import FULL_RESTARTS, NUM_RESTARTS
from streaming_constructs.review.alarms.alarm_metrics import (
    METRIC_ALARM,
    WatchedMetric,
    known_metrics,
    named_by,
    watched_metrics,
)
from streaming_constructs.review.alarms.alarm_strictness import firing
from streaming_constructs.review.alarms.alarm_watch import CONSUMER, MAPPING
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.events.event_sources import stream_of
from streaming_constructs.review.meaning import Meaning

_EARLIER_FLINK = ("FLINK-1_", "SQL-1_")


@audits(METRIC_ALARM)
def is_published(template: Template, alarm: Resource) -> Iterator[Meaning]:
    """Whether there is such a metric of what an alarm is about."""
    place = "Properties.MetricName" if alarm.at("Metrics") is None else "Properties.Metrics"
    for metric in watched_metrics(alarm):
        namespace = _meant_namespace(metric)
        if namespace:
            yield Meaning(
                "AUD511",
                f"it watches nothing: {metric.name} is in {namespace}, and {metric.namespace} has no metrics",
                f"set the namespace to {namespace}",
                path=place.replace("MetricName", "Namespace"),
            )
        names = METRIC_NAMES.get(metric.namespace)
        if names and metric.name not in names and not metric.name.startswith("{"):
            yield Meaning(
                "AUD511",
                f"it watches nothing: {metric.namespace} has no metric {metric.name}, as far as we know",
                "name one that AWS publishes",
                grade="caution",
                path=place,
            )
        meant = LIKELY_MISSPELT.get(metric.namespace, {}).get(metric.name)
        if meant:
            says = f"it watches nothing: {metric.namespace} has no metric {metric.name}; it is called {meant}"
            yield Meaning("AUD511", says, f"set the name to {meant}", path=place)
        others = [name for name in metric.dimensions if name not in ALL_DIMENSIONS.get(metric.namespace, (name,))]
        if others:
            only = ", ".join(ALL_DIMENSIONS[metric.namespace])
            yield Meaning(
                "AUD511",
                f"it watches nothing: {metric.namespace} publishes by {only} alone, and not by {', '.join(others)}",
                f"name it by {only}",
                path=place.replace("MetricName", "Dimensions"),
            )
        problem = _other_version(template, metric) or _other_readers(template, metric)
        if problem:
            yield Meaning("AUD511", f"it watches nothing: {problem}", "watch what is published", path=place)


def _meant_namespace(metric: WatchedMetric) -> str:
    """The namespace that has a metric, where the one that is written is none that we know, and looks like one of AWS."""
    known = known_metrics()
    if not metric.namespace.startswith("AWS/") or any(namespace == metric.namespace for namespace, _ in known):
        return ""
    found = {
        namespace
        for (namespace, name), facts in known.items()
        if name == metric.name and any(set(fact.dimensions) == set(metric.dimensions) for fact in facts)
    }
    found |= {ONE_NAMESPACE[name] for name in metric.dimensions if name in ONE_NAMESPACE}
    return found.pop() if len(found) == 1 else ""


def _other_version(template: Template, metric: WatchedMetric) -> str:
    """Why the version of a Flink application publishes no such metric; empty where it does, or nobody knows."""
    earlier, later = FULL_RESTARTS.name, NUM_RESTARTS.name
    if metric.namespace != FULL_RESTARTS.namespace or metric.name not in (earlier, later):
        return ""
    application = named_by(template, "Application", metric.dimensions.get("Application"))
    runtime = application.at("RuntimeEnvironment") if application is not None else None
    if not isinstance(runtime, str):
        return ""
    is_earlier = runtime.startswith(_EARLIER_FLINK)
    if is_earlier == (metric.name == earlier):
        return ""
    return f"{runtime} does not publish {metric.name}, but {earlier if is_earlier else later}"


def _other_readers(template: Template, metric: WatchedMetric) -> str:
    """Why nobody makes the calls that a lag is measured by: all that reads the stream has a consumer of its own."""
    if (metric.namespace, metric.name) != (STREAM_ITERATOR_AGE.namespace, STREAM_ITERATOR_AGE.name):
        return ""
    stream = named_by(template, "StreamName", metric.dimensions.get("StreamName"))
    if stream is None:
        return ""
    readers = [mapping for mapping in template.of_type(MAPPING) if stream_of(template, mapping) is stream]
    sources = [template.target(reader.at("EventSourceArn")) for reader in readers]
    others = template.of_type("AWS::KinesisFirehose::DeliveryStream", "AWS::Pipes::Pipe")
    is_shared = any(template.target(other.at(*_READS[other.type])) is stream for other in others)
    if not readers or is_shared or any(source is None or source.type != CONSUMER for source in sources):
        return ""
    called = ", ".join(reader.logical_id for reader in readers)
    return f"{called} reads with enhanced fan-out, which {metric.name} does not see"


_READS = {
    "AWS::KinesisFirehose::DeliveryStream": ("KinesisStreamSourceConfiguration", "KinesisStreamARN"),
    "AWS::Pipes::Pipe": ("Source",),
}


@audits(METRIC_ALARM)
def names_something(template: Template, alarm: Resource) -> Iterator[Meaning]:
    """Whether what a dimension names in words is there, where one of its kind is there of which nobody watches the same."""
    place = "Properties.Metrics" if alarm.at("Metrics") is not None else "Properties.Dimensions"
    for metric in watched_metrics(alarm):
        for dimension, value in metric.dimensions.items():
            kind = RESOURCE_OF_DIMENSION.get(dimension, "")
            if not metric.known or dimension == "ConsumerName" or not isinstance(value, str):
                continue
            names = {each.at(NAME_PROPERTIES.get(kind, dimension)): each for each in template.of_type(kind)}
            if not names or value in names or not all(isinstance(name, str) for name in names):
                continue
            alone = [name for name, each in names.items() if not _is_watched(template, each, dimension, metric)]
            if alone:
                yield Meaning(
                    "AUD502",
                    f"nothing of this template is called {value}, and nobody watches {metric.name} of "
                    f"{', '.join(alone)}: if that is meant, it watches nothing",
                    "refer to what it is to watch",
                    grade="caution",
                    path=place,
                )


def _is_watched(template: Template, resource: Resource, dimension: str, like: WatchedMetric) -> bool:
    """Whether an alarm looks at the same metric of a resource."""
    return any(
        named_by(template, dimension, metric.dimensions[dimension]) is resource
        for alarm in template.of_type(METRIC_ALARM)
        for metric in watched_metrics(alarm)
        if dimension in metric.dimensions and (metric.namespace, metric.name) == (like.namespace, like.name)
    )


@audits(METRIC_ALARM)
def share(template: Template, alarm: Resource) -> Iterator[Meaning]:
    """A share from 0 to 1 that is compared with percents."""
    metrics = watched_metrics(alarm)
    if alarm.at("Metrics") is not None or len(metrics) != 1:
        return
    (metric,) = metrics
    fires = firing(alarm)
    if (
        metric.name in SHARES.get(metric.namespace, ())
        and metric.statistic in ("Average", "Minimum", "Maximum")
        and fires.threshold is not None
        and fires.threshold > 1
    ):
        always = "always" if fires.direction == "below" else "never"
        yield Meaning(
            "AUD512",
            f"it {always} fires: {metric.name} is a share from 0 to 1, and its threshold is {fires.threshold:g}",
            f"set it to {fires.threshold / 100:g}",
            path="Properties.Threshold",
        )
