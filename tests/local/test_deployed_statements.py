"""What a rehearsal reads out of deployed statements, and what it changes in them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.local.managed_flink.deployed_statements import (
    IDLE_TIMEOUT,
    deployed_statements,
    duration_seconds,
    folders_here,
    rehearsed,
    with_client_options,
)
from streaming_constructs.local.managed_flink.kafka_connector import write_kafka_connector
from tests.local.fake_flink import CLICKS, INSERT, PAGES

ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
ORDERS = (
    "CREATE TABLE `orders` (`id` STRING, `note` STRING COMMENT 'WITH (''topic'' = ''none'')') WITH ('connector' = 'kafka', "
    "'topic' = 'orders', 'properties.bootstrap.servers' = '${brokers}', 'properties.security.protocol' = 'SASL_SSL', "
    "'properties.sasl.mechanism' = 'AWS_MSK_IAM', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json', "
    "'scan.watermark.idle-timeout' = '500 ms')"
)
CLIENT = {"security.protocol": "SASL_PLAINTEXT", "sasl.jaas.config": 'module required username="it\'s";'}


def test_tables_are_told_apart_by_what_is_inserted_into() -> None:
    found = deployed_statements(SqlDocument((CLICKS, PAGES, INSERT)), {"clicks_arn": ARN})
    assert [(table.name, table.is_sink) for table in found.tables] == [("clicks", False), ("pages", True)]
    assert found.tables[0].resource == ARN


@pytest.mark.parametrize(
    ("columns", "has_one"),
    [
        ("at TIMESTAMP_LTZ(3), watermark\nfor at AS at", True),
        ("a STRING COMMENT 'WATERMARK FOR at'", False),
        ("`WATERMARK FOR` STRING", False),
    ],
)
def test_a_table_has_a_watermark_where_its_columns_say_so(columns: str, *, has_one: bool) -> None:
    statement = f"CREATE TABLE t ({columns}) WITH ('connector' = 'kinesis')"
    (table,) = deployed_statements(SqlDocument((statement,)), {}).tables
    assert table.has_watermark is has_one


def test_a_name_is_read_however_it_is_quoted() -> None:
    statement = "create temporary table if not exists cat . `my.db` . `it is` (a INT) with ('connector' = 'datagen')"
    (table,) = deployed_statements(SqlDocument((statement,)), {}).tables
    assert (table.name, table.connector) == ("it is", "datagen")


def test_options_are_those_behind_the_last_with() -> None:
    (table,) = deployed_statements(SqlDocument((ORDERS,)), {}).tables
    assert (table.resource, table.is_kafka, table.begins_at_the_end) == ("orders", True, False)


@pytest.mark.parametrize(
    ("position", "at_the_end"),
    [
        ("'source.init.position' = 'TRIM_HORIZON'", False),
        ("'source.init.position' = 'LATEST'", True),
        ("'a' = 'b'", True),
    ],
)
def test_a_stream_is_read_from_its_end_unless_the_table_says_otherwise(position: str, *, at_the_end: bool) -> None:
    statement = f"CREATE TABLE t (a INT) WITH ('connector' = 'kinesis', {position})"
    (table,) = deployed_statements(SqlDocument((statement,)), {}).tables
    assert table.begins_at_the_end is at_the_end


@pytest.mark.parametrize(
    ("text", "seconds"), [("30 s", 30), ("500 ms", 0.5), ("2 min", 120), ("1 h", 3600), ("250", 0.25), ("5 seconds", 5)]
)
def test_durations_are_those_of_flink(text: str, seconds: float) -> None:
    assert duration_seconds(text) == seconds


def test_an_idle_shard_is_not_waited_for_as_long_as_on_aws() -> None:
    assert rehearsed(SqlDocument((), {IDLE_TIMEOUT: "30 s"}), {}).config == {IDLE_TIMEOUT: "2 s"}
    assert rehearsed(SqlDocument((), {IDLE_TIMEOUT: "1 s"}), {}).config == {IDLE_TIMEOUT: "1 s"}


def test_an_idle_partition_is_not_waited_for_as_long_as_on_aws() -> None:
    statement = ORDERS.replace("500 ms", "30 s")
    assert deployed_statements(SqlDocument((statement,)), {}).idle_seconds == 2
    assert "'scan.watermark.idle-timeout' = '2 s'" in with_client_options(statement, CLIENT)
    assert deployed_statements(SqlDocument((ORDERS,)), {}).idle_seconds == 0.5


def test_an_idle_shard_that_is_waited_for_for_ever_still_is() -> None:
    assert rehearsed(SqlDocument(()), {}).config == {}


def test_of_a_topic_who_lets_it_in_changes_and_nothing_else() -> None:
    changed = with_client_options(ORDERS, CLIENT)
    (before,), (after,) = (deployed_statements(SqlDocument((one,)), {}).tables for one in (ORDERS, changed))
    assert {name: value for name, value in after.options.items() if "security" in name or "sasl" in name} == {
        "properties.security.protocol": "SASL_PLAINTEXT",
        "properties.sasl.jaas.config": CLIENT["sasl.jaas.config"],
    }
    others = [name for name in before.options if "security" not in name and "sasl" not in name]
    assert [after.options[name] for name in others] == [before.options[name] for name in others]
    assert changed.partition(" WITH ('connector'")[0] == ORDERS.partition(" WITH ('connector'")[0]


@pytest.mark.parametrize("statement", [CLICKS, PAGES, INSERT])
def test_all_other_statements_are_those_that_are_deployed(statement: str) -> None:
    assert with_client_options(statement, CLIENT) == statement


def test_of_a_deployed_jar_flink_finds_the_connectors_of_kafka_alone(tmp_path: Path) -> None:
    factories = "META-INF/services/org.apache.flink.table.factories.Factory"
    with zipfile.ZipFile(tmp_path / "app.jar", "w") as jar:
        jar.writestr(
            factories, "org.apache.flink.streaming.connectors.kafka.table.KafkaFactory\norg.other.KinesisFactory\n"
        )
        jar.writestr("a/B.class", b"class")
    write_kafka_connector(tmp_path / "app.jar", tmp_path / "kafka.jar")
    with zipfile.ZipFile(tmp_path / "kafka.jar") as jar:
        assert jar.read(factories) == b"org.apache.flink.streaming.connectors.kafka.table.KafkaFactory\n"
        assert jar.read("a/B.class") == b"class"


FILES = (
    "CREATE TABLE files (a INT) WITH ('connector' = 'filesystem', 'path' = 's3a://${bucket}/views/', 'format' = 'json')"
)


def folders(path: str, query: str = "INSERT INTO files SELECT 1") -> dict[str, str]:
    document = SqlDocument((FILES.replace("s3a://${bucket}/views/", path), query))
    return folders_here(deployed_statements(document, {"bucket": "results"}), "/scratch")


def test_files_of_s3_are_written_into_a_folder() -> None:
    document = SqlDocument((FILES, "INSERT INTO files SELECT 1"))
    found = rehearsed(document, {}, {"files": "/scratch/results/views"})
    (table,) = deployed_statements(found, {}).tables
    assert table.options == {"connector": "filesystem", "path": "file:///scratch/results/views", "format": "json"}
    assert found.statements[1] == document.statements[1]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("s3a://${bucket}/views/", {"files": "/scratch/results/views"}),
        ("s3://results/../../../home/", {"files": "/scratch/results/home"}),
        ("file:///data/views", {}),
    ],
)
def test_the_folder_is_below_that_of_the_rehearsal(path: str, found: dict[str, str]) -> None:
    assert folders(path) == found


def test_files_that_are_read_stay_where_they_are() -> None:
    assert folders("s3a://results/", "INSERT INTO nowhere SELECT * FROM files") == {}
