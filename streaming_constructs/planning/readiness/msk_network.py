"""Where a cluster of MSK stands, and who reaches it."""

from __future__ import annotations

from streaming_constructs.planning.numbers import counted
from streaming_constructs.planning.readiness.common_items import FLOW_LOGS, LEAST_PRIVILEGE, asks, has_few_permissions
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, passed
from streaming_constructs.planning.readiness.msk_code import consumers_of

ZONES = 3
_GROUPS = "https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html"


def stands_in_private_subnets(asked: Asked) -> Answer:
    """Whether it stands in private subnets of three zones.

    Args:
        asked: The cluster.
    """
    if asked.spec.arn is not None:
        return confirm(
            "it exists already, and its ARN does not say", "look for private subnets in three availability zones"
        )
    vpc = asked.spec.vpc
    if vpc is None:
        return passed("the VPC that is created for it has private subnets in three zones")
    told = counted(len(vpc.subnet_ids), "subnet")
    if len(vpc.subnet_ids) < ZONES:
        return confirm(told, "three zones survive the loss of one: name a third subnet in `vpc`", "vpc")
    return confirm(told, "no id says in which zone a subnet is, and whether it is private: look", "vpc")


def _is_reached(asked: Asked) -> Answer:
    if asked.spec.arn is not None:
        return confirm("it exists already", "let clients in on the port of their authentication alone")
    groups = asked.spec.client_security_group_ids
    who = ", ".join(groups) if groups else "members of its own security group"
    return passed(f"let in on the port of their authentication alone: {who}", "client_security_group_ids")


def _readers_permissions(asked: Asked) -> Answer:
    names = consumers_of(asked)
    answers = [has_few_permissions(asked.of("consumers", name)) for name in names]
    if not answers:
        return confirm(
            "no function of the system reads it", "name the topics and groups in the policies of its clients"
        )
    return next((answer for answer in answers if answer.status != "pass"), answers[0])


def network_items(groups: str, privilege: str, flow_logs: str) -> tuple[Item, ...]:
    """The items about who reaches it.

    Args:
        groups: The id of the item about security groups.
        privilege: That of the item about permissions.
        flow_logs: That of the item about flow logs.
    """
    logs = asks("flow logs belong to the VPC", "switch them on, for rejected traffic at the least")
    return (
        Item(groups, "Security", "security groups let in clients alone", _is_reached, _GROUPS),
        Item(privilege, "Security", "its clients have least privilege", _readers_permissions, LEAST_PRIVILEGE),
        Item(flow_logs, "Security", "the VPC has flow logs", logs, FLOW_LOGS),
    )
