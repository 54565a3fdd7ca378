"""The VPC that something is placed in: subnets and security groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import SecurityGroupId, SpecModel, form, listed_once

VpcId = Annotated[str, form(r"^vpc-[0-9a-f]{8,17}$", "the id of a VPC, vpc-0123456789abcdef0")]
SubnetId = Annotated[str, form(r"^subnet-[0-9a-f]{8,17}$", "the id of a subnet, subnet-0123456789abcdef0")]


class VpcPlacement(SpecModel):
    """Where in a VPC something stands; its security groups say what it reaches, and what reaches it."""

    example: ClassVar = {"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]}

    vpc_id: VpcId | None = Field(
        default=None,
        description="The VPC; needed where a security group is created in it. Left out: that of the subnets.",
    )
    subnet_ids: tuple[SubnetId, ...] = Field(
        min_length=1, max_length=16, description="Subnets, one in each availability zone that is used."
    )
    security_group_ids: tuple[SecurityGroupId, ...] = Field(
        default=(),
        max_length=5,
        description="Security groups; those of a domain have to let their own members in on port 443. Left out: one is "
        "created in the VPC, for which `vpc_id` is needed.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "subnet_ids")
        yield from listed_once(self, "security_group_ids")
        if not self.security_group_ids and self.vpc_id is None:
            yield Finding(
                "LNG202",
                "`security_group_ids` is missing",
                note="nothing says which traffic is let through",
                help="add `security_group_ids: [sg-0123456789abcdef0]`, or the `vpc_id` to have one created",
            )
