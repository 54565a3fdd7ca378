"""What is wrong with connectors and replicators, where it is said, and what to paste."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.planning import plan
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import build
from tests.cdk.kafka_systems import SYSTEM

ARN = "arn:aws:kafka:us-east-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
PLACED = {"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]}

REGISTRY_MISSING = ("MSK440", "error", "streams.orders.encoding")


def found(changes: dict[str, Any], folder: Path | None = None) -> list[Finding]:
    """What is said of the system with other values at dotted paths; `~` is a dot in a key, None takes one out."""
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    for path, value in changes.items():
        *way, last = [step.replace("~", ".") for step in path.split(".")]
        place: Any = data
        for step in way:
            place = place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    spec, findings, _ = build(data, folder or Path())
    if findings:
        return list(findings)
    assert isinstance(spec, PipelineSpec)
    return list(plan(spec).findings)


def told(changes: dict[str, Any], folder: Path | None = None) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.level, finding.dotted_path) for finding in found(changes, folder)]


def test_the_system_is_fine() -> None:
    assert told({}) == []


CONFIG = "connectors.lake.config"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{CONFIG}.connector~class": None}, ("MSK420", "error", "connectors.lake.config")),
        ({f"{CONFIG}.s3~region": None}, ("MSK420", "error", "connectors.lake.config")),
        ({f"{CONFIG}.s3~region": ""}, ("MSK420", "error", "connectors.lake.config")),
        (
            {f"{CONFIG}.connector~class": "io.confluent.connect.S3SinkConnector"},
            ("MSK420", "error", "connectors.lake.config.connector.class"),
        ),
        (
            {f"{CONFIG}.connector~class": "io.debezium.connector.mysql.MySqlConnector"},
            ("MSK420", "error", "connectors.lake.config.connector.class"),
        ),
        ({"connectors.changes.secret_arn": None}, ("MSK420", "error", "connectors.changes.config")),
        (
            {"connectors.changes.config.table~include~list": "public.orders,public.customers"},
            ("MSK421", "error", "connectors.changes.config.table.include.list"),
        ),
        (
            {f"{CONFIG}.proxy~password": "hunter2hunter2"},
            ("MSK422", "warning", "connectors.lake.config.proxy.password"),
        ),
        (
            {f"{CONFIG}.producer~sasl~jaas~config": 'ScramLoginModule required username="a" password="b";'},
            ("MSK422", "warning", "connectors.lake.config.producer.sasl.jaas.config"),
        ),
        (
            {"connectors.lake.capacity": {"workers": 1, "max_workers": 2}},
            ("MSK424", "error", "connectors.lake.capacity.workers"),
        ),
        (
            {"connectors.lake.capacity": {"max_workers": 2, "scale_in_cpu_percent": 90}},
            ("MSK424", "error", "connectors.lake.capacity.scale_in_cpu_percent"),
        ),
        ({f"{CONFIG}.topics": "shop.public.orders"}, ("MSK425", "error", "connectors.lake.config.topics")),
        ({f"{CONFIG}.name": "lake"}, ("MSK425", "error", "connectors.lake.config.name")),
        (
            {"connectors.lake.worker_config": {"sasl.mechanism": "PLAIN"}},
            ("MSK426", "error", "connectors.lake.worker_config.sasl.mechanism"),
        ),
        (
            {"connectors.lake.worker_config": {"producer.linger": 5}},
            ("MSK426", "error", "connectors.lake.worker_config.producer.linger"),
        ),
        (
            {"connectors.changes.worker_config": {"offset.storage.topic": "mine"}},
            ("MSK426", "error", "connectors.changes.worker_config.offset.storage.topic"),
        ),
        ({"connectors.changes.offset_topic": "mine"}, ("MSK426", "error", "connectors.changes.offset_topic")),
        ({"connectors.lake.plugin": "plugins/none.zip"}, ("MSK428", "error", "connectors.lake.plugin.path")),
        (
            {"connectors.lake.plugin": {"bucket": "my-plugins", "key": "s3.tar"}},
            ("MSK428", "error", "connectors.lake.plugin.key"),
        ),
        ({"streams.orders.encoding": "plain"}, ("MSK429", "error", "connectors.lake.config.format.class")),
        ({"connectors.changes.value_converter": "json"}, ("MSK429", "error", "connectors.lake.config.format.class")),
        ({"schema_registry": None, "connectors.lake": None, "streams.orders.encoding": "registry"}, REGISTRY_MISSING),
        (
            {"connectors.lake.capacity": {"max_workers": 2}},
            ("MSK430", "note", "connectors.lake.config.tasks.max"),
        ),
        (
            {"connectors.changes.secret_arn": None, "connectors.changes.config.database~user": "x"}
            | {"connectors.changes.config.database~password": "${secretsManager:postgres-cdc:password}"},
            ("MSK433", "error", "connectors.changes.config.database.password"),
        ),
        (
            {"connectors.lake.kafka_connect_version": "2.7.1"},
            ("MSK437", "warning", "connectors.lake.kafka_connect_version"),
        ),
        ({"replicators.dr.to": "main"}, ("MSK434", "error", "replicators.dr.to")),
        ({"replicators.dr.topics": "shop[.*"}, ("MSK439", "error", "replicators.dr.topics[0]")),
        (
            {"clusters.main.brokers": 2, "streams.orders.replication_factor": 2},
            ("MSK435", "error", "replicators.dr.from"),
        ),
    ],
    ids=str,
)
def test_each_is_told_where_it_stands(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert told(changes) == [expected]


def test_a_cluster_whose_place_nobody_knows_is_told_by_connector_and_replicator() -> None:
    changes = {"clusters.main": {"kind": "msk", "arn": ARN}}
    assert told(changes) == [
        ("MSK436", "error", "replicators.dr.from"),
        ("MSK423", "error", "connectors.changes"),
        ("MSK423", "error", "connectors.lake"),
    ]
    placed = {f"connectors.{name}.vpc": PLACED for name in ("changes", "lake")}
    assert told(changes | placed) == [("MSK436", "error", "replicators.dr.from")]


def test_a_cluster_of_another_region_is_read_over_private_connections() -> None:
    cluster = {
        "kind": "msk",
        "arn": ARN,
        "vpc": {**PLACED, "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]},
    }
    changes = {"region": "eu-west-1", "clusters.main": cluster, "connectors": {}, "streams": {}}
    assert [code for code, level, _ in told(changes) if level == "error"] == ["MSK435"]
    assert [code for code, level, _ in told(changes | {"clusters.main.multi_vpc": True}) if level == "error"] == []


def test_a_topic_that_no_table_fills_is_a_warning_of_the_source() -> None:
    second = {"kind": "kafka", "cluster": "main", "topic": "shop.public.refunds", "partitions": 6}
    changes = {"streams.refunds": second, "connectors.changes.to": ["orders", "refunds"]}
    assert told(changes) == [("MSK421", "warning", "connectors.changes.to")]


@pytest.mark.parametrize(
    "changes",
    [
        {"connectors.changes.config.table~include~list": "public.*"},
        {"connectors.changes.config.table~include~list": r"public\.orders"},
        {"connectors.changes.config.table~include~list": None},
        {
            "connectors.changes.config.table~include~list": "public.customers",
            "connectors.changes.config.transforms": "route",
            "connectors.changes.config.transforms~route~type": "org.apache.kafka.connect.transforms.RegexRouter",
        },
    ],
    ids=["pattern", "escaped", "all", "routed"],
)
def test_what_cannot_be_known_of_tables_is_not_judged(changes: dict[str, Any]) -> None:
    assert told(changes) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("proxy.password", "${secretsManager:proxy:password}"),
        ("proxy.password", "${file:/opt/secret:password}"),
        ("store.kafka.keys", True),
        ("s3.credentials.provider.class", "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"),
        ("partition.duration.ms", 3_600_000),
        ("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
    ],
)
def test_what_is_no_secret_is_not_taken_for_one(key: str, value: Any) -> None:
    secret = {"connectors.lake.secret_arn": yaml.safe_load(SYSTEM)["connectors"]["changes"]["secret_arn"]}
    assert told({f"{CONFIG}.{key.replace('.', '~')}": value} | secret) == []


def test_the_help_is_a_piece_to_paste() -> None:
    (missing,) = found({f"{CONFIG}.flush~size": None})
    assert missing.message == "`flush.size` is missing"
    assert "add `config: {flush.size: '10000'}`" in missing.help
    assert missing.edits[0].path == ("connectors", "lake", "config", "flush.size")
    (unmatched,) = found({"connectors.changes.config.table~include~list": "public.orders,public.customers"})
    assert "`customers: {kind: kafka, cluster: main, topic: shop.public.customers, partitions: 6}`" in unmatched.help


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("sink.jar", [("MSK431", "warning", "connectors.changes.plugin")]),
        ("lib/msk-config-providers-0.4.0-uber.jar", []),
    ],
)
def test_a_plugin_beside_the_spec_is_looked_into(
    tmp_path: Path, content: str, expected: list[tuple[str, str, str]]
) -> None:
    with zipfile.ZipFile(tmp_path / "debezium.zip", "w") as archive:
        archive.writestr(content, "")
    assert told({"connectors.changes.plugin": "debezium.zip"}, tmp_path) == expected


def test_the_registry_is_where_values_are_written_if_there_is_one() -> None:
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    spec, _, _ = build(data, Path())
    assert spec is not None
    sink = spec.connectors["lake"]
    assert sink.converter(is_encoded=True) == "registry"
    assert sink.converter(is_encoded=False) == "json"
    named = sink.model_copy(update={"config": {**sink.config, "value.converter": "com.example.Mine"}})
    assert named.converter(is_encoded=True) is None
