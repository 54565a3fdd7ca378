"""VPC subnets and security groups that something is placed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import SpecModel, form, listed_once

SubnetId = Annotated[str, form(r"^subnet-[0-9a-f]{8,17}$", "the id of a subnet, subnet-0123456789abcdef0")]
SecurityGroupId = Annotated[str, form(r"^sg-[0-9a-f]{8,17}$", "the id of a security group, sg-0123456789abcdef0")]


class VpcPlacement(SpecModel):
    """Where in a VPC something stands; its security groups say what reaches it."""

    subnet_ids: tuple[SubnetId, ...] = Field(
        min_length=1, max_length=3, description="Subnets, one in each availability zone that is used."
    )
    security_group_ids: tuple[SecurityGroupId, ...] = Field(
        min_length=1,
        max_length=5,
        description="Security groups; they have to let their own members in on port 443.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "subnet_ids")
        yield from listed_once(self, "security_group_ids")
