"""Locks of jars: what they say of themselves, and that what is deployed together goes together."""

from __future__ import annotations

import re

import pytest

from streaming_constructs.facts.flink_connector_jars import (
    CONNECTOR_JARS,
    RUNTIME_JARS,
    all_connector_jars,
    connector_jars,
    connector_of,
    flink_jars,
    parser_jars,
    unlocked_coordinates,
)
from streaming_constructs.facts.jar_lock import LOCKS, jar_lock

NAMES = sorted(path.name.removesuffix(".lock.json") for path in LOCKS.iterdir())
BY_NAME = {connector.name: connector for connector in CONNECTOR_JARS}


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_has_each_file_once_in_order_and_says_nothing_of_where_it_came_from(name: str) -> None:
    lock = jar_lock(name)
    files = [jar.file_name for jar in lock.jars]
    assert len(set(files)) == len(files)
    assert [jar.coordinate for jar in lock.jars] == sorted(jar.coordinate for jar in lock.jars)
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) and jar.bytes > 0 for jar in lock.jars)
    assert "://" not in (LOCKS / f"{name}.lock.json").read_text()


@pytest.mark.parametrize(("runtime", "flink"), [("FLINK-2_3", "2.3."), ("FLINK-2_2", "2.2."), ("FLINK-1_20", "1.20.")])
def test_flink_is_that_of_the_runtime_and_plans_sql(runtime: str, flink: str) -> None:
    lock = flink_jars(runtime)
    assert lock.version.startswith(flink)
    there = {(jar.artifact, jar.version) for jar in lock.jars}
    assert {("flink-table-planner-loader", lock.version), ("flink-cep", lock.version)} <= there
    assert {"flink-csv", "flink-json", "flink-connector-files"} <= {artifact for artifact, _ in there}


@pytest.mark.parametrize("runtime", RUNTIME_JARS)
def test_connectors_share_one_version_of_everything_and_bring_nothing_that_the_runtime_has(runtime: str) -> None:
    lock = all_connector_jars(runtime)
    artifacts = [(jar.group, jar.artifact, jar.classifier) for jar in lock.jars]
    assert len(set(artifacts)) == len(artifacts)
    assert len({jar.version for jar in lock.jars if jar.group == "software.amazon.awssdk"}) == 1
    assert {"slf4j-api", "flink-connector-base", "flink-table-common"}.isdisjoint(jar.artifact for jar in lock.jars)


@pytest.mark.parametrize("runtime", RUNTIME_JARS)
def test_a_connector_needs_its_own_client_and_no_other(runtime: str) -> None:
    def artifacts(name: str) -> set[str]:
        return {jar.artifact for jar in connector_jars(runtime, [BY_NAME[name]]).jars}

    assert {"kafka-clients", "aws-msk-iam-auth", "flink-connector-kafka"} <= artifacts("kafka")
    assert {"kinesis", "sts"} <= artifacts("kinesis")
    assert {"kafka-clients", "firehose", "dynamodb"}.isdisjoint(artifacts("kinesis"))
    assert {"dynamodb", "dynamodb-enhanced"} <= artifacts("dynamodb")


@pytest.mark.parametrize("runtime", RUNTIME_JARS)
def test_kafka_is_locked_here_and_what_is_of_aws_beside_the_spec(runtime: str) -> None:
    assert unlocked_coordinates(runtime, [BY_NAME["kafka"]]) == ()
    base, own = unlocked_coordinates(runtime, [BY_NAME["kinesis"]])
    ending = f"-{RUNTIME_JARS[runtime].built_for}"
    assert base.startswith("org.apache.flink:flink-connector-aws-base:")
    assert own.startswith("org.apache.flink:flink-connector-aws-kinesis-streams:")
    assert base.endswith(ending)
    assert own.endswith(ending)
    assert base.split(":")[2] == own.split(":")[2]


def test_upserts_are_of_the_same_connector() -> None:
    assert connector_of("upsert-kafka") is connector_of("kafka")
    assert connector_of("print") is None


@pytest.mark.parametrize("runtime", RUNTIME_JARS)
def test_the_parser_stands_alone_and_is_that_of_the_runtime(runtime: str) -> None:
    lock = parser_jars(runtime)
    artifacts = {jar.artifact for jar in lock.jars}
    assert lock.version.split(".")[:2] == flink_jars(runtime).version.split(".")[:2]
    assert {"flink-sql-parser", "calcite-core", "calcite-linq4j"} <= artifacts
    assert "flink-table-runtime" not in artifacts
