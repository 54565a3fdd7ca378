"""Clusters of Standard brokers on Amazon MSK: volumes of their own, tiered storage, all that Kafka can be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import msk
from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kafka_configs import config_text
from streaming_constructs.spec.model import Int, Number, no_effect, within
from streaming_constructs.spec.node import StackShare

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


class MskClusterSpec(BrokerClusterSpec):
    """A provisioned cluster of Standard brokers, each with a volume of its own.

    Brokers, their type and their volumes follow from the workload of the topics, with the working shown, unless they are given.
    """

    created_only: ClassVar[tuple[str, ...]] = (
        *BrokerClusterSpec.created_only,
        "max_volume_gb",
        "volume_utilization_percent",
        "volume_throughput_mb_per_second",
    )
    example: ClassVar = {"kind": "msk", "instance_type": "kafka.m7g.large", "brokers": 3}

    kind: Literal["msk"] = Field(default="msk", description="Standard brokers of Amazon MSK.")
    brokers: Annotated[Int, Field(ge=2, le=int(msk.BROKERS_KRAFT.value))] | None = Field(
        default=None,
        description="How many brokers, a multiple of the zones. Left out: as many as the topics need, and a third of all may "
        "be away.",
    )
    instance_type: Literal[tuple(msk.STANDARD_BROKERS)] | None = Field(  # type: ignore[valid-type]
        default=None, description="Type of the brokers, such as kafka.m7g.large. Left out: chosen for the topics."
    )
    storage_mode: Literal["local", "tiered"] = Field(
        default="local",
        description="local (all records on the brokers' volumes), or tiered (older ones in storage that costs less and has no "
        "end). It cannot be local again. Left out: local.",
    )
    volume_gb: Annotated[Int, within(msk.VOLUME_GIB)] | None = Field(
        default=None,
        description="Size of each broker's volume, in GiB, 1 to 16384; it can only grow. Left out: what the topics keep.",
    )
    max_volume_gb: Annotated[Int, within(msk.VOLUME_GIB)] | None = Field(
        default=None,
        description="Size up to which a volume grows by itself, in GiB; it never shrinks. Left out: it does not grow.",
    )
    volume_utilization_percent: Annotated[Int, within(msk.AUTOSCALING_TARGET_PERCENT)] = Field(
        default=int(msk.AUTOSCALING_TARGET_DEFAULT.value),
        description="How full a volume is when it grows, in percent, 10 to 80; needs `max_volume_gb`. Left out: 60.",
    )
    volume_throughput_mb_per_second: Annotated[Number, Field(ge=250, le=1000)] | None = Field(
        default=None,
        description="Throughput provisioned of each volume, in MiB/s, from kafka.m7g.2xlarge and kafka.m5.4xlarge on. Left "
        "out: 250 MiB/s, which every volume has.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from self._broker_findings()
        yield from self._policy_findings()
        yield from self._volume_findings()
        yield from self._type_findings()

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        yield from super().graph_findings(name, spec)
        if self.instance_type == msk.BURSTABLE_BROKER and not self.multi_vpc:
            for delivery in self.deliveries_of(name, spec)[:1]:
                yield self._burstable_finding(f"the delivery `{delivery}` needs them", "private connections")

    def stack_share(self) -> StackShare:
        return StackShare(0, 1) if self.arn else StackShare(resources=4 + self.created_network, outputs=2)

    @property
    def is_tiered(self) -> bool:
        """Whether its topics may keep older records in tiered storage."""
        return self.storage_mode == "tiered"

    def _broker_findings(self) -> Iterator[Finding]:
        zones = self.zones()
        if self.vpc is not None and zones not in msk.ZONES:
            yield Finding(
                "MSK452",
                "brokers stand in two or three zones",
                ("vpc", "subnet_ids"),
                note=f"{zones} subnet{'' if zones == 1 else 's'}; MSK takes one subnet of each zone",
                help="name one subnet of each of three zones",
            )
        elif self.brokers is not None and self.brokers % zones:
            more = -(-self.brokers // zones) * zones
            yield Finding(
                "MSK453",
                "brokers do not divide evenly among the zones",
                ("brokers",),
                note=f"{self.brokers} brokers, {zones} zones",
                help=f"set `brokers: {more}`",
                edits=(Edit(("brokers",), more),),
            )
        if self.kafka_version in msk.VERSIONS and not self.version.is_kraft and self.brokers is not None:
            most = int(msk.BROKERS_ZOOKEEPER.value)
            if self.brokers > most:
                yield Finding(
                    "MSK454",
                    f"a cluster with ZooKeeper has {most} brokers at most",
                    ("brokers",),
                    note=f"{self.brokers} brokers of version {self.kafka_version}",
                    help=f'set `kafka_version: "{msk.RECOMMENDED_VERSION}"`, or fewer brokers of a larger type',
                    edits=(Edit(("kafka_version",), msk.RECOMMENDED_VERSION),),
                )

    def _policy_findings(self) -> Iterator[Finding]:
        """Topics of a tiered cluster are deleted from, and never compacted, unless they say so themselves."""
        policy = config_text(self.server_properties.get("log.cleanup.policy", ""))
        if self.is_tiered and "compact" in policy:
            yield Finding(
                "MSK464",
                "a tiered cluster deletes old records by default",
                ("server_properties", "log.cleanup.policy"),
                note=f"`{policy[:40]}`; MSK takes delete alone where there is tiered storage",
                help="take it out, and write `cleanup_policy: compact` on the topics that are compacted",
                edits=(Edit(("server_properties", "log.cleanup.policy")),),
            )

    def _volume_findings(self) -> Iterator[Finding]:
        if self.max_volume_gb is None:
            if "volume_utilization_percent" in self.model_fields_set:
                yield no_effect(
                    "volume_utilization_percent",
                    note="a volume that does not grow has no mark to grow at",
                    help_="give `max_volume_gb`, or take it out",
                )
        elif self.volume_gb is not None and self.max_volume_gb <= self.volume_gb:
            yield Finding(
                "MSK455",
                "a volume cannot grow to less than it is",
                ("max_volume_gb",),
                note=f"it begins with {self.volume_gb:,} GiB",
                help=f"set `max_volume_gb` above {self.volume_gb}, or take it out",
                edits=(Edit(("max_volume_gb",)),),
            )

    def _type_findings(self) -> Iterator[Finding]:
        type_ = self.instance_type
        if type_ is None:
            if self.volume_throughput_mb_per_second is not None:
                yield Finding(
                    "MSK456",
                    "throughput is provisioned for a type of broker",
                    ("volume_throughput_mb_per_second",),
                    note="which types take how much differs, and none is given",
                    help="give `instance_type: kafka.m7g.2xlarge`, or a larger one",
                    edits=(Edit(("instance_type",), "kafka.m7g.2xlarge"),),
                )
            return
        most, wanted = msk.STANDARD_BROKERS[type_].provisioned_mib_per_second, self.volume_throughput_mb_per_second
        if wanted is not None and wanted > most:
            yield Finding(
                "MSK456",
                f"{type_} takes no {wanted:g} MiB/s of a volume",
                ("volume_throughput_mb_per_second",),
                note=f"it takes up to {most:g} MiB/s"
                if most
                else "throughput is provisioned from kafka.m7g.2xlarge on",
                help=f"set {most:g} or less, or a larger type" if most else "take it out, or choose a larger type",
                edits=(
                    Edit(("volume_throughput_mb_per_second",), most or None)
                    if most
                    else Edit(("volume_throughput_mb_per_second",)),
                ),
            )
        if type_ == msk.BURSTABLE_BROKER:
            yield from self._burstable_findings()

    def _burstable_findings(self) -> Iterator[Finding]:
        lacks = {
            "storage_mode": (self.is_tiered, "tiered storage"),
            "multi_vpc": (self.multi_vpc, "private connections"),
            "kafka_version": (self.kafka_version in msk.VERSIONS and self.version.is_kraft, "KRaft"),
        }
        for field, (is_asked, what) in lacks.items():
            if is_asked:
                yield self._burstable_finding(f"`{field}` asks for it", what)

    def _burstable_finding(self, why: str, what: str) -> Finding:
        return Finding(
            "MSK457",
            f"{msk.BURSTABLE_BROKER} has no {what}",
            ("instance_type",),
            note=why,
            help="set `instance_type: kafka.m7g.large`",
            edits=(Edit(("instance_type",), "kafka.m7g.large"),),
        )
