"""Policy documents taken apart: what covers what, and who is meant."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.access.policy_grants import beyond, grants_of, is_allowed
from streaming_constructs.review.access.policy_reach import audience, is_every_resource
from streaming_constructs.review.access.policy_texts import covers_text, policy_text

STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"


def statement(**parts: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": "kinesis:GetRecords", "Resource": STREAM, **parts}]}


def covers(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return beyond(grants_of(statement(**other)), grants_of(statement(**one))) == []


@pytest.mark.parametrize(
    ("pattern", "text", "is_covered"),
    [
        ("kinesis:get*", "kinesis:getrecords", True),
        ("kinesis:get*", "kinesis:putrecord", False),
        ("kinesis:getrecord?", "kinesis:getrecords", True),
        ("kinesis:getrecord?", "kinesis:getrecord*", False),
        ("*", "kinesis:*", True),
        ("kinesis:*", "*", False),
        ("a*b*c", "aXbYc", True),
        ("a*b*c", "aXbY", False),
        ("", "", True),
        ("*a" * 40, "a" * 200 + "b", False),
    ],
)
def test_a_pattern_covers_what_it_matches(pattern: str, text: str, is_covered: bool) -> None:
    assert covers_text(pattern, text) is is_covered


@pytest.mark.parametrize(
    ("one", "other", "is_covered"),
    [
        ({"Action": "KINESIS:get*"}, {}, True),
        ({}, {"Action": "kinesis:Get*"}, False),
        ({"Resource": "*"}, {}, True),
        ({}, {"Resource": "*"}, False),
        ({"Action": ["kinesis:PutRecord", "kinesis:GetRecords"]}, {}, True),
        ({}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, {}, False),
        (
            {"Condition": {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}},
            {"Condition": {"StringEquals": {"AWS:SourceVpce": "vpce-1"}}},
            True,
        ),
        (
            {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
            {"Condition": {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}},
            False,
        ),
        (
            {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}},
            {"Condition": {"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}},
            True,
        ),
        (
            {"Condition": {"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}},
            {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}},
            False,
        ),
        (
            {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:alarms-*"}}},
            {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:alarms-1"}}},
            True,
        ),
        ({"Effect": "Deny"}, {}, False),
        ({}, {"Effect": "Deny"}, False),
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}, True),
        ({"Principal": "*"}, {"Principal": {"AWS": "111122223333"}}, True),
        ({"Principal": {"AWS": "111122223333"}}, {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, True),
        ({"Principal": {"AWS": "111122223333"}}, {"Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}}, {"Principal": {"AWS": "111122223333"}}, False),
        ({"Principal": {"Service": "sns.amazonaws.com"}}, {"Principal": {"Service": "s3.amazonaws.com"}}, False),
    ],
)
def test_a_grant_covers_what_goes_no_further(one: dict[str, Any], other: dict[str, Any], is_covered: bool) -> None:
    assert covers(one, other) is is_covered


def all_but(*actions: str) -> dict[str, Any]:
    return {"Statement": {"Effect": "Allow", "NotAction": list(actions), "Resource": "*"}}


@pytest.mark.parametrize(
    ("one", "other", "is_covered"),
    [
        (all_but("iam:*"), all_but("iam:*", "kms:*"), True),
        (all_but("iam:*", "kms:*"), all_but("iam:*"), False),
        (all_but("iam:*"), statement(), True),
        (all_but("kinesis:*"), statement(), False),
        (all_but("kinesis:GetRecords"), statement(Action="kinesis:*"), False),
        (statement(Action="*", Resource="*"), all_but("iam:*"), True),
    ],
)
def test_all_but_what_is_named(one: dict[str, Any], other: dict[str, Any], is_covered: bool) -> None:
    assert (beyond(grants_of(other), grants_of(one)) == []) is is_covered


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Fn::GetAtt": ["Clicks", "Arn"]}, "${Clicks.Arn}"),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Ref": "Lake"}, "/*"]]}, "${Lake.Arn}/*"),
        ({"Ref": "Topic"}, "${Topic}"),
        ({"Fn::GetAtt": ["Topic", "TopicArn"]}, "${Topic}"),
        (
            {
                "Fn::Join": [
                    "",
                    [
                        "arn:aws:kinesis:",
                        {"Ref": "AWS::Region"},
                        ":",
                        {"Ref": "AWS::AccountId"},
                        ":stream/",
                        {"Ref": "Clicks"},
                    ],
                ]
            },
            "${Clicks.Arn}",
        ),
        ({"Fn::ImportValue": "a*"}, '${{"Fn::ImportValue": "a"}}'),
        (None, ""),
        (5, "5"),
    ],
)
def test_one_way_to_write_a_name(value: Any, text: str) -> None:
    assert policy_text(value) == text


@pytest.mark.parametrize(
    ("resource", "is_every"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::lake/*", False),
        ("arn:aws:s3:::lake*", False),
        ("arn:aws:kinesis:eu-west-1:111122223333:*", True),
        ("arn:aws:kinesis:eu-west-1:111122223333:stream/*", True),
        ("arn:aws:kinesis:*:*:stream/clicks", False),
        ("arn:aws:kinesis:${AWS::Region}:${AWS::AccountId}:stream/*", True),
        ("arn:aws:logs:*:*:log-group:/aws/lambda/*", False),
        ("arn:aws:logs:*:*:*", True),
        ("${Clicks.Arn}", False),
        ("${Lake.Arn}/*", False),
    ],
)
def test_what_has_no_bounds(resource: str, is_every: bool) -> None:
    (grant,) = grants_of(statement(Resource=resource))
    assert is_every_resource(grant) is is_every


@pytest.mark.parametrize(
    ("parts", "whom"),
    [
        ({"Principal": "*"}, "everybody"),
        ({"Principal": {"AWS": ["*"]}}, "everybody"),
        ({"NotPrincipal": {"AWS": "111122223333"}}, "everybody"),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "everybody"),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}, "everybody"),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "1"}}}, "everybody"),
        ({"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}}, "everybody"),
        ({"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:alarms"}}}, "another identity"),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, "an organization"),
        (
            {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "999988887777"}}},
            "another account",
        ),
        ({"Principal": {"AWS": "arn:aws:iam::999988887777:role/a"}}, "another account"),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}}, "this account"),
        ({"Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}}, "this account"),
        ({"Principal": {"AWS": {"Ref": "AWS::AccountId"}}}, "this account"),
        ({"Principal": {"Service": "sns.amazonaws.com"}}, "a service"),
    ],
)
def test_to_whom_a_grant_is_open(parts: dict[str, Any], whom: str) -> None:
    (grant,) = grants_of(statement(**parts))
    assert audience(grant, {"111122223333"}) == whom


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "no JSON",
        "[1]",
        {"Statement": "x"},
        {"Statement": [1, None]},
        {"Statement": [{"Action": {"a": 1}}]},
        5,
    ],
)
def test_what_is_no_policy_raises_nothing(document: Any) -> None:
    assert all(grant.principal == "" for grant in grants_of(document))


def test_a_statement_under_a_condition_is_both_of_its_branches() -> None:
    either = {"Fn::If": ["IsProd", {"Effect": "Allow", "Action": "a:b", "Resource": "*"}, {"Ref": "AWS::NoValue"}]}
    assert [grant.action for grant in grants_of({"Statement": [either]})] == ["a:b"]


def test_a_policy_as_a_text_says_the_same() -> None:
    text = '{"Statement": [{"Effect": "Allow", "Action": "kinesis:GetRecords", "Resource": "*"}]}'
    assert grants_of(text) == grants_of(statement(Resource="*"))


def test_what_is_denied_is_not_allowed() -> None:
    (wanted,) = grants_of(statement())
    allowed = grants_of(statement(Action="kinesis:*"))
    assert is_allowed(wanted, allowed)
    assert not is_allowed(wanted, allowed | grants_of(statement(Effect="Deny", Resource="*")))
    only_elsewhere = statement(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert is_allowed(wanted, allowed | grants_of(only_elsewhere))
