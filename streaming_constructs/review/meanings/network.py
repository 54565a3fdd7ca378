"""What changes of VPCs, subnets, routes, endpoints and network ACLs mean; security groups are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.access.policy_grants import beyond, grants_of
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, when_added, when_removed
from streaming_constructs.review.meanings.any_resource import added
from streaming_constructs.review.rules.told_by_sum import written_otherwise

_ENDPOINT = "AWS::EC2::VPCEndpoint"
_FULL = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}
"""What an endpoint lets through that has no policy.

Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html, read 2026-11-29
"""

is_by_default("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": False, "AssignIpv6AddressOnCreation": False})
is_by_default("AWS::EC2::VPC", {"EnableDnsSupport": True, "EnableDnsHostnames": False, "InstanceTenancy": "default"})
is_by_default(_ENDPOINT, {"VpcEndpointType": "Gateway", "PrivateDnsEnabled": False})


@when_removed(_ENDPOINT)
def endpoint_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A way to a service of AWS that is gone."""
    yield Meaning(
        "REV676",
        f"the endpoint of {shown(old.at('ServiceName'))} is gone: its subnets reach it over the internet, or not at all",
        "keep it as long as anything without another way out calls the service",
    )


@means(_ENDPOINT, "PolicyDocument")
def endpoint_policy(changed: Changed) -> Iterator[Meaning]:
    """What an endpoint lets through."""
    before, after = (grants_of(_FULL if value is None else value) for value in (changed.old, changed.new))
    newly = beyond((each for each in after if not each.is_deny), before)
    undenied = beyond((each for each in before if each.is_deny), after)
    if newly or undenied:
        yield Meaning("REV677", "the policy of the endpoint lets more through than before")
    elif beyond(before, after) or beyond(after, before):
        yield Meaning("REV678", "the policy of the endpoint lets less through than before")
    else:
        yield from written_otherwise(changed)


@means(_ENDPOINT, "SubnetIds", "RouteTableIds", "SecurityGroupIds")
def endpoint_places(changed: Changed) -> Iterator[Meaning]:
    """From where an endpoint is reached."""
    before, after = listed(changed.old), listed(changed.new)
    gone = [place for place in before if not any(same(place, other) for other in after)]
    come = [place for place in after if not any(same(place, other) for other in before)]
    if gone:
        yield Meaning(
            "REV677", f"`{changed.name}` of the endpoint no longer has {shown(gone)}: what calls by it loses its way"
        )
    elif come and changed.name == "SecurityGroupIds":
        yield Meaning("REV677", f"what {shown(come)} lets in newly reaches the endpoint")
    elif come:
        yield Meaning("REV678", f"`{changed.name}` of the endpoint newly has {shown(come)}")


@means(_ENDPOINT, "PrivateDnsEnabled")
def private_dns(changed: Changed) -> Iterator[Meaning]:
    """Whether the service's own name leads to the endpoint."""
    if is_true(changed.new):
        yield Meaning("REV678", "the service's own name leads to the endpoint")
    else:
        yield Meaning("REV677", "the service's own name no longer leads to the endpoint, but to its public addresses")


@means("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation")
def public_addresses(changed: Changed) -> Iterator[Meaning]:
    """Whether what starts in a subnet has an address of the internet."""
    if is_true(changed.new):
        yield Meaning(
            "REV680",
            f"what starts in the subnet has a public address (`{changed.name}`): only security groups keep the internet out",
        )
    else:
        yield Meaning("REV682", f"what starts in the subnet has no public address any more (`{changed.name}`)")


@means("AWS::EC2::VPC", "EnableDnsSupport", "EnableDnsHostnames")
def dns(changed: Changed) -> Iterator[Meaning]:
    """Whether names are resolved in a VPC."""
    if is_true(changed.new) or (changed.new is None and changed.name == "EnableDnsSupport"):
        yield Meaning("REV682", f"`{changed.name}` is on")
    else:
        yield Meaning(
            "REV683", f"`{changed.name}` is off: names, and those of endpoints among them, are resolved no more"
        )


@means("AWS::EC2::Route", "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId", "InstanceId")
@means(
    "AWS::EC2::Route",
    "NetworkInterfaceId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
    "LocalGatewayId",
    "CoreNetworkArn",
)
@means("AWS::EC2::Route", "CarrierGatewayId", "OdbNetworkArn")
def route(changed: Changed) -> Iterator[Meaning]:
    """Where a route leads."""
    to = changed.new_resource.at("DestinationCidrBlock") or changed.new_resource.at("DestinationIpv6CidrBlock")
    yield Meaning(
        "REV679", f"the route to {shown(to)} has another `{changed.name}`: {shown(changed.old)} → {shown(changed.new)}"
    )


@when_added("AWS::EC2::Route")
def route_added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A way that is new: of a table that is there, to the internet, it makes its subnets public."""
    table = pair.new.target(new.at("RouteTableId"))
    gateway = pair.new.target(new.at("GatewayId"))
    leads_out = gateway is not None and gateway.type == "AWS::EC2::InternetGateway"
    if leads_out and (table is None or table.logical_id not in pair.match.added):
        yield Meaning("REV679", "its subnets newly have a way to the internet and from there: they are public")
    else:
        yield from added(pair, new)


@when_removed(
    "AWS::EC2::Route", "AWS::EC2::NatGateway", "AWS::EC2::VPCGatewayAttachment", "AWS::EC2::VPCPeeringConnection"
)
def way_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A way that is gone."""
    yield Meaning("REV679", f"a way that traffic takes is gone ({old.type}): what went by it goes nowhere")


