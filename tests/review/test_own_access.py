"""What a template can no longer do with its own resources: keys that keep deliverers out, and policies that deny."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import Resources, allow, codes, messages, resource, role

QUEUE = {"Fn::GetAtt": ["Orders", "Arn"]}
ROOT = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
ROLE = {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}


def key(*principals: Any) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Principal": each, "Action": "kms:*", "Resource": "*"} for each in principals]
    return resource("KMS::Key", KeyPolicy={"Statement": statements})


SOURCES: dict[str, Resources] = {
    "subscription": {
        "Shop": resource("SNS::Topic"),
        "By": resource("SNS::Subscription", TopicArn={"Ref": "Shop"}, Protocol="sqs", Endpoint=QUEUE),
    },
    "inline": {"By": resource("SNS::Topic", Subscription=[{"Protocol": "sqs", "Endpoint": QUEUE}])},
    "rule": {"By": resource("Events::Rule", Targets=[{"Id": "a", "Arn": QUEUE}])},
    "bucket": {
        "By": resource(
            "S3::Bucket", NotificationConfiguration={"QueueConfigurations": [{"Event": "x", "Queue": QUEUE}]}
        )
    },
}
SERVICES = {"subscription": "sns", "inline": "sns", "rule": "events", "bucket": "s3"}


@pytest.mark.parametrize("source", SOURCES)
def test_a_key_of_aws_lets_no_service_deliver(source: str) -> None:
    plain, managed = resource("SQS::Queue"), resource("SQS::Queue", KmsMasterKeyId="alias/aws/sqs")
    assert codes({**SOURCES[source], "Orders": plain}, {**SOURCES[source], "Orders": managed}) == {
        "REV259": "fine",
        "REV660": "danger",
    }
    assert codes({"Orders": plain}, {"Orders": managed}) == {"REV259": "fine"}


@pytest.mark.parametrize("source", SOURCES)
def test_a_key_of_ones_own_has_to_name_the_service(source: str) -> None:
    old = {**SOURCES[source], "Orders": resource("SQS::Queue"), "Key": key(ROOT)}
    new = {**old, "Orders": resource("SQS::Queue", KmsMasterKeyId={"Ref": "Key"})}
    assert codes(old, new)["REV660"] == "danger"
    named = key(ROOT, {"Service": f"{SERVICES[source]}.amazonaws.com"})
    assert "REV660" not in codes({**old, "Key": named}, {**new, "Key": named})
    assert codes({**new, "Key": named}, new)["REV660"] == "danger"


def test_a_topic_that_a_rule_publishes_to() -> None:
    rule = resource("Events::Rule", Targets=[{"Id": "a", "Arn": {"Ref": "Shop"}}])
    old = {"Rule": rule, "Shop": resource("SNS::Topic")}
    new = {"Rule": rule, "Shop": resource("SNS::Topic", KmsMasterKeyId="alias/aws/sns")}
    assert codes(old, new) == {"REV259": "fine", "REV660": "danger"}
    said = "what Rule delivers here is refused, and dropped once its retries end"
    assert messages(old, new, "REV660") == [f"Shop: events.amazonaws.com may not use its key alias/aws/sns: {said}"]


WRITES = allow("s3:PutObject", {"Fn::Sub": "${Lake.Arn}/*"})
USES_KEY = allow(["kms:Decrypt", "kms:GenerateDataKey"], {"Fn::GetAtt": ["Key", "Arn"]})


def lake(*statements: Any, encrypted: bool, policy: dict[str, Any] | None = None, **more: Any) -> Resources:
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "Key"}}}
    encryption = {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}} if encrypted else {}
    return {
        "Key": policy or key(ROOT),
        "Lake": resource("S3::Bucket", **encryption),
        "Role": role(WRITES, *statements),
        "Clicks": resource(
            "KinesisFirehose::DeliveryStream",
            ExtendedS3DestinationConfiguration={
                "BucketARN": {"Fn::GetAtt": ["Lake", "Arn"]},
                "RoleARN": {"Fn::GetAtt": ["Role", "Arn"]},
                "Prefix": "clicks/!{timestamp:yyyy}/",
                **more,
            },
        ),
    }


def test_a_key_of_a_bucket_that_its_delivery_may_not_use() -> None:
    assert codes(lake(encrypted=False), lake(encrypted=True)) == {"REV358": "fine", "REV660": "danger"}
    assert codes(lake(USES_KEY, encrypted=False), lake(USES_KEY, encrypted=True)) == {"REV358": "fine"}
    named = key(ROOT, ROLE)
    assert codes(lake(encrypted=False, policy=named), lake(encrypted=True, policy=named)) == {"REV358": "fine"}
    other = key({"AWS": {"Fn::GetAtt": ["Other", "Arn"]}})
    assert codes(lake(USES_KEY, encrypted=False, policy=other), lake(USES_KEY, encrypted=True, policy=other)) == {
        "REV358": "fine",
        "REV660": "danger",
    }


KMS = {"EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": "arn:aws:kms:eu-west-1:111122223333:key/a"}}}
EVERY = {"Fn::Sub": "${Lake.Arn}/*"}


def deny(condition: Any = None, on: Any = EVERY, **parts: Any) -> dict[str, Any]:
    told = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": on, **parts}
    return resource(
        "S3::BucketPolicy",
        Bucket={"Ref": "Lake"},
        PolicyDocument={"Statement": [told | ({"Condition": condition} if condition else {})]},
    )


@pytest.mark.parametrize(
    ("policy", "grade"),
    [
        (deny(), "danger"),
        (deny(on={"Fn::Sub": "${Lake.Arn}/clicks/*"}), "danger"),
        (deny(on={"Fn::Sub": "${Lake.Arn}/private/*"}), None),
        (deny(Action="s3:DeleteObject"), None),
        (deny(Principal=ROLE), "danger"),
        (deny(Principal=ROOT), "danger"),
        (deny({"Bool": {"aws:SecureTransport": "false"}}), None),
        (deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}}), None),
        (deny({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), "danger"),
        (deny({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), "caution"),
        (deny({"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}}), None),
        (deny({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}, Action="s3:PutObject"), "danger"),
        (deny({"Null": {"s3:x-amz-server-side-encryption": "true"}}, Action="s3:PutObject"), "danger"),
        (deny({"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}, Action="s3:PutObject"), None),
    ],
)
def test_a_denial_that_keeps_a_delivery_out(policy: dict[str, Any], grade: str | None) -> None:
    plain = lake(encrypted=False)
    assert codes(plain, {**plain, "Policy": policy}).get("REV661") == grade


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        {"Null": {"s3:x-amz-server-side-encryption": "true"}},
    ],
)
def test_what_a_delivery_says_of_encryption_is_no_reason(condition: Any) -> None:
    plain = lake(encrypted=False, **KMS)
    assert codes(plain, {**plain, "Policy": deny(condition, Action="s3:PutObject")}) == {"REV648": "fine"}


def test_a_denial_of_what_a_service_delivers() -> None:
    old = {**SOURCES["subscription"], "Orders": resource("SQS::Queue")}
    denied = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    conditions = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}

    def policy(**more: Any) -> dict[str, Any]:
        return resource("SQS::QueuePolicy", Queues=[{"Ref": "Orders"}], PolicyDocument={"Statement": [denied | more]})

    assert codes(old, {**old, "Policy": policy()})["REV661"] == "danger"
    assert codes(old, {**old, "Policy": policy(Condition=conditions)})["REV661"] == "danger"
    spared = {**conditions, "Bool": {"aws:PrincipalIsAWSService": "false"}}
    assert "REV661" not in codes(old, {**old, "Policy": policy(Condition=spared)})
    assert codes({**old, "Policy": policy()}, {**old, "Policy": policy()}) == {}


def test_a_subscription_that_stands_elsewhere_in_the_template() -> None:
    orders = {"Orders": resource("SQS::Queue")}
    inline = {**orders, "Shop": resource("SNS::Topic", Subscription=[{"Protocol": "sqs", "Endpoint": QUEUE}])}
    told = {"TopicArn": {"Ref": "Shop"}, "Protocol": "sqs", "Endpoint": QUEUE}

    def apart(**more: Any) -> Resources:
        return {**orders, "Shop": resource("SNS::Topic"), "Wanted": resource("SNS::Subscription", **told, **more)}

    assert set(codes(inline, apart()).values()) == {"fine"}
    assert codes(apart(), inline)["REV281"] == "caution"  # what is deleted last may end the one that is left
    assert codes(inline, apart(FilterPolicy={"kind": ["order"]}))["REV280"] == "danger"
    assert codes(apart(FilterPolicy={"kind": ["order"]}), inline)["REV281"] == "caution"
    assert codes(apart(RedrivePolicy={"deadLetterTargetArn": "arn:d"}), inline)["REV272"] == "danger"
    assert codes(inline, {**orders, "Shop": resource("SNS::Topic")})["REV279"] == "danger"


def test_elements_of_policies_in_small_letters() -> None:
    small = {"effect": "Allow", "action": "*", "resource": "*"}
    assert codes({"Role": role(WRITES)}, {"Role": role(WRITES, small)})["REV601"] == "danger"
    assert (
        codes(
            {"Role": role(allow("s3:GetObject"))},
            {"Role": role({"Effect": "Allow", "action": "s3:GetObject", "Resource": allow("x")["Resource"]})},
        )
        == {}
    )
