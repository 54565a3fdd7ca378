"""The rules of security groups: what is let in and out, wherever it is written, and which rule lets in more than another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.access.resource_policies import name_of
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed, number

INLINE = {"SecurityGroupIngress": False, "SecurityGroupEgress": True}
APART = {"AWS::EC2::SecurityGroupIngress": False, "AWS::EC2::SecurityGroupEgress": True}
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
_ALL_PORTS = (0.0, 65535.0)
_PEERS = (
    ("CidrIp", ""),
    ("CidrIpv6", ""),
    ("SourceSecurityGroupId", "group "),
    ("DestinationSecurityGroupId", "group "),
    ("SourceSecurityGroupName", "group "),
    ("SourcePrefixListId", "prefix list "),
    ("DestinationPrefixListId", "prefix list "),
)
_WIDEST_PUBLIC = {4: 8, 6: 16}
"""The shortest prefix of a public range, by version of IP, that is not about everybody."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a security group.

    Attributes:
        group: The group, as references name it.
        is_egress: Whether it lets out.
        protocol: `tcp`, `udp`, …; `-1` is all.
        ports: The first and the last one; as texts where they are known at deployment only.
        peer: From where, or to where: a range, `group …`, `prefix list …`.
    """

    group: str
    is_egress: bool
    protocol: str
    ports: tuple[float | str, float | str]
    peer: str

    def covers(self, other: Rule) -> bool:
        """Whether nothing that another lets through is kept out by this one.

        Args:
            other: The other.
        """
        return (
            (self.group, self.is_egress) == (other.group, other.is_egress)
            and (self.protocol == "-1" or (self.protocol == other.protocol and _contains(self.ports, other.ports)))
            and (self.peer == other.peer or _is_within(other.peer, self.peer))
        )

    def touches(self, other: Rule) -> bool:
        """Whether both are of one group and peer, and have a port in common.

        Args:
            other: The other.
        """
        if (self.group, self.is_egress, self.peer) != (other.group, other.is_egress, other.peer):
            return False
        if "-1" in (self.protocol, other.protocol):
            return True
        return self.protocol == other.protocol and (
            _contains((self.ports[0], self.ports[0]), other.ports)
            or _contains(other.ports, (self.ports[0], self.ports[0]))
            or _contains(self.ports, (other.ports[0], other.ports[0]))
        )

    @property
    def is_world(self) -> bool:
        """Whether its peer is everybody, or a public range so wide that it is about everybody."""
        network = _network(self.peer)
        if network is None:
            return False
        if network.prefixlen == 0:
            return True
        return network.is_global and network.prefixlen <= _WIDEST_PUBLIC[network.version]

    @property
    def told(self) -> str:
        """Protocol and ports in words."""
        if self.protocol == "-1":
            return "all ports"
        low, high = self.ports
        if (low, high) == _ALL_PORTS:
            return f"all {self.protocol} ports"
        return f"{self.protocol} {_port(low)}" if low == high else f"{self.protocol} {_port(low)}–{_port(high)}"


def _port(port: float | str) -> str:
    return port if isinstance(port, str) else f"{port:g}"


def _contains(outer: tuple[float | str, float | str], inner: tuple[float | str, float | str]) -> bool:
    if outer in (inner, _ALL_PORTS):
        return True
    match (*outer, *inner):
        case (float() as low, float() as high, float() as least, float() as most):
            return low <= least and most <= high
    return False


def _network(peer: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(peer, strict=False)
    except ValueError:
        return None


def _is_within(inner: str, outer: str) -> bool:
    one, other = _network(inner), _network(outer)
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.subnet_of(other)
    return isinstance(one, IPv6Network) and isinstance(other, IPv6Network) and one.subnet_of(other)


def rules(template: Template, names: Mapping[str, str] | None = None) -> frozenset[Rule]:
    """The rules of all security groups of a template, those that AWS adds by itself among them.

    Args:
        template: The template.
        names: Other names for references in it, by those that they have, where it is compared with another template.
    """
    return frozenset(_under(rule, names or {}) for rule in _rules(template))


def _under(rule: Rule, names: Mapping[str, str]) -> Rule:
    group, peer = (
        re.sub(r"(?<=\$\{)\w+", lambda found: names.get(found[0], found[0]), text) for text in (rule.group, rule.peer)
    )
    return Rule(group, rule.is_egress, rule.protocol, rule.ports, peer)


def _rules(template: Template) -> Iterator[Rule]:
    with_egress = set()
    for resource in template.of_type(*APART):
        group = name_of(resource.at("GroupId") or resource.at("GroupName"))
        if APART[resource.type]:
            with_egress.add(group)
        yield from _rule(group, resource.properties, is_egress=APART[resource.type])
    for resource in template.of_type("AWS::EC2::SecurityGroup"):
        group = f"${{{resource.logical_id}}}"
        for name, is_egress in INLINE.items():
            for written in listed(resource.at(name)):
                if isinstance(written, Mapping):
                    yield from _rule(group, written, is_egress=is_egress)
        if resource.at("SecurityGroupEgress") is None and group not in with_egress:
            # Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
            yield Rule(group, True, "-1", _ALL_PORTS, "0.0.0.0/0")
            yield Rule(group, True, "-1", _ALL_PORTS, "::/0")


def _rule(group: str, written: Mapping[str, Any], *, is_egress: bool) -> Iterator[Rule]:
    protocol = policy_text(written.get("IpProtocol")).lower()
    protocol = _PROTOCOLS.get(protocol, protocol)
    ports = _ALL_PORTS if protocol == "-1" else (_bound(written, "FromPort", 0), _bound(written, "ToPort", 1))
    for name, word in _PEERS:
        if written.get(name) is not None:
            peer = written[name]
            text = word + (name_of(peer) if word else policy_text(peer))
            owner = policy_text(written.get("SourceSecurityGroupOwnerId")) if word == "group " else ""
            yield Rule(group, is_egress, protocol, ports, f"{text} of {owner}" if owner else text)


def _bound(written: Mapping[str, Any], name: str, end: int) -> float | str:
    value = written.get(name)
    found = number(value)
    if value is None or found == -1:
        return _ALL_PORTS[end]
    return policy_text(value) if found is None else found


def group_of(template: Template, rule: Rule) -> Resource | None:
    """The group that a rule belongs to, or None where it is not in the template.

    Args:
        template: The template.
        rule: The rule.
    """
    return template.resources.get(rule.group.removeprefix("${").removesuffix("}"))
