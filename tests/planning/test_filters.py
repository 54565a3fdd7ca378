"""Filters against what is known of the records: their schema, and who writes them."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import edited

Data = dict[str, Any]
SCHEMA = {
    "page": "string",
    "amount": "double",
    "count": "bigint",
    "price": "decimal(10,2)",
    "paid": "boolean",
    "at": "timestamp",
    "since": {"type": "timestamp", "timestamp_format": "epoch_millis"},
    "day": "date",
    "tags": "array<string>",
    "labels": "map<string,string>",
    "totals": "map<string,struct<sum:bigint>>",
    "card": "struct<country:string,limits:array<struct<day:int>>>",
    "agent": {"type": "string", "json_key": "user.agent"},
}


def judged(pattern: Data | None = None, *, schema: bool = True, **top: Any) -> list[Finding]:
    filters = {"filters": [pattern]} if pattern is not None else {}
    data = {
        "name": "shop",
        "schemas": {"click": SCHEMA},
        "streams": {"clicks": {"kind": "kinesis", "shards": 1, **({"schema": "click"} if schema else {})}},
        "consumers": {
            "fraud": {
                "kind": "lambda",
                "from": "clicks",
                "function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
                "on_failure": "s3",
                **filters,
                **top.pop("fraud", {}),
            }
        },
        "alarms": False,
    }
    return list(plan(PipelineSpec.model_validate({**data, **top})).findings)


def said(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, one.dotted_path.removeprefix("consumers.fraud.")) for one in findings]


NEVER: list[tuple[str, Any]] = [
    ("amount", ["100"]),
    ("amount", [{"prefix": "1"}]),
    ("amount", [{"suffix": "0"}]),
    ("amount", [{"equals-ignore-case": "1"}]),
    ("amount", [True]),
    ("amount", ["1", {"prefix": "1"}]),
    ("count", ["1"]),
    ("count", [1.5]),
    ("count", [{"numeric": ["=", 0.5]}]),
    ("page", [1]),
    ("page", [{"numeric": [">", 0]}]),
    ("page", [True]),
    ("paid", ["true"]),
    ("paid", [1]),
    ("since", ["2026-01-01"]),
    ("day", [{"numeric": [">", 0]}]),
    ("tags", [{"numeric": [">", 0]}]),
    ("labels.team", [1]),
    ("totals.eu.sum", ["1"]),
    ("page.x", ["a"]),
    ("tags.x", ["a"]),
    ("labels", [{"exists": True}]),
    ("card", ["DE"]),
    ("card", [{"exists": True}]),
    ("card.country", [49]),
    ("card.limits.day", [{"prefix": "1"}]),
    ("user.agent", [1]),
]
ALWAYS: list[tuple[str, Any]] = [
    ("amount", [{"anything-but": "1"}]),
    ("page", [{"anything-but": [1, 2]}]),
    ("card", [{"exists": False}]),
    ("page.x", [{"exists": False}]),
]
FINE: list[tuple[str, Any]] = [
    ("amount", [{"numeric": [">", 1]}]),
    ("amount", ["100", {"numeric": ["=", 100]}]),
    ("amount", [None]),
    ("amount", [{"exists": False}]),
    ("amount", [{"exists": True}]),
    ("count", [1, 2]),
    ("count", [{"anything-but": 1}]),
    ("count", [{"numeric": [">", 0.5]}]),
    ("price", ["1.00"]),
    ("price", [{"numeric": [">", 1]}]),
    ("page", ["home", {"prefix": "shop"}]),
    ("paid", [True, False]),
    ("at", [{"prefix": "2026-01"}]),
    ("at", [{"numeric": [">", 0]}]),
    ("since", [{"numeric": [">", 0]}]),
    ("day", ["2026-01-01"]),
    ("tags", ["new"]),
    ("labels.team", ["blue"]),
    ("labels.team.name", ["blue"]),
    ("totals.eu.sum", [1]),
    ("totals.eu.west.sum", [1]),
    ("card", [None]),
    ("card.country", ["DE"]),
    ("card.limits.day", [{"numeric": ["<", 5]}]),
    ("user.agent", [{"prefix": "curl"}]),
]


def nested(field: str, rules: Any) -> Data:
    pattern: Any = rules
    for name in reversed(field.split(".")):
        pattern = {name: pattern}
    return {"data": pattern}


@pytest.mark.parametrize(("field", "rules"), NEVER)
def test_a_filter_that_never_matches_its_type_is_told(field: str, rules: Any) -> None:
    for pattern, path in ((nested(field, rules), field), ({"data": {field: rules}}, field)):
        (finding,) = judged(pattern)
        assert said([finding]) == [("LAM522", "warning", f"filters[0].data.{path}")]
        assert finding.message.endswith("never matches")


@pytest.mark.parametrize(("field", "rules"), ALWAYS)
def test_a_filter_that_matches_every_record_is_told(field: str, rules: Any) -> None:
    (finding,) = judged(nested(field, rules))
    assert finding.code == "LAM522"
    assert finding.message.endswith("matches every record")


@pytest.mark.parametrize(("field", "rules"), FINE)
def test_a_filter_that_can_match_is_fine(field: str, rules: Any) -> None:
    assert said(judged(nested(field, rules))) == []


def test_metadata_have_types_too() -> None:
    assert said(judged({"sequenceNumber": [7]}, schema=False)) == [("LAM522", "warning", "filters[0].sequenceNumber")]
    assert said(judged({"approximateArrivalTimestamp": [{"numeric": [">", 0]}]}, schema=False)) == []


@pytest.mark.parametrize(
    ("pattern", "path", "mended"),
    [
        ({"card": {"contry": ["DE"]}}, "filters[0].data.card.contry", {"card": {"country": ["DE"]}}),
        ({"$or": [{"page": ["a"]}, {"pag": ["b"]}]}, "filters[0].data.$or[1].pag", None),
        ({"card.contry": ["DE"]}, "filters[0].data.card.contry", None),
    ],
)
def test_a_member_that_is_not_there_is_told_where_it_stands(pattern: Data, path: str, mended: Data | None) -> None:
    (finding,) = judged({"data": pattern})
    assert said([finding]) == [("LAM514", "warning", path)]
    if mended is not None:
        spec = {"consumers": {"fraud": {"filters": [{"data": pattern}]}}}
        assert edited(spec, finding.edits) == {"consumers": {"fraud": {"filters": [{"data": mended}]}}}


def test_the_short_form_is_held_against_the_types_too() -> None:
    assert said(judged(fraud={"filter": {"amount": ["100"], "page": "home"}})) == [
        ("LAM522", "warning", "filter.amount")
    ]


# --- equality of numbers


@pytest.mark.parametrize("rules", [[300], [1.5, "x"], [{"anything-but": 300}], [{"anything-but": [1, 2]}]])
@pytest.mark.parametrize("schema", [True, False])
def test_equality_of_numbers_is_told(rules: Any, schema: Any) -> None:
    pattern = {"data": {"amount": rules}}
    assert said(judged(pattern, schema=schema)) == [("LAM521", "warning", "filters[0].data.amount")]


def test_equality_of_numbers_is_mended_by_numeric() -> None:
    (finding,) = judged({"data": {"amount": [300, None]}}, schema=False)
    mended = [{"numeric": ["=", 300]}, None]
    assert edited({"consumers": {"fraud": {"filters": [{"data": {}}]}}}, finding.edits) == {
        "consumers": {"fraud": {"filters": [{"data": {"amount": mended}}]}}
    }
    assert said(judged({"data": {"amount": mended}}, schema=False)) == []


# --- two things of one field


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ({"card": {"country": ["DE"]}, "card.country": ["AT"]}, "filters[0].data.card.country"),
        ({"page": ["a"], "$or": [{"page": ["b"]}, {"tags": ["c"]}]}, "filters[0].data.$or[0].page"),
        ({"$or": [{"page": ["b"]}, {"page": ["c"]}]}, None),
        ({"card": {"country": ["DE"]}, "page": ["b"]}, None),
    ],
)
def test_two_things_of_one_field_are_told(pattern: Data, path: str | None) -> None:
    assert said(judged({"data": pattern})) == ([("LAM523", "warning", path)] if path else [])


@pytest.mark.parametrize("schema", [True, False])
@pytest.mark.parametrize("named", [{"page": ["a"]}, ["a", "b"], [{"prefix": "a"}]])
def test_or_as_the_name_of_a_field_is_told(named: Any, schema: Any) -> None:
    pattern = {"data": {"$or": named}}
    assert [one.code for one in judged(pattern, schema=schema)] == ["LAM514"]


# --- records that are no JSON

LOGS = {"kind": "cloudwatch_logs", "log_groups": ["/a"], "to": "clicks"}
LINES = {"kind": "kinesis_agent", "files": ["/var/log/a.log"], "to": "clicks"}
PARSED = {
    "kind": "kinesis_agent",
    "files": [{"path": "/var/log/b.log", "processing": [{"option": "log_to_json", "log_format": "syslog"}]}],
    "to": "clicks",
}
ON_DATA = {"data": {"page": ["x"]}}


@pytest.mark.parametrize(
    ("producers", "expected"),
    [
        ({"logs": LOGS}, [("LAM524", "error", "filters")]),
        ({"logs": LOGS, "more": {**LOGS, "log_groups": ["/b"]}}, [("LAM524", "error", "filters")]),
        ({"hosts": LINES}, [("LAM524", "warning", "filters")]),
        ({"hosts": PARSED}, []),
        ({"hosts": PARSED, "lines": LINES}, [("LAM524", "warning", "filters")]),
        ({}, []),
    ],
)
def test_filters_on_data_drop_what_is_no_json(producers: Data, expected: list[Any]) -> None:
    assert [one for one in said(judged(ON_DATA, producers=producers)) if one[0] == "LAM524"] == expected


def test_gzipped_batches_beside_other_records_are_a_warning() -> None:
    found = said(judged(ON_DATA, producers={"logs": LOGS, "hosts": PARSED}))
    assert ("LAM524", "warning", "filters") in found


def test_a_filter_that_is_not_on_data_drops_no_batch() -> None:
    assert said(judged({"partitionKey": [{"prefix": "a"}]}, producers={"logs": LOGS})) == []


def test_the_stream_is_found_under_another_name() -> None:
    arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
    streams = {name: {"kind": "kinesis", "arn": arn} for name in ("clicks", "raw")}
    found = said(judged(ON_DATA, streams=streams, producers={"logs": {**LOGS, "to": "raw"}}))
    assert ("LAM524", "error", "filters") in found
