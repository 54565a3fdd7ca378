"""What Flink itself has against the SQL of an application: where, and in which words."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from streaming_constructs.local.flink.flink_error import FlinkError, FlinkGoneError
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


def application(sql: str, folder: Path, spec: str = SPEC) -> FlinkSqlPlan:
    (folder / "pipeline.yaml").write_text(spec)
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
    assert finding.note == "queries.sql:2:3: Column 'visits' not found in any table"
    assert finding.help == "write one of the columns that there are: `clicks` has page, clicked_at"


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


def test_each_insert_that_is_refused_is_told_where_it_stands(flink_jvm: LocalFlink, tmp_path: Path) -> None:
    wrong = application(
        "/* what\n\n follows */ INSERT INTO counts SELECT page, -- is\n\n  visits FROM clicks;\n"
        "INSERT INTO counts SELECT page, 1 FROM clicks; INSERT INTO counts SELECT visits, 1 FROM clicks;\n"
        "INSERT INTO counts SELECT page, COUNT(*) FROM clicks GROUP BY page",
        tmp_path,
    )
    found = planning_findings(wrong, flink_jvm)
    assert {finding.path for finding in found} == {("analytics", "counts_of_pages", "sql", 0)}
    assert [finding.note.split(": ")[0] for finding in found] == [
        "queries.sql:5:3",
        "queries.sql:6:74",
        "queries.sql:7",
    ]
    assert "doesn't support consuming update changes" in found[2].note


def test_a_column_behind_a_variable_is_not_counted(flink_jvm: LocalFlink, tmp_path: Path) -> None:
    wrong = application("SELECT page,\n '${AWS_REGION}', visits\nFROM clicks", tmp_path)
    (finding,) = planning_findings(wrong, flink_jvm)
    assert finding.note.startswith("queries.sql:2: Column 'visits'")


@pytest.mark.parametrize("set_in", ["config", "sql"])
def test_what_is_set_is_planned_with_and_told_where_it_is_set(
    flink_jvm: LocalFlink, set_in: str, tmp_path: Path
) -> None:
    key, zone = "table.local-time-zone", "Mars/Base"
    spec = SPEC + (f"    config: {{{key}: {zone}}}\n" if set_in == "config" else "")
    sql = VALID if set_in == "config" else f"SET '{key}' = '{zone}';\n{VALID}"
    (finding,) = planning_findings(application(sql, tmp_path, spec), flink_jvm)
    step = ("config", key) if set_in == "config" else ("sql", 0)
    assert (finding.message, finding.path) == (f"Flink refuses `{key}`", ("analytics", "counts_of_pages", *step))
    assert "Invalid time zone" in finding.note


def test_what_the_library_writes_is_told_as_such(flink_jvm: LocalFlink, tmp_path: Path) -> None:
    plan_ = application(VALID, tmp_path)
    table = plan_.tables["clicks"]
    bad = table.statements[0].replace("STRING", "STRINGS", 1)
    written = dict(plan_.tables, clicks=replace(table, statements=(bad, *table.statements[1:])))
    statements = tuple(bad if text == table.statements[0] else text for text in plan_.statements)
    (finding,) = planning_findings(replace(plan_, statements=statements, tables=written), flink_jvm)
    assert finding.path == ("analytics", "counts_of_pages")
    assert finding.note.startswith("in what the library writes of `clicks`: ")


def test_a_flink_that_is_gone_refuses_nothing(flink_at_hand: None, tmp_path: Path) -> None:
    with LocalFlink() as running:
        os.kill(running.pid, signal.SIGKILL)
        with pytest.raises(FlinkGoneError, match="by SIGKILL"):
            planning_findings(application(VALID, tmp_path), running)


class FullDisk:
    """A Flink that can run nothing."""

    def validate(self, given: object, variables: object) -> None:
        raise FlinkError({"causes": ["File too large"]})


def test_a_flink_that_runs_nothing_refuses_nothing(tmp_path: Path) -> None:
    with pytest.raises(FlinkGoneError, match="does not run on this machine: File too large"):
        planning_findings(application(VALID, tmp_path), cast("LocalFlink", FullDisk()))
