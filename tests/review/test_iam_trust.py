"""What changes of trust policies mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import LAMBDA, codes, faults, messages, resource, role, trusted

OTHER = {"AWS": "arn:aws:iam::999988887777:root"}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "shop"}}
GITHUB = {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}
REPOSITORY = {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:shop/*"}}


def trusting(*principals: Any, **parts: Any) -> dict[str, Any]:
    return {"Role": role(AssumeRolePolicyDocument=trusted(*principals, **parts))}


@pytest.mark.parametrize(
    ("principal", "code", "grade"),
    [
        ({"Service": "firehose.amazonaws.com"}, "REV615", "caution"),
        ({"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}, "REV615", "caution"),
        (OTHER, "REV614", "danger"),
        ({"AWS": "999988887777"}, "REV614", "danger"),
        ({"AWS": "*"}, "REV614", "danger"),
        ("*", "REV614", "danger"),
        (GITHUB, "REV614", "danger"),
    ],
)
def test_who_can_newly_act_as_a_role(principal: Any, code: str, grade: str) -> None:
    assert codes(trusting(LAMBDA), trusting(LAMBDA, principal)) == {code: grade}


def test_a_role_of_this_account_by_its_number() -> None:
    function = resource("Lambda::Function", Role="arn:aws:iam::999988887777:role/fraud", Code={"ZipFile": "x"})
    old, new = ({**each, "Function": function} for each in (trusting(LAMBDA), trusting(LAMBDA, OTHER)))
    assert codes(old, new) == {"REV615": "caution"}


def test_the_same_trust_written_otherwise() -> None:
    together = {"Service": ["lambda.amazonaws.com", "firehose.amazonaws.com"]}
    apart = trusting({"Service": "firehose.amazonaws.com"}, LAMBDA)
    assert codes(trusting(together), apart) == {}


@pytest.mark.parametrize(
    ("principal", "condition", "code", "grade"),
    [
        (OTHER, EXTERNAL, "REV616", "danger"),
        (GITHUB, REPOSITORY, "REV616", "danger"),
        ({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "REV616", "danger"),
        (LAMBDA, {"StringEquals": {"aws:SourceAccount": "111122223333"}}, "REV617", "caution"),
    ],
)
def test_a_condition_that_is_dropped_or_added(principal: Any, condition: Any, code: str, grade: str) -> None:
    bound, open_ = trusting(principal, Condition=condition), trusting(principal)
    assert codes(bound, open_) == {code: grade}
    assert codes(open_, bound) == {"REV618": "fine"}


def test_another_external_id() -> None:
    other = {"StringEquals": {"sts:ExternalId": "store"}}
    found = codes(trusting(OTHER, Condition=EXTERNAL), trusting(OTHER, Condition=other))
    assert found == {"REV617": "caution", "REV618": "fine"}


def test_a_service_that_is_trusted_no_more() -> None:
    both = trusting(LAMBDA, {"Service": "firehose.amazonaws.com"})
    assert codes(both, trusting(LAMBDA)) == {"REV618": "fine"}
    (role,) = both
    lake = {"Lake": resource("KinesisFirehose::DeliveryStream", RoleARN={"Fn::GetAtt": [role, "Arn"]})}
    assert codes({**both, **lake}, {**trusting(LAMBDA), **lake}) == {"REV619": "caution"}
    assert codes(trusting(LAMBDA, OTHER), trusting(LAMBDA)) == {"REV618": "fine"}


def test_a_new_role_is_told_where_it_is_open_beyond_this_account() -> None:
    topic = {"Topic": resource("SNS::Topic")}
    assert codes(topic, {**topic, **trusting(LAMBDA)}) == {"REV111": "fine"}
    assert codes(topic, {**topic, **trusting(OTHER)}) == {"REV111": "fine", "REV614": "danger"}
    assert messages(topic, {**topic, **trusting(OTHER)}, "REV614") == [
        "Role: arn:aws:iam::999988887777:root (another account) can newly act as it, with all its permissions"
    ]


@pytest.mark.parametrize(
    ("principal", "condition", "is_open"),
    [
        ("*", {}, True),
        ({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        (GITHUB, {}, True),
        (GITHUB, REPOSITORY, False),
        (OTHER, {}, False),
        (LAMBDA, {}, False),
    ],
)
def test_a_role_that_is_open_to_everybody(principal: Any, condition: Any, *, is_open: bool) -> None:
    parts = {"Condition": condition} if condition else {}
    assert faults(trusting(principal, **parts)) == (["AUD606 Role"] if is_open else [])
