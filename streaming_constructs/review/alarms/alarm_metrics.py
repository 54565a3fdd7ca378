"""What alarms watch: their metrics, and whether those can have any data.

It asks `facts.metrics` under which dimensions AWS publishes a metric. Reviews, audits and `testing.alarm_problems` use it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from streaming_constructs.facts import metrics, metrics_flink
from streaming_constructs.facts.metrics import (
    ALSO_NAMED,
    NAME_ATTRIBUTES,
    PUBLISHED_BESIDE,
    RESOURCE_OF_DIMENSION,
    SAME_DIMENSION,
    Metric,
)
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import Resource, Template, references
from streaming_constructs.review.comparing.values import listed, number

METRIC_ALARM = "AWS::CloudWatch::Alarm"


@dataclass(frozen=True)
class WatchedMetric:
    """A metric that an alarm looks at.

    Attributes:
        namespace: Such as `AWS/Kinesis`.
        name: The metric's name.
        dimensions: The values of its dimensions, by name.
        statistic: Such as `Maximum`; empty where it is not said.
        period: In seconds, where it is known.
        unit: The unit that its data must have, or an empty string.
        account: The account that it is read from, where that is another one.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, Any]
    statistic: str = ""
    period: float | None = None
    unit: str = ""
    account: Any = None

    @property
    def known(self) -> tuple[Metric, ...]:
        """What facts say of it: one for each set of dimensions; empty where they say nothing."""
        return known_metrics().get((self.namespace, self.name), ())


def metric_queries(alarm: Resource) -> Iterator[tuple[Mapping[str, Any], WatchedMetric]]:
    """The metrics in an alarm's metric math, each with the item of `Metrics` that it stands in.

    Args:
        alarm: The alarm.
    """
    for query in listed(alarm.at("Metrics")):
        stat = query.get("MetricStat") if isinstance(query, Mapping) else None
        if isinstance(stat, Mapping):
            metric = stat.get("Metric")
            yield query, _watched(metric if isinstance(metric, Mapping) else {}, stat, query.get("AccountId"))


def watched_metrics(alarm: Resource) -> list[WatchedMetric]:
    """The metrics of an alarm: its own, or those in its math.

    Args:
        alarm: The alarm.
    """
    if alarm.at("Metrics") is not None:
        return [metric for _, metric in metric_queries(alarm)]
    if alarm.at("EvaluationCriteria") is not None:
        return []
    return [_watched(alarm.properties, alarm.properties, None)]


def _watched(metric: Mapping[str, Any], stat: Mapping[str, Any], account: Any) -> WatchedMetric:
    dimensions = {
        str(dimension["Name"]): dimension["Value"]
        for dimension in listed(metric.get("Dimensions"))
        if isinstance(dimension, Mapping) and isinstance(dimension.get("Name"), str) and "Value" in dimension
    }
    statistic = stat.get("Stat") or stat.get("Statistic") or stat.get("ExtendedStatistic")
    return WatchedMetric(
        _text(metric.get("Namespace", "")),
        _text(metric.get("MetricName", "")),
        dimensions,
        statistic if isinstance(statistic, str) else "",
        number(stat.get("Period")),
        stat["Unit"] if isinstance(stat.get("Unit"), str) else "",
        account,
    )


