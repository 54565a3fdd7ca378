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
from streaming_constructs.planning.clusters.msk import brokers_for, plan_cluster
from streaming_constructs.planning.clusters.msk_express import express_brokers_for, plan_express_cluster
from streaming_constructs.planning.clusters.msk_serverless import ServerlessClusterPlan
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
COMPACTED = {"cleanup_policy": ("compact",), "partition_key": "id"}
workloads = st.builds(
    Workload,
    records_per_second=st.integers(1, 500_000) | st.integers(1, 2000),
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


@pytest.mark.parametrize(
    ("cluster", "mib"), list(zip(CLUSTERS, (50, 75, 25), strict=True)), ids=lambda one: str(one)[:4]
)
def test_a_load_that_fits_to_the_last_byte_needs_no_more(cluster: KafkaClusterSpec, mib: int) -> None:
    fits = topic(cluster=cluster, workload=Workload(records_per_second=mib * 1024, record_kb=1))
    more = topic(cluster=cluster, workload=Workload(records_per_second=mib * 1024 + 1, record_kb=1))
    assert (fits.partitions, more.partitions) == (7, 8)


@pytest.mark.parametrize(("partitions", "standard", "express"), [(1000, 3, 3), (1001, 6, 6)])
def test_partitions_that_fit_to_the_last_need_no_more(partitions: int, standard: int, express: int) -> None:
    load = load_of([topic(partitions=partitions)])
    assert brokers_for(MskClusterSpec(), load, "kafka.m7g.large") == standard
    assert express_brokers_for(load, "express.m7g.large") == express


def in_zones(zones: int) -> dict[str, Any]:
    subnets = [f"subnet-0123456789abcdef{number}" for number in range(zones)]
    return {"vpc": {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": subnets}}


def topics_in(clusters: st.SearchStrategy[KafkaClusterSpec]) -> st.SearchStrategy[tuple[Any, list[TopicPlan]]]:
    """A cluster with up to four topics in it; workloads, partitions and retentions are given or not."""

    def filled(cluster: KafkaClusterSpec) -> st.SearchStrategy[tuple[Any, list[TopicPlan]]]:
        is_standard = isinstance(cluster, MskClusterSpec)
        fields = {
            "workload": workloads,
            "readers": st.integers(0, 3),
            "partitions": st.none() | st.integers(1, 3000),
            "retention_hours": st.sampled_from([1, 24, 168, 8760]),
            "replication_factor": st.sampled_from([None, 1, 2, 4, 5]) if is_standard else st.none(),
        }
        planned = st.fixed_dictionaries(fields).map(lambda given: topic("t", cluster, **given))
        return st.lists(planned, min_size=1, max_size=4).map(lambda several: (cluster, several))

    return clusters.flatmap(filled)


def standard(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[KafkaClusterSpec]:
    """Clusters of Standard brokers, in two zones or three, with KRaft or ZooKeeper."""
    given = st.fixed_dictionaries(
        {
            "kafka_version": st.sampled_from(["3.9.x.kraft", "3.9.x"]),
            "max_volume_gb": st.sampled_from([None, 500]),
            **fields,
        }
    )
    return st.builds(lambda fields, zones: MskClusterSpec(**fields, **in_zones(zones)), given, st.sampled_from([2, 3]))


def most_brokers(spec: MskClusterSpec) -> int:
    return 60 if spec.kafka_version.endswith(".kraft") else 30


def standard_carries(spec: MskClusterSpec, load: ClusterLoad, type_: str, brokers: int) -> bool:
    broker = msk.STANDARD_BROKERS[type_]
    volume = spec.volume_throughput_mb_per_second or 250
    return (
        HEADROOM * load.replicated <= brokers * min(exact(broker.storage_mib_per_second), exact(volume))
        and HEADROOM * load.sent <= brokers * exact(broker.network_mib_per_second)
        and load.partitions <= brokers * broker.partitions
        and HEADROOM * (load.stored_gib or 0) <= brokers * (spec.max_volume_gb or 16_384)
        and load.replicas <= brokers
    )


@given(topics_in(standard()))
def test_what_topics_ask_of_their_brokers(given: tuple[MskClusterSpec, list[TopicPlan]]) -> None:
    _, planned = given
    load = load_of(planned)
    written = [exact(one.load.mib) for one in planned if one.load is not None]
    replicas, readers = [one.replicas for one in planned], [len(one.readers) for one in planned]
    assert load.written == sum(written)
    assert load.replicated == sum(mib * copies for mib, copies in zip(written, replicas, strict=True))
    assert load.sent == sum(
        mib * (copies - 1 + reads) for mib, copies, reads in zip(written, replicas, readers, strict=True)
    )
    assert load.partitions == sum((one.partitions or 0) * one.replicas for one in planned)
    assert load.replicas == max(replicas)


@given(topics_in(standard()), st.sampled_from(list(msk.STANDARD_BROKERS)))
def test_one_broker_of_each_zone_less_would_not_carry_the_load(
    given: tuple[MskClusterSpec, list[TopicPlan]], type_: str
) -> None:
    spec, load = given[0], load_of(given[1])
    count, zones = brokers_for(spec, load, type_), spec.zones()
    assert count % zones == 0
    assert standard_carries(spec, load, type_, count)
    assert count == zones or not standard_carries(spec, load, type_, count - zones)


@given(topics_in(standard(brokers=st.none() | st.just(6) | st.just(18))))
def test_what_is_planned_lacks_nothing_or_says_what(given: tuple[MskClusterSpec, list[TopicPlan]]) -> None:
    spec, planned = given
    load, plan = load_of(planned), plan_cluster("main", spec, planned)
    assert plan.brokers <= most_brokers(spec)
    assert plan.brokers == spec.brokers or spec.brokers is None
    carries = standard_carries(spec, load, plan.instance_type, plan.brokers)
    assert carries or plan.instance_type == msk.PLANNED_BROKERS[-1]
    if spec.brokers is None:
        assert (plan.shortfalls == ()) is carries
        assert carries or plan.brokers == most_brokers(spec)


@given(topics_in(standard()))
def test_a_volume_of_one_gib_less_would_not_hold_what_is_kept(
    given: tuple[MskClusterSpec, list[TopicPlan]],
) -> None:
    spec, planned = given
    plan, stored = plan_cluster("main", spec, planned), load_of(planned).stored_gib
    assert plan.volume_gb is not None
    assert stored is not None
    most = spec.max_volume_gb or 16_384
    assert plan.volume_gb <= most
    assert HEADROOM * stored <= plan.brokers * plan.volume_gb or plan.volume_gb == most
    assert plan.volume_gb == 10 or HEADROOM * stored > plan.brokers * (plan.volume_gb - 1)


def test_a_volume_begins_no_larger_than_it_may_become() -> None:
    assert plan_cluster("main", MskClusterSpec(max_volume_gb=50)).volume_gb == 50


@given(topics_in(standard()))
def test_no_type_of_broker_has_fewer_processors_for_the_load(given: tuple[MskClusterSpec, list[TopicPlan]]) -> None:
    spec, planned = given
    load, plan = load_of(planned), plan_cluster("main", spec, planned)
    if plan.shortfalls:
        return
    few = [
        count * msk.STANDARD_BROKERS[type_].vcpus
        for type_ in msk.PLANNED_BROKERS
        if (count := brokers_for(spec, load, type_)) <= 12
    ]
    assert plan.brokers * msk.STANDARD_BROKERS[plan.instance_type].vcpus == min(few, default=math.inf) or not few


def test_a_topic_of_many_replicas_has_a_broker_for_each() -> None:
    planned = [topic(partitions=1, replication_factor=5)]
    assert plan_cluster("main", MskClusterSpec(), planned).brokers == 6


def express(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[KafkaClusterSpec]:
    return st.builds(MskExpressClusterSpec, **fields)


def express_carries(load: ClusterLoad, type_: str, brokers: int) -> bool:
    broker = msk.EXPRESS_BROKERS[type_]
    return (
        load.written <= brokers * exact(broker.ingress_mib_per_second)
        and load.read <= brokers * exact(broker.egress_mib_per_second)
        and load.partitions <= brokers * broker.partitions
    )


@given(topics_in(express()), st.sampled_from(list(msk.EXPRESS_BROKERS)))
def test_three_express_brokers_less_would_not_carry_the_load(
    given: tuple[MskExpressClusterSpec, list[TopicPlan]], type_: str
) -> None:
    load = load_of(given[1])
    count = express_brokers_for(load, type_)
    assert count % 3 == 0
    assert express_carries(load, type_, count)
    assert count == 3 or not express_carries(load, type_, count - 3)


@given(topics_in(express(brokers=st.none() | st.just(6) | st.just(30))))
def test_what_is_planned_of_express_brokers_lacks_nothing_or_says_what(
    given: tuple[MskExpressClusterSpec, list[TopicPlan]],
) -> None:
    spec, planned = given
    load, plan = load_of(planned), plan_express_cluster("main", spec, planned)
    carries, least = express_carries(load, plan.instance_type, plan.brokers), plan.brokers
    assert plan.brokers <= 60
    assert carries or plan.instance_type == "express.m7g.16xlarge"
    if spec.brokers is None:
        assert (plan.shortfalls == ()) is carries
        assert carries or plan.brokers == 60
        few = [
            count * msk.EXPRESS_BROKERS[type_].vcpus
            for type_ in msk.EXPRESS_BROKERS
            if (count := express_brokers_for(load, type_)) <= 60
        ]
        assert not carries or least * msk.EXPRESS_BROKERS[plan.instance_type].vcpus == min(few)


@given(topics_in(st.just(MskServerlessClusterSpec())))
def test_a_serverless_cluster_says_each_quota_that_is_exceeded_and_no_other(
    given: tuple[MskServerlessClusterSpec, list[TopicPlan]],
) -> None:
    _, planned = given
    load, found = load_of(planned), serverless_findings(planned)
    partitions = sum(one.partitions or 0 for one in planned)
    exceeded = [load.written > 200, load.read > 400, partitions > 2400]
    assert [any(what in note for note in found) for what in ("written", "read", "in partitions;")] == exceeded


def serverless_findings(planned: list[TopicPlan]) -> list[str]:
    """What a serverless cluster says of quotas that its topics exceed."""
    plan = ServerlessClusterPlan("main", MskServerlessClusterSpec(), "retain", tuple(planned), load_of(planned), ())
    return [f"{one.note.partition(';')[0]};" for one in plan.findings() if one.code == "MSK470"]


@pytest.mark.parametrize(
    ("field", "at_most"),
    [
        ({"partitions": 2400}, {"partitions": 2401}),
        ({"partitions": 120, **COMPACTED}, {"partitions": 121, **COMPACTED}),
    ],
    ids=["partitions", "compacted"],
)
def test_quotas_of_a_serverless_cluster_hold_to_the_last(field: dict[str, Any], at_most: dict[str, Any]) -> None:
    cluster = MskServerlessClusterSpec()
    assert serverless_findings([topic("t", cluster, **field)]) == []
    assert serverless_findings([topic("t", cluster, **at_most)]) != []


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
