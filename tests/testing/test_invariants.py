"""The invariants speak up for templates that are not good, and only for those."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.facts import metrics, metrics_flink
from streaming_constructs.facts.metrics import RESOURCE_OF_DIMENSION, Metric
from streaming_constructs.testing import alarm_problems, policy_problems


def with_alarm(**properties: Any) -> dict[str, Any]:
    alarm = {
        "Namespace": "AWS/Kinesis",
        "MetricName": "IncomingBytes",
        "AlarmDescription": "what to do",
        "TreatMissingData": "notBreaching",
        **properties,
    }
    return {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
            "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {}},
            "Fan": {"Type": "AWS::Kinesis::StreamConsumer", "Properties": {"ConsumerName": "fraud"}},
            "Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
        },
    }


METRICS = {
    "StreamName": ("AWS/Kinesis", "IncomingBytes"),
    "QueueName": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    "ClientId": ("AWS/ES", "CPUUtilization"),
}


def dimension(name: str, value: Any) -> dict[str, Any]:
    """An alarm on a metric that facts know."""
    namespace, metric = METRICS[name]
    more = [{"Name": "DomainName", "Value": "search"}] if name == "ClientId" else []
    return with_alarm(Namespace=namespace, MetricName=metric, Dimensions=[*more, {"Name": name, "Value": value}])


def fan_out(consumer: str) -> dict[str, Any]:
    return with_alarm(
        MetricName="SubscribeToShardEvent.MillisBehindLatest",
        Dimensions=[{"Name": "StreamName", "Value": {"Ref": "Clicks"}}, {"Name": "ConsumerName", "Value": consumer}],
    )


def company(value: Any, *, namespace: str = "Company/Shop") -> dict[str, Any]:
    """A user's alarm on a metric of their own."""
    return with_alarm(Namespace=namespace, MetricName="Lag", Dimensions=[{"Name": "Cluster Name", "Value": value}])


def math(value: Any) -> dict[str, Any]:
    """An alarm on metric math."""
    stat = {"Namespace": "AWS/Kinesis", "MetricName": "IncomingBytes"}
    template = with_alarm(
        Metrics=[
            {"Id": "share", "Expression": "m / 2"},
            {"Id": "m", "MetricStat": {"Metric": {**stat, "Dimensions": [{"Name": "StreamName", "Value": value}]}}},
        ]
    )
    for name in stat:
        del template["Resources"]["Alarm"]["Properties"][name]
    return template


@pytest.mark.parametrize(
    "template",
    [
        dimension("StreamName", {"Ref": "Clicks"}),
        dimension("StreamName", "clicks-of-another-team"),
        dimension("StreamName", {"Ref": "Name"}),
        dimension("StreamName", {"Fn::ImportValue": "ClicksName"}),
        dimension("StreamName", {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["Clicks", "Arn"]}]}]}),
        dimension("StreamName", {"Fn::Sub": "${Clicks}"}),
        dimension("QueueName", {"Fn::GetAtt": ["Dead", "QueueName"]}),
        dimension("QueueName", {"Fn::GetAtt": "Dead.QueueName"}),
        dimension("ClientId", {"Ref": "AWS::AccountId"}),
        fan_out("fraud"),
        math({"Ref": "Clicks"}),
        company("main"),
        company({"Ref": "Clicks"}),
        company({"Fn::Sub": ["${Name}-${AWS::Region}-${here}", {"here": {"Ref": "Clicks"}}]}),
        with_alarm(Namespace="Company/Shop", MetricName="Orders"),
        with_alarm(Namespace="AWS/Lambda", MetricName="ConcurrentExecutions"),
    ],
)
def test_alarm_that_watches_something_is_fine(template: dict[str, Any]) -> None:
    assert list(alarm_problems(template)) == []


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        (with_alarm(), "Alarm: AWS/Kinesis publishes IncomingBytes under StreamName too"),
        (
            with_alarm(
                MetricName="SubscribeToShardEvent.MillisBehindLatest",
                Dimensions=[{"Name": "StreamName", "Value": {"Ref": "Clicks"}}],
            ),
            "Alarm: AWS/Kinesis publishes SubscribeToShardEvent.MillisBehindLatest under ConsumerName too",
        ),
        (
            dimension("StreamName", {"Ref": "Gone"}),
            "Alarm: StreamName refers to Gone (not in the template), and to no ",
        ),
        (dimension("StreamName", {"Ref": "Dead"}), "Alarm: StreamName refers to Dead (AWS::SQS::Queue), and to no "),
        (dimension("StreamName", ""), "Alarm: StreamName is empty"),
        (fan_out("nobody"), "Alarm: no consumer is registered as nobody"),
        (math({"Ref": "Dead"}), "Alarm: StreamName refers to Dead (AWS::SQS::Queue), and to no AWS::Kinesis::Stream"),
        (company({"Ref": "Gone"}), "Alarm: Cluster Name refers to Gone (not in the template), and to no resource"),
        (company({"Fn::Sub": "${Gone}-lag"}), "Alarm: Cluster Name refers to Gone (not in the template)"),
        (company(""), "Alarm: Cluster Name is empty"),
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


def test_what_a_dimension_names_is_known_of_every_metric_of_ours() -> None:
    named = [*vars(metrics).values(), *vars(metrics_flink).values()]
    ours = {dimension for value in named if isinstance(value, Metric) for dimension in value.dimensions}
    # An account is no resource, nor is an operation; an API and its stage are called by their names, and what is of Kafka by
    # names that clients know, in whatever template it is.
    names = {"ApiName", "Stage", "ClientId", "Operation", metrics.CLUSTER, metrics.BROKER, metrics.TOPIC, metrics.GROUP}
    assert ours - names == set(RESOURCE_OF_DIMENSION) - names


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
        (with_statement("AWS::IAM::Policy", Action=["ec2:CreateNetworkInterface"], Resource="*"), []),
        (
            with_statement("AWS::IAM::Policy", Action=["ec2:DescribeSubnets", "ec2:RunInstances"], Resource="*"),
            ["Policy allows ec2:DescribeSubnets, ec2:RunInstances on everything"],
        ),
        (with_statement("AWS::IAM::Policy", Action="*", Resource="arn", Effect="Deny"), []),
        (with_statement("AWS::KMS::Key", Action="kms:*", Resource="*"), []),
    ],
)
def test_statement_that_allows_too_much_is_named(template: dict[str, Any], problems: list[str]) -> None:
    assert list(policy_problems(template)) == problems
