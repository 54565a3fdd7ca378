"""Tables of files that the SQL creates itself: they validate, and what keeps files from being seen is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.planning.pipeline import plan
from streaming_constructs.spec.codes.flink_sql import PER_PAGE, application
from streaming_constructs.spec.read import build

PERMISSIONS = """permissions: [{actions: ["s3:PutObject"], resources: ["arn:aws:s3:::my-results/counts/*"]}]"""
ROLLED = "'sink.rolling-policy.rollover-interval' = '1 min'"


def told(format_: str = "json", options: str = ROLLED, query: str = PER_PAGE, **fields: Any) -> list[tuple[str, str]]:
    """What is said of an application that writes files, by code and level."""
    more = f", {options}" if options else ""
    table = (
        "CREATE TABLE files (page STRING, clicks BIGINT, window_start TIMESTAMP_LTZ(3)) WITH ('connector' = 'filesystem', "
        f"'path' = 's3a://${{bucket}}/counts/', 'format' = '{format_}'{more});\n"
    )
    text = application(PERMISSIONS, f"{table}INSERT INTO files {query}", edges="from: clicks")
    data = {"name": "shop", "alarms": {"notify": ["oncall@example.com"]}, **yaml.safe_load(text)}
    data["analytics"]["per_page"] |= {"variables": {"bucket": "my-results"}, **fields}
    spec, findings, _ = build(data, Path())
    assert spec is not None
    assert findings == []
    return [(one.code, one.level) for one in plan(spec).findings if one.path[:2] == ("analytics", "per_page")]


def test_files_of_ones_own_table_are_fine() -> None:
    assert told() == []


def test_json_that_is_seen_after_half_an_hour_is_told() -> None:
    assert told(options="") == [("FLK261", "note")]
    assert told("csv", "") == [("FLK261", "note")]


@pytest.mark.parametrize("options", ["'auto-compaction' = 'true'", ROLLED])
def test_what_ends_files_earlier_is_known(options: str) -> None:
    assert told(options=options) == []


def test_files_that_are_never_finished_are_an_error() -> None:
    assert ("FLK261", "error") in told(checkpointing=False)


def test_a_format_that_no_jar_has_is_an_error() -> None:
    assert told("parquet", "") == [("FLK232", "error")]


def test_a_format_in_a_jar_of_ones_own_is_fine(tmp_path: Path) -> None:
    (tmp_path / "parquet.jar").touch()
    assert ("FLK232", "error") not in told("parquet", "", connectors=[str(tmp_path / "parquet.jar")])


def test_updates_are_refused() -> None:
    query = "SELECT page, COUNT(*) AS clicks, MAX(event_time) AS window_start FROM clicks GROUP BY page"
    assert ("FLK236", "error") in told(query=query, config={"table.exec.state.ttl": "1 d"})
