"""A cluster of brokers with its numbers: how many of which type, from what its topics carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from streaming_constructs.planning.node import Neighbours, NodePlan, Summary
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.planning.workload import mib_per_second
from streaming_constructs.spec.kafka_configs import config_text, number_of
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    from datetime import date

    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.clusters.vpc_endpoints import EndpointNeed
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State


@dataclass(frozen=True, slots=True)
class ClusterLoad:
    """What the topics of a cluster ask of its brokers together, in the busiest minute.

    Attributes:
        written: What producers write, in MiB/s.
        replicated: What brokers write, each replica of a record, in MiB/s.
        sent: What brokers send, to readers and to each other, in MiB/s.
        read: What readers read, in MiB/s.
        partitions: Partitions, replicas included; of topics that tell theirs.
        stored_gib: What the volumes keep, in GiB; of topics that keep for a time that is known.
        endless: Topics that keep without end on the volumes, compacted ones among them.
        unknown: Topics whose workload is not known.
        replicas: The most replicas that a topic has: each is on a broker of its own.
    """

    written: Fraction
    replicated: Fraction
    sent: Fraction
    read: Fraction
    partitions: int
    stored_gib: Fraction
    endless: tuple[str, ...]
    unknown: tuple[str, ...]
    replicas: int

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.written > 0


def load_of(topics: Sequence[TopicPlan]) -> ClusterLoad:
    """What topics ask of the brokers of their cluster.

    Args:
        topics: The topics.
    """
    written = replicated = sent = read = stored = Fraction(0)
    for topic in topics:
        if topic.load is None:
            continue
        written += topic.load.mib
        replicated += topic.load.mib * topic.replicas
        read += topic.load.mib * len(topic.readers)
        sent += topic.load.mib * (topic.replicas - 1 + len(topic.readers))
        stored += topic.stored_gib() or 0
    partitions = sum((topic.partitions or 0) * topic.replicas for topic in topics)
    endless = tuple(topic.name for topic in topics if topic.load is not None and topic.stored_gib() is None)
    unknown = tuple(topic.name for topic in topics if topic.load is None)
    replicas = max((topic.replicas for topic in topics), default=1)
    return ClusterLoad(written, replicated, sent, read, partitions, stored, endless, unknown, replicas)


@dataclass(frozen=True, slots=True)
class BrokerClusterPlan:
    """A cluster of brokers with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        removal_policy: Whether its data is kept when it leaves the stack.
        topics: Its topics, with their numbers.
        load: What they ask of it.
        instance_type: The type of its brokers.
        brokers: How many brokers it has.
        volume_gb: The volume of each, in GiB; None where brokers have none of their own.
        server_properties: What its brokers are told, by Kafka's names.
        working: How these numbers came about, line by line.
        shortfalls: What it does not carry, in numbers.
        today: The day on which it is judged; None where nothing is judged by it.
        deliveries: The deliveries that read its topics, and connect to it privately.
        needs: What is reached from its VPC, where it is created.
    """

    name: str
    spec: BrokerClusterSpec
    removal_policy: RemovalPolicy
    topics: tuple[TopicPlan, ...]
    load: ClusterLoad
    instance_type: str
    brokers: int
    volume_gb: int | None
    server_properties: Mapping[str, str]
    working: tuple[str, ...]
    shortfalls: tuple[str, ...] = ()
    today: date | None = None
    deliveries: tuple[str, ...] = ()
    needs: tuple[EndpointNeed, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.clusters.broker_alarms import cluster_alarms

        yield from cluster_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.clusters.broker_findings import cluster_findings
        from streaming_constructs.planning.clusters.vpc_endpoints import unreached_notes

        for finding in cluster_findings(self):
            yield finding.below("clusters", self.name)
        yield from unreached_notes(self.spec, self.needs)

    def state(self) -> State | None:
        from streaming_constructs.planning.clusters.broker_kept import cluster_state

        return cluster_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.clusters.msk_costs import broker_costs, standard_costs
        from streaming_constructs.planning.clusters.msk_express_costs import express_costs
        from streaming_constructs.spec.clusters.msk import MskClusterSpec

        if self.spec.arn is not None:
            return
        yield from standard_costs(self, self.spec) if isinstance(self.spec, MskClusterSpec) else express_costs(self)
        yield from broker_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.clusters.broker_graphs import cluster_graphs

        return cluster_graphs(self)

    def heading(self) -> str:
        volume = f", {self.volume_gb:,} GiB each" if self.volume_gb is not None else ""
        return f"{self.brokers:,} x {self.instance_type}{volume}"

    def summary(self) -> Summary:
        return Summary(
            noun="cluster",
            title=f"Kafka {self.spec.kafka_version}{' (existing)' if self.spec.arn else ''}, {self.heading()}",
            lines=(
                f"clients authenticate by {', '.join(self.spec.auth)}",
                *((f"private connections: {self._connections()}",) if self.has_private_connections else ()),
                *((f"topics: {', '.join(topic.topic for topic in self.topics)}",) if self.topics else ()),
            ),
            why=self.working,
            values={
                "kind": getattr(self.spec, "kind", ""),
                "kafka_version": self.spec.kafka_version,
                "instance_type": self.instance_type,
                "brokers": self.brokers,
                "volume_gb": self.volume_gb,
                "auth": list(self.spec.auth),
                "multi_vpc": self.has_private_connections,
                "server_properties": dict(self.server_properties),
                "working": list(self.working),
            },
        )

    @property
    def has_private_connections(self) -> bool:
        """Whether others than clients in its VPC connect to it: other VPCs and accounts, or Firehose."""
        return self.spec.multi_vpc or bool(self.deliveries)

    def _connections(self) -> str:
        who = (*(f"account {account}" for account in self.spec.shared_with), *self.deliveries)
        return ", ".join(who) or "nobody yet"

    @property
    def zones(self) -> int:
        """In how many availability zones it stands."""
        return self.spec.zones()


def in_system(planned: BrokerClusterPlan, neighbours: Neighbours) -> BrokerClusterPlan:
    """A cluster with what the system around it says of it.

    Args:
        planned: The cluster with its numbers.
        neighbours: What it has around it.
    """
    planned, system = replace(planned, today=neighbours.today), neighbours.system
    if system is None:
        return planned
    from streaming_constructs.planning.clusters.vpc_endpoints import cluster_needs

    deliveries = planned.spec.deliveries_of(planned.name, system)
    needs = cluster_needs(planned.name, system)
    return replace(planned, removal_policy=system.removal_policy, deliveries=deliveries, needs=needs)


def topics_of(neighbours: Neighbours) -> tuple[TopicPlan, ...]:
    """The topics among what uses a cluster.

    Args:
        neighbours: What the cluster has around it.
    """
    return tuple(cast("TopicPlan", user) for user in neighbours.users if _is_topic(user))


def _is_topic(user: NodePlan) -> bool:
    return isinstance(user, TopicPlan)


def planned_properties(spec: BrokerClusterSpec) -> dict[str, str]:
    """What the brokers of a cluster are told: what is safe, and what was asked for; sorted.

    MSK's own defaults let a replica that lacks records become leader, on clusters that are not tiered.
    Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html

    Args:
        spec: The cluster.
    """
    replicas = number_of(spec.server_properties, "default.replication.factor") or spec.default_replicas()
    safe = {"auto.create.topics.enable": "false"}
    if not spec.express:
        safe |= {
            "default.replication.factor": str(replicas),
            "min.insync.replicas": str(max(1, replicas - 1)),
            "unclean.leader.election.enable": "false",
        }
    given = {key: config_text(value) for key, value in spec.server_properties.items()}
    return dict(sorted({**safe, **given}.items()))


def load_lines(topics: Sequence[TopicPlan], load: ClusterLoad) -> Iterator[str]:
    """The working of what topics ask of their cluster.

    Args:
        topics: The topics.
        load: What they ask of it.
    """
    for topic in topics:
        if topic.load is not None and topic.spec.workload is not None:
            yield (
                f"{topic.name}: {number(topic.load.mib)} MiB/s at the peak x {counted(topic.replicas, 'replica')}, "
                f"{number(mib_per_second(topic.spec.workload))} MiB/s on average, {counted(len(topic.readers), 'reader')}"
            )
    if load.unknown:
        yield f"the workload of {', '.join(load.unknown)} is not known, and not counted"
