"""What changes of logs, metrics, events, schedules and pipes mean."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.events.event_patterns import filters_change, pattern_change
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

BESIDE = {
    "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 2}},
    "Work": {"Type": "AWS::SQS::Queue"},
    "Failed": {"Type": "AWS::SQS::Queue"},
    "Logs": {"Type": "AWS::Logs::LogGroup"},
}


def said(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    """Codes and grades of what a review says of two templates, beside what both have."""
    before, after = ({"Resources": {**BESIDE, **resources}} for resources in (old, new))
    found = review(as_source(before, "old"), as_source(after, "new"))
    return sorted({(remark.code, remark.grade) for remark in found.remarks})


def of(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Mine": {"Type": f"AWS::{kind}", "Properties": properties}}


def change(kind: str, common: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    return said(of(kind, {**common, **old}), of(kind, {**common, **new}))


GROUP = "Logs::LogGroup"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"RetentionInDays": 30}, {"RetentionInDays": 7}, ("REV540", "danger")),
        ({}, {"RetentionInDays": 3653}, ("REV540", "danger")),
        ({"RetentionInDays": 7}, {"RetentionInDays": "30"}, ("REV541", "fine")),
        ({"RetentionInDays": 7}, {}, ("REV541", "fine")),
        ({"RetentionInDays": 7}, {"RetentionInDays": {"Ref": "AWS::StackName"}}, ("REV541", "caution")),
        ({"KmsKeyId": "k"}, {}, ("REV542", "caution")),
        ({"KmsKeyId": "k"}, {"KmsKeyId": "l"}, ("REV542", "caution")),
        ({}, {"KmsKeyId": "k"}, ("REV543", "fine")),
        ({}, {"LogGroupClass": "INFREQUENT_ACCESS"}, ("REV544", "danger")),
        ({"DeletionProtectionEnabled": True}, {}, ("REV545", "caution")),
        ({}, {"DeletionProtectionEnabled": True}, ("REV543", "fine")),
        ({"DataProtectionPolicy": {"Name": "p"}}, {}, ("REV545", "caution")),
        ({}, {"BearerTokenAuthenticationEnabled": True}, ("REV545", "caution")),
    ],
)
def test_log_groups(old: dict[str, Any], new: dict[str, Any], expected: tuple[str, str]) -> None:
    assert change(GROUP, {}, old, new) == [expected]


def test_defaults_of_logs_mean_nothing() -> None:
    defaults = {"LogGroupClass": "STANDARD", "DeletionProtectionEnabled": False}
    assert change(GROUP, {"RetentionInDays": 7}, {}, {**defaults, "RetentionInDays": "7"}) == []


SUBSCRIPTION = {
    "LogGroupName": {"Ref": "Logs"},
    "FilterPattern": "",
    "DestinationArn": {"Fn::GetAtt": ["Clicks", "Arn"]},
}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"FilterPattern": "ERROR"}, [("REV548", "danger")]),
        ({"FilterPattern": "ERROR"}, {}, [("REV550", "fine")]),
        ({"FilterPattern": "ERROR"}, {"FilterPattern": "?ERROR ?WARN"}, [("REV549", "caution")]),
        ({}, {"DestinationArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/a"}, [("REV549", "caution")]),
        ({}, {"Distribution": "Random"}, [("REV549", "caution")]),
        ({}, {"Distribution": "ByLogStream"}, []),
    ],
)
def test_subscriptions(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert change("Logs::SubscriptionFilter", SUBSCRIPTION, old, new) == expected


def test_a_subscription_that_is_removed() -> None:
    mine = of("Logs::SubscriptionFilter", SUBSCRIPTION)
    assert said(mine, {}) == [("REV547", "danger")]
    other = {"Other": {"Type": "AWS::Logs::SubscriptionFilter", "Properties": {**SUBSCRIPTION, "RoleArn": "r"}}}
    assert said({**mine, **other}, other) == [("REV549", "caution")]
    apart = of("Logs::SubscriptionFilter", {**SUBSCRIPTION, "LogGroupName": {"Ref": "Group"}})
    group = {"Group": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain"}}
    assert said({**apart, **group}, {}) == [("REV104", "caution"), ("REV550", "fine")]


def counted(name: str = "Errors", pattern: str = "ERROR", **more: Any) -> dict[str, Any]:
    made = {"MetricNamespace": "Shop", "MetricName": name, "MetricValue": "1", **more}
    return {
        "Filter": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {"LogGroupName": {"Ref": "Logs"}, "FilterPattern": pattern, "MetricTransformations": [made]},
        }
    }


def errors(name: str = "Errors") -> dict[str, Any]:
    properties = {"Namespace": "Shop", "MetricName": name, "Statistic": "Sum", "Period": 60, "Threshold": 0}
    firing = {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": ["arn"]}
    return {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {**properties, **firing}}}


def test_an_alarm_stands_on_the_metric_of_a_filter() -> None:
    watched = {**counted(), **errors()}
    assert said(watched, {**counted("Failures"), **errors()}) == [("REV551", "danger"), ("REV552", "caution")]
    assert said(watched, errors()) == [("REV551", "danger"), ("REV552", "caution")]
    dimensions: dict[str, Any] = {"Dimensions": [{"Key": "shop", "Value": "$.shop"}]}
    assert ("REV551", "danger") in said(watched, {**counted(**dimensions), **errors()})
    assert said(watched, {**counted(pattern="FATAL"), **errors()}) == [("REV552", "caution")]
    assert said(watched, {**counted(), **errors()}) == []


RULE: dict[str, Any] = {
    "EventPattern": {"source": ["shop", "depot"]},
    "Targets": [{"Id": "a", "Arn": {"Fn::GetAtt": ["Work", "Arn"]}}],
}
QUEUE = {"DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Failed", "Arn"]}}}


def target(**more: Any) -> dict[str, Any]:
    return {"Targets": [{**RULE["Targets"][0], **more}]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"State": "DISABLED"}, [("REV560", "danger")]),
        ({"State": "DISABLED"}, {}, [("REV564", "fine")]),
        ({}, {"EventPattern": {"source": ["shop"]}}, [("REV562", "danger")]),
        ({}, {"EventPattern": {"source": ["shop", "depot"], "detail": {"a": [1]}}}, [("REV562", "danger")]),
        ({}, {"EventPattern": '{"source": ["shop", "depot", "web"]}'}, [("REV564", "fine")]),
        ({}, {"EventPattern": {"source": ["web"]}}, [("REV563", "caution")]),
        ({}, {"EventPattern": {"source": ["depot", "shop"]}}, []),
        ({}, {"Targets": []}, [("REV562", "danger")]),
        ({}, target(Id="b"), []),
        ({}, target(Arn={"Fn::GetAtt": ["Failed", "Arn"]}), [("REV563", "caution")]),
        ({}, target(InputPath="$.detail"), [("REV563", "caution")]),
        (target(**QUEUE), {}, [("REV565", "danger")]),
        ({}, target(**QUEUE), [("REV564", "fine")]),
        ({}, target(RetryPolicy={"MaximumRetryAttempts": 2}), [("REV565", "danger")]),
        ({}, target(RetryPolicy={"MaximumRetryAttempts": 185}), []),
        (target(**QUEUE), target(**QUEUE, RetryPolicy={"MaximumEventAgeInSeconds": 60}), [("REV566", "caution")]),
    ],
)
def test_rules(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert change("Events::Rule", RULE, old, new) == expected


def test_a_rule_that_is_removed() -> None:
    assert said(of("Events::Rule", RULE), {}) == [("REV560", "danger")]
    more = {"Extra": {"Type": "AWS::Lambda::Function", "Properties": {}}}
    apart = of("Events::Rule", {**RULE, "Targets": [{"Id": "a", "Arn": {"Fn::GetAtt": ["Extra", "Arn"]}}]})
    assert ("REV564", "fine") in said({**apart, **more}, {})


def test_a_rule_that_is_called_otherwise() -> None:
    def named(name: str, **more: Any) -> dict[str, Any]:
        return {name: {"Type": "AWS::Events::Rule", "Properties": {**RULE, **more}}}

    assert said(named("A"), named("B")) == [("REV112", "caution")]
    assert said(named("A"), named("B", State="DISABLED")) == [("REV112", "caution"), ("REV560", "danger")]


def test_a_subscription_that_is_called_otherwise() -> None:
    def named(name: str, **more: Any) -> dict[str, Any]:
        return {name: {"Type": "AWS::Logs::SubscriptionFilter", "Properties": {**SUBSCRIPTION, **more}}}

    assert said(named("A"), named("B")) == [("REV112", "caution")]
    assert said(named("A"), named("B", FilterPattern="ERROR")) == [("REV112", "caution"), ("REV548", "danger")]
    moved = named("B", LogGroupName="elsewhere")
    assert said(named("A"), moved) == [("REV111", "fine"), ("REV547", "danger")]


SCHEDULE = {
    "ScheduleExpression": "rate(1 day)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": "a", "RoleArn": "r"},
}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"State": "DISABLED"}, [("REV561", "caution")]),
        ({"State": "ENABLED"}, []),
        ({"ScheduleExpression": "rate(2 days)"}, [("REV563", "caution")]),
        ({"Target": {"Arn": "a", "RoleArn": "r", **QUEUE}}, [("REV564", "fine")]),
        ({"Target": "wrong"}, [("REV563", "caution")]),
    ],
)
def test_schedules(new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert change("Scheduler::Schedule", SCHEDULE, {}, new) == expected


def pipe(filters: Any = None, **settings: Any) -> dict[str, Any]:
    return {
        "RoleArn": "r",
        "Source": {"Fn::GetAtt": ["Clicks", "Arn"]},
        "Target": {"Fn::GetAtt": ["Work", "Arn"]},
        "SourceParameters": {
            "KinesisStreamParameters": {"StartingPosition": "LATEST", **settings},
            **({"FilterCriteria": {"Filters": filters}} if filters else {}),
        },
    }


SHOP = [{"Pattern": '{"data": {"kind": ["a", "b"]}}'}]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (pipe(), {**pipe(), "DesiredState": "STOPPED"}, [("REV570", "danger")]),
        (pipe(), pipe(StartingPosition="TRIM_HORIZON"), [("REV571", "danger")]),
        (pipe(), pipe(BatchSize=10), [("REV574", "fine")]),
        (pipe(), pipe(MaximumRetryAttempts=-1), []),
        (pipe(), pipe(MaximumRetryAttempts=3), [("REV565", "danger")]),
        (pipe(**QUEUE), pipe(**QUEUE, MaximumRetryAttempts=3), [("REV573", "caution")]),
        (pipe(**QUEUE, MaximumRetryAttempts=3), pipe(MaximumRetryAttempts=3), [("REV565", "danger")]),
        (pipe(**QUEUE), pipe(), [("REV573", "caution")]),
        (pipe(OnPartialBatchItemFailure="AUTOMATIC_BISECT"), pipe(), [("REV573", "caution")]),
        (pipe(), pipe(SHOP), [("REV562", "danger")]),
        (pipe(SHOP), pipe([{"Pattern": '{"data": {"kind": ["b", "a"]}}'}]), []),
        (pipe(SHOP), pipe(), [("REV574", "fine")]),
        (pipe(), {**pipe(), "TargetParameters": {"InputTemplate": "x"}}, [("REV573", "caution")]),
    ],
)
def test_pipes(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert said(of("Pipes::Pipe", old), of("Pipes::Pipe", new)) == expected


def test_a_pipe_of_kafka_with_a_group_keeps_its_position() -> None:
    def kafka(**more: Any) -> dict[str, Any]:
        settings = {"TopicName": "clicks", "StartingPosition": "LATEST", **more}
        return {
            "Source": "arn",
            "Target": "t",
            "RoleArn": "r",
            "SourceParameters": {"ManagedStreamingKafkaParameters": settings},
        }

    def of_two(**more: Any) -> list[tuple[str, str]]:
        return said(
            of("Pipes::Pipe", {"Name": "a", **kafka(**more)}), of("Pipes::Pipe", {"Name": "b", **kafka(**more)})
        )

    assert of_two() == [("REV571", "danger")]
    assert of_two(ConsumerGroupID="mine") == [("REV108", "caution")]


def test_a_pipe_that_is_removed() -> None:
    assert said(of("Pipes::Pipe", pipe()), {}) == [("REV570", "danger")]


@pytest.mark.parametrize(
    ("kind", "common", "old", "new", "expected"),
    [
        ("CloudWatch::MetricStream", {"FirehoseArn": "a"}, {"OutputFormat": "json"}, {"OutputFormat": "x"}, "REV531"),
        ("CloudWatch::MetricStream", {}, {"IncludeFilters": [{"Namespace": "a"}]}, {}, "REV532"),
        ("CloudWatch::MetricStream", {}, {}, {"IncludeFilters": [{"Namespace": "a"}]}, "REV531"),
        ("CloudWatch::MetricStream", {}, {}, {"ExcludeFilters": [{"Namespace": "a"}]}, "REV531"),
        ("CloudWatch::MetricStream", {}, {"ExcludeFilters": [{"Namespace": "a"}]}, {}, "REV532"),
        ("XRay::SamplingRule", {}, {"SamplingRule": {"FixedRate": 1}}, {"SamplingRule": {"FixedRate": 0.1}}, "REV531"),
        ("XRay::SamplingRule", {}, {"SamplingRule": {"FixedRate": 0.1}}, {"SamplingRule": {"FixedRate": 1}}, "REV532"),
        ("Events::Archive", {"SourceArn": "a"}, {"RetentionDays": 0}, {"RetentionDays": 9}, "REV540"),
        ("Events::Archive", {"SourceArn": "a"}, {"RetentionDays": 9}, {}, "REV541"),
        ("Logs::QueryDefinition", {"Name": "a"}, {"QueryString": "a"}, {"QueryString": "b"}, "REV530"),
    ],
)
def test_what_stands_around(
    kind: str, common: dict[str, Any], old: dict[str, Any], new: dict[str, Any], expected: str
) -> None:
    assert [code for code, _ in change(kind, common, old, new)] == [expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": [1]}, '{"a": [1]}', "same"),
        ({"a": [1, 2]}, {"a": [2]}, "narrowed"),
        ({"a": {"b": [1]}}, {"a": {"b": [1, 2]}}, "widened"),
        ({"a": [1], "b": [2]}, {"a": [1]}, "widened"),
        ({"a": [1]}, {"b": [1]}, "other"),
        ({"a": [1]}, "no json", "other"),
        ({"a": [1]}, {"Ref": "x"}, "other"),
    ],
)
def test_patterns(old: Any, new: Any, expected: str) -> None:
    assert pattern_change(old, new) == expected


def test_filters() -> None:
    one, other = {"Pattern": '{"a": [1]}'}, {"Pattern": '{"a": [2]}'}
    assert filters_change([one], [other, one]) == "widened"
    assert filters_change([one, other], [other]) == "narrowed"
    assert filters_change([one], None) == "widened"
    assert filters_change([one], [other]) == "other"


HOSTILE: list[Any] = [
    None,
    1,
    "x",
    [],
    {},
    [None],
    [1, {"Id": 1}],
    {"Ref": []},
    {"Fn::Join": 1},
    {"a": {"b": []}},
    True,
]
PROPERTIES = [
    (GROUP, ("RetentionInDays", "KmsKeyId", "DataProtectionPolicy", "LogGroupClass")),
    ("Logs::SubscriptionFilter", ("FilterPattern", "DestinationArn", "LogGroupName")),
    ("Logs::MetricFilter", ("MetricTransformations", "FilterPattern")),
    ("Events::Rule", ("EventPattern", "Targets", "State")),
    ("Scheduler::Schedule", ("Target", "State")),
    ("Pipes::Pipe", ("SourceParameters", "Source", "DesiredState")),
    ("CloudWatch::MetricStream", ("IncludeFilters", "ExcludeFilters")),
    ("Events::Archive", ("RetentionDays", "EventPattern")),
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(("kind", "names"), PROPERTIES)
def test_wrong_values_never_raise(kind: str, names: tuple[str, ...], value: Any) -> None:
    good = {**errors(), **of(kind, {"SourceParameters": {"KinesisStreamParameters": {"StartingPosition": "LATEST"}}})}
    for name in names:
        wrong = {**errors(), **of(kind, {name: value})}
        for old, new in ((good, wrong), (wrong, good), (wrong, {}), (wrong, wrong)):
            said(old, new)
