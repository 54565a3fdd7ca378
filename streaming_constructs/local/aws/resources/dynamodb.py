"""DynamoDB: tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, given

_CREATED = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "KeySchema",
    "ProvisionedThroughput",
    "Tags",
    "WarmThroughput",
)
_CHANGED = ("BillingMode", "DeletionProtectionEnabled", "ProvisionedThroughput", "WarmThroughput")
_KEY = frozenset({"AttributeDefinitions", "KeySchema", "TableName"})


def _create(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"TableName": name, **given(properties, _CREATED), **_stream(properties)}
    if properties.get("SSESpecification"):
        values["SSESpecification"] = _encryption(properties["SSESpecification"])
    made = aws.call("dynamodb", "CreateTable", values)["TableDescription"]
    _set_recovery(aws, name, properties)
    _set_expiry(aws, name, properties)
    return Created(name, {"Arn": made["TableArn"], "StreamArn": made.get("LatestStreamArn", "")})


def _update(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("dynamodb", "UpdateTable", {"TableName": name, **given(properties, _CHANGED)})
    _set_stream(aws, name, properties)
    _set_recovery(aws, name, properties)
    _set_expiry(aws, name, properties)


def _delete(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("dynamodb", "DeleteTable", {"TableName": name})


def _encryption(specification: Mapping[str, Any]) -> dict[str, Any]:
    """The key as the API takes it, which calls what switches it on otherwise than a template does."""
    return {"Enabled": specification["SSEEnabled"], **given(specification, ("KMSMasterKeyId", "SSEType"))}


def _stream(properties: Properties) -> dict[str, Any]:
    specification = properties.get("StreamSpecification")
    if not specification:
        return {}
    return {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": specification["StreamViewType"]}}


def _set_stream(aws: Aws, name: str, properties: Properties) -> None:
    there = aws.client("dynamodb").describe_table(TableName=name)["Table"].get("StreamSpecification", {})
    asked = _stream(properties)
    if bool(there.get("StreamEnabled")) != bool(asked):
        off = {"StreamSpecification": {"StreamEnabled": False}}
        aws.call("dynamodb", "UpdateTable", {"TableName": name, **(asked or off)})


def _set_recovery(aws: Aws, name: str, properties: Properties) -> None:
    asked = properties.get("PointInTimeRecoverySpecification") or {"PointInTimeRecoveryEnabled": False}
    values = {"TableName": name, "PointInTimeRecoverySpecification": asked}
    aws.call("dynamodb", "UpdateContinuousBackups", values)


def _set_expiry(aws: Aws, name: str, properties: Properties) -> None:
    """Switches expiry on or off. Nothing expires here: on AWS it takes days, and a rehearsal is over before."""
    asked = properties.get("TimeToLiveSpecification") or {"Enabled": False}
    there = aws.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    is_on, attribute = there["TimeToLiveStatus"] == "ENABLED", there.get("AttributeName")
    if asked["Enabled"] and is_on and asked["AttributeName"] != attribute:
        raise ValueError(f"items expire by {attribute} already; that has to be off before another attribute is named")
    if bool(asked["Enabled"]) != is_on:
        values = {"TableName": name, "TimeToLiveSpecification": {"AttributeName": attribute, **asked}}
        aws.call("dynamodb", "UpdateTimeToLive", values)


DYNAMODB = (
    ResourceType(
        "AWS::DynamoDB::Table",
        takes=frozenset(
            {
                *_CREATED,
                "PointInTimeRecoverySpecification",
                "SSESpecification",
                "StreamSpecification",
                "TableName",
                "TimeToLiveSpecification",
            }
        ),
        recorded={"TableClass": "only what is stored and asked for has another price"},
        create=_create,
        update=_update,
        delete=_delete,
        name="TableName",
        create_only=_KEY,
    ),
)
