"""CloudWatch and Systems Manager: alarms, dashboards and parameters."""

from __future__ import annotations

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.resource_type import (
    Created,
    Properties,
    ResourceType,
    arn,
    created_by,
    given,
)

_ALARM = (
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Tags",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
)


def _create_alarm(aws: Aws, name: str, properties: Properties) -> Created:
    _set_alarm(aws, name, properties)
    return Created(name, {"Arn": arn(aws, "cloudwatch", f"alarm:{name}", ACCOUNT_ID)})


def _set_alarm(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("cloudwatch", "PutMetricAlarm", {"AlarmName": name, **given(properties, _ALARM)})


def _delete_alarm(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("cloudwatch", "DeleteAlarms", {"AlarmNames": [name]})


def _set_dashboard(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("cloudwatch", "PutDashboard", {"DashboardName": name, "DashboardBody": properties["DashboardBody"]})


def _delete_dashboard(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("cloudwatch", "DeleteDashboards", {"DashboardNames": [name]})


_PARAMETER = ("AllowedPattern", "DataType", "Description", "Policies", "Tier", "Type", "Value")


def _create_parameter(aws: Aws, name: str, properties: Properties) -> Created:
    aws.call("ssm", "PutParameter", {"Name": name, **given(properties, _PARAMETER)})
    return Created(name, given(properties, ("Type", "Value")))


def _set_parameter(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("ssm", "PutParameter", {"Name": name, "Overwrite": True, **given(properties, _PARAMETER)})


def _delete_parameter(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("ssm", "DeleteParameter", {"Name": name})


CLOUDWATCH_SSM = (
    ResourceType(
        "AWS::CloudWatch::Alarm",
        takes=frozenset({*_ALARM, "AlarmName"}),
        create=_create_alarm,
        update=_set_alarm,
        delete=_delete_alarm,
        name="AlarmName",
        create_only=frozenset({"AlarmName"}),
    ),
    ResourceType(
        "AWS::CloudWatch::Dashboard",
        takes=frozenset({"DashboardBody", "DashboardName"}),
        create=created_by(_set_dashboard),
        update=_set_dashboard,
        delete=_delete_dashboard,
        name="DashboardName",
        create_only=frozenset({"DashboardName"}),
        recorded={"Tags": "nothing here looks at them"},
    ),
    ResourceType(
        "AWS::SSM::Parameter",
        takes=frozenset({*_PARAMETER, "Name"}),
        create=_create_parameter,
        update=_set_parameter,
        delete=_delete_parameter,
        name="Name",
        create_only=frozenset({"Name", "Type"}),
        recorded={"Tags": "nothing here looks at them"},
    ),
)
