"""What changes of permissions mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import STREAM, Resources, allow, codes, faults, messages, policy, resource, role

READ, WRITE = allow("kinesis:GetRecords"), allow("kinesis:PutRecord")
BEFORE: Resources = {"Role": role(READ, WRITE)}


@pytest.mark.parametrize(
    "after",
    [
        {"Role": role(WRITE, READ)},
        {"Role": role(allow(["kinesis:PutRecord", "kinesis:GetRecords"]))},
        {"Role": role(allow(["KINESIS:putrecord", "kinesis:GetRecords"]))},
        {"Role": role(READ), "Writes": policy(WRITE)},
        {"Role": role(), "One": policy(READ), "Other": policy(WRITE, PolicyName="other")},
        {"Role": role(), "One": policy(READ, WRITE, kind="IAM::ManagedPolicy", Roles=[{"Ref": "Role"}])},
        {"Role": role(ManagedPolicyArns=[{"Ref": "One"}]), "One": policy(READ, WRITE, kind="IAM::ManagedPolicy")},
        {
            "Role": role(READ),
            "One": policy(WRITE, kind="IAM::RolePolicy", PolicyName="writes", RoleName={"Ref": "Role"}),
        },
        {"Role": role(READ, WRITE, allow("kinesis:GetRecords", STREAM, Sid="Again"))},
    ],
    ids=["order", "joined", "case", "moved", "split", "managed", "attached", "apart", "twice"],
)
def test_the_same_sum_is_no_change(after: Resources) -> None:
    assert codes(BEFORE, after) == {}
    assert codes(after, BEFORE) == {}


def test_a_policy_under_another_logical_id_and_name_is_no_change() -> None:
    old = {"Role": role(), "Policy": policy(READ)}
    assert codes(old, {"Role": role(), "Reads": policy(READ, PolicyName="other")}) == {}


@pytest.mark.parametrize(
    ("statement", "code", "grade"),
    [
        (allow("kinesis:ListShards"), "REV607", "caution"),
        (allow("kinesis:List*"), "REV607", "caution"),
        (allow("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"), "REV607", "caution"),
        (allow("cloudwatch:PutMetricData", "*"), "REV607", "caution"),
        (allow("logs:PutLogEvents", "arn:aws:logs:*:*:*"), "REV607", "caution"),
        (allow("kinesis:GetRecords", "*"), "REV603", "danger"),
        (allow("s3:GetObject", "arn:aws:s3:::*"), "REV603", "danger"),
        (allow("s3:GetObject", "arn:aws:s3:::lake/*"), "REV607", "caution"),
        (allow("kinesis:*"), "REV602", "danger"),
        (allow("*", "*"), "REV601", "danger"),
        (allow("*:*", "*"), "REV601", "danger"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "REV604", "danger"),
        ({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::a/*"}, "REV604", "danger"),
        (allow("iam:PassRole", "*"), "REV605", "danger"),
        (allow("iam:PassRole", "arn:aws:iam::111122223333:role/*"), "REV605", "danger"),
        (allow("iam:PassRole", "arn:aws:iam::111122223333:role/flink"), "REV607", "caution"),
        (allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/flink"), "REV605", "danger"),
        (allow("sts:AssumeRole", "arn:aws:iam::999988887777:role/reader"), "REV607", "caution"),
    ],
)
def test_what_a_role_can_newly_do(statement: Any, code: str, grade: str) -> None:
    assert codes(BEFORE, {"Role": role(READ, WRITE, statement)}) == {code: grade}


def test_who_can_newly_do_what_to_what_is_said() -> None:
    after = {"Role": role(READ, WRITE, allow(["kinesis:ListShards", "kinesis:DescribeStream"]))}
    assert messages(BEFORE, after, "REV607") == [
        f"Role: Role can newly call kinesis:DescribeStream, kinesis:ListShards on {STREAM}"
    ]


def test_what_a_wider_action_allowed_already_is_not_new() -> None:
    assert codes({"Role": role(allow("kinesis:*"))}, {"Role": role(READ)}) == {"REV612": "fine"}
    assert codes({"Role": role(allow("kinesis:GetRecords", "*"))}, {"Role": role(READ)}) == {"REV612": "fine"}


def test_a_condition_that_is_dropped() -> None:
    bound = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    old = {"Role": role(allow("kinesis:PutRecord", STREAM, Condition=bound))}
    assert codes(old, {"Role": role(WRITE)}) == {"REV609": "caution"}
    assert codes({"Role": role(WRITE)}, old) == {"REV612": "fine"}
    everywhere = {"Role": role(allow("kinesis:PutRecord", "*", Condition=bound))}
    assert codes(everywhere, {"Role": role(allow("kinesis:PutRecord", "*"))}) == {"REV603": "danger"}


def test_a_deny_that_comes_and_goes() -> None:
    deny = {"Effect": "Deny", "Action": "kinesis:DeleteStream", "Resource": "*"}
    assert codes({"Role": role(READ, deny)}, {"Role": role(READ)}) == {"REV610": "caution"}
    assert codes({"Role": role(READ)}, {"Role": role(READ, deny)}) == {"REV612": "fine"}


AWS = "arn:aws:iam::aws:policy/"


@pytest.mark.parametrize(
    ("name", "code", "grade"),
    [
        ("AdministratorAccess", "REV601", "danger"),
        ("PowerUserAccess", "REV601", "danger"),
        ("IAMFullAccess", "REV601", "danger"),
        ("AmazonKinesisFullAccess", "REV606", "danger"),
        ("AWSLambda_FullAccess", "REV606", "danger"),
        ("AmazonS3ReadOnlyAccess", "REV608", "caution"),
        ("service-role/AWSLambdaKinesisExecutionRole", "REV608", "caution"),
    ],
)
def test_a_managed_policy_that_is_attached(name: str, code: str, grade: str) -> None:
    after = {"Role": role(READ, WRITE, ManagedPolicyArns=[f"{AWS}{name}"])}
    assert codes(BEFORE, after) == {code: grade}
    assert set(codes(after, BEFORE)) == {"REV612"}


def test_a_managed_policy_in_the_partition_of_the_deployment_is_the_same() -> None:
    name = "service-role/AWSLambdaBasicExecutionRole"
    joined = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{name}"]]}
    old, new = ({"Role": role(ManagedPolicyArns=[each])} for each in (f"{AWS}{name}", joined))
    assert codes(old, new) == {}


def test_a_managed_policy_that_is_exchanged_for_a_part_of_it_is_narrower() -> None:
    old = {"Role": role(ManagedPolicyArns=[f"{AWS}service-role/AWSLambdaKinesisExecutionRole"])}
    assert codes(old, {"Role": role(READ)}) == {"REV612": "fine"}


def test_a_new_role_with_bounds_opens_nothing_that_is_there() -> None:
    basic = f"{AWS}service-role/AWSLambdaBasicExecutionRole"
    added = {**BEFORE, "Other": role(READ, ManagedPolicyArns=[basic])}
    assert codes(BEFORE, added) == {"REV111": "fine", "REV611": "fine"}
    assert codes(BEFORE, {**BEFORE, "Other": role(allow("kinesis:*", "*"))})["REV602"] == "danger"


def test_what_the_same_change_creates_is_not_opened() -> None:
    after = {
        "Role": role(READ, WRITE, allow("sqs:SendMessage", {"Fn::GetAtt": ["Failed", "Arn"]})),
        "Failed": resource("SQS::Queue"),
    }
    assert codes(BEFORE, after) == {"REV111": "fine", "REV611": "fine"}
    assert codes({**BEFORE, "Failed": resource("SQS::Queue")}, after) == {"REV607": "caution"}


def test_a_policy_of_a_role_elsewhere() -> None:
    old = {"Policy": policy(READ, Roles=["reader"])}
    assert codes(old, {"Policy": policy(READ, WRITE, Roles=["reader"])}) == {"REV607": "caution"}
    assert messages(old, {"Policy": policy(READ, WRITE, Roles=["reader"])}, "REV607")[0].startswith(
        "Policy: reader can"
    )
    assert codes(old, {"Topic": resource("SNS::Topic")}) == {"REV111": "fine", "REV612": "fine"}


def test_a_role_that_is_named_by_its_name_is_that_role() -> None:
    old = {"Role": role(READ, WRITE, RoleName="reader")}
    assert codes(old, {"Role": role(READ, RoleName="reader"), "Policy": policy(WRITE, Roles=["reader"])}) == {}


def document(statement: Any, version: str = "2012-10-17") -> Resources:
    return {"Role": role(), "Policy": policy(PolicyDocument={"Version": version, "Statement": [statement]})}


def test_other_words_for_the_same() -> None:
    named = allow("kinesis:GetRecords", Sid="Reads")
    old = {"Role": role(), "Policy": policy(named)}
    assert codes(old, {"Role": role(), "Policy": policy({**named, "Sid": "ReadsClicks"})}) == {"REV624": "fine"}
    assert codes(old, {"Role": role(), "Policy": policy(named, PolicyName="other")}) == {"REV624": "fine"}
    assert codes(document(READ), document(READ, "2008-10-17")) == {"REV624": "fine"}


def test_the_version_of_a_policy_with_variables() -> None:
    own = allow("s3:GetObject", "arn:aws:s3:::lake/${aws:username}/*")
    assert codes(document(own), document(own, "2008-10-17")) == {"REV625": "caution"}


def reader(*actions: str) -> Resources:
    stream = {"Fn::GetAtt": ["Clicks", "Arn"]}
    return {
        "Clicks": resource("Kinesis::Stream", ShardCount=1),
        "Function": resource("Lambda::Function", Role={"Fn::GetAtt": ["Role", "Arn"]}, Code={"ZipFile": "x"}),
        "Mapping": resource(
            "Lambda::EventSourceMapping",
            EventSourceArn=stream,
            FunctionName={"Ref": "Function"},
            StartingPosition="LATEST",
        ),
        "Role": role(allow([f"kinesis:{action}" for action in actions], stream)),
    }


READS = ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")


def test_a_permission_that_a_reader_needs() -> None:
    found = codes(reader(*READS), reader(*READS[:2], *READS[3:]))
    assert found == {"REV612": "fine", "REV613": "danger"}
    assert codes(reader(*READS), reader(*READS[1:]))["REV613"] == "caution"
    assert messages(reader(*READS), reader(*READS[:2], *READS[3:]), "REV613") == [
        "Role: Mapping still needs what Role no longer allows: kinesis:GetRecords; its calls are refused"
    ]
    assert codes(reader(*READS, "PutRecord"), reader(*READS)) == {"REV612": "fine"}
    assert codes(reader("*"), reader(*READS)) == {"REV612": "fine"}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"PermissionsBoundary": "a"}, {}, {"REV620": "caution"}),
        (
            {"PermissionsBoundary": "a", "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]},
            {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]},
            {"REV620": "danger"},
        ),
        ({"PermissionsBoundary": "a"}, {"PermissionsBoundary": "b"}, {"REV620": "caution"}),
        ({}, {"PermissionsBoundary": "a"}, {"REV621": "fine"}),
        ({}, {"MaxSessionDuration": 7200}, {"REV622": "caution"}),
        ({"MaxSessionDuration": 7200}, {"MaxSessionDuration": 3600}, {"REV621": "fine"}),
        ({}, {"MaxSessionDuration": 3600}, {}),
        ({}, {"Description": "reads"}, {"REV118": "fine"}),
    ],
)
def test_what_else_a_role_says(before: Any, after: Any, found: dict[str, str]) -> None:
    assert codes({"Role": role(READ, **before)}, {"Role": role(READ, **after)}) == found


def test_what_was_allowed_and_is_denied() -> None:
    denied = {**READ, "Effect": "Deny"}
    assert codes(BEFORE, {"Role": role(denied, WRITE)}) == {"REV612": "fine", "REV613": "caution"}
    assert codes(BEFORE, {"Role": role(READ, WRITE, {**allow("kinesis:DeleteStream"), "Effect": "Deny"})}) == {
        "REV612": "fine"
    }


def test_a_stream_that_flink_may_no_longer_read() -> None:
    properties = {"PropertyMap": {"stream.arn": {"Fn::GetAtt": ["Clicks", "Arn"]}}}
    on = {"Fn::GetAtt": ["Clicks", "Arn"]}
    old = {
        "Clicks": resource("Kinesis::Stream"),
        "Role": role(allow(["kinesis:GetRecords", "kinesis:GetShardIterator"], on)),
        "Job": resource(
            "KinesisAnalyticsV2::Application",
            ServiceExecutionRole={"Fn::GetAtt": ["Role", "Arn"]},
            ApplicationConfiguration={"EnvironmentProperties": {"PropertyGroups": [properties]}},
        ),
    }
    new = {**old, "Role": role(allow("kinesis:GetShardIterator", on))}
    assert codes(old, new) == {"REV612": "fine", "REV613": "danger"}


def test_a_policy_that_is_no_policy_raises_nothing() -> None:
    for wrong in (None, 5, "x", [5], {"Ref": "Given"}, [{"PolicyDocument": [1, {"Statement": "y"}]}]):
        old = {"Role": resource("IAM::Role", Policies=wrong, ManagedPolicyArns=wrong, AssumeRolePolicyDocument=wrong)}
        assert codes(old, BEFORE) != {"REV199": "caution"}
        assert codes(BEFORE, old) != {"REV199": "caution"}
        assert faults(old) == []


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"statement": allow("*", "*")}, "AUD601"),
        ({"ManagedPolicyArns": [f"{AWS}AdministratorAccess"]}, "AUD601"),
        ({"statement": allow("kinesis:*", "*")}, "AUD602"),
        ({"ManagedPolicyArns": [f"{AWS}AmazonKinesisFullAccess"]}, "AUD602"),
        ({"statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}, "AUD603"),
        ({"statement": allow("iam:PassRole", "*")}, "AUD604"),
        ({"statement": allow("s3:PutObject", "*")}, "AUD605"),
        ({"statement": allow("kinesis:*")}, "AUD607"),
    ],
)
def test_permissions_without_bounds(properties: dict[str, Any], code: str) -> None:
    statements = [properties.pop("statement")] if "statement" in properties else []
    assert faults({"Role": role(*statements, **properties)}) == [f"{code} Role"]


def test_a_permission_is_told_of_where_it_is_written() -> None:
    everything = allow("s3:PutObject", "*")
    of_one = policy(everything, kind="IAM::RolePolicy", RoleName={"Ref": "Role"})
    managed = policy(everything, kind="IAM::ManagedPolicy")
    lists = role(ManagedPolicyArns=[{"Ref": "More"}])
    assert faults({"Role": role(), "More": policy(everything)}) == ["AUD605 More"]
    assert faults({"Role": role(), "More": of_one}) == ["AUD605 More"]
    assert faults({"Role": lists, "More": managed}) == ["AUD605 More"]
    assert faults({"Role": role(everything), "More": policy(READ)}) == ["AUD605 Role"]


def test_permissions_with_bounds_are_no_fault() -> None:
    named = [
        READ,
        allow(["xray:PutTraceSegments", "ec2:DescribeSubnets"], "*"),
        allow("logs:PutLogEvents", "arn:aws:logs:*:*:*"),
    ]
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    basic = f"{AWS}service-role/AWSLambdaBasicExecutionRole"
    assert faults({"Role": role(*named, deny, ManagedPolicyArns=[basic])}) == []
