"""One slip, one finding: none of what only follows from it, and each with its name, its help and no sign of Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.cli.check import check
from streaming_constructs.cli.system import open_system
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import read_as
from streaming_constructs.spec.told_once import _OTHERS, _SECTIONS
from streaming_constructs.spec.unknown_field import FILE_FIELDS

STREAM = {"kind": "kinesis", "mode": "on_demand"}
ARCHIVE = {"kind": "s3", "partition_by": ["day"]}


def found(data: Any) -> list[Finding]:
    text = yaml.safe_dump({"name": "shop", "removal_policy": "destroy", **data}, sort_keys=False)
    return list(read_as(read_document(text, "pipeline.yaml")).findings)


def said(data: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.dotted_path) for finding in found(data)]


def two(source: str) -> dict[str, Any]:
    return {"deliveries": {"a": {"from": source, "to": ARCHIVE}, "b": {"from": source, "to": ARCHIVE}}}


@pytest.mark.parametrize(
    ("streams", "expected"),
    [
        ({"straems": {"clicks": STREAM}}, [("LNG201", "straems")]),
        ({"topics_and_queues": {"clicks": STREAM}}, [("LNG201", "topics_and_queues")]),
        ({"streams": ["clicks"]}, [("LNG203", "streams")]),
        ({"streams": "clicks"}, [("LNG203", "streams")]),
        ({"streams": 5}, [("LNG203", "streams")]),
        ({"streams": {"Clicks": STREAM}}, [("LNG206", "streams.Clicks")]),
        ({"streams": {"clicks": 5}}, [("LNG203", "streams.clicks")]),
        ({"streams": {"clicks": {"mode": "on_demand"}}}, [("LNG202", "streams.clicks")]),
    ],
)
def test_readers_of_a_stream_that_is_told_already_are_not_told(
    streams: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    source = "Clicks" if "Clicks" in str(streams) else "clicks"
    assert said({**streams, **two(source)}) == expected


@pytest.mark.parametrize("streams", [{}, {"streams": None}, {"streams": {"orders": STREAM}}, {"titel": "shop"}])
def test_readers_of_nothing_are_told(streams: dict[str, Any]) -> None:
    told = [path for code, path in said({**streams, **two("clicks")}) if code == "GRF301"]
    assert told == ["deliveries.a.from", "deliveries.b.from"]


def test_a_misspelt_section_keeps_what_is_wrong_with_names_in_it() -> None:
    told = said({"straems": {"clicks": STREAM}, "deliveries": {"a": {"from": "orders", "to": ARCHIVE}}})
    assert told == [("LNG201", "straems"), ("GRF301", "deliveries.a.from")]


def test_a_malformed_name_that_no_node_has_is_told_where_it_stands() -> None:
    assert said({"streams": {"clicks": STREAM}, **two("Clicks A")}) == [
        ("LNG206", "deliveries.a.from"),
        ("LNG206", "deliveries.b.from"),
    ]


def test_the_fields_at_the_top_that_are_no_sections_are_known() -> None:
    assert {*_OTHERS, *_SECTIONS} == {*PipelineSpec.model_fields, *FILE_FIELDS}


def test_a_name_that_one_of_two_environments_lacks_is_told_once(tmp_path: Path) -> None:
    environments = {"dev": {"streams": {"added": STREAM}}, "prod": {}}
    data = {"name": "shop", "alarms": False, "streams": {"clicks": STREAM}, **two("nope"), "environments": environments}
    data["deliveries"].pop("b")  # type: ignore[attr-defined]
    (tmp_path / "pipeline.yaml").write_text(yaml.safe_dump(data))
    (one,) = check(open_system(str(tmp_path / "pipeline.yaml"))).found()
    assert (one.finding.code, one.environments) == ("GRF301", ["dev", "prod"])


@pytest.mark.parametrize("environments", [{}, {"environments": {"dev": {}, "prod": {}}}])
def test_a_field_for_one_environment_is_refused_in_every_file(tmp_path: Path, environments: dict[str, Any]) -> None:
    data = {"name": "shop", "alarms": False, "environment": "athena", "streams": {"clicks": STREAM}, **environments}
    (tmp_path / "pipeline.yaml").write_text(yaml.safe_dump(data))
    checked = check(open_system(str(tmp_path / "pipeline.yaml")))
    assert [(one.finding.code, one.finding.dotted_path) for one in checked.found()] == [("LNG201", "environment")]


# --- keys with an odd name, and values that are no text


def test_a_key_that_looks_like_the_mark_of_a_key_keeps_its_name_and_help() -> None:
    (finding,) = found({"streams": {"clicks": STREAM}, "tags": {"[key]": "x"}})
    assert finding.message == "`[key]` cannot be a name here"
    assert finding.help == "write letters, digits, spaces and _.:/=+-@"


def test_a_value_under_such_a_key_is_told_as_a_value() -> None:
    name, value = found({"streams": {"clicks": STREAM}, "tags": {"[key]": 5}})
    assert (name.code, value.code, value.note, value.help) == ("LNG206", "LNG203", "seen: 5", 'write `"5"`, in quotes')


@pytest.mark.parametrize(
    ("kind", "shown"),
    [({"kind": "s3"}, "{kind: s3}"), ([1, 2], "[1, 2]"), (True, "true"), (5, "5"), ("nope", "nope"), (None, "null")],
)
@pytest.mark.parametrize("place", ["streams", "deliveries"])
def test_a_kind_is_shown_as_the_file_writes_it(place: str, kind: Any, shown: str) -> None:
    if place == "streams":
        told = found({"streams": {"clicks": {"kind": kind, "mode": "on_demand"}}})
    else:
        told = found({"streams": {"clicks": STREAM}, "deliveries": {"a": {"from": "clicks", "to": {"kind": kind}}}})
    assert [finding.message for finding in told] == [f"`{shown}` is no kind that goes here"]