def _text(value: Any) -> str:
    """A name as a text, also where it is known at deployment only."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


@cache
def known_metrics() -> Mapping[tuple[str, str], tuple[Metric, ...]]:
    """The metrics that facts know, by namespace and name: one for each set of dimensions that it is published under."""
    named = [*vars(metrics).values(), *vars(metrics_flink).values()]
    values = [value for value in named if isinstance(value, Metric)]
    values += [
        metric
        for table in named
        if isinstance(table, Mapping)
        for metric in table.values()
        if isinstance(metric, Metric)
    ]
    found: dict[tuple[str, str], tuple[Metric, ...]] = {}
    for metric in values:
        key = metric.namespace, metric.name
        found[key] = (*found.get(key, ()), metric)
    return found


def missing_dimensions(metric: WatchedMetric) -> list[str]:
    """Dimensions without which a metric has no data.

    Args:
        metric: The metric.
    """
    sets = [fact.dimensions for fact in metric.known]
    if not sets:
        return []
    sets += PUBLISHED_BESIDE.get(metric.namespace, ())
    return min(([name for name in names if name not in metric.dimensions] for names in sets), key=len)


def metric_problems(template: Template, metric: WatchedMetric) -> Iterator[str]:
    """Why a metric has no data, as far as a template can tell.

    Args:
        template: The template of its alarm.
        metric: The metric.
    """
    missing = missing_dimensions(metric)
    if missing:
        yield f"{metric.namespace} publishes {metric.name} under {', '.join(missing)} too, so the metric has no data"
    yield from dimension_problems(template, metric)


def dimension_problems(template: Template, metric: WatchedMetric) -> Iterator[str]:
    """Why the dimensions that a metric has name nothing.

    Of namespaces that facts know, a dimension has to name a resource of its kind; of all others it is only asked that what it
    refers to is there.

    Args:
        template: The template of its alarm.
        metric: The metric.
    """
    named = {
        name
        for facts in known_metrics().values()
        for fact in facts
        if fact.namespace == metric.namespace
        for name in fact.dimensions
    }
    for name, value in metric.dimensions.items():
        problem = _dimension_problem(
            template, name, value, RESOURCE_OF_DIMENSION.get(name, "") if name in named else ""
        )
        if problem:
            yield problem


def _dimension_problem(template: Template, name: str, value: Any, expected: str) -> str:
    """What is wrong with the value of a dimension; `expected` is the type that it has to name, where that is known."""
    if value == "":
        return f"{name} is empty"
    if isinstance(value, str):
        if name != "ConsumerName" or not expected:
            return ""
        consumers = [consumer.at("ConsumerName") for consumer in template.of_type(expected)]
        return "" if not consumers or value in consumers else f"no consumer is registered as {value}"
    return _reference_problem(template, name, value, expected)


def _reference_problem(template: Template, name: str, value: Any, expected: str) -> str:
    referred = [(target, attribute) for target, attribute in references(value) if not target.startswith("AWS::")]
    parameters = template.data.get("Parameters")
    # What comes in by a parameter or from another stack is named by whoever fills it in.
    if not referred or any(target in parameters for target, _ in referred if isinstance(parameters, Mapping)):
        return ""
    if "Fn::ImportValue" in json.dumps(value, default=str):
        return ""
    types = {target: _type_of(template, target) for target, _ in referred}
    if expected:
        good = {expected, *SAME_DIMENSION.get(expected, ())} & set(types.values())
    else:
        good = set(types.values()) if all(types.values()) else set()
    if not good:
        seen = ", ".join(f"{target} ({found or 'not in the template'})" for target, found in sorted(types.items()))
        return f"{name} refers to {seen}, and to no {expected or 'resource'}"
    if expected and len(referred) == 1 and ("Ref" in value or "Fn::GetAtt" in value):
        (target, attribute), *_ = referred
        wanted = NAME_ATTRIBUTES.get(types[target], "")
        if attribute not in (wanted, *(("", wanted) if not wanted else ())) and _is_no_name(attribute):
            told = f"`Ref` of {target}" if not attribute else f"its {attribute}"
            return f"{name} has to be a name, and {told} is none"
    return ""


def _is_no_name(attribute: str) -> bool:
    """Whether an attribute is anything but a name; that of a `Ref` is empty."""
    return attribute in ("", "Arn", "QueueUrl", "ConsumerARN", "ConnectorArn", "ReplicatorArn")


def _type_of(template: Template, target: str) -> str:
    resource = template.resources.get(target)
    return resource.type if resource else ""


def named_by(template: Template, dimension: str, value: Any) -> Resource | None:
    """The resource that the value of a dimension names: by a reference, or by its name in words.

    Args:
        template: The template.
        dimension: The dimension, such as `StreamName`.
        value: Its value.
    """
    found = template.target(value) if _is_whole_reference(value) else None
    if found is not None:
        return found
    expected = RESOURCE_OF_DIMENSION.get(dimension, "")
    for resource in template.of_type(expected, *SAME_DIMENSION.get(expected, ()), *ALSO_NAMED.get(dimension, ())):
        name = resource.at(metrics.NAME_PROPERTIES.get(resource.type, dimension))
        if name is not None and same(name, value):
            return resource
    return None


def _is_whole_reference(value: Any) -> bool:
    """Whether a value is what it refers to, or cut out of it, and no text around it."""
    return isinstance(value, Mapping) and "Fn::Join" not in value
