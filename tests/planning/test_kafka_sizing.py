"""Partitions and brokers are as many as a load needs, and no fewer would do."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import ClusterLoad, load_of
from streaming_constructs.planning.clusters.msk import brokers_for, plan_cluster, volume_mib_per_second
from streaming_constructs.planning.clusters.msk_express import express_brokers_for, plan_express_cluster
from streaming_constructs.planning.numbers import exact
from streaming_constructs.planning.streams.kafka import TopicPlan, partition_limits, partitions_for, plan_topic
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.workload import Workload

CLUSTERS: tuple[KafkaClusterSpec, ...] = (MskClusterSpec(), MskExpressClusterSpec(), MskServerlessClusterSpec())
HEADROOM = Fraction(14, 10)
workloads = st.builds(
    Workload,
    records_per_second=st.integers(1, 500_000),
    record_kb=st.sampled_from([0.1, 1, 2, 7.5, 64]),
    peak_factor=st.sampled_from([1, 1.5, 3]),
)


def topic(name: str = "orders", cluster: KafkaClusterSpec = CLUSTERS[0], readers: int = 0, **fields: Any) -> TopicPlan:
    spec = KafkaTopicSpec(cluster="main", **fields)
    return plan_topic(name, spec, cluster, tuple(Reader(f"r{number}") for number in range(readers)))


def test_the_working_of_partitions_says_how_they_came_about() -> None:
    load = Workload(records_per_second=20_000, record_kb=2, peak_factor=2)
    assert topic(workload=load).working == (
        "bytes written: 78.125 MiB/s ÷ 10 MiB/s a partition (a guideline) = 7.812",
        "headroom 1.4 × 7.812 = 10.938 → 11 partitions",
    )
    assert topic(cluster=CLUSTERS[2], readers=3, workload=load).working == (
        "bytes written: 78.125 MiB/s ÷ 5 MiB/s a partition (the quota of serverless clusters) = 15.625",
        "bytes read: 3 readers × 78.125 MiB/s ÷ 10 MiB/s a partition = 23.438",
        "headroom 1.4 × 23.438 = 32.812 → 33 partitions",
    )


@given(workloads, st.integers(0, 5), st.sampled_from(CLUSTERS))
def test_one_partition_less_would_not_carry_the_load(
    workload: Workload, readers: int, cluster: KafkaClusterSpec
) -> None:
    load, limits = peak_load(workload), partition_limits(cluster)

    def carries(partitions: int) -> bool:
        writes = HEADROOM * load.mib <= partitions * exact(limits.write)
        return writes and (limits.read is None or HEADROOM * readers * load.mib <= partitions * exact(limits.read))

    count = partitions_for(load, readers, cluster)
    assert carries(count)
    assert count == 1 or not carries(count - 1)


topics = st.lists(
    st.builds(
        lambda workload, partitions, readers: topic("t", readers=readers, workload=workload, partitions=partitions),
        workloads,
        st.integers(1, 3000),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


def standard_carries(spec: MskClusterSpec, load: ClusterLoad, type_: str, brokers: int) -> bool:
    broker = msk.STANDARD_BROKERS[type_]
    return (
        HEADROOM * load.replicated <= brokers * volume_mib_per_second(spec, type_)
        and HEADROOM * load.sent <= brokers * exact(broker.network_mib_per_second)
        and load.partitions <= brokers * broker.partitions
        and HEADROOM * (load.stored_gib or 0) <= brokers * msk.VOLUME_GIB.maximum
    )


@given(topics, st.sampled_from(list(msk.STANDARD_BROKERS)))
def test_one_broker_of_each_zone_less_would_not_carry_the_load(planned: list[TopicPlan], type_: str) -> None:
    spec, load = MskClusterSpec(), load_of(planned)
    count = brokers_for(spec, load, type_)
    assert count % 3 == 0
    assert standard_carries(spec, load, type_, count)
    assert count == 3 or not standard_carries(spec, load, type_, count - 3)


@given(topics)
def test_what_is_planned_lacks_nothing_or_says_what(planned: list[TopicPlan]) -> None:
    spec, load = MskClusterSpec(), load_of(planned)
    plan = plan_cluster("main", spec, planned)
    assert plan.brokers <= msk.BROKERS_KRAFT.value
    assert (plan.shortfalls == ()) is standard_carries(spec, load, plan.instance_type, plan.brokers)
    if plan.shortfalls:
        assert (plan.instance_type, plan.brokers) == (msk.PLANNED_BROKERS[-1], msk.BROKERS_KRAFT.value)


@given(topics, st.sampled_from(list(msk.EXPRESS_BROKERS)))
def test_three_express_brokers_less_would_not_carry_the_load(planned: list[TopicPlan], type_: str) -> None:
    load, broker = load_of(planned), msk.EXPRESS_BROKERS[type_]

    def carries(brokers: int) -> bool:
        return (
            load.written <= brokers * exact(broker.ingress_mib_per_second)
            and load.read <= brokers * exact(broker.egress_mib_per_second)
            and load.partitions <= brokers * broker.partitions
        )

    count = express_brokers_for(load, type_)
    assert count % 3 == 0
    assert carries(count)
    assert count == 3 or not carries(count - 3)


@given(topics)
def test_no_type_of_broker_has_fewer_processors_for_the_load(planned: list[TopicPlan]) -> None:
    spec, load = MskClusterSpec(), load_of(planned)
    plan = plan_cluster("main", spec, planned)
    if plan.shortfalls:
        return
    few = [
        count * msk.STANDARD_BROKERS[type_].vcpus
        for type_ in msk.PLANNED_BROKERS
        if (count := brokers_for(spec, load, type_)) <= 12
    ]
    assert plan.brokers * msk.STANDARD_BROKERS[plan.instance_type].vcpus == min(few, default=math.inf) or not few


@pytest.mark.parametrize(
    ("zones", "replicas", "in_sync"),
    [(3, 3, 2), (2, 2, 1)],
)
def test_replicas_follow_the_zones(zones: int, replicas: int, in_sync: int) -> None:
    subnets = [f"subnet-0123456789abcdef{number}" for number in range(zones)]
    spec = MskClusterSpec(vpc={"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": subnets})  # type: ignore[arg-type]
    planned = topic(cluster=spec, partitions=6)
    assert (planned.replicas, planned.in_sync) == (replicas, in_sync)
    assert plan_cluster("main", spec).server_properties == {
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(replicas),
        "min.insync.replicas": str(in_sync),
        "unclean.leader.election.enable": "false",
    }


def test_express_brokers_are_told_what_is_left_to_tell() -> None:
    assert plan_express_cluster("main", MskExpressClusterSpec()).server_properties == {
        "auto.create.topics.enable": "false"
    }


def test_what_is_given_is_kept_and_its_lack_told() -> None:
    spec = MskClusterSpec(instance_type="kafka.m7g.large", brokers=3, volume_gb=10)
    load = Workload(records_per_second=100_000, record_kb=1)
    plan = plan_cluster("main", spec, [topic(partitions=2000, workload=load)])
    assert (plan.instance_type, plan.brokers, plan.volume_gb) == ("kafka.m7g.large", 3, 10)
    assert plan.shortfalls == (
        "292.969 MiB/s are written with all replicas, and 3 x 78.75 MiB/s are 236.25",
        "6,000 partitions with their replicas, and AWS recommends 1,000 a broker at most, 3,000 together",
        "173,034.668 GiB are kept on the brokers, and 3 x 10 GiB are 30 GiB",
    )


def test_what_is_tiered_takes_no_more_of_the_volumes_than_its_local_retention() -> None:
    load = Workload(records_per_second=1024, record_kb=1)
    whole = topic(partitions=6, workload=load, retention_days=10)
    tiered = topic(partitions=6, workload=load, retention_days=10, local_retention_days=1)
    assert (whole.stored_gib(), tiered.stored_gib()) == (Fraction(86_400 * 10 * 3, 1024), Fraction(86_400 * 3, 1024))
