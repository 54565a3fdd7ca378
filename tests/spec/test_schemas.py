"""Record schemas: what a field says, what is refused, and the columns that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeError,
    MapType,
    PrimitiveType,
    StructType,
    in_small_letters,
    parse_type,
    render,
)
from streaming_constructs.spec.json_schema import json_schema
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import read
from streaming_constructs.spec.schemas import (
    ISO_OR_EPOCH,
    Column,
    RecordField,
    column_name,
    columns,
    json_key,
    record_schema,
)

if TYPE_CHECKING:
    from pathlib import Path

SYSTEM: dict[str, Any] = {"name": "x", "streams": {"a": {"kind": "kinesis", "mode": "on_demand"}}}


def fields(**given: Any) -> dict[str, RecordField]:
    return dict(record_schema(given))


def found(tmp_path: Path, schema: str) -> list[Finding]:
    file = tmp_path / "pipeline.yaml"
    file.write_text(f"name: x\nstreams:\n  a: {{kind: kinesis, mode: on_demand}}\nschemas:\n  click: {schema}\n")
    return list(read(file).findings)


def coded(tmp_path: Path, schema: str) -> list[tuple[str, str]]:
    return [(one.code, one.dotted_path) for one in found(tmp_path, schema)]


# --- the forms of a field


def test_a_text_is_short_for_a_mapping_with_a_type() -> None:
    short, long = ({**SYSTEM, "schemas": {"click": {"page": page}}} for page in ("string", {"type": "string"}))
    assert PipelineSpec.model_validate(short) == PipelineSpec.model_validate(long)
    assert PipelineSpec.model_validate(short).schemas["click"]["page"] == RecordField(type="string")


def test_a_schema_may_be_written_as_texts_or_fields_in_python() -> None:
    at = RecordField(type="timestamp", timestamp_format="epoch_millis")
    assert fields(page="string", at=at) == {"page": RecordField(type="string"), "at": at}


def test_a_schema_survives_being_written_out() -> None:
    agent = {"type": "string", "json_key": "user-agent", "description": "As the browser says."}
    spec = PipelineSpec.model_validate({**SYSTEM, "schemas": {"click": {"page": "string", "agent": agent}}})
    written = spec.model_dump(by_alias=True, exclude_defaults=True)["schemas"]
    assert written == {"click": {"page": {"type": "string"}, "agent": agent}}
    assert PipelineSpec.model_validate({**SYSTEM, "schemas": written}) == spec


def test_the_json_schema_takes_a_text_or_a_mapping() -> None:
    (schema,) = json_schema()["properties"]["schemas"]["patternProperties"].values()
    (field,) = schema["patternProperties"].values()
    assert field["anyOf"] == [{"type": "string", "maxLength": 4096}, {"$ref": "#/$defs/RecordField"}]
    assert json_schema()["$defs"]["RecordField"]["required"] == ["type"]


def test_the_order_of_the_fields_is_kept() -> None:
    assert list(fields(z="int", a="int", m="int")) == ["z", "a", "m"]


@pytest.mark.parametrize(
    "form",
    ["iso8601", "epoch_seconds", "epoch_millis", "dd/MM/yyyy HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy''MM"],
)
def test_a_timestamp_may_be_written_in_many_forms(form: str) -> None:
    assert fields(at={"type": "timestamp", "timestamp_format": form})["at"].timestamp_format == form


@pytest.mark.parametrize(
    "form",
    [
        "epoch_milis",
        "iso",
        "ISO8601",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-dd'T",
        "%Y-%m-%d",
        "''",
        "'at'",
        "12:00",
        "",
        "yyyy\n",
    ],
)
def test_what_is_no_form_of_a_time_is_refused(form: str) -> None:
    with pytest.raises(SpecError) as raised:
        RecordField(type="timestamp", timestamp_format=form)
    assert [(one.code, one.dotted_path) for one in raised.value.findings] == [("LNG206", "timestamp_format")]


def test_only_a_pattern_is_beyond_iso_and_epoch() -> None:
    given = ["timestamp", *({"type": "timestamp", "timestamp_format": one} for one in ("epoch_seconds", "yyyy"))]
    formats = [fields(at=one)["at"].timestamp_format for one in given]
    assert [one in ISO_OR_EPOCH for one in formats] == [True, True, False]


# --- what is refused, and where


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{page: strin}", [("SCH207", "schemas.click.page")]),
        ("{page: {type: strin}}", [("SCH207", "schemas.click.page.type")]),
        ("{page: 5}", [("LNG203", "schemas.click.page")]),
        ("{page: [string]}", [("LNG203", "schemas.click.page")]),
        ("{page: {type: 5}}", [("LNG203", "schemas.click.page.type")]),
        ("{page: {}}", [("LNG202", "schemas.click.page")]),
        ("{page: {type: string, key: p}}", [("LNG201", "schemas.click.page.key")]),
        ("{Page: string, page: {type: string, json_key: p}}", [("SCH208", "schemas.click")]),
        ("{at: {type: timestamp, timestamp_format: soon}}", [("LNG206", "schemas.click.at.timestamp_format")]),
        ("{at: {type: bigint, timestamp_format: epoch_millis}}", [("SCH209", "schemas.click.at.timestamp_format")]),
        (
            "{at: {type: array<timestamp>, timestamp_format: iso8601}}",
            [("SCH209", "schemas.click.at.timestamp_format")],
        ),
        ("{page: {type: string, json_key: ' '}}", [("LNG206", "schemas.click.page.json_key")]),
        ('{page: {type: string, description: "a\\nb"}}', [("LNG206", "schemas.click.page.description")]),
        ("{page: {type: string, description: " + "x" * 256 + "}}", [("LNG204", "schemas.click.page.description")]),
        ("{url: string, page: {type: string, json_key: URL}}", [("SCH210", "schemas.click.page.json_key")]),
        ("{page: {type: string, json_key: url}, URL: string}", [("SCH210", "schemas.click.page.json_key")]),
        (
            "{a: {type: string, json_key: k}, b: {type: string, json_key: k}, c: {type: string, json_key: K}}",
            [("SCH210", "schemas.click.b.json_key"), ("SCH210", "schemas.click.c.json_key")],
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(tmp_path: Path, schema: str, expected: list[tuple[str, str]]) -> None:
    assert coded(tmp_path, schema) == expected


def test_two_fields_of_one_key_are_both_named(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "{url: string, page: {type: string, json_key: URL}}")
    assert finding.message == "`url` and `page` are read from one key"
    assert (finding.line, finding.note) == (
        5,
        "the key is `URL`; capitals and small letters are the same to Firehose",
    )


@pytest.mark.parametrize(
    "schema",
    [
        "{at: {type: timestamp, timestamp_format: epoch_millis}}",
        "{url: {type: string, json_key: page}, page: {type: string, json_key: url}}",
        "{type: string, json_key: {type: string, json_key: URL}}",
        "{page: {type: string, json_key: seite, description: Wo jemand war.}}",
    ],
)
def test_what_is_right_is_fine(tmp_path: Path, schema: str) -> None:
    assert coded(tmp_path, schema) == []


# --- columns


def test_columns_are_in_small_letters_and_in_the_order_of_the_schema() -> None:
    schema = record_schema(
        {
            "userId": "bigint",
            "Address": RecordField(
                type="struct<Street: string, Tags: array<struct<Name:string>>>", description="Where."
            ),
            "at": "map<string,struct<X:int>>",
        }
    )
    assert columns(schema) == (
        Column("userid", "bigint"),
        Column("address", "struct<street:string,tags:array<struct<name:string>>>", "Where."),
        Column("at", "map<string,struct<x:int>>"),
    )


def test_a_column_is_its_field_in_small_letters() -> None:
    assert column_name("UserId_2") == "userid_2"


def test_the_key_of_a_field_is_its_name_unless_it_says_another() -> None:
    assert [json_key(*one) for one in fields(Page="string", agent={"type": "string", "json_key": "U-A"}).items()] == [
        "Page",
        "U-A",
    ]


# --- types


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("tinyint", PrimitiveType("tinyint")),
        ("decimal(38,37)", DecimalType(38, 37)),
        ("array<array<date>>", ArrayType(ArrayType(PrimitiveType("date")))),
        ("map<bigint,binary>", MapType(PrimitiveType("bigint"), PrimitiveType("binary"))),
        (
            "struct<a:int,B:struct<c:decimal(1,0)>>",
            StructType((("a", PrimitiveType("int")), ("B", StructType((("c", DecimalType(1, 0)),))))),
        ),
    ],
)
def test_a_text_is_its_tree_and_back(text: str, node: Any) -> None:
    assert parse_type(text) == node
    assert render(node) == text


def test_spaces_and_leading_zeros_do_not_count() -> None:
    assert render(parse_type(" struct < a : decimal( 010 , 02 ) > ")) == "struct<a:decimal(10,2)>"


def test_only_names_of_members_are_put_into_small_letters() -> None:
    node = parse_type("map<string,array<struct<A:decimal(3,1),b:struct<C:date>>>>")
    assert render(in_small_letters(node)) == "map<string,array<struct<a:decimal(3,1),b:struct<c:date>>>>"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("struct<a:int,A:int>", "`a` and `A` are one member: tables have small letters"),
        ("struct<x:struct<b:int,c:int,B:int>>", "`b` and `B` are one member: tables have small letters"),
        ("decimal(39,0)", "a decimal is `decimal(precision,scale)` with precision 1 to 38 and scale up to precision"),
        ("decimal(5,6)", "a decimal is `decimal(precision,scale)` with precision 1 to 38 and scale up to precision"),
        (
            f"decimal({'9' * 5000},1)",
            "a decimal is `decimal(precision,scale)` with precision 1 to 38 and scale up to precision",
        ),
        ("map<array<int>,int>", "the key of a map is a primitive type"),
        ("array<int>>", "nothing may follow, but `>` does"),
        ("strin", "`strin` is no type; did you mean `string`?"),
    ],
)
def test_what_is_no_type_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(GlueTypeError) as refused:
        parse_type(text)
    assert str(refused.value) == why
