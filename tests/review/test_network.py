"""What changes of networks mean."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import codes, resource

TOPIC = {"Topic": resource("SNS::Topic")}
PUT = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kinesis:PutRecord", "Resource": "*"}}
ENDPOINT = {"VpcId": "vpc-1", "ServiceName": "kinesis-streams", "VpcEndpointType": "Interface"}
ROUTE = {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0"}
ENTRY = {"NetworkAclId": "acl-1", "RuleNumber": 1, "Protocol": 6, "CidrBlock": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("kind", "always", "before", "after", "found"),
    [
        ("VPCEndpoint", ENDPOINT, {"PolicyDocument": PUT}, {}, {"REV677": "caution"}),
        ("VPCEndpoint", ENDPOINT, {}, {"PolicyDocument": PUT}, {"REV678": "fine"}),
        ("VPCEndpoint", ENDPOINT, {"SubnetIds": ["a", "b"]}, {"SubnetIds": ["a"]}, {"REV677": "caution"}),
        ("VPCEndpoint", ENDPOINT, {"SubnetIds": ["a"]}, {"SubnetIds": ["b", "a"]}, {"REV678": "fine"}),
        ("VPCEndpoint", ENDPOINT, {"SecurityGroupIds": ["a"]}, {"SecurityGroupIds": ["a", "b"]}, {"REV677": "caution"}),
        ("VPCEndpoint", ENDPOINT, {"PrivateDnsEnabled": True}, {}, {"REV677": "caution"}),
        ("VPCEndpoint", ENDPOINT, {}, {"PrivateDnsEnabled": "true"}, {"REV678": "fine"}),
        ("VPCEndpoint", ENDPOINT, {}, {"PrivateDnsEnabled": False}, {}),
        ("Subnet", {"VpcId": "vpc-1"}, {}, {"MapPublicIpOnLaunch": True}, {"REV680": "caution"}),
        ("Subnet", {"VpcId": "vpc-1"}, {"MapPublicIpOnLaunch": True}, {}, {"REV682": "fine"}),
        ("Subnet", {"VpcId": "vpc-1"}, {}, {"MapPublicIpOnLaunch": False}, {}),
        ("VPC", {"CidrBlock": "10.0.0.0/16"}, {}, {"EnableDnsSupport": False}, {"REV683": "caution"}),
        ("VPC", {"CidrBlock": "10.0.0.0/16"}, {}, {"EnableDnsHostnames": True}, {"REV682": "fine"}),
        ("VPC", {"CidrBlock": "10.0.0.0/16"}, {}, {"EnableDnsSupport": True}, {}),
        ("Route", ROUTE, {"NatGatewayId": "nat-1"}, {"GatewayId": "igw-1"}, {"REV679": "caution"}),
        ("NetworkAclEntry", ENTRY, {"RuleAction": "deny"}, {"RuleAction": "allow"}, {"REV681": "caution"}),
        ("VPCEndpointService", {}, {"AcceptanceRequired": True}, {"AcceptanceRequired": False}, {"REV683": "caution"}),
        ("VPCEndpointService", {}, {"AcceptanceRequired": False}, {"AcceptanceRequired": True}, {"REV682": "fine"}),
        (
            "VPCEndpointServicePermissions",
            {"ServiceId": "a"},
            {"AllowedPrincipals": []},
            {"AllowedPrincipals": ["*"]},
            {"REV685": "danger"},
        ),
        (
            "VPCEndpointServicePermissions",
            {"ServiceId": "a"},
            {"AllowedPrincipals": ["a", "b"]},
            {"AllowedPrincipals": ["b"]},
            {"REV682": "fine"},
        ),
        ("PrefixList", {}, {"Entries": []}, {"Entries": [{"Cidr": "0.0.0.0/0"}]}, {"REV670": "danger"}),
        ("PrefixList", {}, {"Entries": []}, {"Entries": [{"Cidr": "10.0.0.0/8"}]}, {"REV671": "caution"}),
        ("PrefixList", {}, {"Entries": [{"Cidr": "10.0.0.0/8"}]}, {"Entries": []}, {"REV673": "fine"}),
        ("NatGateway", {}, {}, {"MaxDrainDurationSeconds": 60}, {"REV682": "fine"}),
    ],
)
def test_what_a_network_says(kind: str, always: Any, before: Any, after: Any, found: dict[str, str]) -> None:
    old, new = ({"It": resource(f"EC2::{kind}", **always, **each)} for each in (before, after))
    assert codes(old, new) == found


@pytest.mark.parametrize(
    ("kind", "properties", "comes", "goes"),
    [
        ("VPCEndpoint", ENDPOINT, {"REV111": "fine"}, {"REV676": "caution"}),
        ("FlowLog", {"ResourceId": "vpc-1"}, {"REV111": "fine"}, {"REV684": "caution"}),
        ("Route", {**ROUTE, "NatGatewayId": "nat-1"}, {"REV111": "fine"}, {"REV679": "caution"}),
        ("NetworkAclEntry", {**ENTRY, "RuleAction": "allow"}, {"REV681": "caution"}, {"REV681": "caution"}),
        ("NetworkAclEntry", {**ENTRY, "RuleAction": "deny"}, {"REV111": "fine"}, {"REV681": "caution"}),
        (
            "VPCEndpointServicePermissions",
            {"ServiceId": "a", "AllowedPrincipals": ["arn:aws:iam::999988887777:root"]},
            {"REV685": "danger"},
            {"REV109": "caution"},
        ),
    ],
)
def test_what_comes_and_goes(kind: str, properties: Any, comes: dict[str, str], goes: dict[str, str]) -> None:
    with_it = {**TOPIC, "It": resource(f"EC2::{kind}", **properties)}
    assert codes(TOPIC, with_it) == comes
    assert codes(with_it, TOPIC) == goes


def test_a_way_to_the_internet_makes_subnets_public() -> None:
    gateway = {"Gateway": resource("EC2::InternetGateway"), "Table": resource("EC2::RouteTable", VpcId="vpc-1")}
    route = resource(
        "EC2::Route", RouteTableId={"Ref": "Table"}, DestinationCidrBlock="0.0.0.0/0", GatewayId={"Ref": "Gateway"}
    )
    assert codes(gateway, {**gateway, "Route": route}) == {"REV679": "caution"}
    assert codes(TOPIC, {**TOPIC, **gateway, "Route": route}) == {"REV111": "fine"}
