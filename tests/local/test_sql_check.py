"""What Flink itself has against the SQL of an application: where, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_check import Level, flink_findings
from streaming_constructs.planning import plan
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.finding import Finding
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
VALID = "SELECT page, 1\nFROM clicks"


def found(flink: LocalFlink, level: Level, sql: str, folder: Path) -> list[Finding]:
    (folder / "pipeline.yaml").write_text(SPEC)
    (folder / "queries.sql").write_text(sql)
    node = plan(load(folder / "pipeline.yaml")).nodes["counts_of_pages"]
    assert isinstance(node, FlinkSqlPlan)
    return flink_findings(node, flink, level)


@pytest.mark.parametrize("level", ["parse", "plan"])
def test_what_flink_takes_is_not_told(flink_jvm: LocalFlink, level: Level, tmp_path: Path) -> None:
    assert found(flink_jvm, level, VALID, tmp_path) == []


@pytest.mark.parametrize("before", ["", "INSERT INTO counts "])
def test_a_word_that_flink_cannot_parse_is_told_with_its_place(
    flink_jvm: LocalFlink, before: str, tmp_path: Path
) -> None:
    (finding,) = found(flink_jvm, "parse", f"\n{before}SELECT page,\n  value, 1 FROM clicks", tmp_path)
    assert (finding.code, finding.path) == ("FLK254", ("analytics", "counts_of_pages", "sql", 0))
    assert finding.note.startswith('queries.sql:3:3: Encountered "value"')


def test_a_column_that_there_is_not_is_told_when_it_is_planned(flink_jvm: LocalFlink, tmp_path: Path) -> None:
    sql = "SELECT page,\n  visits FROM clicks"
    assert found(flink_jvm, "parse", sql, tmp_path) == []
    (finding,) = found(flink_jvm, "plan", sql, tmp_path)
    assert "queries.sql" in finding.note
    assert "'visits' not found" in finding.note
