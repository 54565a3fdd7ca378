"""Topics and clusters of Kafka: what is refused, with its code and place, and what is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.facts.kafka import SERVER_PROPERTIES, TOPIC_CONFIGS
from streaming_constructs.planning.clusters.broker_cluster import planned_properties
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.kafka_configs import value_problem
from streaming_constructs.spec.read import document_of
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

VPC = {"vpc_id": "vpc-0123456789abcdef0"}
SUBNETS = [f"subnet-0123456789abcdef{number}" for number in range(4)]


def found(cluster: dict[str, Any], **topics: dict[str, Any]) -> list[Finding]:
    streams = {name: {"kind": "kafka", "cluster": "main", **topic} for name, topic in topics.items()}
    spec = {"name": "shop", "alarms": False, "clusters": {"main": {"kind": "msk", **cluster}}, "streams": streams}
    _, findings = plan_document(document_of(json.dumps(spec).encode(), "shop.yaml"))
    return findings


def said(cluster: dict[str, Any], **topics: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.dotted_path) for one in found(cluster, **topics)]


def in_topic(kind: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    return [
        (code, path.removeprefix("streams.a."))
        for code, path in said(kind, a={"partitions": 6, **fields})
        if code != "MSK495"
    ]


TIERED = {"storage_mode": "tiered"}
EXPRESS, SERVERLESS = {"kind": "msk_express"}, {"kind": "msk_serverless"}


@pytest.mark.parametrize(
    ("cluster", "topic", "expected"),
    [
        ({}, {}, []),
        ({}, {"cleanup_policy": "compact,delete", "retention_days": 1, "partition_key": "id"}, []),
        ({}, {"cleanup_policy": ["compact", "compact"], "partition_key": "id"}, [("LNG406", "cleanup_policy[1]")]),
        ({}, {"cleanup_policy": "compact", "retention_days": 1, "partition_key": "id"}, [("LNG404", "retention_days")]),
        ({}, {"cleanup_policy": "compact"}, [("MSK494", "cleanup_policy")]),
        ({}, {"cleanup_policy": "none"}, [("LNG205", "cleanup_policy")]),
        ({}, {"cleanup_policy": "compact", "retention_days": "unlimited", "partition_key": "id"}, []),
        ({}, {"topic": ".."}, [("MSK481", "topic")]),
        ({}, {"topic": "__cluster_metadata"}, [("MSK481", "topic")]),
        ({}, {"topic": "__orders"}, []),
        ({}, {"topic": "a b"}, [("LNG206", "topic")]),
        ({}, {"topic": "x" * 250}, [("LNG206", "topic")]),
        ({}, {"partitions": 0}, [("LNG204", "partitions")]),
        ({}, {"partitions": 10_000}, [("LNG204", "partitions")]),
        ({}, {"partitions": 9_997}, [("MSK496", "partitions")]),
        ({}, {"partitions": 9_996}, []),
        ({}, {"partitions": 9_996, "configs": {"segment.ms": 1}}, [("MSK496", "partitions")]),
        ({}, {"replication_factor": 1}, [("MSK491", "replication_factor")]),
        ({}, {"replication_factor": 3, "min_insync_replicas": 3}, [("MSK465", "min_insync_replicas")]),
        ({}, {"min_insync_replicas": 3}, [("MSK465", "min_insync_replicas")]),
        (
            {},
            {"replication_factor": 1, "min_insync_replicas": 2},
            [("MSK491", "replication_factor"), ("MSK465", "min_insync_replicas")],
        ),
        ({}, {"min_insync_replicas": 1}, [("MSK491", "min_insync_replicas")]),
        ({"brokers": 3}, {"replication_factor": 4}, [("MSK488", "replication_factor")]),
        ({}, {"replication_factor": 4}, []),
        ({}, {"retention_days": "unlimited"}, [("MSK493", "retention_days")]),
        ({}, {"retention_days": 1, "retention_hours": 24}, [("LNG404", "retention_hours")]),
        ({}, {"configs": {"segment.bytes": "1MB"}}, [("MSK481", "configs.segment.bytes")]),
        ({}, {"configs": {"retention.ms": 5}}, [("MSK481", "configs.retention.ms")]),
        ({}, {"configs": {"remote.log.copy.disable": True}}, [("MSK481", "configs.remote.log.copy.disable")]),
        ({"kafka_version": "4.0.x.kraft"}, {"configs": {"compression.gzip.level": 9}}, []),
        (
            {"kafka_version": "3.7.x.kraft"},
            {"configs": {"compression.gzip.level": 9}},
            [("MSK472", "clusters.main.kafka_version"), ("MSK481", "configs.compression.gzip.level")],
        ),
        ({}, {"configs": {"message.timestamp.difference.max.ms": 1}}, []),
        (
            {"kafka_version": "4.0.x.kraft"},
            {"configs": {"message.timestamp.difference.max.ms": 1}},
            [("MSK481", "configs.message.timestamp.difference.max.ms")],
        ),
        (
            {},
            {"configs": {"min.compaction.lag.ms": 2, "max.compaction.lag.ms": 1}},
            [("MSK481", "configs.min.compaction.lag.ms")],
        ),
        (
            {},
            {"configs": {"unclean.leader.election.enable": "TRUE"}},
            [("MSK466", "configs.unclean.leader.election.enable")],
        ),
        ({}, {"local_retention_days": 1}, [("MSK487", "local_retention_days")]),
        (TIERED, {"local_retention_days": 1}, []),
        (TIERED, {"local_retention_hours": 1, "retention_hours": 72}, []),
        (TIERED, {"local_retention_hours": 1, "retention_hours": 71}, [("MSK483", "retention_hours")]),
        (TIERED, {"local_retention_days": 7}, [("MSK484", "local_retention_days")]),
        (TIERED, {"local_retention_days": 400, "retention_days": "unlimited"}, []),
        *(
            (
                TIERED,
                {"local_retention_days": 1, "configs": {"retention.bytes": total, "local.retention.bytes": local}},
                told,
            )
            for total, local, told in (
                (9, 8, []),
                (9, -2, []),
                (-1, -1, []),
                (-1, 9, []),
                (9, 9, [("MSK484", "configs.local.retention.bytes")]),
                (9, -1, [("MSK484", "configs.local.retention.bytes")]),
                (0, 0, [("MSK484", "configs.local.retention.bytes")]),
            )
        ),
        (
            TIERED,
            {"local_retention_days": 1, "cleanup_policy": "compact", "partition_key": "id"},
            [("MSK482", "cleanup_policy")],
        ),
        (
            TIERED,
            {"local_retention_days": 1, "configs": {"segment.bytes": 50_331_647}},
            [("MSK485", "configs.segment.bytes")],
        ),
        (TIERED, {"local_retention_days": 1, "configs": {"segment.bytes": 50_331_648}}, []),
        (TIERED, {"local_retention_days": 1, "configs": {"segment.ms": 599_999}}, [("MSK485", "configs.segment.ms")]),
        (EXPRESS, {"replication_factor": 3}, []),
        (EXPRESS, {"replication_factor": 2}, [("MSK489", "replication_factor")]),
        (EXPRESS, {"min_insync_replicas": 2}, [("MSK489", "min_insync_replicas")]),
        (EXPRESS, {"local_retention_days": 1}, [("MSK489", "local_retention_days")]),
        (EXPRESS, {"retention_days": "unlimited"}, []),
        (EXPRESS, {"configs": {"segment.ms": 86_400_000}}, [("MSK489", "configs.segment.ms")]),
        (EXPRESS, {"configs": {"max.compaction.lag.ms": 604_799_999}}, [("MSK489", "configs.max.compaction.lag.ms")]),
        (EXPRESS, {"configs": {"max.compaction.lag.ms": 604_800_000}}, []),
        (SERVERLESS, {"retention_days": "unlimited"}, []),
        (SERVERLESS, {"min_insync_replicas": 2}, [("MSK489", "min_insync_replicas")]),
        (SERVERLESS, {"max_message_kb": 8193}, [("MSK489", "max_message_kb")]),
        (SERVERLESS, {"max_message_kb": 8192}, []),
        (SERVERLESS, {"configs": {"segment.bytes": 134_217_728}}, [("MSK489", "configs.segment.bytes")]),
    ],
)
def test_a_topic_is_what_its_cluster_lets_it_be(
    cluster: dict[str, Any], topic: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert in_topic(cluster, **topic) == expected


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ({"kafka_version": "3.9"}, [("MSK451", "kafka_version")]),
        ({"kafka_version": "4.2.x.kraft"}, [("MSK451", "kafka_version")]),
        ({**EXPRESS, "kafka_version": "4.2.x.kraft"}, []),
        ({**EXPRESS, "kafka_version": "4.1.x.kraft"}, [("MSK451", "kafka_version")]),
        ({"vpc": {**VPC, "subnet_ids": SUBNETS[:1]}}, [("MSK452", "vpc.subnet_ids")]),
        ({"vpc": {**VPC, "subnet_ids": SUBNETS[:4]}}, [("MSK452", "vpc.subnet_ids")]),
        ({"vpc": {**VPC, "subnet_ids": SUBNETS[:2]}}, []),
        ({**EXPRESS, "vpc": {**VPC, "subnet_ids": SUBNETS[:2]}}, [("MSK452", "vpc.subnet_ids")]),
        (
            {"vpc": {"subnet_ids": SUBNETS[:3], "security_group_ids": ["sg-0123456789abcdef0"]}},
            [("LNG202", "vpc"), ("MSK460", "vpc.security_group_ids")],
        ),
        ({"brokers": 4}, [("MSK453", "brokers")]),
        ({"brokers": 4, "vpc": {**VPC, "subnet_ids": SUBNETS[:2]}}, []),
        ({**EXPRESS, "brokers": 4}, [("MSK453", "brokers")]),
        ({"brokers": 33, "kafka_version": "3.8.x"}, [("MSK454", "brokers")]),
        ({"volume_gb": 100, "max_volume_gb": 100}, [("MSK455", "max_volume_gb")]),
        ({"volume_utilization_percent": 50}, [("LNG404", "volume_utilization_percent")]),
        ({"volume_throughput_mb_per_second": 300}, [("MSK456", "volume_throughput_mb_per_second")]),
        ({"instance_type": "kafka.m7g.2xlarge", "volume_throughput_mb_per_second": 312.5}, []),
        (
            {"instance_type": "kafka.m7g.2xlarge", "volume_throughput_mb_per_second": 313},
            [("MSK456", "volume_throughput_mb_per_second")],
        ),
        (
            {"instance_type": "kafka.m7g.large", "volume_throughput_mb_per_second": 250},
            [("MSK456", "volume_throughput_mb_per_second")],
        ),
        ({"instance_type": "kafka.t3.small"}, [("MSK457", "instance_type")]),
        ({"shared_with": ["111122223333"]}, [("MSK468", "multi_vpc"), ("MSK461", "shared_with")]),
        ({"auth": "sasl_scram"}, [("MSK475", "auth")]),
        ({"auth": ["iam", "mtls"]}, [("MSK462", "auth")]),
        ({"server_properties": {"background.threads": 4}}, [("MSK464", "server_properties.background.threads")]),
        ({"server_properties": {"min.insync.replicas": 3}}, [("MSK465", "server_properties.min.insync.replicas")]),
        ({"server_properties": {"min.insync.replicas": 1, "default.replication.factor": 1}}, []),
        (
            {"server_properties": {"min.insync.replicas": 2}, "vpc": {**VPC, "subnet_ids": SUBNETS[:2]}},
            [("MSK465", "server_properties.min.insync.replicas")],
        ),
        (
            {"server_properties": {"transaction.state.log.min.isr": 3}},
            [("MSK465", "server_properties.transaction.state.log.min.isr")],
        ),
        (
            {"server_properties": {"log.cleanup.policy": "compact,delete"}, **TIERED},
            [("MSK464", "server_properties.log.cleanup.policy")],
        ),
        ({"server_properties": {"log.cleanup.policy": "compact,delete"}}, []),
        (
            {"server_properties": {"socket.request.max.bytes": 1_048_587}},
            [("MSK464", "server_properties.socket.request.max.bytes")],
        ),
        ({"server_properties": {"socket.request.max.bytes": 1000, "message.max.bytes": 1000}}, []),
        (
            {"server_properties": {"custom.advertised.listeners": "a\nlog.cleaner.enable=false"}},
            [("MSK464", "server_properties.custom.advertised.listeners")],
        ),
        (
            {"server_properties": {"zookeeper.session.timeout.ms": 6000}},
            [("MSK464", "server_properties.zookeeper.session.timeout.ms")],
        ),
        (
            {"server_properties": {"zookeeper.session.timeout.ms": 6000}, "kafka_version": "3.9.x"},
            [("MSK473", "kafka_version")],
        ),
        ({**EXPRESS, "server_properties": {"num.io.threads": 8}}, [("MSK464", "server_properties.num.io.threads")]),
    ],
)
def test_a_cluster_is_what_msk_offers(cluster: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    told = [(code, path.removeprefix("clusters.main.")) for code, path in said(cluster, a={"partitions": 6})]
    assert told == expected


@pytest.mark.parametrize(
    "field", ["kafka_version", "brokers", "instance_type", "storage_mode", "volume_gb", "server_properties", "auth"]
)
def test_a_serverless_cluster_says_what_it_cannot_be_told(field: str) -> None:
    values: dict[str, Any] = {"brokers": 3, "volume_gb": 100, "server_properties": {"num.partitions": 1}}
    (finding,) = found({**SERVERLESS, field: values.get(field, "iam")}, a={"partitions": 1, "arn": TOPIC_ARN})
    assert (finding.code, finding.dotted_path) == ("LNG201", f"clusters.main.{field}")
    assert finding.note


TOPIC_ARN = "arn:aws:kafka:eu-west-1:111122223333:topic/main/12345678-1234-1234-1234-123456789012-s1/orders"


def test_names_that_are_one_to_kafka_are_found_in_one_cluster_alone() -> None:
    one, other = {"partitions": 1, "topic": "shop.orders"}, {"partitions": 1, "topic": "shop_orders"}
    assert said({}, a=one, b=other) == [("MSK486", "streams.b.topic")]
    assert said({}, a=one, b={**one, "topic": "shop.others"}) == []


@pytest.mark.parametrize(
    ("key", "value", "is_taken"),
    [
        ("segment.ms", 1, True),
        ("segment.ms", " 604800000 ", True),
        ("segment.ms", 0, False),
        ("segment.ms", True, False),
        ("segment.ms", "604800000.0", False),
        ("segment.ms", "9" * 5000, False),
        ("preallocate", "TRUE", True),
        ("preallocate", 1, False),
        ("preallocate", "yes", False),
        ("min.cleanable.dirty.ratio", 0.5, True),
        ("min.cleanable.dirty.ratio", 1.1, False),
        ("compression.type", "zstd", True),
        ("compression.type", "none", False),
        ("compression.type", "ZSTD", False),
        ("compression.zstd.level", 23, False),
        ("compression.gzip.level", -1, True),
        ("compression.gzip.level", 0, False),
        ("compression.gzip.level", 1, True),
        ("segment.ms", "1_000", False),
        ("segment.ms", "", False),
        ("cleanup.policy", "compact,", False),
        ("retention.bytes", -1, True),
        ("retention.bytes", -2, False),
        ("message.timestamp.type", "createtime", False),
        ("cleanup.policy", "compact, delete", True),
        ("cleanup.policy", "compact;delete", False),
    ],
)
def test_values_are_those_that_brokers_take(key: str, value: Any, is_taken: bool) -> None:
    assert (value_problem(TOPIC_CONFIGS[key], value) == "") is is_taken


def test_bounds_of_msk_are_narrower_than_those_of_kafka() -> None:
    lag = SERVER_PROPERTIES["replica.lag.time.max.ms"]
    assert [value for value in (9_999, 10_000, 30_000, 30_001) if value_problem(lag, value) == ""] == [10_000, 30_000]


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("log.retention.ms", [-1, 1]),
        ("log.retention.minutes", [-1, 1]),
        ("log.retention.hours", [-1, 1]),
        ("log.retention.bytes", [-1, 0, 1]),
        ("socket.receive.buffer.bytes", [-1, 1]),
        ("socket.send.buffer.bytes", [-1, 1]),
        ("connections.max.idle.ms", [-1, 101]),
        ("max.connections.per.ip", [1, 101]),
    ],
)
def test_numbers_without_an_end_stand_beside_the_range(name: str, taken: list[int]) -> None:
    numbers = dict.fromkeys([-2, -1, 0, *taken])
    assert [number for number in numbers if value_problem(SERVER_PROPERTIES[name], number) == ""] == taken


def test_in_sync_replicas_follow_the_replicas_that_are_given() -> None:
    assert (
        planned_properties(MskClusterSpec(server_properties={"default.replication.factor": 2}))["min.insync.replicas"]
        == "1"
    )


def test_configurations_are_written_whole_and_in_order() -> None:
    planned = TopicPlan(
        "a",
        KafkaTopicSpec(
            cluster="main",
            cleanup_policy=("delete",),
            retention_days=7,
            local_retention_days=0.5,
            compression="zstd",
            max_message_kb=0.5,
            configs={"segment.ms": 600_000, "preallocate": True},
        ),
        MskClusterSpec(storage_mode="tiered"),
        (),
        None,
        6,
        None,
        3,
        2,
        (),
    )
    assert list(planned.configs.items()) == [
        ("cleanup.policy", "delete"),
        ("compression.type", "zstd"),
        ("local.retention.ms", "43200000"),
        ("max.message.bytes", "512"),
        ("min.insync.replicas", "2"),
        ("preallocate", "true"),
        ("remote.storage.enable", "true"),
        ("retention.ms", "604800000"),
        ("segment.ms", "600000"),
    ]


def test_an_existing_topic_is_only_described() -> None:
    with pytest.raises(SpecError) as refused:
        KafkaTopicSpec(cluster="main", arn=TOPIC_ARN, compression="zstd", configs={"segment.ms": 600_000})
    assert [(one.code, one.path) for one in refused.value.findings] == [
        ("LNG403", ("configs",)),
        ("LNG403", ("compression",)),
    ]
    assert KafkaTopicSpec(cluster="main", arn=TOPIC_ARN).topic_name("a") == "orders"
