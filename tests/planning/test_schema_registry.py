"""Definitions of schemas in Avro and JSON Schema, and which changes of them a registry takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.planning.evolution import evolved
from streaming_constructs.planning.schema_registry.avro import avro_definition, avro_problems
from streaming_constructs.planning.schema_registry.json_schema import json_definition, json_problems
from streaming_constructs.planning.schema_registry.registry import incompatibilities
from streaming_constructs.spec import GlueSchemaRegistrySpec
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.schemas import RecordField, record_schema


def registry(compatibility: str, data_format: str = "avro") -> GlueSchemaRegistrySpec:
    return GlueSchemaRegistrySpec(compatibility=compatibility, data_format=data_format)


def avro_type(glue_type: str) -> Any:
    (field,) = avro_definition("order", record_schema({"field": glue_type}))["fields"]
    assert (field["name"], field["default"], field["type"][0]) == ("field", None, "null")
    return field["type"][1]


@pytest.mark.parametrize(
    ("glue", "avro"),
    [
        ("string", "string"),
        ("boolean", "boolean"),
        ("tinyint", "int"),
        ("smallint", "int"),
        ("int", "int"),
        ("bigint", "long"),
        ("float", "float"),
        ("double", "double"),
        ("binary", "bytes"),
        ("date", {"type": "int", "logicalType": "date"}),
        ("timestamp", {"type": "long", "logicalType": "timestamp-millis"}),
        ("decimal(12,2)", {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}),
        ("array<string>", {"type": "array", "items": ["null", "string"]}),
        ("map<string,bigint>", {"type": "map", "values": ["null", "long"]}),
        (
            "struct<street:string>",
            {
                "type": "record",
                "name": "order_field",
                "fields": [{"name": "street", "type": ["null", "string"], "default": None}],
            },
        ),
    ],
)
def test_each_type_has_its_type_in_avro(glue: str, avro: Any) -> None:
    assert avro_type(glue) == avro


def test_records_inside_are_named_once() -> None:
    schema = record_schema({"a_b": "struct<c:struct<x:int>>", "a": "struct<b_c:struct<x:int>>"})
    names: list[str] = []

    def visit(part: Any) -> None:
        if isinstance(part, Mapping):
            if part.get("type") == "record":
                names.append(part["name"])
            for inner in part.values():
                visit(inner)
        elif isinstance(part, list):
            for inner in part:
                visit(inner)

    visit(avro_definition("my-order", schema))
    assert names == ["my_order", "my_order_a_b", "my_order_a_b_c", "my_order_a", "my_order_a_b_c_2"]


def optional(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The one way to say that something may be null that AWS's converter for Kafka Connect reads."""
    return {"oneOf": [definition, {"type": "null"}]}


@pytest.mark.parametrize(
    ("glue", "json"),
    [
        ("tinyint", {"type": "integer", "connect.type": "int8"}),
        ("smallint", {"type": "integer", "connect.type": "int16"}),
        ("int", {"type": "integer", "connect.type": "int32"}),
        ("float", {"type": "number", "connect.type": "float32"}),
        ("double", {"type": "number", "connect.type": "float64"}),
        ("binary", {"type": "string", "contentEncoding": "base64", "connect.type": "bytes"}),
        ("date", {"type": "string", "format": "date"}),
        ("array<boolean>", {"type": "array", "items": optional({"type": "boolean"})}),
        (
            "map<string,bigint>",
            {
                "type": "object",
                "additionalProperties": optional({"type": "integer", "connect.type": "int64"}),
                "connect.type": "map",
            },
        ),
    ],
)
def test_each_type_has_its_type_in_json_schema_and_in_kafka_connect(glue: str, json: Any) -> None:
    assert json_definition("order", record_schema({"field": glue}))["properties"]["field"] == optional(json)


