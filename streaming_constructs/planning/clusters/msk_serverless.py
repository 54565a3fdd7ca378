"""A serverless cluster with its numbers: whether what its topics carry fits into its quotas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import ClusterLoad, load_of, topics_of
from streaming_constructs.planning.clusters.cluster_kept import cluster_identity, cluster_place
from streaming_constructs.planning.clusters.vpc_endpoints import (
    EndpointNeed,
    cluster_needs,
    endpoint_notes,
    unreached_notes,
)
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.kept import State
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph

TRIAL_BROKERS, TRIAL_VERSION = 3, "3.9.x"
"""The least cluster of burstable brokers in three zones, and the last version that they have."""


@dataclass(frozen=True, slots=True)
class ServerlessClusterPlan:
    """A serverless cluster with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        removal_policy: Whether its data is kept when it leaves the stack.
        topics: Its topics, with their numbers.
        load: What they ask of it.
        working: How these numbers came about, line by line.
        deliveries: The deliveries that read its topics, and connect to it privately.
        needs: What is reached from its VPC, where it is created.
    """

    name: str
    spec: MskServerlessClusterSpec
    removal_policy: RemovalPolicy
    topics: tuple[TopicPlan, ...]
    load: ClusterLoad
    working: tuple[str, ...]
    deliveries: tuple[str, ...] = ()
    needs: tuple[EndpointNeed, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        yield from ()  # AWS publishes what topics and groups do, and their alarms tell of it

    def findings(self) -> Iterator[Finding]:
        for finding in _findings(self):
            yield finding.below("clusters", self.name)
        yield from unreached_notes(self.spec, self.needs)

    def state(self) -> State | None:
        spec = self.spec
        identity = cluster_identity(spec)
        if spec.arn is not None:
            return State("nothing of the cluster changes", "nothing of the cluster changes", (identity,))
        return State(
            stays="the cluster stays in the account with its topics, outside of the stack; a node of its name makes another",
            goes="the cluster is deleted with its topics",
            kept=(identity, cluster_place(spec)),
            removal_policy=spec.removal_policy,
        )

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.clusters.msk_serverless_costs import serverless_costs

        yield from serverless_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        return ()

    def heading(self) -> str:
        return "serverless"

    def summary(self) -> Summary:
        return Summary(
            noun="cluster",
            title=f"MSK Serverless{' (existing)' if self.spec.arn else ''}",
            lines=(
                "clients authenticate by iam",
                *((f"topics: {', '.join(topic.topic for topic in self.topics)}",) if self.topics else ()),
            ),
            why=self.working,
            values={
                "kind": self.spec.kind,
                "partitions": sum(topic.partitions or 0 for topic in self.topics),
                "working": list(self.working),
            },
        )


def plan_node(name: str, spec: MskServerlessClusterSpec, neighbours: Neighbours) -> ServerlessClusterPlan:
    """Gives a cluster of a system its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: Its topics.
    """
    system = neighbours.system
    removal_policy = system.removal_policy if system is not None else "retain"
    topics = topics_of(neighbours)
    load = load_of(topics)
    working = (
        (
            f"written: {number(load.written)} of {msk.SERVERLESS_INGRESS_MIB_PER_SECOND.value:g} MiB/s at the peak",
            f"read: {number(load.read)} of {msk.SERVERLESS_EGRESS_MIB_PER_SECOND.value:g} MiB/s at the peak",
        )
        if load.is_known
        else ()
    )
    deliveries = spec.deliveries_of(name, system) if system is not None else ()
    needs = cluster_needs(name, system) if system is not None else ()
    return ServerlessClusterPlan(name, spec, removal_policy, topics, load, working, deliveries, needs)


def _findings(plan: ServerlessClusterPlan) -> Iterator[Finding]:
    if plan.deliveries and plan.spec.arn is not None:
        from streaming_constructs.planning.clusters.broker_findings import firehose_note

        yield firehose_note(
            plan.deliveries, f"then say so: `acknowledge: {{{plan.name}.MSK477: its policy lets Firehose in}}`"
        )
    yield from endpoint_notes(plan.name, plan.spec, plan.needs)
    if plan.removal_policy == "destroy" and plan.spec.arn is None:
        yield _idle_note()
    compacted = sum(topic.partitions or 0 for topic in plan.topics if topic.spec.is_compacted)
    partitions = sum(topic.partitions or 0 for topic in plan.topics)
    for what, asked, most, unit in (
        ("written", plan.load.written, exact(msk.SERVERLESS_INGRESS_MIB_PER_SECOND.value), " MiB/s"),
        ("read", plan.load.read, exact(msk.SERVERLESS_EGRESS_MIB_PER_SECOND.value), " MiB/s"),
        ("in partitions", exact(partitions), exact(msk.SERVERLESS_PARTITIONS.value), ""),
        ("in partitions of compacted topics", exact(compacted), exact(msk.SERVERLESS_COMPACTED_PARTITIONS.value), ""),
    ):
        if asked > most:
            yield Finding(
                "MSK470",
                "a serverless cluster carries less than this",
                ("kind",),
                note=f"{number(asked)}{unit} {what}; its quota is {number(most)}{unit}",
                help="use `kind: msk_express`, or divide the topics among several clusters",
            )


def _idle_note() -> Finding:
    """What a cluster that is there to try things out costs while nobody does."""
    from streaming_constructs.facts.prices import msk as prices
    from streaming_constructs.facts.prices.price import HOURS_A_MONTH

    floor = prices.SERVERLESS_CLUSTER.usd(HOURS_A_MONTH)
    brokers = prices.STANDARD_BROKER[msk.BURSTABLE_BROKER].usd(TRIAL_BROKERS * HOURS_A_MONTH)
    return Finding(
        "MSK499",
        "a serverless cluster costs as much while nothing is written",
        ("kind",),
        note=f"it is disposable (`removal_policy: destroy`), and about {floor:,.0f} USD a month by list prices in us-east-1 "
        f"before its first record; {TRIAL_BROKERS} x {msk.BURSTABLE_BROKER} are about {brokers:,.0f} USD, and their volumes",
        help=f'for trials, write `{{kind: msk, instance_type: {msk.BURSTABLE_BROKER}, kafka_version: "{TRIAL_VERSION}"}}`; or '
        "rehearse it with `streaming-constructs local run`, for nothing",
    )
