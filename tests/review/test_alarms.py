"""What changes of alarms mean."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review
from tests.review.alarm_templates import (
    BESIDE,
    CONSUMER,
    EITHER,
    FAN_OUT,
    FLAT,
    LAG,
    METRIC,
    alarm,
    below,
    composite,
    dimension,
    math,
    stream,
)


def codes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a review says of two templates, beside what both have."""
    before, after = ({"Resources": {**BESIDE, **resources}} for resources in (old, new))
    found = review(as_source(before, "old"), as_source(after, "new"))
    return sorted({remark.code for remark in found.remarks})


def of_alarm(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return codes({"Alarm": old}, {"Alarm": new})


SAME = [
    (
        alarm(),
        alarm(Metrics=[{"Id": "x", "MetricStat": {"Metric": METRIC, "Stat": "Maximum", "Period": 60}}], but=FLAT),
    ),
    (math("m / 1000"), math("lag / 1000", "lag")),
    (math("MAX(METRICS())"), math("MAX(METRICS())", "lag")),
    (alarm(), alarm(ActionsEnabled=True, TreatMissingData="missing", DatapointsToAlarm=5)),
    (alarm(), alarm(Threshold="60000", Period="60")),
    (alarm(Threshold=0), alarm(Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold")),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_in_other_words_is_no_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert of_alarm(old, new) == []
    assert of_alarm(new, old) == []


CHANGES = [
    # What is watched.
    ("REV504", {"Dimensions": dimension("StreamName", {"Ref": "Orders"})}),
    ("REV504", {"MetricName": "IncomingBytes"}),
    ("REV505", {"Dimensions": []}),
    ("REV505", {"Dimensions": dimension("StreamName", {"Ref": "Topic"})}),
    ("REV505", {"Dimensions": dimension("StreamName", {"Fn::GetAtt": ["Clicks", "Arn"]})}),
    ("REV505", {"Unit": "Seconds"}),
    # Whom it tells.
    ("REV508", {"AlarmActions": []}),
    ("REV508", {"ActionsEnabled": False}),
    ("REV508", {"ActionsEnabled": "false"}),
    ("REV509", {"AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:other"]}),
    ("REV509", {"ActionsEnabled": {"Ref": "AWS::StackName"}}),
    ("REV510", {"AlarmActions": [{"Ref": "Topic"}, "arn:aws:sns:eu-west-1:111122223333:other"]}),
    # When it fires.
    ("REV513", {"Threshold": 60001}),
    ("REV513", {"Threshold": {"Ref": "AWS::StackName"}}),
    ("REV514", {"Threshold": 24 * 3_600_000}),
    ("REV514", {"ComparisonOperator": "LessThanThreshold"}),
    ("REV515", {"EvaluationPeriods": 6}),
    ("REV515", {"Period": 300}),
    ("REV515", {"EvaluationPeriods": "{{resolve:ssm:periods}}"}),
    ("REV516", {"Statistic": "Average"}),
    ("REV517", {"TreatMissingData": "notBreaching"}),
    ("REV518", {"TreatMissingData": "breaching"}),
    ("REV518", {"Threshold": 59999}),
    ("REV518", {"ComparisonOperator": "GreaterThanOrEqualToThreshold"}),
    ("REV518", {"EvaluationPeriods": 4}),
    ("REV518", {"DatapointsToAlarm": 3}),
    ("REV518", {"EvaluationPeriods": 1, "Period": 300}),
    ("REV519", {"AlarmDescription": "late"}),
    ("REV520", {"EvaluationInterval": 600}),
]


@pytest.mark.parametrize(("code", "properties"), CHANGES)
def test_one_property_means_one_thing(code: str, properties: dict[str, Any]) -> None:
    assert of_alarm(alarm(), alarm(**properties)) == [code]


def test_actions_for_the_end_alone_tell_nobody_of_the_beginning() -> None:
    assert of_alarm(alarm(), alarm(AlarmActions=[], OKActions=[{"Ref": "Topic"}])) == ["REV508", "REV510"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [((3, 5), (2, 3), "REV518"), ((3, 5), (3, 4), "REV515"), ((3, 3), (3, 5), "REV518"), ((2, 3), (3, 3), "REV515")],
)
def test_some_of_several_periods(before: tuple[int, int], after: tuple[int, int], expected: str) -> None:
    old, new = (alarm(DatapointsToAlarm=needed, EvaluationPeriods=of) for needed, of in (before, after))
    assert of_alarm(old, new) == [expected]


def test_an_alarm_on_a_cluster_that_is_called_in_words_goes_with_it() -> None:
    cluster = {"Type": "AWS::MSK::Cluster", "Properties": {"ClusterName": "main"}}
    disk = alarm(
        Namespace="AWS/Kafka",
        MetricName="OfflinePartitionsCount",
        Dimensions=dimension("Cluster Name", "main"),
    )
    assert codes({"Main": cluster, "Alarm": disk}, {}) == ["REV103", "REV502"]


def less(**properties: Any) -> dict[str, Any]:
    """An alarm that fires when too few records come."""
    few: dict[str, Any] = {
        "MetricName": "IncomingRecords",
        "Statistic": "Sum",
        "Threshold": 100,
        "ComparisonOperator": "LessThanThreshold",
    }
    return alarm(**{**few, **properties})


@pytest.mark.parametrize(
    ("code", "properties"),
    [
        ("REV513", {"Threshold": 50}),
        ("REV518", {"Threshold": 200}),
        ("REV518", {"Period": 30}),
        ("REV515", {"Period": 300}),
        ("REV518", {"Statistic": "Minimum", "Threshold": 100}),
    ],
)
def test_which_way_is_stricter_depends_on_the_comparison(code: str, properties: dict[str, Any]) -> None:
    old = less(Statistic="Average") if "Statistic" in properties else less()
    assert of_alarm(old, less(**properties)) == [code]


def test_a_shorter_period_of_a_sum_needs_a_smaller_threshold() -> None:
    old = alarm(MetricName="WriteProvisionedThroughputExceeded", Statistic="Sum", Threshold=300, Period=300)
    shorter: dict[str, Any] = {"MetricName": "WriteProvisionedThroughputExceeded", "Statistic": "Sum", "Period": 60}
    assert of_alarm(old, alarm(**shorter, Threshold=300)) == ["REV515"]
    assert of_alarm(old, alarm(**shorter, Threshold=60)) == ["REV518"]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("REV506", math("m / 1000"), math("m / 60")),
        ("REV506", alarm(), math("FILL(m, 0)")),
        ("REV516", math("m / 1000"), math("m / 1000", Stat="Average")),
        ("REV513", math("ANOMALY_DETECTION_BAND(m, 2)"), math("ANOMALY_DETECTION_BAND(m, 4)")),
        ("REV518", math("ANOMALY_DETECTION_BAND(m, 2)"), math("ANOMALY_DETECTION_BAND(m, 1)")),
    ],
)
def test_metric_math_is_compared_by_its_meaning(code: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert of_alarm(old, new) == [code]


def test_a_removed_alarm_leaves_its_metric_unwatched() -> None:
    assert codes({"Alarm": alarm()}, {}) == ["REV501"]
    other = alarm(MetricName="IncomingBytes")
    assert codes({"Alarm": alarm(), "Other": other}, {"Other": other}) == ["REV501"]


def test_a_removed_alarm_is_not_missed_while_another_watches() -> None:
    assert codes({"Alarm": alarm(), "Twin": alarm()}, {"Twin": alarm()}) == ["REV502"]
    looser = alarm(Threshold=600_000)
    assert codes({"Alarm": alarm(), "Late": looser}, {"Late": looser}) == ["REV503"]
    silent = alarm(AlarmActions=[])
    assert codes({"Alarm": alarm(), "Silent": silent}, {"Silent": silent}) == ["REV501"]


def test_an_alarm_may_go_with_what_it_watches() -> None:
    watch = alarm(Dimensions=dimension("StreamName", {"Ref": "Extra"}))
    assert codes({"Extra": stream(Name="extra"), "Alarm": watch}, {}) == ["REV103", "REV502"]


def test_what_is_in_another_stack_does_not_go() -> None:
    assert codes({"Alarm": alarm(Dimensions=dimension("StreamName", "of-another-team"))}, {}) == ["REV501"]


def test_an_alarm_on_a_consumer_goes_with_it_although_the_stream_stays() -> None:
    both = {"Alarm": FAN_OUT, "Consumer": CONSUMER}
    assert "REV502" in codes(both, {})
    assert codes(both, {"Consumer": CONSUMER}) == ["REV501"]


def test_an_alarm_may_be_called_otherwise() -> None:
    assert codes({"Alarm": alarm()}, {"Lag": alarm()}) == ["REV112"]
    assert codes({"Alarm": alarm()}, {"Lag": alarm(Threshold=600_000)}) == ["REV112", "REV513"]
    other = alarm(Dimensions=dimension("StreamName", {"Ref": "Orders"}))
    assert codes({"Alarm": alarm()}, {"Other": other}) == ["REV111", "REV501"]


def test_a_name_in_words_does_not_follow_its_stream() -> None:
    words = alarm(Dimensions=dimension("StreamName", "named"))
    found = codes({"Named": stream(Name="named"), "Alarm": words}, {"Named": stream(Name="named-2"), "Alarm": words})
    assert found == ["REV101", "REV505"]
    follows = alarm(Dimensions=dimension("StreamName", {"Ref": "Named"}))
    found = codes(
        {"Named": stream(Name="named"), "Alarm": follows}, {"Named": stream(Name="named-2"), "Alarm": follows}
    )
    assert found == ["REV101"]
    found = codes({"Named": stream(Name="named"), "Alarm": words}, {"Named": stream(Name="named"), "Alarm": follows})
    assert found == []


def test_an_alarm_that_had_no_data_may_be_put_right() -> None:
    assert of_alarm(alarm(Dimensions=[]), alarm()) == ["REV507"]


def test_a_topic_without_its_last_subscription_tells_nobody() -> None:
    mail = {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "ops@example.com"},
    }
    assert "REV511" in codes({"Alarm": alarm(), "Mail": mail}, {"Alarm": alarm()})
    assert codes({"Alarm": alarm()}, {"Alarm": alarm()}) == []


def test_a_topic_whose_key_cloudwatch_may_not_use() -> None:
    def encrypted(key: Any) -> dict[str, Any]:
        return {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}, "Alarm": alarm()}

    def own(service: str) -> dict[str, Any]:
        allowed = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "kms:Decrypt", "Resource": "*"}
        key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [allowed]}}}
        return {**encrypted({"Fn::GetAtt": ["Key", "Arn"]}), "Key": key}

    assert "REV523" in codes({"Alarm": alarm()}, encrypted("alias/aws/sns"))
    assert "REV523" not in codes({"Alarm": alarm()}, encrypted("alias/alarms"))
    assert "REV523" in codes(own("cloudwatch.amazonaws.com"), own("events.amazonaws.com"))
    assert "REV523" not in codes(own("events.amazonaws.com"), own("cloudwatch.amazonaws.com"))


