"""What changes of security groups mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import Resources, codes, faults, messages, resource


def rule(port: Any = 9098, last: Any = None, protocol: Any = "tcp", **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port if last is None else last, **peer}


def cidr(text: str, *ports: Any) -> dict[str, Any]:
    return rule(*ports, **{"CidrIpv6" if ":" in text else "CidrIp": text})


def group(*rules: Any, **properties: Any) -> dict[str, Any]:
    told = {"SecurityGroupIngress": list(rules)} if rules else {}
    return resource("EC2::SecurityGroup", GroupDescription="brokers", VpcId="vpc-1", **{**told, **properties})


def brokers(*rules: Any, **properties: Any) -> Resources:
    return {"Brokers": group(*rules, **properties)}


BASE = cidr("10.0.0.0/16")


@pytest.mark.parametrize(
    ("new", "code", "grade"),
    [
        (cidr("0.0.0.0/0"), "REV670", "danger"),
        (cidr("::/0"), "REV670", "danger"),
        (cidr("3.0.0.0/8"), "REV670", "danger"),
        (cidr("203.0.113.0/24"), "REV671", "caution"),
        (cidr("10.0.0.0/8"), "REV671", "caution"),
        (cidr("10.0.0.0/16", 9092), "REV671", "caution"),
        (cidr("10.0.0.0/16", 9092, 9098), "REV671", "caution"),
        (rule(protocol="-1", CidrIp="10.0.0.0/16"), "REV671", "caution"),
        (rule(SourceSecurityGroupId={"Fn::GetAtt": ["Clients", "GroupId"]}), "REV671", "caution"),
        (rule(SourcePrefixListId="pl-1"), "REV671", "caution"),
        (rule(CidrIp={"Ref": "Given"}), "REV671", "caution"),
        (rule({"Ref": "Given"}, CidrIp="10.0.0.0/16"), "REV671", "caution"),
    ],
)
def test_what_is_newly_let_in(new: Any, code: str, grade: str) -> None:
    assert codes(brokers(BASE), brokers(BASE, new)) == {code: grade}


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (cidr("0.0.0.0/0"), BASE),
        (cidr("10.0.0.0/8"), BASE),
        (cidr("10.0.0.0/16", 9000, 9100), BASE),
        (rule(protocol="-1", CidrIp="10.0.0.0/16"), BASE),
        (rule(-1, -1, CidrIp="10.0.0.0/16"), BASE),
        (cidr("::/0"), cidr("fd00::/8")),
    ],
)
def test_what_is_let_in_less(wide: Any, narrow: Any) -> None:
    assert codes(brokers(wide), brokers(narrow)) == {"REV673": "fine"}


def test_the_message_names_peer_and_ports() -> None:
    assert messages(brokers(BASE), brokers(cidr("0.0.0.0/0", 9092, 9098)), "REV670") == [
        "Brokers: everybody (0.0.0.0/0) is newly let in on tcp 9092–9098"
    ]


@pytest.mark.parametrize(
    "same",
    [
        brokers(rule("9098", "9098", 6, CidrIp="10.0.0.0/16")),
        {
            **brokers(),
            "Rule": resource("EC2::SecurityGroupIngress", GroupId={"Fn::GetAtt": ["Brokers", "GroupId"]}, **BASE),
        },
        {**brokers(), "Rule": resource("EC2::SecurityGroupIngress", GroupId={"Ref": "Brokers"}, **BASE)},
        brokers(BASE, cidr("10.0.1.0/24")),
        brokers(
            BASE,
            SecurityGroupEgress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "CidrIpv6": "::/0"}],
        ),
    ],
    ids=["spelling", "apart", "by-ref", "covered", "default"],
)
def test_the_same_sum_is_no_change(same: Resources) -> None:
    assert codes(brokers(BASE), same) == {}
    assert codes(same, brokers(BASE)) == {}


def test_texts_of_rules_are_texts() -> None:
    assert codes(brokers(BASE), brokers({**BASE, "Description": "clients"})) == {"REV118": "fine"}


OUT = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def test_what_is_let_out() -> None:
    narrow = brokers(BASE, SecurityGroupEgress=[{**OUT, "CidrIp": "10.0.0.0/16"}])
    wide = brokers(BASE, SecurityGroupEgress=[{**OUT, "CidrIp": "0.0.0.0/0"}])
    assert codes(narrow, wide) == {"REV672": "caution"}
    assert codes(wide, narrow) == {"REV673": "fine"}
    assert codes(brokers(BASE), wide) == {"REV673": "fine"}
    other = {**OUT, "GroupId": {"Ref": "Brokers"}, "CidrIp": "10.0.0.0/16"}
    assert codes(narrow, {**brokers(BASE), "Out": resource("EC2::SecurityGroupEgress", **other)}) == {}


def test_a_group_that_still_connects() -> None:
    clients = {"Clients": group()}
    by_group = rule(9096, SourceSecurityGroupId={"Fn::GetAtt": ["Clients", "GroupId"]})
    assert codes({**clients, **brokers(BASE, by_group)}, {**clients, **brokers(BASE)}) == {"REV674": "caution"}
    moved = rule(9000, 9100, SourceSecurityGroupId={"Ref": "Clients"})
    assert codes({**clients, **brokers(BASE, by_group)}, {**clients, **brokers(BASE, moved)}) == {"REV671": "caution"}


def test_a_new_group() -> None:
    topic = {"Topic": resource("SNS::Topic")}
    assert codes(topic, {**topic, **brokers(BASE)}) == {"REV111": "fine", "REV675": "fine"}
    assert codes(topic, {**topic, **brokers(cidr("::/0"))}) == {"REV111": "fine", "REV670": "danger"}


def test_a_rule_of_a_group_elsewhere() -> None:
    topic = {"Topic": resource("SNS::Topic")}
    new = {**topic, "Rule": resource("EC2::SecurityGroupIngress", GroupId="sg-1", **cidr("0.0.0.0/0"))}
    assert messages(topic, new, "REV670") == ["Rule: everybody (0.0.0.0/0) is newly let in on tcp 9098"]
    assert codes(new, topic) == {"REV673": "fine"}


def test_rules_that_are_no_rules_raise_nothing() -> None:
    for wrong in (None, 5, "x", [5], {"Ref": "Given"}, [{"IpProtocol": [1], "CidrIp": {"a": 1}, "FromPort": "x"}]):
        made = brokers(SecurityGroupIngress=wrong, SecurityGroupEgress=wrong)
        codes(brokers(BASE), made)
        codes(made, brokers(BASE))
        faults(made)


def cluster(reference: Any) -> dict[str, Any]:
    return resource("MSK::ServerlessCluster", VpcConfigs=[{"SecurityGroups": [reference]}])


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (brokers(cidr("0.0.0.0/0")), ["AUD630 Brokers"]),
        (brokers(cidr("::/0", 9092, 9098)), ["AUD630 Brokers"]),
        (
            {**brokers(cidr("0.0.0.0/0", 443)), "Cluster": cluster({"Fn::GetAtt": ["Brokers", "GroupId"]})},
            ["AUD630 Brokers"],
        ),
        (brokers(cidr("0.0.0.0/0", 22)), ["AUD631 Brokers"]),
        (brokers(rule(protocol="-1", CidrIp="0.0.0.0/0")), ["AUD631 Brokers"]),
        ({"Rule": resource("EC2::SecurityGroupIngress", GroupId="sg-1", **cidr("0.0.0.0/0"))}, ["AUD630 Rule"]),
        (
            {
                **brokers(BASE),
                "Rule": resource("EC2::SecurityGroupIngress", GroupId={"Ref": "Brokers"}, **cidr("0.0.0.0/0")),
            },
            ["AUD630 Rule"],
        ),
        (brokers(cidr("0.0.0.0/0", 443)), []),
        (brokers(BASE), []),
    ],
)
def test_what_is_open_to_the_internet(resources: Resources, found: list[str]) -> None:
    assert [fault for fault in faults(resources) if fault.startswith("AUD63")] == found
