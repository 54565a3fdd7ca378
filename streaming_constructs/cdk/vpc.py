"""Where in a VPC something stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_ec2 as ec2


@dataclass(frozen=True, slots=True)
class Network:
    """Where in a VPC something stands.

    Attributes:
        subnet_ids: Its subnets.
        security_group_ids: Its security groups.
    """

    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]

    @classmethod
    def of(
        cls,
        vpc: ec2.IVpc,
        selection: ec2.SubnetSelection | None,
        security_groups: Sequence[ec2.ISecurityGroup],
        most: int | None = None,
    ) -> Network:
        """The first subnet of each zone.

        Args:
            vpc: The VPC.
            selection: Which of its subnets. Left out: the private ones.
            security_groups: Its security groups.
            most: How many zones at most. Left out: all.
        """
        chosen: dict[str, Any] = dict(selection._values) if selection is not None else {}  # noqa: SLF001 - jsii has no other
        by_zone: dict[str, str] = {}
        for subnet in vpc.select_subnets(**chosen).subnets:
            by_zone.setdefault(subnet.availability_zone, subnet.subnet_id)
        return cls(tuple(by_zone.values())[:most], tuple(group.security_group_id for group in security_groups))

    @property
    def properties(self) -> dict[str, list[str]]:
        """The same in CloudFormation's words."""
        return {"SubnetIds": list(self.subnet_ids), "SecurityGroupIds": list(self.security_group_ids)}