@pytest.mark.parametrize(
    ("expected", "new"),
    [
        ([], below("ALARM(${Two})  OR (ALARM(${One}))")),
        (
            [],
            below({"Fn::Join": ["", ["ALARM(", {"Fn::GetAtt": ["One", "Arn"]}, ') OR ALARM("', {"Ref": "Two"}, '")']]}),
        ),
        (["REV521"], below("ALARM(${One})")),
        (["REV521"], below("FALSE AND ALARM(${One}) AND ALARM(${Two})")),
        (["REV522"], below("ALARM(${One}) AND ALARM(${Two})")),
        (["REV522"], below("AT_LEAST(1, ALARM, (${One}, ${Two}))")),
        (["REV518"], below("ALARM(${One}) OR ALARM(${Two}) OR INSUFFICIENT_DATA(${One})")),
        (["REV508"], below(EITHER, AlarmActions=[])),
        (["REV512"], below(EITHER, ActionsSuppressor="maintenance")),
    ],
)
def test_the_rule_of_a_composite_alarm(expected: list[str], new: dict[str, Any]) -> None:
    found = codes(below(EITHER), new)
    # Without their composite alarm, nobody hears of the two below it either.
    assert found == expected


def test_a_composite_alarm_may_go_when_those_below_tell_by_themselves() -> None:
    new = below(EITHER, loud=("One", "Two"))
    assert codes(new, {name: new[name] for name in ("One", "Two")}) == ["REV522"]
    silent = below(EITHER)
    assert "REV521" in codes(silent, {name: silent[name] for name in ("One", "Two")})


