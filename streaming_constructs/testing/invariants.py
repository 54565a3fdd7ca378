"""What holds in every good template, whatever it builds: alarms watch something, policies name what they allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts import flink_service, permissions
from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM, metric_problems, watched_metrics
from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.reading.read_template import as_source

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
    # Without its conditions all that it may create is looked at.
    read = template_meaning(as_source({**template, "Conditions": {}}, "template"))
    for alarm in read.of_type(METRIC_ALARM):
        for metric in watched_metrics(alarm):
            for problem in metric_problems(read, metric):
                yield f"{alarm.logical_id}: {problem}"
        if not alarm.at("AlarmDescription"):
            yield f"{alarm.logical_id} does not say what to do"
        if not alarm.at("TreatMissingData"):
            yield f"{alarm.logical_id} does not say what missing data means"


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
