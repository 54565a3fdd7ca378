"""What agents send, and what reads it: lines that are no JSON, fields that no column has, files that are sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs import PipelineSpec
from streaming_constructs.planning import plan

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"
SEARCH = {"kind": "opensearch", "domain_arn": "arn:aws:es:eu-west-1:123456789012:domain/search"}
WAREHOUSE = {"kind": "redshift", "workgroup": "shop", "database": "shop", "table": "t", "secret_arn": SECRET}
ICEBERG = {"kind": "iceberg", "database": "shop", "table": "t", "table_bucket": "lake"}
PARQUET = {"kind": "s3", "format": "parquet"}
SPLUNK = {"kind": "splunk", "endpoint": "https://splunk.example.com", "secret_arn": SECRET}


def hosts(*files: Any, kind: str = "kinesis_agent", to: str = "logs") -> dict[str, Any]:
    return {"kind": kind, "to": to, "files": list(files)}


def said(
    producers: Any, to: Any = PARQUET, schema: str | None = "event", **delivery: Any
) -> list[tuple[str, str, str]]:
    system = {
        "name": "shop",
        "removal_policy": "destroy",
        "schemas": {"event": {"host": "string", "at": "timestamp", "text": {"type": "string", "json_key": "Message"}}},
        "streams": {name: {"kind": "kinesis", "shards": 1, "schema": schema} for name in ("logs", "other")},
        "deliveries": {"lake": {"from": "logs", "to": to, **delivery}},
        "producers": producers,
    }
    codes = ("AGT913", "AGT914", "AGT915")
    found = plan(PipelineSpec.model_validate(system)).findings
    return [(one.code, one.level, one.dotted_path) for one in found if one.code in codes]


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("/var/log/messages", "error"),
        ("/var/log/syslog", "error"),
        ("/var/log/auth.log*", "error"),
        ("/data/tills/*.csv", "error"),
        ("/var/log/app/app.log", "warning"),
        ("/var/log/app/*.json", None),
        ("/var/log/app/events.jsonl", None),
        ("/var/log/app-json/*.log", None),
    ],
)
def test_lines_that_are_no_json_are_not_converted(path: str, level: str | None) -> None:
    expected = [("AGT914", level, "producers.tills.files[0]")] if level else []
    assert said({"tills": hosts(path)}) == expected


@pytest.mark.parametrize(
    ("to", "schema"),
    [
        (PARQUET, "event"),
        (SEARCH, None),
        (WAREHOUSE, None),
        (ICEBERG, None),
        ({"kind": "s3"}, "event"),
        ({"kind": "s3", "partition_by": ["host"]}, None),
    ],
)
def test_whatever_reads_json_is_looked_at(to: Any, schema: str | None) -> None:
    assert said({"tills": hosts("/var/log/messages")}, to, schema) == [("AGT914", "error", "producers.tills.files[0]")]


@pytest.mark.parametrize("to", [{"kind": "s3"}, SPLUNK, {"kind": "http", "endpoint": "https://example.com"}])
def test_what_keeps_records_as_they_are_takes_lines(to: Any) -> None:
    assert said({"tills": hosts("/var/log/messages")}, to, schema=None) == []


def test_a_function_may_read_lines_and_fluent_bit_makes_json_of_them() -> None:
    lines = hosts("/var/log/messages")
    assert said({"tills": lines}, transform={"code": "handlers/mend"}) == []
    assert said({"tills": hosts("/var/log/messages", to="other")}) == []
    assert said({"tills": hosts("/var/log/messages", kind="fluent_bit")}) == []
    joined = {"path": "/var/log/messages", "processing": [{"option": "single_line"}]}
    assert said({"tills": hosts(joined)}) == [("AGT914", "error", "producers.tills.files[0]")]


def processed(**processing: Any) -> dict[str, Any]:
    return hosts({"path": "/a.log", "processing": [processing]})


@pytest.mark.parametrize(
    ("processing", "path"),
    [
        ({"option": "csv_to_json", "field_names": ["host", "at", "message"]}, ""),
        ({"option": "csv_to_json", "field_names": ["Host"]}, ""),
        ({"option": "csv_to_json", "field_names": ["host", "text"]}, "field_names"),
        ({"option": "csv_to_json", "field_names": ["hots"]}, "field_names"),
        ({"option": "log_to_json", "log_format": "syslog"}, "option"),
        ({"option": "log_to_json", "match_pattern": r"(\S+) (.*)", "field_names": ["host", "message"]}, ""),
        ({"option": "log_to_json", "match_pattern": r"(\S+) (.*)", "field_names": ["host", "rest"]}, "field_names"),
    ],
)
def test_fields_of_lines_are_those_of_the_schema(processing: Any, path: str) -> None:
    place = f"producers.tills.files[0].processing[0].{path}"
    assert said({"tills": processed(**processing)}) == ([("AGT915", "warning", place)] if path else [])
    assert said({"tills": processed(**processing)}, {"kind": "s3"}, schema=None) == []


@pytest.mark.parametrize(
    ("one", "other", "doubled"),
    [
        ("/a/x.json", "/a/x.json", True),
        ("/a/*.json", "/a/x.json", True),
        ("/a/x.json", "/a/*.json", True),
        ("/a/x*.json", "/a/x*.json", True),
        ("/a/*.json", "/b/x.json", False),
        ("/a/*.json", "/a/x.log-json", False),
        ("/a/x.json", "/a/y.json", False),
    ],
)
def test_a_file_is_sent_once(one: str, other: str, doubled: bool) -> None:
    expected = [("AGT913", "warning", "producers.b.files[0]")] if doubled else []
    assert said({"a": hosts(one), "b": hosts(other)}) == expected
    assert said({"a": hosts(one), "b": hosts(other, to="other")}) == []


def test_two_flows_of_one_agent_do_not_share_a_file() -> None:
    assert said({"a": hosts("/a/*.json", "/a/x.json")}) == [("AGT913", "warning", "producers.a.files[1]")]
