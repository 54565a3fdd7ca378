"""Reserved words of Flink SQL that stand as names."""

from __future__ import annotations

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec


def told(sql: str, to: str = "out", runtime: str = "FLINK-2_3", **more: str) -> list[str]:
    data = {
        "name": "shop",
        "alarms": False,
        "schemas": {"click": {"page": "string", "value": "bigint"}},
        "streams": {
            "clicks": {"kind": "kinesis", "schema": "click", "shards": 1},
            to: {"kind": "kinesis", "schema": "click", "shards": 1},
        },
        "analytics": {"app": {"kind": "flink_sql", "from": "clicks", "to": to, "sql": sql, "runtime": runtime, **more}},
    }
    found = plan(PipelineSpec.model_validate(data)).findings
    return [one.help for one in found if one.code == "FLK298"]


@pytest.mark.parametrize(
    ("sql", "pasted"),
    [
        ("INSERT INTO out SELECT page, 1 FROM clicks", "INTO `out`"),
        ("SELECT page, COUNT(*) AS views FROM clicks GROUP BY page", "AS `views`"),
        ("SELECT page, value FROM clicks", "`value`"),
        ("SELECT page, c.value FROM clicks AS c", "c.`value`"),
        ("CREATE VIEW result AS SELECT page FROM clicks; SELECT page, 1 FROM `result`", "VIEW `result`"),
        ("SELECT page, 1 AS n FROM clicks JOIN result ON TRUE", "JOIN `result`"),
        ("SELECT page, 1 AS n FROM (SELECT page FROM clicks) AS value WHERE TRUE", "AS `value`"),
    ],
)
def test_a_reserved_word_as_a_name_is_told_with_its_backticks(sql: str, pasted: str) -> None:
    assert told(sql) == [f"write it between backticks: {pasted}"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO `out` SELECT page, CAST(1 AS BIGINT) FROM clicks",
        "SELECT page, TRY_CAST(CAST(page AS DATE) AS BIGINT) AS n FROM clicks WHERE page IS DISTINCT FROM page",
        "SELECT page, EXTRACT(DAY FROM CURRENT_DATE) FROM clicks",
        "SELECT page, NULL FROM clicks, UNNEST(ARRAY[1, 2]) AS t (n)",
        "SELECT page, TRUE FROM (VALUES ('a')) AS t (page), clicks",
        "CREATE VIEW v AS SELECT DISTINCT page FROM clicks; SELECT page, 1 FROM v",
        "SELECT page, n FROM clicks MATCH_RECOGNIZE (ORDER BY page MEASURES LAST(A.page) AS n PATTERN (A) DEFINE A AS TRUE)",
    ],
)
def test_what_the_grammar_has_is_not(sql: str) -> None:
    assert told(sql) == []


def test_each_runtime_has_words_of_its_own() -> None:
    sql = "SELECT page, 1 AS model FROM clicks"
    assert told(sql) == []
    assert told(sql, runtime="FLINK-1_20") == ["write it between backticks: AS `model`"]


def test_a_variable_may_be_the_end_of_a_name() -> None:
    sql = "INSERT INTO out${suffix} SELECT page, 1 FROM clicks"
    data = told(sql, variables={"suffix": "put"})  # type: ignore[arg-type]
    assert data == []
