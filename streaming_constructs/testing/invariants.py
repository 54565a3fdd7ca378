"""What holds in every good template, whatever it builds: alarms watch something, policies name what they allow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_WATCHED = {
    "ConsumerName": "AWS::Kinesis::StreamConsumer",
    "DeliveryStreamName": "AWS::KinesisFirehose::DeliveryStream",
    "DomainName": "AWS::OpenSearchService::Domain",
    "EventSourceMappingUUID": "AWS::Lambda::EventSourceMapping",
    "FunctionName": "AWS::Lambda::Function",
    "QueueName": "AWS::SQS::Queue",
    "StreamName": "AWS::Kinesis::Stream",
}
"""What each dimension names."""
_NARROWED_BY = {"cloudwatch:PutMetricData": "cloudwatch:namespace"}
"""Actions that name no resource, and the condition that narrows them instead.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
"""


def alarm_problems(template: Mapping[str, Any]) -> Iterator[str]:
    """Alarms that watch nothing, or say nothing to whom they wake.

    Args:
        template: The synthesized template.
    """
    for logical_id, resource in _of_type(template, "AWS::CloudWatch::Alarm"):
        alarm = resource["Properties"]
        if not alarm.get("Dimensions"):
            yield f"{logical_id} has no dimensions, so its metric has no data"
        for dimension in alarm.get("Dimensions", ()):
            problem = _dimension_problem(template, dimension["Name"], dimension["Value"])
            if problem:
                yield f"{logical_id}: {problem}"
        if not alarm.get("AlarmDescription"):
            yield f"{logical_id} does not say what to do"
        if not alarm.get("TreatMissingData"):
            yield f"{logical_id} does not say what missing data means"


def _dimension_problem(template: Mapping[str, Any], name: str, value: Any) -> str:
    if name == "ClientId":
        return "" if value == {"Ref": "AWS::AccountId"} or str(value).isdigit() else "ClientId is no account"
    expected = _WATCHED.get(name)
    if expected is None:
        return f"the dimension {name} is unknown"
    if isinstance(value, str):
        if name != "ConsumerName":
            return "" if value else f"{name} is empty"
        names = [one["Properties"]["ConsumerName"] for _, one in _of_type(template, expected)]
        return "" if value in names else f"no consumer is registered as {value}"
    targets = set(_targets(value))
    # What comes in by a parameter or from another stack is named by whoever fills it in.
    outside = targets & {*template.get("Parameters", {}), "Fn::ImportValue"}
    types = {target: template["Resources"].get(target, {}).get("Type") for target in targets - outside}
    if outside or expected in types.values():
        return ""
    named = ", ".join(f"{target} ({found or 'not in the template'})" for target, found in sorted(types.items()))
    return f"{name} refers to {named or json.dumps(value)}, and to no {expected}"


def _targets(value: Any) -> Iterator[str]:
    """The logical ids that an intrinsic function refers to, however deep."""
    if isinstance(value, Mapping):
        for function, argument in value.items():
            if function == "Ref":
                yield argument
            elif function == "Fn::GetAtt":
                yield argument[0]
            elif function == "Fn::ImportValue":
                yield function
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
            narrowed = all(_NARROWED_BY.get(action) in _conditions(statement) for action in actions)
            if "*" in _listed(statement.get("Resource")) and not own_resource and not narrowed:
                yield f"{logical_id} allows {', '.join(actions)} on everything"


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
