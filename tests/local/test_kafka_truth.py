"""A broker of Apache Kafka against the language: what is taken here is taken there; what is refused there is refused here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from streaming_constructs.facts import kafka
from streaming_constructs.facts.kafka_stricter import STRICTER, Stricter
from streaming_constructs.local.kafka.broker import KafkaBroker
from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog
from streaming_constructs.local.kafka.topic_log import TopicLogError
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.read import document_of
from tests.conftest import Kafka

pytestmark = pytest.mark.xdist_group("kafka")

TIERED = {"kind": "msk", "storage_mode": "tiered"}
OF_TOPICS = [row for row in STRICTER if not row.is_server]
OF_BROKERS = [row for row in STRICTER if row.is_server]


def planned(cluster: Mapping[str, Any], topic: Mapping[str, Any]) -> tuple[TopicPlan | None, list[str]]:
    """A topic with its numbers, and the codes of what is refused of it."""
    fields = {"kind": "kafka", "cluster": "main", "schema": "s", "partition_key": "id", "partitions": 1, **topic}
    spec = {
        "name": "shop",
        "alarms": False,
        "schemas": {"s": {"id": "string"}},
        "clusters": {"main": dict(cluster)},
        "streams": {"a": fields},
    }
    plan, findings = plan_document(document_of(json.dumps(spec).encode(), "shop.yaml"))
    refused = [finding.code for finding in findings if finding.level == "error"]
    found = None if plan is None or refused else plan.sections["streams"]["a"]
    assert found is None or isinstance(found, TopicPlan)
    return found, refused


@pytest.fixture(scope="module")
def three_nodes(kafka: Kafka) -> Iterator[BrokerTopicLog]:
    """A cluster of three brokers with tiered storage, as MSK has them."""
    with KafkaBroker(nodes=3, tiered_storage=True, java=kafka.java, jars=kafka.jars) as broker:
        log = BrokerTopicLog(broker.access)
        yield log
        log.close()


WRITTEN: list[dict[str, Any]] = [
    {},
    {"retention_days": "unlimited"},
    {"retention_hours": 1, "retention_days": None},
    {"cleanup_policy": "compact"},
    {"cleanup_policy": "compact", "retention_days": "unlimited"},
    {"cleanup_policy": ["delete", "compact"], "retention_days": 1},
    {"cleanup_policy": " compact ,  delete "},
    {"local_retention_days": 1},
    {"local_retention_hours": 71, "retention_hours": 72},
    {"local_retention_days": 0.5, "retention_days": "unlimited"},
    {"local_retention_days": 1, "configs": {"retention.bytes": 9, "local.retention.bytes": 8}},
    {"local_retention_days": 1, "configs": {"retention.bytes": 9, "local.retention.bytes": -2}},
    {"local_retention_days": 1, "configs": {"retention.bytes": -1, "local.retention.bytes": -1}},
    {"local_retention_days": 1, "configs": {"segment.bytes": 50_331_648, "segment.ms": 600_000}},
    {"replication_factor": 1},
    {"replication_factor": 3, "min_insync_replicas": 2},
    {"partitions": 30, "topic": "a" * 249},
    {"topic": "..."},
    {"topic": "__orders"},
    {"topic": "-"},
    {"max_message_kb": 0.001},
    {"max_message_kb": 8192},
    {"max_message_kb": kafka.INT / 1024},
    {"compression": "zstd", "configs": {"compression.zstd.level": -131_072}},
    {"compression": "gzip", "configs": {"compression.gzip.level": -1}},
    {"compression": "lz4", "configs": {"compression.lz4.level": 17}},
    {"configs": {"min.compaction.lag.ms": 5, "max.compaction.lag.ms": 5}},
    {"configs": {"unclean.leader.election.enable": " TRUE "}},
    {"configs": {"segment.ms": "+604800000"}},
    {"configs": {"flush.messages": str(kafka.LONG)}},
    {"configs": {"min.cleanable.dirty.ratio": "5e-1"}},
    {"configs": {"min.cleanable.dirty.ratio": 1}},
    {"configs": {"message.timestamp.type": "LogAppendTime", "message.timestamp.difference.max.ms": 0}},
]


@pytest.mark.parametrize("topic", WRITTEN, ids=json.dumps)
def test_what_is_taken_is_taken_by_a_broker(three_nodes: BrokerTopicLog, topic: dict[str, Any]) -> None:
    plan, refused = planned(TIERED, topic)
    assert refused == []
    assert plan is not None
    name = plan.topic if plan.spec.topic else f"taken-{WRITTEN.index(topic)}"
    three_nodes.create_topic(name, plan.partitions or 1, plan.configs, replication_factor=plan.replicas)


REFUSED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"configs": {key: value}}, {key: str(value)})
    for key, value in (
        ("segment.ms", 0),
        ("segment.ms", "1d"),
        ("segment.ms", "86400000.0"),
        ("segment.ms", "1e6"),
        ("segment.ms", "1_000"),
        ("segment.ms", ""),
        ("segment.ms", kafka.LONG + 1),
        ("segment.bytes", 13),
        ("segment.bytes", kafka.INT + 1),
        ("segment.index.bytes", 3),
        ("segment.jitter.ms", -1),
        ("flush.messages", 0),
        ("flush.ms", -1),
        ("delete.retention.ms", -1),
        ("index.interval.bytes", -1),
        ("max.compaction.lag.ms", 0),
        ("local.retention.bytes", -3),
        ("compression.gzip.level", 0),
        ("compression.gzip.level", 10),
        ("compression.lz4.level", 18),
        ("compression.zstd.level", 23),
        ("min.cleanable.dirty.ratio", 1.01),
        ("min.cleanable.dirty.ratio", "50%"),
        ("preallocate", 1),
        ("preallocate", "on"),
        ("message.timestamp.type", "LOGAPPENDTIME"),
        ("Segment.ms", 1000),
        ("log.segment.bytes", 1_048_576),
        ("num.partitions", 3),
        ("segment.msec", 1000),
        ("remote.log.msk.disable.policy", "Delete"),
    )
] + [
    (
        {"configs": {"min.compaction.lag.ms": 6, "max.compaction.lag.ms": 5}},
        {"min.compaction.lag.ms": "6", "max.compaction.lag.ms": "5"},
    ),
    ({"cleanup_policy": "compact,"}, {"cleanup.policy": "compact,"}),
    ({"cleanup_policy": "Compact"}, {"cleanup.policy": "Compact"}),
    ({"compression": "none"}, {"compression.type": "none"}),
    ({"min_insync_replicas": 0}, {"min.insync.replicas": "0"}),
    (
        {"local_retention_days": 1, "configs": {"retention.bytes": 5, "local.retention.bytes": 6}},
        {"remote.storage.enable": "true", "retention.bytes": "5", "local.retention.bytes": "6"},
    ),
    (
        {"local_retention_days": 1, "configs": {"retention.bytes": 5, "local.retention.bytes": -1}},
        {"remote.storage.enable": "true", "retention.bytes": "5", "local.retention.bytes": "-1"},
    ),
    ({"local_retention_days": 8}, {"remote.storage.enable": "true", "local.retention.ms": "691200000"}),
    (
        {"local_retention_days": 1, "cleanup_policy": "compact"},
        {"remote.storage.enable": "true", "cleanup.policy": "compact"},
    ),
]


@pytest.mark.parametrize(("topic", "configs"), REFUSED, ids=json.dumps)
def test_what_a_broker_refuses_is_refused(
    three_nodes: BrokerTopicLog, topic: dict[str, Any], configs: dict[str, str]
) -> None:
    with pytest.raises(TopicLogError):
        three_nodes.create_topic("refused", 1, configs)
    assert planned(TIERED, topic)[1] != []


@pytest.mark.parametrize("name", ["a" * 250, ".", "..", "a b", "a/b", "ü", "__cluster_metadata"])
def test_names_that_a_broker_refuses_are_refused(three_nodes: BrokerTopicLog, name: str) -> None:
    with pytest.raises(TopicLogError):
        three_nodes.create_topic(name, 1)
    assert planned(TIERED, {"topic": name})[1] != []


@pytest.mark.parametrize("row", OF_TOPICS, ids=lambda row: row.what)
def test_what_is_refused_beyond_that_is_taken_by_a_broker(three_nodes: BrokerTopicLog, row: Stricter) -> None:
    assert planned({"kind": row.kind, **row.cluster}, row.written)[1] == [row.code]
    name = str(row.written.get("topic", f"stricter-{OF_TOPICS.index(row)}"))
    three_nodes.create_topic(name, 1, row.configs, replication_factor=row.replicas)


@pytest.mark.parametrize("row", OF_BROKERS, ids=lambda row: row.what)
def test_properties_that_are_refused_beyond_that_are_refused_with_their_code(row: Stricter) -> None:
    cluster = {"kind": row.kind, **row.cluster, "server_properties": dict(row.written)}
    assert planned(cluster, {})[1] == [row.code]


def test_properties_that_are_refused_beyond_that_let_a_broker_start(kafka: Kafka) -> None:
    properties = {name: value for row in OF_BROKERS for name, value in row.configs.items()}
    with KafkaBroker(server_properties=properties, java=kafka.java, jars=kafka.jars) as broker:
        assert broker.why_ended() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log.retention.hours", 0),
        ("connections.max.idle.ms", 100),
        ("socket.receive.buffer.bytes", 0),
    ],
)
def test_properties_that_a_broker_refuses_are_refused(kafka: Kafka, name: str, value: Any) -> None:
    assert planned({"kind": "msk", "server_properties": {name: value}}, {})[1] == ["MSK464"]
    with pytest.raises(SpecError), KafkaBroker(server_properties={name: value}, java=kafka.java, jars=kafka.jars):
        pass
