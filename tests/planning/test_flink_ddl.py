"""The tables that are written for applications of Flink: whatever the schema, every name is quoted, and types are Flink's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.planning.analytics.flink_columns import flink_type, interval, unread_letters
from streaming_constructs.planning.analytics.flink_ddl import Table, sink_table, source_table
from streaming_constructs.planning.analytics.sql_changes import only_adds
from streaming_constructs.spec import DynamoDbTableSpec, FlinkSqlSpec, KafkaTopicSpec, KinesisStreamSpec
from streaming_constructs.spec.analytics.sql_statements import statements
from streaming_constructs.spec.analytics.sql_tokens import tokens
from streaming_constructs.spec.glue_types import parse_type
from streaming_constructs.spec.schemas import RecordField, record_schema
from streaming_constructs.spec.watermark import Watermark

SQL = "SELECT 1"
KEYWORDS = {
    *(
        "CREATE",
        "TABLE",
        "VIEW",
        "AS",
        "SELECT",
        "FROM",
        "WITH",
        "PARTITIONED",
        "BY",
        "PRIMARY",
        "KEY",
        "NOT",
        "ENFORCED",
    ),
    *(
        "WATERMARK",
        "FOR",
        "COALESCE",
        "WHERE",
        "IS",
        "NULL",
        "INTERVAL",
        "SECOND",
        "DAY",
        "TO",
        "TO_TIMESTAMP_LTZ",
        "TO_TIMESTAMP",
        "CAST",
    ),
    *("STRING", "BIGINT", "INT", "DOUBLE", "TIMESTAMP_LTZ", "DATE", "BYTES", "DECIMAL", "ARRAY", "MAP", "ROW"),
}
TIME_FORMATS = st.sampled_from([None, "iso8601", "epoch_millis", "epoch_seconds", "dd/MM/yyyy HH:mm:ss"])
FIELDS = st.builds(
    lambda written, key: RecordField(type="timestamp", timestamp_format=written, json_key=key),
    TIME_FORMATS,
    st.none() | st.sampled_from(["user-agent", "a b", "`", "values", "x'y"]),
) | st.sampled_from(
    [
        "string",
        "bigint",
        "double",
        "decimal(10,2)",
        "date",
        "binary",
        "map<string,array<int>>",
        "struct<from:string,a:date>",
    ]
)
SCHEMAS = st.dictionaries(
    st.sampled_from(["page", "views", "select", "order", "event_time", "row", "value"]), FIELDS, min_size=1
).map(lambda fields: {name: field for name, field in fields.items() if _is_first(name, field, fields)})


def _is_first(name: str, field: Any, fields: dict[str, Any]) -> bool:
    keys = [(getattr(one, "json_key", None) or other).lower() for other, one in fields.items()]
    own = (getattr(field, "json_key", None) or name).lower()
    return keys.index(own) == list(fields).index(name)


def source(schema: dict[str, Any], watermark: Watermark | None = None, **fields: Any) -> Table:
    spec = FlinkSqlSpec(sql=(SQL,), **fields)
    return source_table("clicks", KinesisStreamSpec(), record_schema(schema), watermark, spec, "shop-x")


@given(SCHEMAS, st.sampled_from(["fail", "skip"]))
def test_every_name_is_quoted_and_every_word_is_flinks(schema: dict[str, Any], invalid: str) -> None:
    time = next((name for name, field in schema.items() if getattr(field, "type", field) == "timestamp"), None)
    watermark = None if time is None else Watermark(field=time, delay_seconds=5)
    table = source(schema, watermark, invalid_records=invalid)
    for text in table.statements:
        assert {token.upper for token in tokens(text) if token.form == "word"} <= KEYWORDS
    created, *views = [next(statements(text)) for text in table.statements]
    assert created.target == ("clicks__records" if views else "clicks")
    quoted = {token.value for token in created.tokens if token.form == "name"}
    assert {column.key for column in table.columns} <= quoted
    if views:
        assert views[0].target == "clicks"
        assert [name for name, _ in views[0].selected] == list(schema)


def test_a_record_without_a_time_is_left_out_where_invalid_ones_are_skipped() -> None:
    """Flink fails where the time of a watermark is NULL, which it is where a field does not fit."""
    schema = {"page": "string", "at": "timestamp"}
    table = source(schema, Watermark(field="at", delay_seconds=5), invalid_records="skip")
    created, view = table.statements
    assert "`at__or_1970` AS COALESCE(`at`, TO_TIMESTAMP_LTZ(0, 3))" in created
    assert "WATERMARK FOR `at__or_1970` AS `at__or_1970` - INTERVAL '5' SECOND" in created
    assert view == (
        "CREATE VIEW `clicks` AS SELECT `page`, `at__or_1970` AS `at` FROM `clicks__records` WHERE `at` IS NOT NULL"
    )


@pytest.mark.parametrize("fields", [{"invalid_records": "fail"}, {"invalid_records": "skip", "without": True}], ids=str)
def test_there_is_no_view_without_need(fields: dict[str, Any]) -> None:
    watermark = None if fields.pop("without", False) else Watermark(field="at", delay_seconds=5)
    (created,) = source({"page": "string", "at": "timestamp"}, watermark, **fields).statements
    assert created.startswith("CREATE TABLE `clicks` (")


@pytest.mark.parametrize(
    ("glue", "flink"),
    [
        ("string", "STRING"),
        ("timestamp", "TIMESTAMP_LTZ(3)"),
        ("decimal(12,3)", "DECIMAL(12, 3)"),
        ("array<map<int,double>>", "ARRAY<MAP<STRING, DOUBLE>>"),
        ("struct<a:int,order:array<string>>", "ROW<`a` INT, `order` ARRAY<STRING>>"),
        ("tinyint", "TINYINT"),
        ("binary", "BYTES"),
    ],
)
def test_types_are_those_of_flink(glue: str, flink: str) -> None:
    assert flink_type(parse_type(glue)) == flink


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "INTERVAL '5' SECOND"),
        (99, "INTERVAL '99' SECOND"),
        (100, "INTERVAL '0 00:01:40.000' DAY TO SECOND"),
        (0.5, "INTERVAL '0 00:00:00.500' DAY TO SECOND"),
        (86_400, "INTERVAL '1 00:00:00.000' DAY TO SECOND"),
    ],
)
def test_a_unit_has_two_digits_by_itself(seconds: float, text: str) -> None:
    assert interval(seconds) == text


def test_letters_within_quotes_are_text() -> None:
    assert unread_letters("yyyy-MM-dd'T'HH:mm:ss.SSS") == ""
    assert unread_letters("YYYY-ww'Z'Z") == "YwZ"


def test_a_time_that_is_a_number_is_shown_as_a_moment() -> None:
    field = RecordField(type="timestamp", timestamp_format="epoch_millis", json_key="ts")
    table, view = source({"at": field}, Watermark(field="at", delay_seconds=5)).statements
    assert "`ts__time` AS TO_TIMESTAMP_LTZ(`ts`, 3)" in table
    assert "WATERMARK FOR `ts__time` AS `ts__time` - INTERVAL '5' SECOND" in table
    assert view == "CREATE VIEW `clicks` AS SELECT `ts__time` AS `at` FROM `clicks__records`"


def options(table: Table) -> dict[str, str]:
    return {key: value for key, value, _ in next(statements(table.statements[0])).options}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"source.init.position": "TRIM_HORIZON"}),
        ({"starting_position": "latest"}, {"source.init.position": "LATEST"}),
        (
            {"starting_position": {"at_timestamp": "2026-01-15T01:00:00+01:00"}},
            {"source.init.position": "AT_TIMESTAMP", "source.init.timestamp": "2026-01-15T00:00:00.000Z"},
        ),
        (
            {"enhanced_fan_out": True},
            {"source.reader.type": "EFO", "source.efo.consumer.name": "${CLICKS_CONSUMER_NAME}"},
        ),
        ({"invalid_records": "skip"}, {"json.ignore-parse-errors": "true"}),
    ],
)
def test_a_stream_is_read_as_the_application_says(fields: dict[str, Any], expected: dict[str, str]) -> None:
    found = options(source({"page": "string"}, **fields))
    assert found.items() >= expected.items()
    assert found["stream.arn"] == "${CLICKS_STREAM_ARN}"


def test_a_topic_is_read_with_iam_and_its_partitions_become_idle() -> None:
    spec = FlinkSqlSpec(sql=(SQL,), idle_timeout_seconds=60)
    topic = KafkaTopicSpec(cluster="main", partitions=3)
    found = options(source_table("clicks", topic, record_schema({"page": "string"}), None, spec, "shop-x"))
    assert found["scan.startup.mode"] == "earliest-offset"
    assert found["scan.watermark.idle-timeout"] == "60 s"
    assert found["properties.group.id"] == "shop-x"
    assert found["properties.sasl.mechanism"] == "AWS_MSK_IAM"


@pytest.mark.parametrize(
    ("policy", "connector", "key"),
    [
        ("delete", "kafka", "key.fields"),
        ("compact", "upsert-kafka", None),
        (["delete", "compact"], "upsert-kafka", None),
    ],
)
def test_a_compacted_topic_takes_updates_by_its_key(policy: Any, connector: str, key: str | None) -> None:
    topic = KafkaTopicSpec(cluster="main", partitions=3, partition_key="page", cleanup_policy=policy)
    table = sink_table("totals", topic, record_schema({"page": "string", "n": "bigint"}), only_adds=False)
    assert options(table)["connector"] == connector
    assert options(table)["key.format"] == "raw"
    assert ("key.fields" in options(table)) is (key is not None)
    assert ("PRIMARY KEY (`page`) NOT ENFORCED" in table.statements[0]) is (connector == "upsert-kafka")


def test_a_key_that_is_no_text_is_written_as_json() -> None:
    topic = KafkaTopicSpec(cluster="main", partitions=3, partition_key="n")
    assert options(sink_table("totals", topic, record_schema({"n": "bigint"}), only_adds=False))["key.format"] == "json"


def test_items_are_told_apart_by_their_whole_key() -> None:
    store = DynamoDbTableSpec(partition_key="page", sort_key={"name": "at", "type": "string"})
    schema = record_schema({"page": "string", "at": "timestamp", "n": "bigint"})
    changed, added = (sink_table("counts", store, schema, only_adds=only_adds) for only_adds in (False, True))
    assert (changed.keys, added.keys) == (("page", "at"), ())
    assert "PARTITIONED BY (`page`, `at`)" in changed.statements[0]
    assert "PRIMARY KEY (`page`, `at`) NOT ENFORCED" in changed.statements[0]
    assert "PARTITIONED BY (`page`, `at`)" in added.statements[0]
    assert "PRIMARY KEY" not in added.statements[0]


TUMBLE = "TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '1' MINUTE)"


@pytest.mark.parametrize(
    ("query", "adds"),
    [
        (f"SELECT page, window_start, COUNT(*) FROM TABLE({TUMBLE}) GROUP BY page, window_start, window_end", True),
        ("SELECT page, COUNT(DISTINCT who) FROM clicks GROUP BY page, TUMBLE(at, INTERVAL '1' MINUTE)", True),
        ("SELECT page, n FROM clicks UNION ALL SELECT page, n FROM clicks", True),
        ("SELECT page, n FROM seen", True),
        ("SELECT page, COUNT(*) FROM clicks GROUP BY page", False),
        ("SELECT DISTINCT page, n FROM clicks", False),
        ("SELECT page, n FROM clicks UNION SELECT page, n FROM clicks", False),
        ("SELECT page, n FROM counted", False),
        ("SELECT page, n FROM elsewhere", False),
    ],
)
def test_whether_a_query_only_adds_rows(query: str, adds: bool) -> None:
    views = (
        "CREATE VIEW seen AS SELECT page, n FROM clicks; "
        "CREATE VIEW counted AS SELECT page, COUNT(*) AS n FROM seen GROUP BY page; "
    )
    assert only_adds("per_page", tuple(statements(f"{views}INSERT INTO per_page {query}")), ("clicks",)) is adds
