"""What changes of queues, topics and subscriptions mean, and what is wrong with one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.meanings.topics import lets_at_least
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review

QUEUE, TOPIC, SUBSCRIPTION = "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SNS::Subscription"
OTHER = {"Other": {"Type": "AWS::SNS::Topic"}}


def remarks(kind: str, before: Any, after: Any, **others: Any) -> tuple[Remark, ...]:
    old, new = (
        as_source({"Resources": {"It": {"Type": kind, "Properties": properties}, **OTHER, **others}}, "t.json")
        for properties in (before, after)
    )
    return tuple(review(old, new).remarks)


def told(kind: str, before: Any, after: Any) -> set[tuple[str, str]]:
    return {(remark.code, remark.grade) for remark in remarks(kind, before, after)}


def redrive(target: Any, receives: Any = 5) -> Any:
    return {"RedrivePolicy": {"deadLetterTargetArn": target, "maxReceiveCount": receives}}


def allow(permission: str, *arns: str) -> Any:
    sources = {"sourceQueueArns": list(arns)} if arns else {}
    return {"RedriveAllowPolicy": {"redrivePermission": permission, **sources}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"MessageRetentionPeriod": 1209600}, {}, {("REV270", "danger")}),
        ({}, {"MessageRetentionPeriod": 60}, {("REV270", "danger")}),
        ({}, {"MessageRetentionPeriod": 1209600}, {("REV271", "fine")}),
        ({}, {"MessageRetentionPeriod": "345600"}, set()),
        ({}, {"MessageRetentionPeriod": {"Ref": "Unknown"}}, {("REV270", "caution")}),
        (redrive("arn:dead"), {}, {("REV272", "danger")}),
        (redrive("arn:dead"), redrive("arn:other"), {("REV273", "caution")}),
        (redrive("arn:dead"), redrive("arn:dead", 2), {("REV273", "caution")}),
        (redrive("arn:dead"), redrive("arn:dead", 9), {("REV274", "fine")}),
        ({}, redrive("arn:dead"), {("REV274", "fine")}),
        (redrive("arn:dead"), {"RedrivePolicy": {"Ref": "Unknown"}}, {("REV273", "caution")}),
        (redrive("a"), {"RedrivePolicy": json.dumps({"maxReceiveCount": 5, "deadLetterTargetArn": "a"})}, set()),
        (allow("byQueue", "arn:a"), {}, {("REV273", "caution")}),
        ({}, allow("byQueue", "arn:a"), {("REV274", "fine")}),
        ({}, allow("denyAll"), {("REV273", "caution")}),
        (allow("byQueue", "arn:a", "arn:b"), allow("byQueue", "arn:a"), {("REV273", "caution")}),
        ({}, allow("allowAll"), set()),
        ({"VisibilityTimeout": 180}, {}, {("REV275", "caution")}),
        ({}, {"VisibilityTimeout": 180}, {("REV276", "fine")}),
        ({}, {"VisibilityTimeout": 30}, set()),
        ({}, {"DelaySeconds": 60}, {("REV276", "fine")}),
        ({}, {"ReceiveMessageWaitTimeSeconds": 20}, {("REV276", "fine")}),
        ({}, {"MaximumMessageSize": 1024}, {("REV277", "caution")}),
        ({"MaximumMessageSize": 1024}, {}, {("REV276", "fine")}),
        ({"KmsMasterKeyId": "alias/a"}, {}, {("REV257", "danger")}),
        ({"KmsMasterKeyId": "alias/a"}, {"SqsManagedSseEnabled": False}, {("REV257", "danger")}),
        ({"KmsMasterKeyId": "alias/a"}, {"SqsManagedSseEnabled": True}, {("REV258", "caution")}),
        ({"KmsMasterKeyId": "alias/a"}, {"KmsMasterKeyId": "alias/b"}, {("REV258", "caution")}),
        ({}, {"KmsMasterKeyId": "alias/a"}, {("REV259", "fine")}),
        ({}, {"SqsManagedSseEnabled": False}, {("REV257", "danger")}),
        ({"SqsManagedSseEnabled": False}, {}, {("REV259", "fine")}),
        ({}, {"SqsManagedSseEnabled": True}, set()),
        ({"KmsMasterKeyId": "a"}, {"KmsMasterKeyId": "a", "KmsDataKeyReusePeriodSeconds": 60}, {("REV276", "fine")}),
        ({"FifoQueue": True}, {"FifoQueue": True, "ContentBasedDeduplication": True}, {("REV276", "fine")}),
        ({"FifoQueue": True, "ContentBasedDeduplication": True}, {"FifoQueue": True}, {("REV278", "caution")}),
        ({"FifoThroughputLimit": "perMessageGroupId"}, {}, {("REV278", "caution")}),
        ({}, {"FifoThroughputLimit": "perMessageGroupId"}, {("REV276", "fine")}),
        ({"DeduplicationScope": "messageGroup"}, {}, {("REV278", "caution")}),
        ({}, {"FifoQueue": True}, {("REV101", "danger")}),
    ],
)
def test_what_a_queue_is(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(QUEUE, before, after) == expected


def test_one_key_is_told_once() -> None:
    found = remarks(QUEUE, {"KmsMasterKeyId": "alias/a"}, {"SqsManagedSseEnabled": False})
    assert [(remark.code, remark.path) for remark in found] == [("REV257", "Properties.KmsMasterKeyId")]


def test_a_function_that_is_slower_than_others_wait_is_named() -> None:
    reader = {
        "Pack": {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": 60}},
        "Reader": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"EventSourceArn": {"Fn::GetAtt": ["It", "Arn"]}, "FunctionName": {"Ref": "Pack"}},
        },
    }
    found = remarks(QUEUE, {"VisibilityTimeout": 360}, {"VisibilityTimeout": 59}, **reader)
    assert [remark.message.endswith("(Pack may take 60 s)") for remark in found] == [True]
    assert "Pack" not in remarks(QUEUE, {"VisibilityTimeout": 360}, {"VisibilityTimeout": 60}, **reader)[0].message


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"KmsMasterKeyId": "alias/a"}, {}, {("REV257", "danger")}),
        ({"KmsMasterKeyId": "alias/a"}, {"KmsMasterKeyId": "alias/b"}, {("REV258", "caution")}),
        ({}, {"KmsMasterKeyId": "alias/a"}, {("REV259", "fine")}),
        ({"ArchivePolicy": {"MessageRetentionPeriod": "30"}}, {}, {("REV270", "danger")}),
        (
            {"ArchivePolicy": {"MessageRetentionPeriod": "30"}},
            {"ArchivePolicy": {"MessageRetentionPeriod": 60}},
            {("REV271", "fine")},
        ),
        ({"DataProtectionPolicy": {"Name": "a"}}, {}, {("REV282", "caution")}),
        ({}, {"DataProtectionPolicy": {"Name": "a"}}, {("REV276", "fine")}),
        ({"SignatureVersion": 2}, {}, {("REV282", "caution")}),
        ({}, {"SignatureVersion": "2"}, {("REV276", "fine")}),
        ({"TracingConfig": "Active"}, {}, {("REV268", "caution")}),
        ({}, {"TracingConfig": "Active"}, {("REV276", "fine")}),
        ({"DeliveryStatusLogging": [{"Protocol": "sqs"}]}, {}, {("REV268", "caution")}),
        ({}, {"DeliveryStatusLogging": [{"Protocol": "sqs"}]}, {("REV276", "fine")}),
        ({"Subscription": [{"Protocol": "sqs", "Endpoint": "a"}]}, {}, {("REV279", "danger")}),
        ({}, {"Subscription": [{"Protocol": "sqs", "Endpoint": "a"}]}, {("REV276", "fine")}),
        ({"FifoThroughputScope": "MessageGroup"}, {}, {("REV278", "caution")}),
        ({}, {"MaximumMessageSize": 1024}, {("REV277", "caution")}),
        ({}, {"DisplayName": "Shop"}, {("REV118", "fine")}),
    ],
)
def test_what_a_topic_is(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(TOPIC, before, after) == expected


WANTED = {"TopicArn": "arn:shop", "Protocol": "sqs", "Endpoint": "arn:orders"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"Endpoint": "arn:others"}, {("REV279", "danger")}),
        ({}, {"TopicArn": "arn:other"}, {("REV279", "danger")}),
        ({}, {"FilterPolicy": {"kind": ["a"]}}, {("REV280", "danger")}),
        ({"FilterPolicy": {"kind": ["a"]}}, {"FilterPolicy": {"kind": ["b", "a"]}}, {("REV281", "caution")}),
        ({"FilterPolicy": {"kind": ["a"]}}, {}, {("REV281", "caution")}),
        ({"FilterPolicy": {"kind": ["a"]}}, {"FilterPolicy": '{"kind": ["a"]}'}, set()),
        (
            {"FilterPolicy": {"kind": ["a"]}},
            {"FilterPolicy": {"kind": ["a"]}, "FilterPolicyScope": "MessageBody"},
            {("REV280", "danger")},
        ),
        ({}, {"FilterPolicyScope": "MessageBody"}, {("REV276", "fine")}),
        ({}, {"RawMessageDelivery": True}, {("REV281", "caution")}),
        ({}, {"RawMessageDelivery": False}, set()),
        (redrive("arn:dead"), {}, {("REV272", "danger")}),
        ({}, {"RedrivePolicy": {"deadLetterTargetArn": "arn:dead"}}, {("REV274", "fine")}),
        ({}, {"SubscriptionRoleArn": "arn:role"}, {("REV281", "caution")}),
    ],
)
def test_what_a_subscription_is(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(SUBSCRIPTION, {**WANTED, **before}, {**WANTED, **after}) == expected


@pytest.mark.parametrize(("policy", "expected"), [("Delete", ("REV279", "danger")), ("Retain", ("REV104", "caution"))])
def test_a_subscription_that_goes(policy: str, expected: tuple[str, str]) -> None:
    wanted = {"Type": SUBSCRIPTION, "Properties": WANTED, "DeletionPolicy": policy}
    old, new = ({"Resources": {"It": wanted, **OTHER}}, {"Resources": OTHER})
    found = review(as_source(old, "t.json"), as_source(new, "t.json")).remarks
    assert [(remark.code, remark.grade) for remark in found] == [expected]


def test_a_subscription_of_a_replaced_topic_is_made_anew() -> None:
    wanted = {"Type": SUBSCRIPTION, "Properties": {**WANTED, "TopicArn": {"Ref": "It"}}}
    found = remarks(TOPIC, {"TopicName": "a"}, {"TopicName": "b"}, Wanted=wanted)
    assert {(remark.logical_id, remark.code, remark.grade) for remark in found} == {
        ("It", "REV101", "danger"),
        ("Wanted", "REV281", "caution"),
    }


@pytest.mark.parametrize(
    ("policy", "other", "expected"),
    [
        (None, {"a": [1]}, True),
        ({"a": [1]}, None, False),
        ({"a": [1, 2]}, {"a": [1]}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": [1]}, {"a": [1], "b": [2]}, True),
        ({"a": [1], "b": [2]}, {"a": [1]}, False),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1]}}, True),
        ({"a": {"b": [1]}}, {"a": {"b": [2]}}, False),
        ("{", {"a": [1]}, False),
    ],
)
def test_what_a_filter_lets_through(policy: Any, other: Any, *, expected: bool) -> None:
    assert lets_at_least(policy, other) is expected


def found(queue: Any, dead: Any, *, timeout: Any = 30, read: bool = True, by_alias: bool = False) -> dict[str, str]:
    """What an audit says of a queue, one for its dead letters and a function, each with its grade."""
    template: dict[str, Any] = {
        "Orders": {"Type": QUEUE, "Properties": queue},
        "Dead": {"Type": QUEUE, "Properties": dead},
        "Pack": {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": timeout}},
    }
    if read:
        template["Live"] = {
            "Type": "AWS::Lambda::Alias",
            "Properties": {"FunctionName": {"Ref": "Pack"}, "Name": "live"},
        }
        called = {"Ref": "Live" if by_alias else "Pack"}
        mapping = {"EventSourceArn": {"Fn::GetAtt": ["Orders", "Arn"]}, "FunctionName": called}
        template["Reader"] = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}
    said = audit(as_source({"Resources": template}, "t.json"))
    return {remark.code: remark.grade for remark in said if remark.code in RANGE}


RANGE = {f"AUD2{number}" for number in range(50, 100)}
TO_DEAD = redrive({"Fn::GetAtt": ["Dead", "Arn"]})
GOOD = {**TO_DEAD, "VisibilityTimeout": 180}
LONG = {"MessageRetentionPeriod": 1209600}


@pytest.mark.parametrize(
    ("queue", "dead", "expected"),
    [
        (GOOD, LONG, {}),
        ({"VisibilityTimeout": 180}, LONG, {"AUD252": "danger"}),
        ({**GOOD, **redrive({"Fn::GetAtt": ["Dead", "Arn"]}, 4)}, LONG, {"AUD253": "caution"}),
        ({**GOOD, "VisibilityTimeout": 179}, LONG, {"AUD254": "caution"}),
        ({**GOOD, "VisibilityTimeout": 29}, LONG, {"AUD254": "danger"}),
        (TO_DEAD, LONG, {"AUD254": "caution"}),
        ({**GOOD, "VisibilityTimeout": {"Ref": "Unknown"}}, LONG, {}),
        (GOOD, {"MessageRetentionPeriod": 345600}, {}),
        (GOOD, {"MessageRetentionPeriod": 345599}, {"AUD255": "danger"}),
        ({**GOOD, "FifoQueue": True}, {"FifoQueue": True, "MessageRetentionPeriod": 60}, {}),
        ({**GOOD, "FifoQueue": True}, LONG, {"AUD256": "danger"}),
        (GOOD, {**LONG, **allow("denyAll")}, {"AUD256": "danger"}),
        (GOOD, {**LONG, **allow("byQueue", "arn:unknown")}, {}),
        (GOOD, {**LONG, "SqsManagedSseEnabled": False}, {"AUD257": "danger"}),
        (GOOD, {**LONG, "SqsManagedSseEnabled": False, "KmsMasterKeyId": "alias/a"}, {}),
    ],
)
def test_a_queue_that_a_function_reads(queue: Any, dead: Any, expected: dict[str, str]) -> None:
    assert found(queue, dead) == expected


def test_a_queue_that_no_function_reads() -> None:
    assert found({}, {}, read=False) == {}
    assert found({**redrive({"Fn::GetAtt": ["Dead", "Arn"]}, 1)}, LONG, read=False) == {"AUD253": "caution"}
    assert found({**redrive({"Fn::GetAtt": ["Dead", "Arn"]}, 2)}, LONG, read=False) == {}


def test_a_function_behind_an_alias_has_its_timeout() -> None:
    assert found(GOOD, LONG, timeout=31, by_alias=True) == {"AUD254": "caution"}


def test_a_function_without_a_timeout_has_three_seconds() -> None:
    assert found({**TO_DEAD, "VisibilityTimeout": 18}, LONG, timeout=None) == {}
    assert found({**TO_DEAD, "VisibilityTimeout": 17}, LONG, timeout=None) == {"AUD254": "caution"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Protocol": "https"}, {"AUD258"}),
        ({"Protocol": "https", "RedrivePolicy": {"deadLetterTargetArn": "arn"}}, set()),
        ({"Protocol": "http", "RedrivePolicy": {"deadLetterTargetArn": "arn"}}, {"AUD259"}),
        ({"Protocol": "sqs"}, set()),
    ],
)
def test_a_subscription_of_a_web_address(properties: Any, expected: set[str]) -> None:
    source = as_source({"Resources": {"It": {"Type": SUBSCRIPTION, "Properties": properties}}}, "t.json")
    assert {remark.code for remark in audit(source)} & RANGE == expected


@pytest.mark.parametrize(
    ("properties", "action", "expected"),
    [
        ({}, "arn:other", True),
        ({}, {"Ref": "It"}, False),
        ({"KmsMasterKeyId": "alias/aws/sns"}, "arn:other", False),
    ],
)
def test_a_topic_without_a_key(properties: Any, action: Any, *, expected: bool) -> None:
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmActions": [action]}}
    source = as_source({"Resources": {"It": {"Type": TOPIC, "Properties": properties}, "Alarm": alarm}}, "t.json")
    assert ("AUD264" in {remark.code for remark in audit(source)}) is expected


def test_a_subscription_in_plain_text_inside_a_topic() -> None:
    topic = {"Type": TOPIC, "Properties": {"Subscription": [{"Protocol": "http", "Endpoint": "http://a"}]}}
    assert "AUD259" in {remark.code for remark in audit(as_source({"Resources": {"It": topic}}, "t.json"))}


HOSTILE: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    5,
    True,
    [[]],
    [None],
    {"Ref": "Nobody"},
    {"a": {"b": [1]}},
    "{",
    [{"a": 1}],
)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            QUEUE,
            (
                *("MessageRetentionPeriod", "RedrivePolicy", "RedriveAllowPolicy", "VisibilityTimeout", "FifoQueue"),
                *("KmsMasterKeyId", "SqsManagedSseEnabled", "DelaySeconds", "ContentBasedDeduplication"),
            ),
        ),
        (TOPIC, ("KmsMasterKeyId", "ArchivePolicy", "Subscription", "DeliveryStatusLogging", "SignatureVersion")),
        (SUBSCRIPTION, ("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "Endpoint")),
    ],
)
def test_values_of_any_kind_are_answered(kind: str, names: tuple[str, ...]) -> None:
    for name in names:
        for value in HOSTILE:
            audit(as_source({"Resources": {"It": {"Type": kind, "Properties": {name: value}}}}, "t.json"))
            for other in HOSTILE:
                remarks(kind, {name: value}, {name: other})


def test_two_mappings_of_a_queue_share_its_messages() -> None:
    arn = {"Fn::GetAtt": ["Orders", "Arn"]}

    def readers(**more: Any) -> list[tuple[str, str]]:
        template: dict[str, Any] = {"Orders": {"Type": QUEUE}}
        for name, extra in (("A", {}), ("B", more)):
            mapping = {"EventSourceArn": arn, "FunctionName": name, **extra}
            template[name] = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}
        said = audit(as_source({"Resources": template}, "t.json"))
        return [(remark.logical_id, remark.grade) for remark in said if remark.code == "AUD265"]

    assert readers() == [("B", "caution")]
    assert readers(FilterCriteria={"Filters": [{"Pattern": "{}"}]}) == [("B", "danger")]
    assert readers(EventSourceArn="arn:aws:sqs:eu-west-1:111122223333:other") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"KinesisStreamParameters": {}}, ["caution"]),
        ({"DynamoDBStreamParameters": {"MaximumRetryAttempts": -1}}, ["caution"]),
        ({"KinesisStreamParameters": {"MaximumRetryAttempts": 5}}, ["danger"]),
        ({"KinesisStreamParameters": {"MaximumRetryAttempts": 5, "DeadLetterConfig": {"Arn": "dead"}}}, []),
        ({"SqsQueueParameters": {}}, []),
    ],
)
def test_a_pipe_ends_its_retries_and_keeps_what_fails(source: Any, expected: list[str]) -> None:
    pipe = {"Type": "AWS::Pipes::Pipe", "Properties": {"Source": "s", "Target": "t", "SourceParameters": source}}
    said = audit(as_source({"Resources": {"Pipe": pipe}}, "t.json"))
    assert [remark.grade for remark in said if remark.code == "AUD266"] == expected


@pytest.mark.parametrize("policy", ["Retain", "Delete"])
def test_a_name_that_is_kept_under_another_logical_id_is_still_taken(policy: str) -> None:
    def table(name: str, **named: str) -> Any:
        resource = {"Type": QUEUE, "DeletionPolicy": policy, "Properties": {"DelaySeconds": 5, **named}}
        return as_source({"Resources": {name: resource}}, "t.json")

    (said,) = [each.message for each in review(table("Old", QueueName="q"), table("New", QueueName="q")).remarks]
    assert said.endswith("CloudFormation refuses it, as the name q is still taken")
    (said,) = [each.message for each in review(table("Old"), table("New")).remarks]
    assert "taken" not in said