def test_a_record_in_json_schema_has_its_keys_and_no_others() -> None:
    schema = {
        "id": RecordField(type="bigint"),
        "agent": RecordField(type="string", json_key="user-agent"),
        "at": RecordField(type="timestamp", timestamp_format="epoch_millis"),
        "seen": RecordField(type="timestamp"),
        "day": RecordField(type="timestamp", timestamp_format="dd/MM/yyyy"),
        "price": RecordField(type="decimal(10,2)"),
        "where": RecordField(type="struct<city:string>"),
    }
    assert json_definition("click", schema) == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "click",
        "type": "object",
        "properties": {
            "id": optional({"type": "integer", "connect.type": "int64"}),
            "user-agent": optional({"type": "string"}),
            "at": optional({"type": "integer", "connect.type": "int64"}),
            "seen": optional({"type": "string", "format": "date-time"}),
            "day": optional({"type": "string"}),
            "price": optional({"type": "number", "connect.type": "float64"}),
            "where": optional(
                {
                    "type": "object",
                    "properties": {"city": optional({"type": "string"})},
                    "additionalProperties": False,
                }
            ),
        },
        "additionalProperties": False,
    }


CASES = [
    # what was, what is, and whether readers of now read what was, and readers of before what is: in Avro, in JSON
    ("a field joins", {"a": "int"}, {"a": "int", "b": "string"}, (True, True), (True, False)),
    ("a field goes", {"a": "int", "b": "string"}, {"a": "int"}, (True, True), (False, True)),
    ("int becomes bigint", {"a": "int"}, {"a": "bigint"}, (True, False), (True, True)),
    ("bigint becomes int", {"a": "bigint"}, {"a": "int"}, (False, True), (True, True)),
    ("int becomes double", {"a": "int"}, {"a": "double"}, (True, False), (True, False)),
    ("float becomes double", {"a": "float"}, {"a": "double"}, (True, False), (True, True)),
    ("string becomes binary", {"a": "string"}, {"a": "binary"}, (True, True), (True, True)),
    ("string becomes int", {"a": "string"}, {"a": "int"}, (False, False), (False, False)),
    ("an element becomes wider", {"a": "array<int>"}, {"a": "array<bigint>"}, (True, False), (True, True)),
    ("a value becomes text", {"a": "map<string,int>"}, {"a": "map<string,string>"}, (False, False), (False, False)),
    ("a member joins", {"a": "struct<b:int>"}, {"a": "struct<b:int,c:int>"}, (True, True), (True, False)),
    ("a struct becomes a map", {"a": "struct<b:int>"}, {"a": "map<string,int>"}, (False, False), (True, False)),
    ("nothing changes", {"a": "int"}, {"a": "int"}, (True, True), (True, True)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
@pytest.mark.parametrize("data_format", ["avro", "json_schema"])
def test_a_registry_takes_what_can_be_read(case: Any, data_format: str) -> None:
    _, was, now, in_avro, in_json = case
    before, after = record_schema(was), record_schema(now)
    backward, forward = in_avro if data_format == "avro" else in_json
    define = avro_definition if data_format == "avro" else json_definition
    expected = {
        "backward": backward,
        "backward_all": backward,
        "forward": forward,
        "forward_all": forward,
        "full": backward and forward,
        "full_all": backward and forward,
        "none": True,
        "disabled": define("order", before) == define("order", after),
    }
    taken = {mode: not incompatibilities(registry(mode, data_format), "order", before, after) for mode in expected}
    assert taken == expected


def test_what_cannot_be_read_is_named_with_its_place() -> None:
    before, after = record_schema({"a": "struct<b:array<string>>"}), record_schema({"a": "struct<b:array<int>>"})
    (problem,) = incompatibilities(registry("backward"), "order", before, after)
    assert problem == "`a.b.element` is written as string and read as int, of what was written before"


LEAVES = st.sampled_from(["string", "int", "bigint", "double", "boolean", "timestamp", "decimal(10,2)", "date"])
NAMES = st.sampled_from(["a", "b", "c", "d"])
TYPES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda one: f"array<{one}>"),
        inner.map(lambda one: f"map<string,{one}>"),
        st.dictionaries(NAMES, inner, min_size=1, max_size=3).map(
            lambda members: f"struct<{','.join(f'{name}:{one}' for name, one in members.items())}>"
        ),
    ),
    max_leaves=6,
)
SCHEMAS = st.dictionaries(NAMES, TYPES, min_size=1, max_size=4).map(record_schema)


