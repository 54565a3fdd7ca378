"""What changes of Kinesis data streams mean, of their registered readers, and of what scales a capacity."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

STREAM = "AWS::Kinesis::Stream"
CONSUMER = "AWS::Kinesis::StreamConsumer"
CHANNEL = "AWS::Kinesis::Channel"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ON_DEMAND = {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}
PARAMETER = {"Hours": {"Type": "Number"}}


def told(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    """Codes and grades of a change of one resource."""
    return [(remark.code, remark.grade) for remark in changed(kind, old, new)]


def changed(kind: str, old: dict[str, Any], new: dict[str, Any]) -> Any:
    before, after = (
        as_source(
            {"Parameters": PARAMETER, "Resources": {"It": {"Type": kind, "Properties": properties}}}, "template.json"
        )
        for properties in (old, new)
    )
    return review(before, after).remarks


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"RetentionPeriodHours": 168}, {"RetentionPeriodHours": 167}, [("REV200", "danger")]),
        ({"RetentionPeriodHours": 48}, {}, [("REV200", "danger")]),
        ({"RetentionPeriodHours": 24}, {}, []),
        ({}, {"RetentionPeriodHours": "48"}, [("REV201", "fine")]),
        ({"RetentionPeriodHours": 48}, {"RetentionPeriodHours": {"Ref": "Hours"}}, [("REV200", "caution")]),
        ({"ShardCount": 2}, {"ShardCount": 4}, [("REV204", "fine")]),
        ({"ShardCount": 2}, {"ShardCount": 5}, [("REV202", "danger")]),
        ({"ShardCount": 5}, {"ShardCount": 2}, [("REV202", "danger")]),
        ({"ShardCount": 4}, {"ShardCount": 2}, [("REV203", "caution")]),
        ({"ShardCount": 4}, {"ShardCount": {"Ref": "Hours"}}, [("REV203", "caution")]),
        ({"ShardCount": 4}, {}, [("REV203", "caution")]),
        ({"ShardCount": 4}, ON_DEMAND, [("REV205", "caution")]),
        (ON_DEMAND, {"ShardCount": 4}, [("REV205", "caution")]),
        ({"ShardCount": 4}, {"ShardCount": 4, "StreamModeDetails": {"StreamMode": "PROVISIONED"}}, []),
        ({**ON_DEMAND, "WarmThroughputMiBps": 40}, ON_DEMAND, [("REV203", "caution")]),
        (ON_DEMAND, {**ON_DEMAND, "WarmThroughputMiBps": 40}, [("REV204", "fine")]),
        ({"MaxRecordSizeInKiB": 2048}, {}, [("REV211", "caution")]),
        ({}, {"MaxRecordSizeInKiB": 2048}, [("REV204", "fine")]),
        ({}, {"MaxRecordSizeInKiB": 1024}, []),
        ({}, {"RecordDistributionStrategy": "AUTO"}, [("REV212", "danger")]),
        ({"RecordDistributionStrategy": "AUTO"}, {}, [("REV204", "fine")]),
        (
            {"DesiredShardLevelMetrics": ["ALL"]},
            {"DesiredShardLevelMetrics": ["IncomingBytes"]},
            [("REV209", "caution")],
        ),
        ({"DesiredShardLevelMetrics": ["IncomingBytes"]}, {"DesiredShardLevelMetrics": ["ALL"]}, [("REV210", "fine")]),
    ],
)
def test_a_stream(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(STREAM, old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("alias/aws/kinesis", None, [("REV206", "danger")]),
        (None, "alias/aws/kinesis", [("REV208", "fine")]),
        ("alias/aws/kinesis", "alias/own", [("REV207", "caution")]),
        ("alias/own", "alias/own", []),
    ],
)
def test_the_encryption_of_a_stream(old: str | None, new: str | None, expected: list[tuple[str, str]]) -> None:
    before, after = (
        {"ShardCount": 1, **({"StreamEncryption": {"EncryptionType": "KMS", "KeyId": key}} if key else {})}
        for key in (old, new)
    )
    assert told(STREAM, before, after) == expected


def test_what_is_lost_by_a_shorter_retention_is_said() -> None:
    [remark] = changed(STREAM, {"RetentionPeriodHours": 168}, {"RetentionPeriodHours": 24})
    assert remark.message == (
        "records older than 24 h are deleted when this is deployed; they were kept for 168 h, so up to 144 h of them are lost"
    )
    assert remark.path == "Properties.RetentionPeriodHours"
    assert remark.about == "retention"


@pytest.mark.parametrize("wrong", [[], {}, "x", None, True, {"Ref": "Hours"}, [{"StreamMode": 1}], {"KeyId": []}])
def test_a_wrong_template_is_reviewed_all_the_same(wrong: Any) -> None:
    names = (
        "RetentionPeriodHours",
        "ShardCount",
        "StreamModeDetails",
        "StreamEncryption",
        "DesiredShardLevelMetrics",
        "WarmThroughputMiBps",
        "RecordDistributionStrategy",
    )
    good = {"RetentionPeriodHours": 24, "ShardCount": 2, "StreamModeDetails": {"StreamMode": "PROVISIONED"}}
    for name in names:
        assert isinstance(told(STREAM, good, {**good, name: wrong}), list)
        assert isinstance(told(STREAM, {**good, name: wrong}, good), list)


CLICKS = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"


def test_tags_of_a_consumer_make_another_of_the_same_name_that_aws_refuses() -> None:
    old = {"ConsumerName": "fraud", "StreamARN": CLICKS}
    [remark] = changed(CONSUMER, old, {**old, "Tags": [{"Key": "team", "Value": "web"}]})
    assert (remark.code, remark.grade) == ("REV213", "danger")
    assert remark.message.endswith("; AWS refuses a second one of the same name")


@pytest.mark.parametrize("policy", ["Delete", "Retain"])
def test_a_consumer_that_goes(policy: str) -> None:
    consumer = {"Type": CONSUMER, "DeletionPolicy": policy, "Properties": {"ConsumerName": "a", "StreamARN": CLICKS}}
    topic = {"Type": "AWS::SNS::Topic"}
    remarks = review(
        as_source({"Resources": {"Fast": consumer, "Topic": topic}}, "old.json"),
        as_source({"Resources": {"Topic": topic}}, "new.json"),
    ).remarks
    assert [remark.code for remark in remarks] == ["REV213" if policy == "Delete" else "REV104"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"DataFreshnessInSeconds": 300}, {"DataFreshnessInSeconds": 900}, "REV229"),
        ({"StorageConfiguration": {"BucketARN": "a"}}, {"StorageConfiguration": {"BucketARN": "b"}}, "REV213"),
    ],
)
def test_a_channel(old: dict[str, Any], new: dict[str, Any], expected: str) -> None:
    before, after = ({"ChannelName": "c", "S3DestinationConfiguration": inner} for inner in (old, new))
    assert [code for code, _ in told(CHANNEL, before, after)] == [expected]


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        (TARGET, {"MaxCapacity": 20}, {"MaxCapacity": 10}, "REV203"),
        (TARGET, {"MinCapacity": 1}, {"MinCapacity": 2}, "REV204"),
        (TARGET, {}, {"SuspendedState": {"DynamicScalingOutSuspended": True}}, "REV247"),
        (TARGET, {"SuspendedState": {"DynamicScalingOutSuspended": True}}, {"MinCapacity": None}, "REV248"),
        (POLICY, {"TargetValue": 70}, {"TargetValue": 90}, "REV247"),
        (POLICY, {"TargetValue": 90}, {"TargetValue": 70}, "REV248"),
        (POLICY, {"ScaleOutCooldown": 60}, {"ScaleOutCooldown": 300}, "REV247"),
        (POLICY, {"ScaleInCooldown": 60}, {"ScaleInCooldown": 300}, "REV248"),
        (POLICY, {}, {"DisableScaleIn": True}, "REV248"),
    ],
)
def test_scaling(kind: str, old: dict[str, Any], new: dict[str, Any], expected: str) -> None:
    if kind == POLICY:
        old, new = ({"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50, **each}} for each in (old, new))
    assert [
        code for code, _ in told(kind, {"ServiceNamespace": "lambda", **old}, {"ServiceNamespace": "lambda", **new})
    ] == [expected]


def test_what_a_mapping_may_give_is_told_by_its_values() -> None:
    def stream(hours: int) -> Any:
        row = {"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "AWS::StackName"}]}]}
        kept = {"Fn::FindInMap": ["Sizes", row, "hours"]}
        resources = {"Clicks": {"Type": STREAM, "Properties": {"RetentionPeriodHours": kept}}}
        mappings = {"Sizes": {"small": {"hours": 48}, "large": {"hours": hours}}}
        return as_source({"Mappings": mappings, "Resources": resources}, "template.json")

    (remark,) = review(stream(168), stream(24)).remarks
    assert (remark.code, remark.grade) == ("REV200", "caution")
    assert remark.message.startswith(
        "records are kept for 48 or 24 (by the mapping Sizes) h; it was 48 or 168 (by the mapping Sizes) h"
    )
