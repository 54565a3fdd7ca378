"""Managed Service for Apache Flink: applications, and where they log. CloudFormation creates one in READY, and starts none."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, given
from streaming_constructs.local.managed_flink.application_configuration import vpc_id

_API = "kinesisanalyticsv2"
_TRANSIENT = {"DELETING", "FORCE_STOPPING", "ROLLING_BACK", "STARTING", "STOPPING", "UPDATING"}
_LOOK_SECONDS = 0.05
_GONE = "ResourceNotFoundException"
_LATEST, _SKIP = "RESTORE_FROM_LATEST_SNAPSHOT", "SKIP_RESTORE_FROM_SNAPSHOT"


def _create(aws: Aws, name: str, properties: Properties) -> Created:
    taken = ("ApplicationConfiguration", "ApplicationDescription", "ApplicationMode", "RuntimeEnvironment", "Tags")
    values = {"ApplicationName": name, **given(properties, (*taken, "ServiceExecutionRole"))}
    aws.call(_API, "CreateApplication", values)
    _set_maintenance(aws, name, properties)
    return Created(name)


def _update(aws: Aws, name: str, properties: Properties) -> None:
    application = settled(aws, name)
    configuration = properties.get("ApplicationConfiguration", {})
    values: dict[str, Any] = {
        "ApplicationName": name,
        "CurrentApplicationVersionId": application["ApplicationVersionId"],
        "ApplicationConfigurationUpdate": configuration_update(configuration),
        "RuntimeEnvironmentUpdate": properties["RuntimeEnvironment"],
        "ServiceExecutionRoleUpdate": properties["ServiceExecutionRole"],
    }
    if application["ApplicationStatus"] == "RUNNING":  # that of any other is not looked at
        values["RunConfigurationUpdate"] = properties.get("RunConfiguration")
    operation = aws.call(_API, "UpdateApplication", values)["OperationId"]
    settled(aws, name)
    _or_failed(aws, name, operation)
    tags = properties.get("Tags")
    if tags:
        aws.call(_API, "TagResource", {"ResourceARN": application["ApplicationARN"], "Tags": tags})
    _set_maintenance(aws, name, properties)


def _set_maintenance(aws: Aws, name: str, properties: Properties) -> None:
    window = properties.get("ApplicationMaintenanceConfiguration")
    if window:
        start = window["ApplicationMaintenanceWindowStartTime"]
        values = {
            "ApplicationName": name,
            "ApplicationMaintenanceConfigurationUpdate": {"ApplicationMaintenanceWindowStartTimeUpdate": start},
        }
        aws.call(_API, "UpdateApplicationMaintenanceConfiguration", values)


def configuration_update(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """An `ApplicationConfigurationUpdate` to a configuration as templates have it.

    Args:
        configuration: The configuration.
    """
    update: dict[str, Any] = {}
    for name, value in configuration.items():
        if name == "EnvironmentProperties":
            update["EnvironmentPropertyUpdates"] = value
        elif name == "VpcConfigurations":
            update["VpcConfigurationUpdates"] = [
                {
                    "VpcConfigurationId": vpc_id(place),
                    "SubnetIdUpdates": vpc["SubnetIds"],
                    "SecurityGroupIdUpdates": vpc["SecurityGroupIds"],
                }
                for place, vpc in enumerate(value)
            ]
        else:
            update[f"{name}Update"] = configuration_update(value) if isinstance(value, Mapping) else value
    return update


def _delete(aws: Aws, name: str, properties: Properties) -> None:
    try:
        application = settled(aws, name)
        values = {"ApplicationName": name, "CreateTimestamp": application["CreateTimestamp"]}
        aws.client(_API).delete_application(**values)
    except ClientError as error:
        if error.response["Error"]["Code"] != _GONE:
            raise


def settled(aws: Aws, name: str) -> dict[str, Any]:
    """Waits until an application is not in the middle of something.

    Args:
        aws: The API.
        name: Its name.

    Returns:
        Its description.

    Raises:
        ClientError: If there is none.
    """
    while True:
        told: dict[str, Any] = aws.client(_API).describe_application(ApplicationName=name)["ApplicationDetail"]
        if told["ApplicationStatus"] not in _TRANSIENT:
            return told
        time.sleep(_LOOK_SECONDS)


def start_application(aws: Aws, name: str, restore: str = "") -> None:
    """Starts an application that does not run, and waits until it runs.

    Args:
        aws: The API.
        name: Its name.
        restore: `latest_snapshot`, `nothing`, or the name of a snapshot. Empty: the latest, if there is one.

    Raises:
        ValueError: If it does not come to run: with what Flink says.
    """
    if settled(aws, name)["ApplicationStatus"] != "READY":
        return
    if restore in ("", "latest_snapshot"):
        snapshots = aws.client(_API).list_application_snapshots(ApplicationName=name)["SnapshotSummaries"]
        wanted = {"ApplicationRestoreType": _LATEST if snapshots else _SKIP}
    elif restore == "nothing":
        wanted = {"ApplicationRestoreType": _SKIP}
    else:
        wanted = {"ApplicationRestoreType": "RESTORE_FROM_CUSTOM_SNAPSHOT", "SnapshotName": restore}
    operation = aws.client(_API).start_application(
        ApplicationName=name, RunConfiguration={"ApplicationRestoreConfiguration": wanted}
    )["OperationId"]
    settled(aws, name)
    _or_failed(aws, name, operation)


def _or_failed(aws: Aws, name: str, operation: str) -> None:
    """Raises what an operation failed with."""
    told = aws.client(_API).describe_application_operation(ApplicationName=name, OperationId=operation)
    details = told["ApplicationOperationInfoDetails"]
    if details["OperationStatus"] == "FAILED":
        why = details["OperationFailureDetails"]["ErrorInfo"]["ErrorString"]
        raise ValueError(f"the application {name} failed: {details['Operation']}: {why}")


def _create_option(aws: Aws, name: str, properties: Properties) -> Created:
    application = settled(aws, properties["ApplicationName"])
    values = {
        "ApplicationName": properties["ApplicationName"],
        "CurrentApplicationVersionId": application["ApplicationVersionId"],
        "CloudWatchLoggingOption": {"LogStreamARN": properties["CloudWatchLoggingOption"]["LogStreamARN"]},
    }
    options = aws.call(_API, "AddApplicationCloudWatchLoggingOption", values)["CloudWatchLoggingOptionDescriptions"]
    settled(aws, properties["ApplicationName"])
    return Created(f"{properties['ApplicationName']}|{options[-1]['CloudWatchLoggingOptionId']}")


def _update_option(aws: Aws, physical_id: str, properties: Properties) -> None:
    name, _, option = physical_id.partition("|")
    arn = properties["CloudWatchLoggingOption"]["LogStreamARN"]
    values = {
        "ApplicationName": name,
        "CurrentApplicationVersionId": settled(aws, name)["ApplicationVersionId"],
        "CloudWatchLoggingOptionUpdates": [{"CloudWatchLoggingOptionId": option, "LogStreamARNUpdate": arn}],
    }
    aws.call(_API, "UpdateApplication", values)
    settled(aws, name)


def _delete_option(aws: Aws, physical_id: str, properties: Properties) -> None:
    name, _, option = physical_id.partition("|")
    try:
        version = settled(aws, name)["ApplicationVersionId"]
        values = {"ApplicationName": name, "CurrentApplicationVersionId": version, "CloudWatchLoggingOptionId": option}
        aws.call(_API, "DeleteApplicationCloudWatchLoggingOption", values)
        settled(aws, name)
    except ClientError as error:
        if error.response["Error"]["Code"] != _GONE:
            raise


MANAGED_FLINK = (
    ResourceType(
        "AWS::KinesisAnalyticsV2::Application",
        takes=frozenset(
            {
                "ApplicationConfiguration",
                "ApplicationDescription",
                "ApplicationMaintenanceConfiguration",
                "ApplicationMode",
                "ApplicationName",
                "RunConfiguration",
                "RuntimeEnvironment",
                "ServiceExecutionRole",
                "Tags",
            }
        ),
        create=_create,
        update=_update,
        delete=_delete,
        name="ApplicationName",
        name_characters=128,
        create_only=frozenset({"ApplicationMode", "ApplicationName"}),
    ),
    ResourceType(
        "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
        takes=frozenset({"ApplicationName", "CloudWatchLoggingOption"}),
        create=_create_option,
        update=_update_option,
        delete=_delete_option,
        create_only=frozenset({"ApplicationName"}),
    ),
)
