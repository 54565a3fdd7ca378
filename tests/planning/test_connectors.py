"""What a connector is told beside its configuration, how many tasks it should run, and what of it is there to stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.planning.connectors.connector import ConnectorPlan, plan_connector, secret_reference
from streaming_constructs.planning.evolution import evolved
from streaming_constructs.planning.pipeline import plan
from streaming_constructs.planning.streams.kafka import plan_topic
from streaming_constructs.spec import (
    ConnectorCapacity,
    GlueSchemaRegistrySpec,
    MskClusterSpec,
    SinkConnectorSpec,
    SourceConnectorSpec,
)
from streaming_constructs.spec.connectors.plugin import Plugin
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.read import build
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.streams.kafka_keys import reads_json_keys
from tests.cdk.kafka_systems import SYSTEM, system

MYSQL = {
    "connector.class": "io.debezium.connector.mysql.MySqlConnector",
    "database.hostname": "db.example.com",
    "database.server.id": 184054,
    "topic.prefix": "shop",
}
POSTGRES = yaml.safe_load(SYSTEM)["connectors"]["changes"]["config"]
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
S3 = {
    "connector.class": "io.confluent.connect.s3.S3SinkConnector",
    "s3.bucket.name": "my-lake",
    "s3.region": "eu-west-1",
    "format.class": "io.confluent.connect.s3.format.json.JsonFormat",
    "flush.size": 1000,
}
CLUSTER = MskClusterSpec()


def source(config: dict[str, Any], **fields: Any) -> ConnectorPlan:
    spec = SourceConnectorSpec(
        cluster="main", plugin=Plugin(path="x.zip"), to=("orders",), secret_arn=SECRET, config=config, **fields
    )
    return plan_connector("cdc", spec, CLUSTER, {"orders": "shop.shop.orders"})


def sink(config: dict[str, Any], partitions: int = 6, **fields: Any) -> ConnectorPlan:
    spec = SinkConnectorSpec(cluster="main", plugin=Plugin(path="x.zip"), from_=("orders",), config=config, **fields)
    topic = plan_topic("orders", KafkaTopicSpec(cluster="main", partitions=partitions), CLUSTER)
    return plan_connector("lake", spec, CLUSTER, {"orders": "orders"}, [topic])


@pytest.mark.parametrize(
    ("plan", "tasks"),
    [
        (sink(S3 | {"tasks.max": 4}), 4),
        (sink(S3 | {"tasks.max": 40}), 6),
        (sink(S3), 1),
        (sink(S3 | {"tasks.max": 4}, capacity=ConnectorCapacity(max_workers=4)), 1),
        (sink({"connector.class": "com.example.Mine", "tasks.max": 4}), 1),
        (source(MYSQL | {"tasks.max": 4}), 1),
    ],
    ids=[
        "as asked",
        "no more than partitions",
        "one",
        "workers follow the load",
        "unknown class",
        "one whatever is asked",
    ],
)
def test_expected_tasks(plan: ConnectorPlan, tasks: int) -> None:
    assert plan.expected_tasks == tasks
    (running,) = [alarm for alarm in plan.alarms() if alarm.kind == "running_tasks"]
    assert (running.threshold, running.below, running.missing) == (tasks, True, "breaching")


def test_mysql_keeps_the_history_of_its_schemas_in_a_topic_of_the_cluster() -> None:
    told = source(MYSQL).configuration(brokers="b-1:9098", group="")
    assert told["schema.history.internal.kafka.topic"] == "__amazon_msk_connect_history_shop"
    assert told["schema.history.internal.kafka.bootstrap.servers"] == "b-1:9098"
    assert told["schema.history.internal.consumer.sasl.mechanism"] == "AWS_MSK_IAM"
    assert told["schema.history.internal.producer.security.protocol"] == "SASL_SSL"
    assert told["database.server.id"] == "184054"


@pytest.mark.parametrize(
    ("plan", "topics"),
    [
        (source(MYSQL), ("__amazon_msk_connect_history_shop", "shop")),
        (
            source(MYSQL | {"include.schema.changes": False, "schema.history.internal.kafka.topic": "history"}),
            ("history",),
        ),
        (
            source(MYSQL | {"include.schema.changes": "false", "heartbeat.interval.ms": 5000}),
            ("__amazon_msk_connect_history_shop", "__debezium-heartbeat.shop"),
        ),
        (sink(S3), ()),
        (sink(S3 | {"errors.deadletterqueue.topic.name": "orders-failed"}), ("orders-failed",)),
    ],
    ids=["schemas", "named", "heartbeats", "none", "dead letters"],
)
def test_topics_of_its_own(plan: ConnectorPlan, topics: tuple[str, ...]) -> None:
    assert plan.own_topics == topics


def test_it_makes_topics_of_its_own_where_it_has_some() -> None:
    made = source(MYSQL).configuration(brokers="", group="")
    assert made["topic.creation.default.replication.factor"] == "-1"
    none = source(MYSQL | {"include.schema.changes": False}).configuration(brokers="", group="")
    assert "topic.creation.default.replication.factor" not in none


@pytest.mark.parametrize("spec", [source(MYSQL).spec, sink(S3).spec], ids=["source", "sink"])
@pytest.mark.parametrize(
    ("data_format", "class_name", "of_format"),
    [
        ("avro", "AWSKafkaAvroConverter", {"value.converter.avroRecordType": "GENERIC_RECORD"}),
        ("json_schema", "jsonschema.JsonSchemaConverter", {"value.converter.dataFormat": "JSON"}),
    ],
)
def test_converters_of_the_registry_are_told_what_their_format_needs(
    spec: Any, data_format: Any, class_name: str, of_format: dict[str, str]
) -> None:
    registry = GlueSchemaRegistrySpec(data_format=data_format)
    made = plan_connector("one", spec, CLUSTER, {"orders": "orders"}, registry=registry)
    told = made.converter_properties("eu-west-1", "shop")
    assert told["value.converter"] == f"com.amazonaws.services.schemaregistry.kafkaconnect.{class_name}"
    needs = ("value.converter.avroRecordType", "value.converter.dataFormat")
    assert {key: told[key] for key in needs if key in told} == of_format


def test_a_dead_letter_topic_is_written_to() -> None:
    assert not sink(S3).writes
    assert sink(S3 | {"errors.deadletterqueue.topic.name": "orders-failed"}).writes


@pytest.mark.parametrize(
    ("config", "factor"),
    [
        ({}, None),
        ({"errors.deadletterqueue.topic.name": "orders-failed"}, "-1"),
        (
            {
                "errors.deadletterqueue.topic.name": "orders-failed",
                "errors.deadletterqueue.topic.replication.factor": 2,
            },
            "2",
        ),
    ],
    ids=["none", "as brokers do by default", "as it says"],
)
def test_a_dead_letter_topic_has_the_replicas_that_the_cluster_can_have(
    config: dict[str, Any], factor: str | None
) -> None:
    told = sink(S3 | config).configuration(brokers="", group="connect-lake")
    assert told.get("errors.deadletterqueue.topic.replication.factor") == factor


JSON, TEXT = "org.apache.kafka.connect.json.JsonConverter", "org.apache.kafka.connect.storage.StringConverter"
BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter"
OTHER_TOPIC = {"kind": "kafka", "cluster": "main", "topic": "clicks", "partitions": 6}


@pytest.mark.parametrize(
    ("changes", "key_converter"),
    [
        ({}, JSON),
        ({"connectors.changes": None}, TEXT),
        ({"streams.clicks": OTHER_TOPIC, "connectors.lake.from": ["orders", "clicks"]}, TEXT),
        ({"connectors.changes.config.key~converter": TEXT}, TEXT),
        ({"connectors.changes.worker_config": {"key.converter": BYTES}}, TEXT),
        ({"connectors.changes.config.key~converter": JSON}, JSON),
        ({"connectors.lake.worker_config": {"key.converter": BYTES}}, BYTES),
    ],
    ids=[
        "a source writes JSON",
        "nobody is known",
        "of one topic nobody is known",
        "a source writes text",
        "its workers do",
        "a source says JSON",
        "as it says",
    ],
)
def test_a_sink_reads_keys_as_they_are_written(changes: dict[str, Any], key_converter: str) -> None:
    planned = plan(system(changes)).sections["connectors"]["lake"]
    assert isinstance(planned, ConnectorPlan)
    told = planned.worker_properties(region="", registry="shop", offset_topic="")
    assert told["key.converter"] == key_converter
    if key_converter == JSON:
        assert told["key.converter.schemas.enable"] == "false"


def test_keys_that_a_function_writes_too_are_not_taken_for_json() -> None:
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    data["streams"]["raw"] = {"kind": "kafka", "cluster": "main", "partitions": 6}
    on_failure = {"retries": 5, "max_record_age_seconds": 3600, "bisect": True, "destination": "s3"}
    also = {"kind": "lambda", "from": "raw", "to": "orders", "code": "handlers", "on_failure": on_failure}
    alone, _, _ = build(data, Path())
    both, _, _ = build({**data, "consumers": {"also": also}}, Path())
    assert alone is not None
    assert both is not None
    assert reads_json_keys(alone.connectors["lake"], alone)
    assert not reads_json_keys(both.connectors["lake"], both)


def test_a_source_writes_keys_as_json_and_a_sink_of_unknown_writers_reads_text() -> None:
    assert source(MYSQL).converter_properties("", "")["key.converter"] == JSON
    assert sink(S3).converter_properties("", "")["key.converter"] == TEXT


def test_what_the_configuration_says_comes_before_what_is_filled_in() -> None:
    told = sink(S3 | {"storage.class": "com.example.Storage"}).configuration(brokers="", group="connect-lake")
    assert told["storage.class"] == "com.example.Storage"
    assert told["topics"] == "orders"
    own = source(MYSQL | {"database.user": "cdc"}).configuration(brokers="", group="")
    assert own["database.user"] == "cdc"
    assert own["database.password"] == secret_reference(SECRET, "password")


def test_the_colons_of_an_arn_do_not_end_a_reference() -> None:
    assert secret_reference(SECRET, "password") == (
        "${secretsManager:arn%3Aaws%3Asecretsmanager%3Aeu-west-1%3A111122223333%3Asecret%3Adb-AbCdEf:password}"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"connectors.changes.offset_topic": "__amazon_msk_connect_mine"},
            [("EVO971", "connectors.changes.offset_topic")],
        ),
        (
            {"connectors.changes.plugin": {"bucket": "my-plugins", "key": "2.zip"}},
            [("EVO971", "connectors.changes.plugin")],
        ),
        (
            {"connectors.changes.plugin": {"bucket": "my-plugins", "key": "debezium.zip", "object_version": "abc"}},
            [("EVO971", "connectors.changes.plugin")],
        ),
        (
            {"connectors.changes.worker_config": {"producer.linger.ms": 50}},
            [("EVO971", "connectors.changes.worker_config")],
        ),
        (
            {"connectors.changes.kafka_connect_version": "2.7.1"},
            [("EVO971", "connectors.changes.kafka_connect_version")],
        ),
        (
            {
                "connectors.changes.vpc": {
                    "subnet_ids": ["subnet-0123456789abcdef1"],
                    "security_group_ids": ["sg-0123456789abcdef0"],
                }
            },
            [("EVO971", "connectors.changes.vpc")],
        ),
        ({"schema_registry.compatibility": "full"}, [("EVO971", "connectors.changes.value_converter")]),
        ({"connectors.changes.config": POSTGRES | {"poll.interval.ms": 500}}, []),
        ({"connectors.changes.capacity": {"mcu": 4}}, []),
        ({"connectors.changes.connector_name": "shop-cdc"}, [("EVO973", "connectors.changes.connector_name")]),
        # One of another name is no second one of a name.
        (
            {
                "connectors.changes.connector_name": "shop-cdc",
                "connectors.changes.plugin": {"bucket": "my-plugins", "key": "2.zip"},
            },
            [("EVO973", "connectors.changes.connector_name")],
        ),
        ({"connectors.lake.worker_config": {"consumer.max.poll.records": 50}}, []),
        ({"connectors.lake.capacity": {"mcu": 4}}, []),
        ({"connectors.lake.plugin": {"bucket": "my-plugins", "key": "s3-2.zip"}}, []),
        ({"connectors.lake": None}, [("EVO974", "connectors.lake")]),
        ({"replicators.dr.topic_names": "identical"}, [("EVO973", "replicators.dr.topic_names")]),
        ({"replicators.dr.topics": "orders"}, []),
    ],
    ids=str,
)
def test_validate_against_says_what_begins_anew(
    changes: dict[str, Any], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = data
        for step in way:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    found = evolved(
        read_document(yaml.safe_dump(data, sort_keys=False), str(tmp_path / "after.yaml")),
        read_document(SYSTEM, str(tmp_path / "before.yaml")),
    )
    assert [(finding.code, finding.dotted_path) for finding in found] == expected


@pytest.mark.parametrize(
    ("retention_hours", "system", "seconds"),
    [(168, None, 3600), (1, None, 1800), (168, 300, 300)],
    ids=["an hour", "half of what is left", "as the system says"],
)
def test_a_sink_is_late_in_each_topic_that_it_reads(retention_hours: int, system: int | None, seconds: int) -> None:
    spec = SinkConnectorSpec(cluster="main", plugin=Plugin(path="x.zip"), from_=("orders", "users"), config=S3)
    topics = {"orders": "shop.orders", "users": "users"}
    reads = [
        plan_topic(name, KafkaTopicSpec(cluster="main", partitions=3, retention_hours=retention_hours), CLUSTER)
        for name in topics
    ]
    made = replace(plan_connector("lake", spec, CLUSTER, topics, reads), max_lag_seconds=system)
    late = [alarm for alarm in made.alarms() if alarm.kind == "time_lag"]
    assert [(alarm.key, dict(alarm.dimensions)) for alarm in late] == [
        ("lake.time_lag.orders", {"Topic": "shop.orders"}),
        ("lake.time_lag.users", {"Topic": "users"}),
    ]
    assert {alarm.threshold for alarm in late} == {seconds}
    (lag,) = [graph for graph in made.graphs() if graph.parts]
    assert [(part.label, dict(part.dimensions)) for part in lag.parts] == [
        ("orders", {"Topic": "shop.orders"}),
        ("users", {"Topic": "users"}),
    ]


def test_a_source_is_in_no_group_and_never_late_in_a_topic() -> None:
    made = source(MYSQL)
    assert [alarm for alarm in made.alarms() if alarm.kind == "time_lag"] == []
    assert [graph for graph in made.graphs() if graph.parts] == []
