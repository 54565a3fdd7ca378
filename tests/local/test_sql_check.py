"""What Flink itself has against the SQL of an application: where, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_check import planning_findings, syntax_findings
from streaming_constructs.local.flink.sql_parser import FlinkSqlParser
from streaming_constructs.planning import plan
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.read import load

pytestmark = pytest.mark.xdist_group("flink")

SPEC = """
name: clicks
schemas:
  click: {page: string, clicked_at: timestamp}
  count: {page: string, clicks: bigint}
streams:
  clicks: {kind: kinesis, shards: 1, schema: click}
  counts: {kind: kinesis, shards: 1, schema: count}
analytics:
  counts_of_pages:
    kind: flink_sql
    from: clicks
    to: counts
    parallelism: 1
    sql: queries.sql
"""
NEWEST = "FLINK-2_3"
VALID = "SELECT page, 1\nFROM clicks"


ParserOf = Callable[[str], FlinkSqlParser]


def application(sql: str, folder: Path) -> FlinkSqlPlan:
    (folder / "pipeline.yaml").write_text(SPEC)
    (folder / "queries.sql").write_text(sql)
    node = plan(load(folder / "pipeline.yaml")).nodes["counts_of_pages"]
    assert isinstance(node, FlinkSqlPlan)
    return node


def test_what_flink_takes_is_not_told(flink_jvm: LocalFlink, parser_of: ParserOf, tmp_path: Path) -> None:
    valid = application(VALID, tmp_path)
    assert syntax_findings(valid, parser_of(NEWEST)) == []
    assert planning_findings(valid, flink_jvm) == []


@pytest.mark.parametrize("before", ["", "INSERT INTO counts "])
def test_a_word_that_flink_cannot_parse_is_told_with_its_place(
    parser_of: ParserOf, before: str, tmp_path: Path
) -> None:
    wrong = application(f"\n{before}SELECT page,\n  value, 1 FROM clicks", tmp_path)
    (finding,) = syntax_findings(wrong, parser_of(NEWEST))
    assert (finding.code, finding.path) == ("FLK254", ("analytics", "counts_of_pages", "sql", 0))
    assert finding.note == 'queries.sql:3:3: Encountered "value"'


def test_a_column_that_there_is_not_is_told_when_it_is_planned(
    flink_jvm: LocalFlink, parser_of: ParserOf, tmp_path: Path
) -> None:
    wrong = application("SELECT page,\n  visits FROM clicks", tmp_path)
    assert syntax_findings(wrong, parser_of(NEWEST)) == []
    (finding,) = planning_findings(wrong, flink_jvm)
    assert "queries.sql" in finding.note
    assert "'visits' not found" in finding.note


LEXED = {
    "a comment of two slashes": "SELECT page, 1 // it's all; of `them ${nobody}\nFROM clicks",
    "a comment that a carriage return ends": "SELECT page, 1 -- all\rFROM clicks",
    "the end of a comment in a hint": "SELECT page, 1 FROM clicks /*+ OPTIONS('aws.region'='us*/east') */ AS c",
    "a list with columns": "SELECT c.a, 1 FROM clicks AS c (a, b), clicks AS d (a, b)",
    "a join in parentheses": "SELECT c.page, 1 FROM (clicks AS c JOIN clicks AS d ON c.page = d.page)",
}
OF_FLINK_2 = {"a quote behind a backslash": r"SELECT E'it\'s', 1 FROM clicks"}


@pytest.mark.parametrize(
    ("runtime", "sql"),
    [
        *((runtime, sql) for runtime in (NEWEST, "FLINK-1_20") for sql in LEXED.values()),
        *((NEWEST, sql) for sql in OF_FLINK_2.values()),
    ],
)
def test_what_flink_parses_is_read_likewise(parser_of: ParserOf, runtime: str, sql: str, tmp_path: Path) -> None:
    read = application(sql, tmp_path)
    assert syntax_findings(read, parser_of(runtime)) == []
    assert {finding.code for finding in read.findings() if finding.level == "error"} <= {"FLK128"}
    assert "FLK231" not in {finding.code for finding in read.findings()}


def test_flink_plans_what_is_read_likewise(flink_jvm: LocalFlink, tmp_path: Path) -> None:
    for sql in (*LEXED.values(), *OF_FLINK_2.values()):
        assert planning_findings(application(sql, tmp_path), flink_jvm) == []
