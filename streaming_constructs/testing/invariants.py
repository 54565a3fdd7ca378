"""What holds in every good template, whatever it builds: alarms watch something, policies name what they allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from streaming_constructs.facts import flink_service, metrics, metrics_flink, permissions
from streaming_constructs.facts.metrics import RESOURCE_OF_DIMENSION, Metric

_SUBSTITUTED = re.compile(r"\$\{([^!.}]+)")
_NARROWED_BY = {"cloudwatch:PutMetricData": "cloudwatch:namespace"}
"""Actions that name no resource, and the condition that narrows them instead.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
"""
_NAME_NO_RESOURCE = {
    *flink_service.JOIN_VPC,
    *permissions.FIREHOSE_JOINS_VPC,
    *permissions.LAMBDA_JOINS_VPC,
    *permissions.LAMBDA_JOINS_CLUSTER,
    *permissions.SEE_KAFKA_NETWORK,
    *permissions.LAMBDA_READS_REGISTRY["schema_versions"],
}
"""Actions that are about what nobody can name before: network interfaces that AWS creates, and where they would stand;
and a version of a schema, which is asked for by an id alone."""


def alarm_problems(template: Mapping[str, Any]) -> Iterator[str]:
    """Alarms that watch nothing, or say nothing to whom they wake.

    Of metrics that `facts.metrics` knows, the dimensions have to be there, and to name resources of their kind. Of all others
    it is only asked that what their dimensions refer to is there.

    Args:
        template: The synthesized template.
    """
    for logical_id, resource in _of_type(template, "AWS::CloudWatch::Alarm"):
        alarm = resource["Properties"]
        for metric in _watched(alarm):
            for problem in _metric_problems(template, metric):
                yield f"{logical_id}: {problem}"
        if not alarm.get("AlarmDescription"):
            yield f"{logical_id} does not say what to do"
        if not alarm.get("TreatMissingData"):
            yield f"{logical_id} does not say what missing data means"


def _watched(alarm: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The metrics of an alarm: its own, or those in its math."""
    if "Metrics" not in alarm:
        yield alarm
    for query in alarm.get("Metrics", ()):
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"]


@cache
def _known() -> Mapping[tuple[str, str], Metric]:
    """The metrics that facts know, by namespace and name."""
    named = [*vars(metrics).values(), *vars(metrics_flink).values()]
    values = [value for value in named if isinstance(value, Metric)]
    values += [
        metric
        for table in named
        if isinstance(table, Mapping)
        for metric in table.values()
        if isinstance(metric, Metric)
    ]
    return {(metric.namespace, metric.name): metric for metric in values}


def _metric_problems(template: Mapping[str, Any], metric: Mapping[str, Any]) -> Iterator[str]:
    namespace, name = metric.get("Namespace", ""), metric.get("MetricName", "")
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions", ())}
    known = _known().get((namespace, name))
    missing = [dimension for dimension in known.dimensions if dimension not in dimensions] if known else []
    if missing:
        yield f"{namespace} publishes {name} under {', '.join(missing)} too, so the metric has no data"
    named = {dimension for fact in _known().values() if fact.namespace == namespace for dimension in fact.dimensions}
    for dimension, value in dimensions.items():
        expected = RESOURCE_OF_DIMENSION.get(dimension, "") if dimension in named else ""
        problem = _dimension_problem(template, dimension, value, expected)
        if problem:
            yield problem


def _dimension_problem(template: Mapping[str, Any], name: str, value: Any, expected: str) -> str:
    """What is wrong with the value of a dimension; `expected` is the type that it has to name, where that is known."""
    if isinstance(value, str):
        if name != "ConsumerName" or not expected:
            return "" if value else f"{name} is empty"
        names = [resource["Properties"]["ConsumerName"] for _, resource in _of_type(template, expected)]
        return "" if value in names else f"no consumer is registered as {value}"
    targets = set(_targets(value))
    # What comes in by a parameter or from another stack is named by whoever fills it in.
    outside = targets & {*template.get("Parameters", {}), "Fn::ImportValue"}
    pseudo = {target for target in targets if target.startswith("AWS::")}
    types = {target: template["Resources"].get(target, {}).get("Type") for target in targets - outside - pseudo}
    if outside or (expected in types.values() if expected else all(types.values())):
        return ""
    seen = ", ".join(f"{target} ({found or 'not in the template'})" for target, found in sorted(types.items()))
    return f"{name} refers to {seen or json.dumps(value)}, and to no {expected or 'resource'}"


def _targets(value: Any) -> Iterator[str]:
    """The logical ids that an intrinsic function refers to, however deep."""
    if isinstance(value, Mapping):
        for function, argument in value.items():
            if function == "Ref":
                yield argument
            elif function == "Fn::GetAtt":
                yield argument[0] if isinstance(argument, list) else argument.partition(".")[0]
            elif function == "Fn::ImportValue":
                yield function
            elif function == "Fn::Sub":
                text, *more = [argument] if isinstance(argument, str) else argument
                given = more[0] if more else {}
                yield from (name for name in _SUBSTITUTED.findall(text) if name not in given)
                yield from _targets(given)
            else:
                yield from _targets(argument)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)


def policy_problems(template: Mapping[str, Any]) -> Iterator[str]:
    """Statements that allow more than they name.

    Args:
        template: The synthesized template.
    """
    for logical_id, resource in template["Resources"].items():
        # The resource of a key policy is the key itself; IAM writes that as a star.
        own_resource = resource["Type"] == "AWS::KMS::Key"
        for statement in _statements(resource.get("Properties", {})):
            if statement.get("Effect") != "Allow":
                continue
            actions = _listed(statement.get("Action"))
            for action in actions:
                if "*" in action and not own_resource:
                    yield f"{logical_id} allows {action}"
            narrowed = all(_is_narrowed(action, statement) for action in actions)
            if "*" in _listed(statement.get("Resource")) and not own_resource and not narrowed:
                yield f"{logical_id} allows {', '.join(actions)} on everything"


def _is_narrowed(action: str, statement: Mapping[str, Any]) -> bool:
    """Whether an action may stand on everything."""
    return action in _NAME_NO_RESOURCE or _NARROWED_BY.get(action) in _conditions(statement)


def _conditions(statement: Mapping[str, Any]) -> set[str]:
    """The keys that a statement has conditions on."""
    return {key for test in statement.get("Condition", {}).values() for key in test}


def _statements(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if "Statement" in value:
            yield from value["Statement"]
        for inner in value.values():
            yield from _statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _statements(inner)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_type(template: Mapping[str, Any], resource_type: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == resource_type:
            yield logical_id, resource
