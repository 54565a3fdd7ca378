"""What is wrong with the alarms and log groups of one template."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source
from tests.review.alarm_templates import (
    BESIDE,
    CONSUMER,
    EITHER,
    FAN_OUT,
    LAG,
    alarm,
    below,
    composite,
    dimension,
    math,
)


def found_in(resources: dict[str, Any]) -> list[tuple[str, str]]:
    source = as_source({"Resources": {**BESIDE, **resources}}, "template")
    return sorted((remark.code, remark.logical_id) for remark in audit(source) if "AUD500" <= remark.code <= "AUD599")


def reader(source: Any = None, **properties: Any) -> dict[str, Any]:
    mapping = {
        "EventSourceArn": source or {"Fn::GetAtt": ["Clicks", "Arn"]},
        "FunctionName": {"Ref": "Fraud"},
        **properties,
    }
    return {
        "Fraud": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "fraud"}},
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
    }


def lag_of_function(name: Any) -> dict[str, Any]:
    return alarm(Namespace="AWS/Lambda", MetricName="IteratorAge", Dimensions=dimension("FunctionName", name))


SAM: dict[str, Any] = {
    "Fraud": {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Events": {"In": {"Type": "Kinesis", "Properties": {"Stream": {"Fn::GetAtt": ["Clicks", "Arn"]}}}},
        },
    }
}
GOOD = [
    {**SAM, "Alarm": lag_of_function({"Ref": "Fraud"})},
    {"Alarm": alarm(ActionsEnabled={"Fn::If": ["IsProd", True, False]})},
    {"Alarm": alarm(AlarmActions={"Fn::If": ["IsProd", [{"Ref": "Topic"}], {"Ref": "AWS::NoValue"}]})},
    {"Alarm": alarm()},
    {**reader(), "Alarm": alarm()},
    {**reader(), "Alarm": math("m / 1000")},
    {**reader(), "Alarm": lag_of_function({"Ref": "Fraud"})},
    {**reader(), "Alarm": lag_of_function("fraud")},
    {**reader(Enabled=False)},
    {**reader({"Ref": "Consumer"}), "Consumer": CONSUMER, "Alarm": FAN_OUT},
    {**reader({"Fn::GetAtt": ["Work", "Arn"]}), "Work": {"Type": "AWS::SQS::Queue"}},
    {**reader("arn:aws:kafka:eu-west-1:111122223333:cluster/main/1")},
    below(EITHER),
    {
        "Alarm": alarm(but=("AlarmActions",)),
        "Rollback": {
            "Type": "AWS::CodeDeploy::DeploymentGroup",
            "Properties": {"AlarmConfiguration": {"Alarms": [{"Name": {"Ref": "Alarm"}}]}},
        },
    },
    {"Alarm": alarm(Namespace="AWS/ApiGateway", MetricName="4XXError", Dimensions=dimension("ApiName", "shop"))},
    {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}}},
]


@pytest.mark.parametrize("resources", GOOD)
def test_a_good_template_has_nothing_wrong(resources: dict[str, Any]) -> None:
    assert found_in(resources) == []


DEAD = {"Type": "AWS::SQS::Queue"}
TO_DEAD = {"DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Dead", "Arn"]}}}}


@pytest.mark.parametrize(
    ("expected", "resources"),
    [
        ([("AUD501", "Alarm")], {"Alarm": alarm(Dimensions=[])}),
        ([("AUD501", "Alarm"), ("AUD508", "Mapping")], {**reader(), "Alarm": alarm(Dimensions=[])}),
        ([("AUD501", "Alarm")], {"Alarm": alarm(Dimensions=dimension("FunctionName", "fraud"))}),
        ([("AUD502", "Alarm")], {"Alarm": alarm(Dimensions=dimension("StreamName", {"Ref": "Topic"}))}),
        ([("AUD503", "Alarm")], {"Alarm": alarm(Threshold=86_400_000)}),
        ([("AUD504", "Alarm")], {"Alarm": alarm(Statistic="Minimum")}),
        ([("AUD504", "Alarm")], {"Alarm": alarm(Statistic="Average")}),
        ([("AUD504", "Alarm")], {"Alarm": alarm(ComparisonOperator="LessThanThreshold")}),
        ([("AUD505", "Alarm")], {"Alarm": alarm(but=("AlarmActions",), OKActions=[{"Ref": "Topic"}])}),
        ([("AUD506", "Alarm")], {"Alarm": alarm(ActionsEnabled=False)}),
        (
            [("AUD507", "Topic")],
            {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/aws/sns"}}, "Alarm": alarm()},
        ),
        ([("AUD508", "Mapping")], reader()),
        ([("AUD508", "Fraud")], SAM),
        ([("AUD508", "Mapping")], reader("arn:aws:kinesis:eu-west-1:111122223333:stream/clicks")),
        (
            [("AUD508", "Mapping"), ("AUD511", "Alarm")],
            {**reader({"Ref": "Consumer"}), "Consumer": CONSUMER, "Alarm": alarm()},
        ),
        ([("AUD502", "Alarm"), ("AUD508", "Mapping")], {**reader(), "Alarm": lag_of_function("other")}),
        ([("AUD509", "Dead")], {**reader(**TO_DEAD), "Alarm": alarm(), "Dead": DEAD}),
        ([("AUD510", "Log")], {"Log": {"Type": "AWS::Logs::LogGroup"}}),
    ],
)
def test_a_fault_is_found(expected: list[tuple[str, str]], resources: dict[str, Any]) -> None:
    assert found_in(resources) == expected


HOSTILE: list[Any] = [
    None,
    1,
    "x",
    [],
    {},
    [None],
    [1, {"Name": 1}],
    {"Ref": []},
    {"Fn::Join": 1},
    {"a": {"b": []}},
    True,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_wrong_values_never_raise(value: Any) -> None:
    for name in [*LAG, "Metrics", "ActionsEnabled", "TreatMissingData", "EvaluationCriteria", "Unit"]:
        found_in({**reader(), "Alarm": alarm(**{name: value})})
    found_in({"Alarm": composite(value)})


def flink(runtime: Any, metric: str) -> dict[str, Any]:
    return {
        "Job": {"Type": "AWS::KinesisAnalyticsV2::Application", "Properties": {"RuntimeEnvironment": runtime}},
        "Alarm": alarm(
            Namespace="AWS/KinesisAnalytics", MetricName=metric, Dimensions=dimension("Application", {"Ref": "Job"})
        ),
    }


def share(metric: str, threshold: float) -> dict[str, Any]:
    return {"Alarm": alarm(MetricName=metric, Statistic="Average", Threshold=threshold)}


def told_through(*statements: dict[str, Any]) -> dict[str, Any]:
    policy = {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Statement": list(statements)}}
    return {"Alarm": alarm(), "Policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": policy}}


def lets(principal: Any, action: str = "sns:Publish") -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": {"Ref": "Topic"}}


@pytest.mark.parametrize(
    ("expected", "resources"),
    [
        ([("AUD511", "Alarm")], {"Alarm": alarm(MetricName="MaxPutRecordsThrottled")}),
        ([], {"Alarm": alarm(MetricName="PutRecords.ThrottledRecords")}),
        ([("AUD511", "Alarm")], {"Alarm": alarm(Namespace="AWS/KinesisStreams")}),
        ([], {"Alarm": alarm(Namespace="Ours")}),
        ([("AUD511", "Alarm")], flink("FLINK-2_2", "fullRestarts")),
        ([("AUD511", "Alarm")], flink("FLINK-1_20", "numRestarts")),
        ([], flink("FLINK-2_2", "numRestarts")),
        ([], flink("FLINK-1_20", "fullRestarts")),
        ([], flink({"Ref": "Runtime"}, "fullRestarts")),
        ([("AUD512", "Alarm")], share("PutRecord.Success", 95)),
        ([], share("PutRecord.Success", 0.95)),
        ([], share("IncomingRecords", 95)),
        ([("AUD507", "Policy")], told_through(lets({"Service": "budgets.amazonaws.com"}))),
        ([("AUD507", "Policy")], told_through(lets({"Service": "cloudwatch.amazonaws.com"}, "sns:Subscribe"))),
        ([], told_through(lets({"Service": "cloudwatch.amazonaws.com"}))),
        ([], told_through(lets({"AWS": "*"}))),
        ([], told_through(lets("*", "SNS:Pub*"))),
    ],
)
def test_what_an_alarm_looks_at_and_whom_it_tells(expected: list[tuple[str, str]], resources: dict[str, Any]) -> None:
    assert [found for found in found_in(resources) if found[0] != "AUD504"] == expected


@pytest.mark.parametrize(
    ("namespace", "name", "dimension", "expected"),
    [
        ("AWS/SQS", "NumberOfMessagesSent", "QueueArn", True),
        ("AWS/SQS", "NumberOfMessagesSent", "QueueUrl", True),
        ("AWS/SQS", "NumberOfMessagesSent", "QueueName", False),
        ("AWS/SQS", "ApproximateNumberOfMessages", "QueueName", True),
        ("AWS/Lambda", "Error", "FunctionName", True),
        ("AWS/Lambda", "Errors", "FunctionName", False),
    ],
)
def test_names_that_no_service_publishes(namespace: str, name: str, dimension: str, *, expected: bool) -> None:
    alarm = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": namespace,
            "MetricName": name,
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Dimensions": [{"Name": dimension, "Value": "orders"}],
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": ["arn:topic"],
        },
    }
    found = audit(as_source({"Resources": {"Alarm": alarm}}, "t"))
    assert [(each.code, each.grade) for each in found if each.code == "AUD511"] == [("AUD511", "danger")] * expected
