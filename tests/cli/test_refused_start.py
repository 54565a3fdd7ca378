"""SQL that Flink refuses while a stack is deployed is told where the spec says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from streaming_constructs.cli.local.refused_start import refused_starts_in_the_spec
from streaming_constructs.planning import plan
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.read import load, open_document

SPEC = """\
name: clicks
schemas:
  click: {page: string, clicked_at: timestamp}
  count: {page: string, clicks: bigint}
streams:
  clicks: {kind: kinesis, shards: 1, schema: click}
  counts: {kind: kinesis, shards: 1, schema: count}
analytics:
  pages: {kind: flink_sql, from: clicks, to: counts, parallelism: 1, sql: "SELECT page, 1 FROM clicks"}
  pages_of_today:
    kind: flink_sql
    from: clicks
    to: counts
    parallelism: 1
    sql: |
      SELECT page,
        visits FROM clicks
"""
APPLICATION = "Clicks-Pipeline-pages_of_today-531F8A40"


def told(folder: Path, note: str) -> Finding:
    """What becomes of what a deployment says."""
    path = folder / "pipeline.yaml"
    path.write_text(SPEC)
    refused = Finding("LOC955", "the stack Clicks cannot be deployed here", note=note)
    with pytest.raises(SpecError) as caught, refused_starts_in_the_spec(plan(load(path)), open_document(path)):
        raise SpecError([refused])
    (finding,) = caught.value.findings
    return finding


def test_a_statement_is_told_at_its_place_in_the_spec(tmp_path: Path) -> None:
    said = "statement 3, line 3, column 3: Column 'visits' not found in any table"
    finding = told(tmp_path, f"StartWait10F3: the application {APPLICATION} failed: StartApplication: {said}")
    assert (finding.code, finding.line) == ("FLK254", 15)
    assert finding.note == "line 2, column 3 of the SQL: Column 'visits' not found in any table"


def test_what_is_refused_of_the_one_statement_there_is_names_it(tmp_path: Path) -> None:
    finding = told(tmp_path, f"the application {APPLICATION} failed: StartApplication: Table sink takes no changes")
    assert (finding.code, finding.path) == ("FLK254", ("analytics", "pages_of_today", "sql", 0))
    assert finding.note.endswith("Table sink takes no changes")
    assert finding.help.startswith("change this statement: ")


def test_a_process_that_is_gone_is_no_fault_of_the_sql(tmp_path: Path) -> None:
    said = "the process of Flink has ended, by SIGKILL"
    finding = told(tmp_path, f"the application {APPLICATION} failed: StartApplication: {said}")
    assert (finding.code, finding.message) == ("LOC963", said)


def test_all_else_stays_as_it_is(tmp_path: Path) -> None:
    assert told(tmp_path, "the bucket exists").code == "LOC955"
