"""The invariants speak up for templates that are not good, and only for those."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.testing import alarm_problems, policy_problems


def with_alarm(**properties: Any) -> dict[str, Any]:
    alarm = {"AlarmDescription": "what to do", "TreatMissingData": "notBreaching", **properties}
    return {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
            "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {}},
            "Fan": {"Type": "AWS::Kinesis::StreamConsumer", "Properties": {"ConsumerName": "fraud"}},
            "Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
        },
    }


def dimension(name: str, value: Any) -> dict[str, Any]:
    return with_alarm(Dimensions=[{"Name": name, "Value": value}])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("StreamName", {"Ref": "Clicks"}),
        ("StreamName", "clicks-of-another-team"),
        ("StreamName", {"Ref": "Name"}),
        ("StreamName", {"Fn::ImportValue": "ClicksName"}),
        ("StreamName", {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["Clicks", "Arn"]}]}]}),
        ("QueueName", {"Fn::GetAtt": ["Dead", "QueueName"]}),
        ("ConsumerName", "fraud"),
    ],
)
def test_dimension_that_names_its_resource_is_fine(name: str, value: Any) -> None:
    assert list(alarm_problems(dimension(name, value))) == []


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        (with_alarm(), "Alarm has no dimensions, so its metric has no data"),
        (
            dimension("StreamName", {"Ref": "Gone"}),
            "Alarm: StreamName refers to Gone (not in the template), and to no ",
        ),
        (dimension("StreamName", {"Ref": "Dead"}), "Alarm: StreamName refers to Dead (AWS::SQS::Queue), and to no "),
        (dimension("StreamName", ""), "Alarm: StreamName is empty"),
        (dimension("ConsumerName", "nobody"), "Alarm: no consumer is registered as nobody"),
        (dimension("Stream", {"Ref": "Clicks"}), "Alarm: the dimension Stream is unknown"),
        (
            with_alarm(Dimensions=[{"Name": "StreamName", "Value": "a"}], AlarmDescription=""),
            "Alarm does not say what to do",
        ),
        (
            with_alarm(Dimensions=[{"Name": "StreamName", "Value": "a"}], TreatMissingData=""),
            "Alarm does not say what missing data means",
        ),
    ],
)
def test_alarm_that_watches_nothing_is_named(template: dict[str, Any], problem: str) -> None:
    (found,) = alarm_problems(template)
    assert found.startswith(problem)


def with_statement(resource_type: str, **statement: Any) -> dict[str, Any]:
    document = {"PolicyDocument": {"Statement": [{"Effect": "Allow", **statement}]}}
    return {"Resources": {"Policy": {"Type": resource_type, "Properties": document}}}


@pytest.mark.parametrize(
    ("template", "problems"),
    [
        (with_statement("AWS::IAM::Policy", Action="kinesis:GetRecords", Resource="arn"), []),
        (with_statement("AWS::IAM::Policy", Action=["kinesis:Get*"], Resource="arn"), ["Policy allows kinesis:Get*"]),
        (
            with_statement("AWS::IAM::Policy", Action=["a:B", "a:C"], Resource="*"),
            ["Policy allows a:B, a:C on everything"],
        ),
        (
            with_statement("AWS::IAM::Policy", Action="cloudwatch:PutMetricData", Resource="*"),
            ["Policy allows cloudwatch:PutMetricData on everything"],
        ),
        (
            with_statement(
                "AWS::IAM::Policy",
                Action="cloudwatch:PutMetricData",
                Resource="*",
                Condition={"StringEquals": {"cloudwatch:namespace": "Shop"}},
            ),
            [],
        ),
        (
            with_statement(
                "AWS::IAM::Policy",
                Action=["cloudwatch:PutMetricData", "a:B"],
                Resource="*",
                Condition={"StringEquals": {"cloudwatch:namespace": "Shop"}},
            ),
            ["Policy allows cloudwatch:PutMetricData, a:B on everything"],
        ),
        (with_statement("AWS::IAM::Policy", Action="*", Resource="arn", Effect="Deny"), []),
        (with_statement("AWS::KMS::Key", Action="kms:*", Resource="*"), []),
    ],
)
def test_statement_that_allows_too_much_is_named(template: dict[str, Any], problems: list[str]) -> None:
    assert list(policy_problems(template)) == problems