@means("AWS::EC2::NetworkAclEntry", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange", "Protocol", "Icmp")
def acl_entry(changed: Changed) -> Iterator[Meaning]:
    """What a network ACL lets through, or not."""
    yield Meaning("REV681", f"`{changed.name}` of the network ACL's rule: {shown(changed.old)} → {shown(changed.new)}")


@when_added("AWS::EC2::NetworkAclEntry")
def acl_entry_added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A rule of a network ACL that is new."""
    acl = pair.new.target(new.at("NetworkAclId"))
    if new.at("RuleAction") == "deny" or (acl is not None and acl.logical_id in pair.match.added):
        yield from added(pair, new)
    else:
        yield Meaning(
            "REV681", f"the network ACL newly lets through {shown(new.at('CidrBlock') or new.at('Ipv6CidrBlock'))}"
        )


@when_removed("AWS::EC2::NetworkAclEntry")
def acl_entry_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A rule of a network ACL that is gone."""
    yield Meaning("REV681", f"a rule of the network ACL is gone that said {shown(old.at('RuleAction'))}")


@when_removed("AWS::EC2::FlowLog")
def flow_log_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """Who talked to whom is written down no more."""
    yield Meaning("REV684", "who talked to whom in the network is written down no more")


@means("AWS::EC2::VPCEndpointServicePermissions", "AllowedPrincipals")
def service_principals(changed: Changed) -> Iterator[Meaning]:
    """Who may connect to a service behind an endpoint."""
    before, after = ({_text(name) for name in listed(value)} for value in (changed.old, changed.new))
    yield from _may_connect(after - before, had=before)


def _may_connect(come: set[str], had: set[str]) -> Iterator[Meaning]:
    if come:
        yield Meaning(
            "REV685",
            f"{', '.join(sorted(come))[:100]} can newly connect to the endpoint service",
            "name the accounts that use it",
        )
    elif had:
        yield Meaning("REV682", "fewer principals can connect to the endpoint service")


@when_added("AWS::EC2::VPCEndpointServicePermissions")
def service_permissions_added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """Who may connect to a service behind an endpoint from now on."""
    yield from _may_connect({_text(name) for name in listed(new.at("AllowedPrincipals"))}, had=set())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else shown(value)


@means("AWS::EC2::VPCEndpointService", "AcceptanceRequired")
def acceptance(changed: Changed) -> Iterator[Meaning]:
    """Whether somebody has to accept each connection."""
    if is_false(changed.new):
        yield Meaning("REV683", "connections to the endpoint service are accepted without anybody asked")
    else:
        yield Meaning("REV682", "each connection to the endpoint service has to be accepted")


@means("AWS::EC2::PrefixList", "Entries")
def prefix_list(changed: Changed) -> Iterator[Meaning]:
    """Which ranges a list stands for, in all rules that name it."""
    before, after = (
        {_text(entry.get("Cidr")) for entry in listed(value) if isinstance(entry, dict)}
        for value in (changed.old, changed.new)
    )
    come, gone = sorted(after - before), sorted(before - after)
    if set(come) & {"0.0.0.0/0", "::/0"}:
        yield Meaning(
            "REV670", f"everybody ({', '.join(come)}) is newly in the list, and let in by every rule that names it"
        )
    elif come:
        yield Meaning("REV671", f"{', '.join(come)[:100]} is newly in the list, and let in by every rule that names it")
    elif gone:
        yield Meaning("REV673", f"{', '.join(gone)[:100]} is no longer in the list")


@means("AWS::EC2::PrefixList", "AddressFamily")
@means("AWS::EC2::VPCEndpointService", "PrivateDnsNameConfiguration")
@means("AWS::EC2::VPCPeeringConnection", "PeerRoleArn", "AssumeRoleRegion")
@means("AWS::EC2::VPC", "InstanceTenancy")
@means("AWS::EC2::VPCGatewayAttachment", "InternetGatewayId", "VpnGatewayId")
@means("AWS::EC2::EIP", "InstanceId", "Domain", "PublicIpv4Pool")
@means(_ENDPOINT, "DnsOptions", "IpAddressType")
@means("AWS::EC2::VPCEndpointService", "NetworkLoadBalancerArns", "GatewayLoadBalancerArns", "PrivateDnsName")
@means("AWS::EC2::Subnet", "Ipv6CidrBlock", "EnableDns64", "EnableLniAtDeviceIndex", "PrivateDnsNameOptionsOnLaunch")
def works_otherwise(changed: Changed) -> Iterator[Meaning]:
    """What makes the network work otherwise, without opening it."""
    yield Meaning("REV683", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@means("AWS::EC2::PrefixList", "PrefixListName", "MaxEntries")
@means(
    "AWS::EC2::VPCEndpointService",
    "ContributorInsightsEnabled",
    "PayerResponsibility",
    "SupportedIpAddressTypes",
    "SupportedRegions",
)
@means("AWS::EC2::NatGateway", "MaxDrainDurationSeconds", "SecondaryAllocationIds", "SecondaryPrivateIpAddressCount")
@means("AWS::EC2::NatGateway", "SecondaryPrivateIpAddresses", "AvailabilityZoneAddresses")
def harmless(changed: Changed) -> Iterator[Meaning]:
    """What weakens nothing."""
    yield Meaning("REV682", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")
