"""Lambda: functions and event source mappings."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import EventSourceMapping, lambda_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.own_mapping import create_own_mapping
from streaming_constructs.local.aws.resources.resource_type import (
    Created,
    Properties,
    ResourceType,
    arn,
    given,
    tag_map,
)
from streaming_constructs.local.event_source.event_source_mapping import is_queue_arn

_CONFIGURATION = (
    "Description",
    "Handler",
    "MemorySize",
    "Role",
    "Runtime",
    "Timeout",
    "VpcConfig",
    "Environment",
    "Layers",
)
_ONCE = ("Architectures", "EphemeralStorage", "KmsKeyArn", "LoggingConfig", "PackageType", "TracingConfig")


def _create_function(aws: Aws, name: str, properties: Properties) -> Created:
    values = given(properties, (*_CONFIGURATION, *_ONCE, "Code"))
    created = aws.call("lambda", "CreateFunction", {"FunctionName": name, "Tags": tag_map(properties), **values})
    _reserve(aws, name, properties)
    return Created(name, {"Arn": created["FunctionArn"]})


def _update_function(aws: Aws, name: str, properties: Properties) -> None:
    code = given(properties["Code"], ("S3Bucket", "S3Key", "S3ObjectVersion", "ZipFile"))
    aws.call("lambda", "UpdateFunctionCode", {"FunctionName": name, **code})
    # What a template no longer says is back at AWS's default.
    defaults: dict[str, Any] = {
        "Description": "",
        "MemorySize": 128,
        "Timeout": 3,
        "Environment": {"Variables": {}},
        "Layers": [],
    }
    values = defaults | given(properties, _CONFIGURATION)
    aws.call("lambda", "UpdateFunctionConfiguration", {"FunctionName": name, **values})
    _reserve(aws, name, properties)


def _reserve(aws: Aws, name: str, properties: Properties) -> None:
    reserved = properties.get("ReservedConcurrentExecutions")
    if reserved is None:
        aws.call("lambda", "DeleteFunctionConcurrency", {"FunctionName": name})
        return
    values = {"FunctionName": name, "ReservedConcurrentExecutions": reserved}
    aws.call("lambda", "PutFunctionConcurrency", values)


def _delete_function(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("lambda", "DeleteFunction", {"FunctionName": name})


_CHANGEABLE = (
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "Enabled",
    "FilterCriteria",
    "FunctionResponseTypes",
    "KmsKeyArn",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "MetricsConfig",
    "ParallelizationFactor",
    "ScalingConfig",
    "TumblingWindowInSeconds",
)
_OF_KAFKA = ("AmazonManagedKafkaEventSourceConfig", "ProvisionedPollerConfig", "SourceAccessConfigurations", "Topics")


def _create_mapping(aws: Aws, name: str, properties: Properties) -> Created:
    source = properties["EventSourceArn"]
    if "Topics" in properties or is_queue_arn(source):
        function = aws.call("lambda", "GetFunction", {"FunctionName": properties["FunctionName"]})
        own = function["Configuration"]["FunctionArn"]
        return _created_mapping(aws, create_own_mapping(aws.region, own, properties))
    values = given(properties, (*_CHANGEABLE, "FunctionName", "StartingPosition", "StartingPositionTimestamp"))
    # moto knows the streams, but no registered consumers of them as sources.
    values["EventSourceArn"] = source.partition("/consumer/")[0]
    uuid = aws.call("lambda", "CreateEventSourceMapping", values)["UUID"]
    _mapping(aws, uuid).event_source_arn = source
    return _created_mapping(aws, uuid)


def _created_mapping(aws: Aws, uuid: str) -> Created:
    own = arn(aws, "lambda", f"event-source-mapping:{uuid}", ACCOUNT_ID)
    return Created(uuid, {"Id": uuid, "EventSourceMappingArn": own})


def _update_mapping(aws: Aws, uuid: str, properties: Properties) -> None:
    changed = given(properties, (*_CHANGEABLE, *_OF_KAFKA, "FunctionName"))
    if "Topics" in properties or is_queue_arn(properties["EventSourceArn"]):
        lambda_backends[ACCOUNT_ID][aws.region].update_event_source_mapping(uuid, changed)
        return
    aws.call("lambda", "UpdateEventSourceMapping", {"UUID": uuid, **changed})


def _delete_mapping(aws: Aws, uuid: str, properties: Properties) -> None:
    aws.call("lambda", "DeleteEventSourceMapping", {"UUID": uuid})


def _mapping(aws: Aws, uuid: str) -> EventSourceMapping:
    found = lambda_backends[ACCOUNT_ID][aws.region].get_event_source_mapping(uuid)
    assert found is not None  # it was just created
    return found


_PERMISSION = ("Action", "FunctionName", "Principal", "SourceArn")


def _create_permission(aws: Aws, name: str, properties: Properties) -> Created:
    aws.call("lambda", "AddPermission", {"StatementId": name, **given(properties, _PERMISSION)})
    return Created(name, {"Id": name})


def _delete_permission(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("lambda", "RemovePermission", {"FunctionName": properties["FunctionName"], "StatementId": name})


LAMBDA = (
    ResourceType(
        "AWS::Lambda::Permission",
        takes=frozenset(_PERMISSION),
        create=_create_permission,
        delete=_delete_permission,
        create_only=frozenset(_PERMISSION),
    ),
    ResourceType(
        "AWS::Lambda::Function",
        takes=frozenset({*_CONFIGURATION, *_ONCE, "Code", "FunctionName", "ReservedConcurrentExecutions", "Tags"}),
        create=_create_function,
        update=_update_function,
        delete=_delete_function,
        name="FunctionName",
        name_characters=64,
        create_only=frozenset({"FunctionName", "PackageType"}),
    ),
    ResourceType(
        "AWS::Lambda::EventSourceMapping",
        takes=frozenset(
            {
                *_CHANGEABLE,
                *_OF_KAFKA,
                "EventSourceArn",
                "FunctionName",
                "StartingPosition",
                "StartingPositionTimestamp",
            }
        ),
        create=_create_mapping,
        update=_update_mapping,
        delete=_delete_mapping,
        create_only=frozenset(
            {
                "AmazonManagedKafkaEventSourceConfig",
                "EventSourceArn",
                "StartingPosition",
                "StartingPositionTimestamp",
            }
        ),
        recorded={"Tags": "nothing here looks at them"},
    ),
)