def test_a_composite_alarm_named_in_words_is_left_behind() -> None:
    old = {"One": alarm(AlarmName="one"), "All": composite('ALARM("one")', AlarmActions=[{"Ref": "Topic"}])}
    new = {**old, "One": alarm(AlarmName="uno")}
    assert "REV521" in codes(old, new)


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
def test_wrong_values_are_told_and_never_raise(value: Any) -> None:
    for name in [
        *LAG,
        "Metrics",
        "ActionsEnabled",
        "TreatMissingData",
        "EvaluationCriteria",
        "ExtendedStatistic",
        "Unit",
    ]:
        wrong = alarm(**{name: value})
        codes({"Alarm": alarm()}, {"Alarm": wrong})
        codes({"Alarm": wrong}, {"Alarm": alarm()})
        codes({"Alarm": wrong}, {})
    for name in ("AlarmRule", "AlarmActions"):
        codes(
            {"Alarm": composite("TRUE")}, {"Alarm": composite("TRUE", **({name: value} if name != "AlarmRule" else {}))}
        )
        codes({"Alarm": composite("TRUE")}, {"Alarm": composite(value)})


def test_actions_that_are_neither_on_nor_off_are_told() -> None:
    kind = {"Type": "AWS::CloudWatch::Alarm"}
    sides = (
        as_source(
            {"Resources": {"A": {**kind, "Properties": {"AlarmActions": ["t"], "ActionsEnabled": value}}}}, "t.json"
        )
        for value in (True, "no")
    )
    assert [(remark.code, remark.grade) for remark in review(*sides).remarks] == [("REV509", "caution")]
