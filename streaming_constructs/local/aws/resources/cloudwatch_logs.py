"""CloudWatch Logs: groups, streams, policies, and what sends log events on."""

from __future__ import annotations

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.resource_type import (
    Created,
    Properties,
    ResourceType,
    arn,
    document,
    tag_map,
)


def _create_group(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"logGroupName": name, "kmsKeyId": properties.get("KmsKeyId"), "tags": tag_map(properties)}
    aws.call("logs", "CreateLogGroup", values)
    _set_group(aws, name, properties)
    return Created(name, {"Arn": f"{arn(aws, 'logs', f'log-group:{name}', ACCOUNT_ID)}:*"})


def _set_group(aws: Aws, name: str, properties: Properties) -> None:
    days = properties.get("RetentionInDays")
    if days is None:
        aws.call("logs", "DeleteRetentionPolicy", {"logGroupName": name})
    else:
        aws.call("logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": days})


def _delete_group(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("logs", "DeleteLogGroup", {"logGroupName": name})


def _create_stream(aws: Aws, name: str, properties: Properties) -> Created:
    wanted = properties.get("LogStreamName", name)
    aws.call("logs", "CreateLogStream", {"logGroupName": properties["LogGroupName"], "logStreamName": wanted})
    return Created(wanted)


def _delete_stream(aws: Aws, name: str, properties: Properties) -> None:
    # Its group may be gone already, and it with it.
    logs, group = aws.client("logs"), properties["LogGroupName"]
    if logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.delete_log_stream(logGroupName=group, logStreamName=name)


def _create_policy(aws: Aws, name: str, properties: Properties) -> Created:
    _set_policy(aws, properties["PolicyName"], properties)
    return Created(properties["PolicyName"])


def _set_policy(aws: Aws, name: str, properties: Properties) -> None:
    values = {"policyName": name, "policyDocument": document(properties["PolicyDocument"])}
    aws.call("logs", "PutResourcePolicy", values)


def _delete_policy(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("logs", "DeleteResourcePolicy", {"policyName": name})


_FILTER = {
    "DestinationArn": "destinationArn",
    "Distribution": "distribution",
    "FilterPattern": "filterPattern",
    "LogGroupName": "logGroupName",
    "RoleArn": "roleArn",
}


def _create_filter(aws: Aws, name: str, properties: Properties) -> Created:
    wanted = properties.get("FilterName", name)
    _set_filter(aws, wanted, properties)
    return Created(wanted)


def _set_filter(aws: Aws, name: str, properties: Properties) -> None:
    values = {member: properties.get(property_name) for property_name, member in _FILTER.items()}
    aws.call("logs", "PutSubscriptionFilter", {"filterName": name, **values})


def _delete_filter(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("logs", "DeleteSubscriptionFilter", {"logGroupName": properties["LogGroupName"], "filterName": name})


def _create_destination(aws: Aws, name: str, properties: Properties) -> Created:
    _set_destination(aws, name, properties)
    return Created(name, {"Arn": arn(aws, "logs", f"destination:{name}", ACCOUNT_ID)})


def _set_destination(aws: Aws, name: str, properties: Properties) -> None:
    values = {"destinationName": name, "targetArn": properties["TargetArn"], "roleArn": properties["RoleArn"]}
    aws.call("logs", "PutDestination", values)
    policy = properties.get("DestinationPolicy")
    if policy is not None:
        text = {"destinationName": name, "accessPolicy": document(policy)}
        aws.call("logs", "PutDestinationPolicy", text)


def _delete_destination(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("logs", "DeleteDestination", {"destinationName": name})


CLOUDWATCH_LOGS = (
    ResourceType(
        "AWS::Logs::LogGroup",
        takes=frozenset({"KmsKeyId", "LogGroupName", "RetentionInDays", "Tags"}),
        create=_create_group,
        update=_set_group,
        delete=_delete_group,
        name="LogGroupName",
        create_only=frozenset({"LogGroupName"}),
        recorded={"LogGroupClass": "all groups are alike here"},
    ),
    ResourceType(
        "AWS::Logs::LogStream",
        takes=frozenset({"LogGroupName", "LogStreamName"}),
        create=_create_stream,
        delete=_delete_stream,
    ),
    ResourceType(
        "AWS::Logs::ResourcePolicy",
        takes=frozenset({"PolicyDocument", "PolicyName"}),
        create=_create_policy,
        update=_set_policy,
        delete=_delete_policy,
        create_only=frozenset({"PolicyName"}),
    ),
    ResourceType(
        "AWS::Logs::SubscriptionFilter",
        takes=frozenset({*_FILTER, "FilterName"}),
        create=_create_filter,
        update=_set_filter,
        delete=_delete_filter,
        create_only=frozenset({"FilterName", "LogGroupName"}),
    ),
    ResourceType(
        "AWS::Logs::Destination",
        takes=frozenset({"DestinationName", "DestinationPolicy", "RoleArn", "TargetArn"}),
        create=_create_destination,
        update=_set_destination,
        delete=_delete_destination,
        name="DestinationName",
        recorded={"Tags": "nothing here looks at them"},
    ),
)
