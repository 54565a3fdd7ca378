"""What is kept on brokers, whether volumes grow as fast as they fill, and whether all brokers have something to do."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning.clusters.broker_findings import cluster_findings
from streaming_constructs.planning.clusters.msk import plan_cluster
from streaming_constructs.planning.streams.kafka import TopicPlan, plan_topic
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.workload import Workload

MIB = Workload(records_per_second=1024, record_kb=1)


def topic(name: str = "orders", **fields: Any) -> TopicPlan:
    return plan_topic(name, KafkaTopicSpec(cluster="main", partitions=6, **fields), MskClusterSpec())


def test_a_volume_has_room_for_what_topics_keep_with_their_replicas() -> None:
    # 1 MiB/s for a day, on 3 replicas, with 40 % to spare, on 3 brokers.
    plan = plan_cluster("main", MskClusterSpec(), [topic(workload=MIB, retention_days=1)])
    assert plan.volume_gb == 119
    assert plan.working[-1] == "volumes: 1.4 x 253.125 GiB kept with replicas ÷ 3 brokers → 119 GiB each"


@pytest.mark.parametrize(
    ("policy", "volume", "told"),
    [
        ("compact", 119, "what users keeps has no end, and is not counted in the volumes"),
        (["compact", "delete"], 237, "volumes: 1.4 x 506.25 GiB kept with replicas ÷ 3 brokers → 237 GiB each"),
    ],
)
def test_a_topic_without_an_end_does_not_hide_what_the_others_keep(policy: Any, volume: int, told: str) -> None:
    topics = [
        topic(workload=MIB, retention_days=1),
        topic("users", workload=MIB, cleanup_policy=policy, **({} if policy == "compact" else {"retention_days": 1})),
    ]
    plan = plan_cluster("main", MskClusterSpec(), topics)
    assert (plan.volume_gb, plan.working[-1]) == (volume, told)


def test_where_nothing_is_known_there_is_room_to_begin_with() -> None:
    plan = plan_cluster("main", MskClusterSpec(), [topic("users", workload=MIB, cleanup_policy="compact")])
    assert (plan.volume_gb, plan.working[-2]) == (100, "volumes: 100 GiB each, as nothing is known of what is kept")


@pytest.mark.parametrize(
    ("volume", "topics", "filled_by"),
    [
        # 1 MiB/s on each of 3 brokers: 21 GiB in 6 h; a tenth of 119 GiB is less, and the volume holds them all the same.
        (119, [topic(workload=MIB, retention_days=1)], []),
        (80, [topic(workload=MIB, retention_days=1)], ["21.094 GiB"]),
        (
            119,
            [topic(workload=MIB, retention_days=1), topic("users", workload=MIB, cleanup_policy="compact")],
            ["21.094 GiB"],
        ),
        (
            80,
            [topic(workload=MIB, retention_days=1), topic("users", workload=MIB, cleanup_policy="compact")],
            ["42.188 GiB"],
        ),
        (211, [topic("users", workload=MIB, cleanup_policy="compact")], []),
        (210, [topic("users", workload=MIB, cleanup_policy="compact")], ["21.094 GiB"]),
    ],
)
def test_a_volume_that_fills_faster_than_it_grows(volume: int, topics: list[TopicPlan], filled_by: list[str]) -> None:
    spec = MskClusterSpec(brokers=3, instance_type="kafka.m7g.large", volume_gb=volume, max_volume_gb=2000)
    found = [finding for finding in cluster_findings(plan_cluster("main", spec, topics)) if finding.code == "MSK476"]
    assert [(finding.note or "").partition(" come")[0] for finding in found] == filled_by


@pytest.mark.parametrize(("zones", "partitions", "told"), [(3, 2, True), (2, 2, False)])
def test_fewer_partitions_than_zones_are_told_with_what_spreads_them(zones: int, partitions: int, told: bool) -> None:
    subnets = tuple(f"subnet-0123456789abcdef{number}" for number in range(zones))
    cluster = MskClusterSpec(vpc={"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": subnets})
    load = Workload(records_per_second=10_240, record_kb=1)
    plan = plan_topic("orders", KafkaTopicSpec(cluster="main", workload=load), cluster)
    assert plan.partitions == partitions
    line = (
        "fewer than the 3 zones, so not every broker leads one; `partitions: 3` spreads them, and more later move keys"
    )
    assert (line in plan.working) is told
