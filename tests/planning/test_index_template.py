"""The fields of an index."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.planning.opensearch_index_template import index_mappings
from streaming_constructs.spec.glue_types import PRIMITIVE_TYPES
from streaming_constructs.spec.schemas import RecordField, record_schema

TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 1024}}}


def mapping(field: str | RecordField) -> Any:
    return index_mappings(record_schema({"field": field}))["properties"]["field"]


@pytest.mark.parametrize(
    ("glue", "expected"),
    [
        ("string", TEXT),
        ("bigint", {"type": "long"}),
        ("int", {"type": "integer"}),
        ("smallint", {"type": "short"}),
        ("tinyint", {"type": "byte"}),
        ("double", {"type": "double"}),
        ("float", {"type": "float"}),
        ("boolean", {"type": "boolean"}),
        ("binary", {"type": "binary"}),
        ("date", {"type": "date", "format": "strict_date"}),
        ("timestamp", {"type": "date", "format": "strict_date_optional_time"}),
        ("decimal(10,2)", {"type": "scaled_float", "scaling_factor": 100}),
        ("decimal(15,0)", {"type": "scaled_float", "scaling_factor": 1}),
        ("decimal(16,2)", {"type": "double"}),
        ("array<bigint>", {"type": "long"}),
        ("array<struct<a:int>>", {"properties": {"a": {"type": "integer"}}}),
        ("map<string,int>", {"type": "flat_object"}),
        (
            "struct<street:string,at:struct<x:double>>",
            {"properties": {"street": TEXT, "at": {"properties": {"x": {"type": "double"}}}}},
        ),
    ],
)
def test_each_type_has_its_field(glue: str, expected: dict[str, Any]) -> None:
    assert mapping(glue) == expected


def test_no_primitive_type_is_left_out() -> None:
    assert all(mapping(name)["type"] for name in PRIMITIVE_TYPES)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("iso8601", "strict_date_optional_time"),
        ("epoch_millis", "epoch_millis"),
        ("epoch_seconds", "epoch_second"),
        ("dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm:ss"),
        ("yyyy-MM-dd'T'HH:mm:ssZZ", "yyyy-MM-dd'T'HH:mm:ssXXX"),
        ("yyyy-MM-dd HH:mm:ss Z", "yyyy-MM-dd HH:mm:ss Z"),
        ("YYYY-MM-dd'Z' HH:mm ZZZ", "uuuu-MM-dd'Z' HH:mm VV"),
        ("xxxx-'W'ww", "YYYY-'W'ww"),
    ],
)
def test_a_time_is_read_as_it_is_written(written: str, read: str) -> None:
    assert mapping(RecordField(type="timestamp", timestamp_format=written)) == {"type": "date", "format": read}


def test_fields_are_called_as_in_the_json_and_others_make_no_new_ones() -> None:
    schema = record_schema({"agent": RecordField(type="string", json_key="user-agent"), "pageUrl": "int"})
    assert index_mappings(schema) == {
        "dynamic": False,
        "properties": {"user-agent": TEXT, "pageUrl": {"type": "integer"}},
    }
    assert json.loads(json.dumps(index_mappings(schema))) == index_mappings(schema)
