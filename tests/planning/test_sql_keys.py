"""Keys of tables of DynamoDB that a query fills from fields which records may lack."""

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
