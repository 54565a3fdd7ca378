"""What is wrong with networks: brokers, and other things than web servers, that the whole internet is let in to."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.broker_ports import BROKER_PORTS
from streaming_constructs.review.access.resource_policies import name_of
from streaming_constructs.review.access.security_group_rules import APART, Rule, group_of, rules
from streaming_constructs.review.auditing import audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed
from streaming_constructs.review.meaning import Meaning

_WEB = (80.0, 443.0)
_UNPRIVILEGED = 1024
"""The least port of a range that is about brokers, and not about everything."""


@audits_the_whole
def open_groups(template: Template) -> Iterator[Meaning]:
    """Security groups that let in everybody."""
    of_brokers = set(_broker_groups(template))
    found = sorted(
        (rule for rule in rules(template) if rule.is_world and not rule.is_egress),
        key=lambda rule: (rule.group, rule.peer, rule.told),
    )
    for rule in found:
        is_of_brokers = rule.group in of_brokers or _lets_in_brokers(rule)
        apart = _apart(template, rule)
        if is_of_brokers or rule.ports not in {(port, port) for port in _WEB}:
            yield Meaning(
                "AUD630" if is_of_brokers else "AUD631",
                f"everybody ({rule.peer}) is let in on {rule.told}",
                "name the security group, or the range, of whoever connects",
                path="Properties" if apart else "Properties.SecurityGroupIngress",
                resource=apart or group_of(template, rule),
            )


def _broker_groups(template: Template) -> Iterator[str]:
    for cluster in template.of_type("AWS::MSK::Cluster"):
        yield from map(name_of, listed(cluster.at("BrokerNodeGroupInfo", "SecurityGroups")))
    for cluster in template.of_type("AWS::MSK::ServerlessCluster"):
        for config in listed(cluster.at("VpcConfigs")):
            if isinstance(config, dict):
                yield from map(name_of, listed(config.get("SecurityGroups")))


def _lets_in_brokers(rule: Rule) -> bool:
    low, high = rule.ports
    return (
        rule.protocol == "tcp"
        and isinstance(low, float)
        and isinstance(high, float)
        and any(low <= port <= high for port in BROKER_PORTS)
        and low >= _UNPRIVILEGED
    )


def _apart(template: Template, rule: Rule) -> Resource | None:
    """The resource that a rule is, where it is not written in its group."""
    for written in template.of_type(*APART):
        if rule in rules(Template("", {written.logical_id: written})):
            return written
    return None
