"""What changes of the policies of resources mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import Resources, codes, faults, messages, resource

ACCOUNT = {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}
OTHER = {"AWS": "arn:aws:iam::999988887777:role/reader"}
SNS = {"Service": "sns.amazonaws.com"}
FROM_TOPIC = {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def says(principal: Any, action: str = "sqs:SendMessage", effect: str = "Allow", **parts: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*", **parts}


def queue(*statements: Any) -> Resources:
    document = {"Statement": list(statements)}
    return {
        "Queue": resource("SQS::Queue"),
        "Policy": resource("SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument=document),
    }


BASE = says(ACCOUNT)


@pytest.mark.parametrize(
    ("statement", "code", "grade"),
    [
        (says("*"), "REV640", "danger"),
        (says({"AWS": "*"}), "REV640", "danger"),
        (says("*", Condition={"Bool": {"aws:SecureTransport": "true"}}), "REV640", "danger"),
        (says("*", Condition=FROM_TOPIC), "REV642", "caution"),
        (says("*", Condition=ORGANIZATION), "REV641", "danger"),
        (says(OTHER), "REV641", "danger"),
        (says(SNS, Condition=FROM_TOPIC), "REV642", "caution"),
        (says(SNS), "REV642", "caution"),
        (says({"AWS": {"Fn::GetAtt": ["Elsewhere", "Arn"]}}), "REV642", "caution"),
        (says(ACCOUNT, "sqs:DeleteQueue"), "REV642", "caution"),
    ],
)
def test_to_whom_a_queue_is_newly_open(statement: Any, code: str, grade: str) -> None:
    assert codes(queue(BASE), queue(BASE, statement)) == {code: grade}


def test_the_message_names_who_what_and_where() -> None:
    assert messages(queue(BASE), queue(BASE, says("*")), "REV640") == [
        "Policy: everybody can newly call sqs:SendMessage on the queue ${Queue}: it is open to the public"
    ]


@pytest.mark.parametrize(
    ("principal", "condition", "code", "grade"),
    [
        ("*", FROM_TOPIC, "REV643", "danger"),
        (OTHER, {"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "REV643", "danger"),
        (SNS, FROM_TOPIC, "REV643", "danger"),
        (ACCOUNT, {"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "REV644", "caution"),
    ],
)
def test_a_condition_that_is_dropped_or_added(principal: Any, condition: Any, code: str, grade: str) -> None:
    bound, open_ = queue(says(principal, Condition=condition)), queue(says(principal))
    assert codes(bound, open_) == {code: grade}
    assert codes(open_, bound) == {"REV648": "fine"}


def test_the_same_sum_is_no_change() -> None:
    apart = {
        **queue(BASE),
        "Other": resource(
            "SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument={"Statement": says(SNS, Condition=FROM_TOPIC)}
        ),
    }
    together = queue(says(SNS, Condition=FROM_TOPIC), BASE)
    assert codes(apart, together) == {}
    renamed = {"Queue": together["Queue"], "Rights": together["Policy"]}
    assert codes(apart, renamed) == {}


def test_a_service_that_can_deliver_no_more() -> None:
    assert codes(queue(BASE, says(SNS, Condition=FROM_TOPIC)), queue(BASE)) == {"REV649": "caution"}
    # Somebody else still sends into it, so that nothing tells whether a delivery is cut off.
    assert codes(queue(BASE, says("*", Condition=FROM_TOPIC)), queue(BASE)) == {"REV648": "fine"}
    assert codes(queue(says("*", Condition=FROM_TOPIC)), {"Queue": resource("SQS::Queue")}) == {"REV649": "caution"}
    assert codes(queue(BASE, says(OTHER)), queue(BASE)) == {"REV648": "fine"}


def test_a_policy_that_goes_or_comes_with_its_resource() -> None:
    topic = {"Topic": resource("SNS::Topic")}
    assert codes(topic, {**topic, **queue(says(SNS, Condition=FROM_TOPIC))}) == {"REV111": "fine", "REV650": "fine"}
    assert codes(topic, {**topic, **queue(says("*"))})["REV640"] == "danger"
    assert "REV648" not in codes({**topic, **queue(BASE)}, topic)


def bucket(*statements: Any) -> Resources:
    told = {"Lake": resource("S3::Bucket")}
    if statements:
        document = {"Statement": list(statements)}
        told["Policy"] = resource("S3::BucketPolicy", Bucket={"Ref": "Lake"}, PolicyDocument=document)
    return told


TLS = says("*", "s3:*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
ENCRYPTED = says(
    "*", "s3:PutObject", "Deny", Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
)
KEPT = says("*", "s3:DeleteObject", "Deny")


@pytest.mark.parametrize(
    ("deny", "code", "grade"),
    [(TLS, "REV645", "danger"), (ENCRYPTED, "REV646", "danger"), (KEPT, "REV647", "caution")],
)
def test_what_a_bucket_insists_on(deny: Any, code: str, grade: str) -> None:
    assert codes(bucket(BASE, deny), bucket(BASE)) == {code: grade}
    assert codes(bucket(deny), bucket()) == {code: grade}
    assert codes(bucket(), bucket(deny)) == {"REV648": "fine"}


def test_a_deny_that_says_more_is_no_weaker() -> None:
    both = says("*", "*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert codes(bucket(TLS), bucket(both)) == {"REV648": "fine"}


def of(kind: str, name: str, document: Any, **properties: Any) -> Resources:
    return {"It": resource(kind, **{name: document}, **properties)}


@pytest.mark.parametrize(
    ("kind", "name", "properties"),
    [
        ("KMS::Key", "KeyPolicy", {}),
        ("SNS::TopicPolicy", "PolicyDocument", {"Topics": ["arn:aws:sns:eu-west-1:111122223333:alarms"]}),
        (
            "Kinesis::ResourcePolicy",
            "ResourcePolicy",
            {"ResourceArn": "arn:aws:kinesis:eu-west-1:111122223333:stream/a"},
        ),
        ("SecretsManager::ResourcePolicy", "ResourcePolicy", {"SecretId": "splunk"}),
        ("Events::EventBus", "Policy", {"Name": "orders"}),
        ("ECR::Repository", "RepositoryPolicyText", {}),
        ("Logs::Destination", "DestinationPolicy", {"DestinationName": "logs"}),
    ],
)
def test_every_policy_of_a_resource(kind: str, name: str, properties: dict[str, Any]) -> None:
    old, new, other = (of(kind, name, {"Statement": [says(each)]}, **properties) for each in (ACCOUNT, "*", OTHER))
    assert codes(old, new)["REV640"] == "danger"
    assert codes(old, other)["REV641"] == "danger"
    assert codes(new, old) == {"REV648": "fine"}
    assert [fault for fault in faults(new) if fault.startswith("AUD61")] == ["AUD610 It"]


def test_a_key_without_a_policy_serves_its_account() -> None:
    document = {"Statement": [says(ACCOUNT, "kms:*")]}
    assert codes({"Key": resource("KMS::Key")}, {"Key": resource("KMS::Key", KeyPolicy=document)}) == {}


def invoked(**properties: Any) -> Resources:
    told = {"FunctionName": "fraud", "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com", **properties}
    return {
        "Permission": resource("Lambda::Permission", **{key: value for key, value in told.items() if value is not None})
    }


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"SourceArn": "a"}, {}, {"REV643": "danger"}),
        ({}, {"SourceArn": "a"}, {"REV648": "fine"}),
        ({"SourceAccount": "111122223333"}, {}, {"REV643": "danger"}),
        ({}, {"Principal": "*"}, {"REV640": "danger"}),
        ({}, {"Principal": "999988887777"}, {"REV641": "danger", "REV649": "caution"}),
        ({"SourceArn": "a"}, {"SourceArn": "b"}, {"REV644": "caution", "REV648": "fine"}),
        ({"Principal": "*", "SourceArn": "a"}, {"Principal": "*"}, {"REV643": "danger"}),
        ({"Principal": "*", "PrincipalOrgID": "o-1"}, {"Principal": "*"}, {"REV643": "danger"}),
    ],
)
def test_permissions_of_functions(before: Any, after: Any, found: dict[str, str]) -> None:
    assert codes(invoked(**before), invoked(**after)) == found


def test_a_permission_that_is_gone() -> None:
    topic = {"Topic": resource("SNS::Topic")}
    assert codes({**topic, **invoked(SourceArn="a")}, topic) == {"REV649": "caution"}


def test_a_layer_for_everybody() -> None:
    def layer(**properties: Any) -> Resources:
        told = {"LayerVersionArn": "arn:layer", "Action": "lambda:GetLayerVersion", **properties}
        return {"Permission": resource("Lambda::LayerVersionPermission", **told)}

    assert codes(layer(Principal="999988887777"), layer(Principal="*"))["REV640"] == "danger"
    assert codes(layer(Principal="*"), layer(Principal="*", OrganizationId="o-1")) == {"REV648": "fine"}
    assert faults(layer(Principal="*")) == ["AUD610 Permission"]
    assert faults(layer(Principal="*", OrganizationId="o-1")) == []


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (queue(says("*")), ["AUD610 Policy"]),
        (queue(says("*", Condition=FROM_TOPIC)), []),
        (queue(says(SNS)), ["AUD611 Policy"]),
        (queue(says(SNS, Condition=FROM_TOPIC)), []),
        (queue(says({"Service": "delivery.logs.amazonaws.com"})), []),
        (invoked(), ["AUD611 Permission"]),
        (invoked(SourceArn="a"), []),
        (invoked(Principal="*"), ["AUD610 Permission"]),
        (bucket(TLS, BASE), []),
    ],
)
def test_what_is_open(resources: Resources, found: list[str]) -> None:
    assert [fault for fault in faults(resources) if fault.startswith("AUD6")] == found


def test_policies_that_are_no_policies_raise_nothing() -> None:
    for wrong in (None, 5, "x", [5], {"Ref": "Given"}, {"Statement": [{"Principal": {"AWS": [None, 5]}}]}):
        made = {
            "Policy": resource("SQS::QueuePolicy", Queues=wrong, PolicyDocument=wrong),
            "Permission": resource("Lambda::Permission", Principal=wrong, FunctionName=wrong, SourceArn=wrong),
            "Bus": resource("Events::EventBusPolicy", Statement=wrong, Condition=wrong, Principal=wrong, Action=wrong),
        }
        codes(made, queue(BASE))
        codes(queue(BASE), made)
        faults(made)
