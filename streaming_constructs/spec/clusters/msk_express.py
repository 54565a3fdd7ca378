"""Clusters of Express brokers on Amazon MSK: more throughput, storage without an end, and fewer things to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import msk
from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int
from streaming_constructs.spec.node import StackShare


class MskExpressClusterSpec(BrokerClusterSpec):
    """A provisioned cluster of Express brokers: three zones, three replicas of which two have to be in sync, no volumes.

    Brokers and their type follow from the workload of the topics, with the working shown, unless they are given.
    """

    created_only: ClassVar[tuple[str, ...]] = (*BrokerClusterSpec.created_only, "rebalancing")
    express: ClassVar = True
    example: ClassVar = {"kind": "msk_express", "instance_type": "express.m7g.large", "brokers": 3}

    kind: Literal["msk_express"] = Field(default="msk_express", description="Express brokers of Amazon MSK.")
    brokers: Annotated[Int, Field(ge=3, le=int(msk.BROKERS_KRAFT.value))] | None = Field(
        default=None, description="How many brokers, a multiple of 3. Left out: as many as the topics need."
    )
    instance_type: Literal[tuple(msk.EXPRESS_BROKERS)] | None = Field(  # type: ignore[valid-type]
        default=None, description="Type of the brokers, such as express.m7g.large. Left out: chosen for the topics."
    )
    rebalancing: Literal["active", "paused"] | None = Field(
        default=None,
        description="Whether MSK moves partitions to brokers that have room: active or paused. Left out: as MSK has it, active "
        "on new clusters.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        zones, needed = self.zones(), int(msk.EXPRESS_ZONES.value)
        if zones != needed:
            yield Finding(
                "MSK452",
                "Express brokers stand in three zones",
                ("vpc", "subnet_ids"),
                note=f"{zones} subnet{'' if zones == 1 else 's'}; MSK takes one subnet of each zone",
                help="name one subnet of each of three zones",
            )
        if self.brokers is not None and self.brokers % needed:
            more = -(-self.brokers // needed) * needed
            yield Finding(
                "MSK453",
                "brokers do not divide evenly among the zones",
                ("brokers",),
                note=f"{self.brokers} brokers, {needed} zones",
                help=f"set `brokers: {more}`",
                edits=(Edit(("brokers",), more),),
            )

    def stack_share(self) -> StackShare:
        return StackShare(0, 1) if self.arn else StackShare(resources=4 + self.created_network, outputs=2)