@given(SCHEMAS)
def test_every_schema_reads_itself(schema: Mapping[str, RecordField]) -> None:
    for define, problems in ((avro_definition, avro_problems), (json_definition, json_problems)):
        made = define("order", schema)
        assert list(problems(made, made)) == []


@given(SCHEMAS, SCHEMAS)
def test_forward_is_backward_the_other_way_and_full_is_both(
    one: Mapping[str, RecordField], other: Mapping[str, RecordField]
) -> None:
    for data_format in ("avro", "json_schema"):
        backward, forward, full = (
            incompatibilities(registry(mode, data_format), "order", one, other)
            for mode in ("backward", "forward", "full")
        )
        turned = incompatibilities(registry("backward", data_format), "order", other, one)
        assert bool(forward) == bool(turned)
        assert len(full) == len(backward) + len(forward)


@given(SCHEMAS, TYPES)
def test_a_field_may_always_join(schema: Mapping[str, RecordField], type_: str) -> None:
    more = {**schema, "joined": RecordField(type=type_)}
    for mode in ("backward", "forward", "full"):
        assert incompatibilities(registry(mode), "order", schema, more) == []
    assert incompatibilities(registry("backward", "json_schema"), "order", schema, more) == []


def documents(definition: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Documents of a definition."""
    if "oneOf" in definition:
        of_value, null = definition["oneOf"]
        assert null == {"type": "null"}
        return st.none() | documents(of_value)
    kind = definition["type"]
    made: st.SearchStrategy[Any]
    if kind == "object" and definition["additionalProperties"] is False:
        properties = {name: documents(one) for name, one in definition["properties"].items()}
        made = st.fixed_dictionaries({}, optional=properties)
    elif kind == "object":
        made = st.dictionaries(st.text(max_size=3), documents(definition["additionalProperties"]), max_size=2)
    elif kind == "array":
        made = st.lists(documents(definition["items"]), max_size=2)
    else:
        made = {
            "string": st.text(max_size=3),
            "integer": st.integers(-3, 3),
            "number": st.sampled_from([0.5, 2]),
            "boolean": st.booleans(),
        }[kind]
    return made


@given(st.data(), SCHEMAS, SCHEMAS)
def test_what_json_schemas_are_said_to_read_a_validator_takes(
    data: st.DataObject, one: Mapping[str, RecordField], other: Mapping[str, RecordField]
) -> None:
    writer, reader = json_definition("order", one), json_definition("order", other)
    document = data.draw(documents(writer))
    jsonschema.validate(document, writer)
    if not list(json_problems(reader, writer)):
        jsonschema.validate(document, reader)


SYSTEM = """
name: shop
schema_registry: {{kind: glue, compatibility: {compatibility}{more}}}
schemas: {{order: {{id: bigint{fields}}}}}
streams: {{orders: {{kind: kinesis, shards: 1}}}}
"""


def changed(before: str, after: str) -> list[tuple[str, str]]:
    found = evolved(read_document(after, "after.yaml"), read_document(before, "before.yaml"))
    return [(finding.code, finding.dotted_path) for finding in found]


def text(compatibility: str = "backward", more: str = "", fields: str = "") -> str:
    return SYSTEM.format(compatibility=compatibility, more=more, fields=fields)


def test_validate_against_says_what_the_registry_would_refuse() -> None:
    assert changed(text(), text(fields=", note: string")) == []
    assert changed(text("disabled"), text("disabled", fields=", note: string")) == [("SCH220", "schemas.order")]
    # What counts is what the registry asks now: the compatibility itself changes in place.
    assert changed(text("disabled"), text("full", fields=", note: string")) == []


def test_validate_against_says_what_becomes_of_the_registry() -> None:
    assert changed(text(), text(more=", name: other")) == [("EVO973", "schema_registry")]
    assert changed(text(), text(more=", data_format: json_schema")) == [("EVO971", "schema_registry.data_format")]
    gone = text().replace("schema_registry: {kind: glue, compatibility: backward}\n", "")
    assert changed(text(), gone) == [("EVO974", "schema_registry")]
