"""Keys of tables of DynamoDB and of compacted topics that a query fills from fields which records may lack."""

from __future__ import annotations

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec


def told(sql: str, **clicks: str) -> list[str]:
    data = {
        "name": "shop",
        "alarms": False,
        "schemas": {
            "click": {"user_id": "string", "page": "string"},
            "last": {"id": "string", "page": {"type": "string", "json_key": "the-page"}},
        },
        "streams": {"clicks": {"kind": "kinesis", "schema": "click", "shards": 1, **clicks}},
        "stores": {"seen": {"kind": "dynamodb", "partition_key": "page", "schema": "last"}},
        "analytics": {"app": {"kind": "flink_sql", "from": "clicks", "to": "seen", "sql": sql}},
    }
    found = plan(PipelineSpec.model_validate(data)).findings
    return [one.message for one in found if one.code == "FLK268"]


@pytest.mark.parametrize(
    ("sql", "field"),
    [
        ("INSERT INTO seen SELECT user_id, page FROM clicks", "page"),
        ("INSERT INTO seen (`the-page`, id) SELECT user_id, page FROM clicks", "user_id"),
        ("SELECT c.page, user_id AS id FROM clicks AS c WHERE user_id <> 'x'", "page"),
    ],
)
def test_a_field_that_fills_a_key_is_told(sql: str, field: str) -> None:
    assert told(sql) == [f"a record without `{field}` would stop the application"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO seen SELECT page, 'all' FROM clicks",
        "INSERT INTO seen SELECT user_id, COALESCE(page, 'unknown') FROM clicks",
        "INSERT INTO seen SELECT user_id, page FROM clicks WHERE page IS NOT NULL",
        "INSERT INTO seen SELECT user_id, page FROM clicks WHERE page LIKE '/%'",
        "INSERT INTO seen (id) SELECT page FROM clicks",
    ],
)
def test_what_is_no_field_or_is_judged_is_not(sql: str) -> None:
    assert told(sql) == []


def test_what_records_are_keyed_by_they_have() -> None:
    assert told("INSERT INTO seen SELECT user_id, page FROM clicks", partition_key="page") == []


def told_of_topics(orders: dict[str, str], sums: dict[str, str], where: str = "") -> list[tuple[str, str]]:
    data = {
        "name": "shop",
        "alarms": False,
        "schemas": {"order": {"id": "string", "shop": "string"}, "sum": {"shop": "string", "orders": "bigint"}},
        "clusters": {"main": {"kind": "msk"}},
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", "schema": "order", **orders},
            "sums": {"kind": "kafka", "cluster": "main", "schema": "sum", "partition_key": "shop", **sums},
        },
        "analytics": {
            "app": {
                "kind": "flink_sql",
                "from": "orders",
                "to": "sums",
                "config": {"table.exec.state.ttl": "1 d"},
                "sql": f"SELECT shop, COUNT(*) AS orders FROM orders {where} GROUP BY shop",
            }
        },
    }
    found = plan(PipelineSpec.model_validate(data)).findings
    return [(one.message, one.note) for one in found if one.code == "FLK268"]


@pytest.mark.parametrize("orders", [{}, {"partition_key": "id"}, {"partition_key": "shop"}])
def test_a_field_that_fills_the_key_of_a_compacted_topic_is_told(orders: dict[str, str]) -> None:
    """Also where the topic that is read is keyed by it: a topic takes records without a key."""
    ((message, note),) = told_of_topics(orders, {"cleanup_policy": "compact"})
    assert message == "a record without `shop` would stop the application"
    assert "`shop` is a key of the compacted topic `sums`, whose primary key Flink lets never be NULL" in note


def test_a_compacted_topic_has_the_keys_that_its_records_have() -> None:
    compact = {"cleanup_policy": "compact"}
    assert told_of_topics({"partition_key": "shop"} | compact, compact) == []
    assert told_of_topics({}, compact, "WHERE shop IS NOT NULL") == []


def test_a_topic_that_is_not_compacted_has_no_key_that_is_refused() -> None:
    assert told_of_topics({}, {}) == []
