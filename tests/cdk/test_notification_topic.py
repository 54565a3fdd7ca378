"""Topics: created with their subscribers, adopted, and what publishing takes."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match

from streaming_constructs.cdk import NotificationTopic, StreamingPipeline
from streaming_constructs.spec import (
    AlarmsSpec,
    DeliverySpec,
    KinesisStreamSpec,
    NotifyEmail,
    PipelineSpec,
    S3Destination,
    SnsTopicSpec,
    SpecError,
)

ARN = "arn:aws:sns:eu-west-1:111122223333:oncall"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def people(*addresses: str) -> SnsTopicSpec:
    return SnsTopicSpec(subscribers=tuple(NotifyEmail(email=address) for address in addresses))


def granted(bench: Any, topic: NotificationTopic) -> dict[str, list[str]]:
    """What a role is granted, by the words of the resource."""
    topic.grant_publish(iam.Role(bench.stack, "Writer", assumed_by=iam.AccountRootPrincipal()))
    statements = bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    return {
        str(one["Resource"]): one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
        for one in statements
    }


def test_created_topic_is_encrypted_and_takes_tls_alone(bench: Any) -> None:
    NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec())
    partition, region, account = ({"Ref": f"AWS::{name}"} for name in ("Partition", "Region", "AccountId"))
    parts = ["arn:", partition, ":kms:", region, ":", account, ":alias/aws/sns"]
    assert bench.only("AWS::SNS::Topic") == {"KmsMasterKeyId": {"Fn::Join": ["", parts]}}
    (statement,) = bench.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Condition"]) == (
        "Deny",
        "sns:Publish",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert not bench.of_type("AWS::SNS::Subscription")


def test_each_address_is_subscribed(bench: Any) -> None:
    NotificationTopic(bench.stack, "Told", spec=people("a@example.com", "b@example.com"))
    topic = {"Ref": bench.only_id("AWS::SNS::Topic")}
    assert [one["Properties"] for one in bench.of_type("AWS::SNS::Subscription").values()] == [
        {"Protocol": "email", "TopicArn": topic, "Endpoint": address} for address in ("a@example.com", "b@example.com")
    ]


@pytest.mark.parametrize(("removal_policy", "policy"), [("retain", "Retain"), ("destroy", "Delete")])
def test_removal_policy_decides_what_happens_to_a_created_topic(bench: Any, removal_policy: Any, policy: str) -> None:
    NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec(), removal_policy=removal_policy)
    (topic,) = bench.of_type("AWS::SNS::Topic").values()
    assert (topic["DeletionPolicy"], topic["UpdateReplacePolicy"]) == (policy, policy)


def test_a_function_is_told_the_arn(bench: Any) -> None:
    topic = NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec())
    endpoint, arn = topic.endpoint, {"Ref": bench.only_id("AWS::SNS::Topic")}
    assert (endpoint.kind, endpoint.variable, endpoint.key) == ("sns", "TOPIC_ARN", None)
    assert [bench.stack.resolve(value) for value in (endpoint.arn, endpoint.value)] == [arn, arn]


def test_publishing_under_a_key_takes_the_key(bench: Any) -> None:
    key = kms.Key(bench.stack, "Company")
    topic = NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec(), encryption_key=key)
    found = granted(bench, topic)
    kms_key_arn = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert bench.only("AWS::SNS::Topic")["KmsMasterKeyId"] == kms_key_arn
    assert found == {
        str({"Ref": bench.only_id("AWS::SNS::Topic")}): ["sns:Publish"],
        str(kms_key_arn): ["kms:Decrypt", "kms:GenerateDataKey"],
    }


def test_adopted_topic_is_used_with_the_key_that_the_spec_names(bench: Any) -> None:
    topic = NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec(topic_arn=ARN, kms_key_arn=KEY_ARN))
    assert topic.dimensions == {"TopicName": "oncall"}
    assert granted(bench, topic) == {ARN: ["sns:Publish"], KEY_ARN: ["kms:Decrypt", "kms:GenerateDataKey"]}
    assert not bench.of_type("AWS::SNS::Topic")


@pytest.mark.parametrize("told", [True, False])
def test_live_topic_is_used_with_its_own_key(bench: Any, told: bool) -> None:
    key = kms.Key(bench.stack, "Company")
    live = sns.Topic(bench.stack, "Live", master_key=key if told else None)
    topic = NotificationTopic(
        bench.stack, "Told", spec=SnsTopicSpec(), topic=live, encryption_key=None if told else key
    )
    assert str({"Fn::GetAtt": [bench.stack.get_logical_id(key.node.default_child), "Arn"]}) in granted(bench, topic)
    assert bench.stack.resolve(topic.dimensions) == {
        "TopicName": {"Fn::GetAtt": [bench.only_id("AWS::SNS::Topic"), "TopicName"]}
    }


@pytest.mark.parametrize(
    ("spec", "brought", "paths"),
    [
        (SnsTopicSpec(topic_arn=ARN, kms_key_arn=KEY_ARN), "topic", ["Told.topic_arn", "Told.kms_key_arn"]),
        (people("a@example.com"), "topic", ["Told.subscribers"]),
        (SnsTopicSpec(topic_arn=ARN, kms_key_arn=KEY_ARN), "encryption_key", ["Told.kms_key_arn"]),
    ],
)
def test_what_is_brought_is_not_asked_for_too(bench: Any, spec: Any, brought: str, paths: list[str]) -> None:
    given: Any = {
        "topic": sns.Topic.from_topic_arn(bench.stack, "Live", ARN),
        "encryption_key": kms.Key.from_key_arn(bench.stack, "Company", KEY_ARN),
    }[brought]
    with pytest.raises(SpecError) as caught:
        NotificationTopic(bench.stack, "Told", spec=spec, **{brought: given})
    assert [(one.code, one.dotted_path) for one in caught.value.findings] == [("LNG403", path) for path in paths]


def statements(bench: Any, resource_type: str, document: str) -> dict[str, dict[str, Any]]:
    found = bench.only(resource_type)[document]["Statement"]
    return {statement["Sid"]: statement for statement in found if "Sid" in statement}


def test_topic_that_alarms_tell_lets_them_publish_and_encrypt(bench: Any) -> None:
    NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec(), notified_by_alarms=True)
    key = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert bench.only("AWS::SNS::Topic")["KmsMasterKeyId"] == key
    alarms = {"Service": "cloudwatch.amazonaws.com"}
    own_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    publish = statements(bench, "AWS::SNS::TopicPolicy", "PolicyDocument")["AllowAlarmsToPublish"]
    encrypt = statements(bench, "AWS::KMS::Key", "KeyPolicy")["AllowAlarmsToEncrypt"]
    assert (publish["Principal"], publish["Action"], publish["Condition"]) == (alarms, "sns:Publish", own_account)
    assert (encrypt["Principal"], encrypt["Action"], encrypt["Condition"]) == (
        alarms,
        ["kms:Decrypt", "kms:GenerateDataKey"],
        own_account,
    )


def test_functions_that_publish_to_it_may_use_that_key(bench: Any) -> None:
    topic = NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec(), notified_by_alarms=True)
    kms_key_arn = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert topic.endpoint.key is topic.encryption_key
    assert topic.encryption_key is not None
    assert bench.stack.resolve(topic.encryption_key.key_arn) == kms_key_arn


def test_a_key_that_is_brought_is_not_changed_and_that_is_said(bench: Any) -> None:
    key = kms.Key(bench.stack, "Company")
    NotificationTopic(bench.stack, "Told", spec=SnsTopicSpec(), encryption_key=key, notified_by_alarms=True)
    assert statements(bench, "AWS::KMS::Key", "KeyPolicy") == {}
    Annotations.from_stack(bench.stack).has_warning(
        "/Test/Told", Match.string_like_regexp("its policy has to allow cloudwatch.amazonaws.com")
    )


@pytest.mark.parametrize(
    ("alarms", "keys"),
    [
        ({"notify": ["told"]}, 1),
        ({"notify": ["a@example.com"], "override": {"iterator_age": {"notify": ["told"]}}}, 2),
        ({"notify": ["a@example.com"]}, 1),
        ({"enabled": False}, 0),
    ],
)
def test_topic_of_a_system_has_a_key_where_its_alarms_tell_it(bench: Any, alarms: Any, keys: int) -> None:
    spec = PipelineSpec(
        name="shop",
        streams={"clicks": KinesisStreamSpec(shards=1)},
        sns_topics={"told": SnsTopicSpec()},
        deliveries={"lake": DeliverySpec(from_="clicks", to=S3Destination())},
        alarms=AlarmsSpec.model_validate(alarms),
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    # The topic of e-mail addresses has a key of its own.
    assert len(bench.of_type("AWS::KMS::Key")) == keys
    named = "told" in str(alarms)
    assert (pipeline.sns_topics["told"].encryption_key is not None) is named


def test_two_in_one_stack_and_one_in_another(bench: Any) -> None:
    other = Stack(bench.app, "Other")
    for stack, name in ((bench.stack, "One"), (bench.stack, "Two"), (other, "One")):
        NotificationTopic(stack, name, spec=people("a@example.com"))
    assert len(bench.of_type("AWS::SNS::Topic")) == 2
    assert len(bench.of_type("AWS::SNS::Subscription")) == 2


@pytest.mark.parametrize("pack", PACKS)
def test_nag_has_nothing_to_say(bench: Any, pack: Any) -> None:
    NotificationTopic(bench.stack, "Told", spec=people("a@example.com"))
    NotificationTopic(bench.stack, "Empty", spec=SnsTopicSpec())
    NotificationTopic(bench.stack, "Paged", spec=people("b@example.com"), notified_by_alarms=True)
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []
