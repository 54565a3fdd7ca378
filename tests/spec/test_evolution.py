"""What a schema may become: each change that a reader of old objects would notice is said, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.evolution import column_changes, compared, read_schemas, schema_findings
from streaming_constructs.spec.schemas import columns, record_schema

Said = list[tuple[str, str, str]]
A_TO_D = {"a": "int", "b": "string", "c": "double", "d": "date"}


def said(before: dict[str, Any], after: dict[str, Any]) -> Said:
    """Code, level and field of each finding between two versions of one schema."""
    found = schema_findings({"s": record_schema(before)}, {"s": record_schema(after)})
    return [(one.code, one.level, one.dotted_path.removeprefix("schemas.s.")) for one in found]


def order(names: str) -> dict[str, Any]:
    return {name: A_TO_D.get(name, "int") for name in names}


# --- columns


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("abcd", []),
        ("abcdx", []),
        ("abcdxy", []),
        ("abc", [("SCH211", "error", "d")]),
        ("bcd", [("SCH211", "error", "a")]),
        ("ad", [("SCH211", "error", "b"), ("SCH211", "error", "c")]),
        ("xabcd", [("SCH213", "error", "x")]),
        ("abxcyd", [("SCH213", "error", "x"), ("SCH213", "error", "y")]),
        ("abxcdy", [("SCH213", "error", "x")]),
        ("bcda", [("SCH213", "error", "a")]),
        ("dabc", [("SCH213", "error", "d")]),
        ("abcx", [("SCH211", "error", "d")]),
        ("abxd", [("SCH211", "error", "c"), ("SCH213", "error", "x")]),
        ("xy", [("SCH211", "error", name) for name in "abcd"]),
    ],
)
def test_fields_join_at_the_end_and_nowhere_else(after: str, expected: Said) -> None:
    assert said(order("abcd"), order(after)) == expected


def test_the_fewest_fields_are_said_to_have_moved() -> None:
    names = "abcdefgh"
    assert said(order(names), order("abcfdegh")) == [("SCH213", "error", "f")]


@given(st.permutations("abcd"))
def test_every_other_order_is_said(names: list[str]) -> None:
    codes = {code for code, _, _ in said(order("abcd"), order("".join(names)))}
    assert codes == (set() if names == list("abcd") else {"SCH213"})


@given(st.lists(st.sampled_from("abcdxyz"), unique=True, min_size=1))
def test_nothing_is_said_exactly_where_the_old_columns_come_first(names: list[str]) -> None:
    assert (said(order("abcd"), order("".join(names))) == []) is (names[:4] == list("abcd"))


@pytest.mark.parametrize(
    ("was", "now", "level"),
    [
        ("tinyint", "smallint", "warning"),
        ("tinyint", "bigint", "warning"),
        ("smallint", "int", "warning"),
        ("int", "bigint", "warning"),
        ("float", "double", "warning"),
        ("bigint", "int", "error"),
        ("double", "float", "error"),
        ("int", "double", "error"),
        ("int", "string", "error"),
        ("string", "int", "error"),
        ("date", "timestamp", "error"),
        ("decimal(10,2)", "decimal(12,2)", "error"),
        ("int", "array<int>", "error"),
        ("map<string,int>", "map<int,int>", "error"),
        ("map<string,int>", "struct<a:int>", "error"),
        ("array<int>", "array<bigint>", "warning"),
        ("map<string,float>", "map<string,double>", "warning"),
    ],
)
def test_another_type_is_said_and_a_wider_one_more_mildly(was: str, now: str, level: str) -> None:
    assert said({"a": was}, {"a": now}) == [("SCH212", level, "a")]


def test_the_types_are_named() -> None:
    (finding,) = schema_findings({"s": record_schema({"a": "int"})}, {"s": record_schema({"a": "string"})})
    assert finding.message == "`a` was `int` and is `string`"


def test_case_alone_is_no_change() -> None:
    assert said({"User": "struct<Id:int>"}, {"user": "struct<id:int>"}) == []


def test_a_field_is_named_as_it_is_written() -> None:
    assert said({"USER": "int", "Gone": "int"}, {"User": "string"}) == [
        ("SCH212", "error", "User"),
        ("SCH211", "error", "Gone"),
    ]


def test_a_comment_is_no_change() -> None:
    assert said({"a": "int"}, {"a": {"type": "int", "description": "How many."}}) == []


# --- inside a field


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("struct<a:int>", "struct<a:int,b:int>", []),
        ("struct<a:int,b:int>", "struct<a:int>", [("SCH211", "`s.b` is gone")]),
        ("struct<a:int,b:int>", "struct<b:int,a:int>", [("SCH213", "`s.b` stands at another place")]),
        ("struct<a:int>", "struct<b:int,a:int>", [("SCH213", "`s.b` joined before the end")]),
        ("array<struct<a:int>>", "array<struct<a:int,b:int>>", []),
        ("array<struct<a:int>>", "array<struct<b:int>>", [("SCH211", "`s.element.a` is gone")]),
        (
            "map<string,struct<a:struct<b:int>>>",
            "map<string,struct<a:struct<b:bigint>>>",
            [("SCH212", "`s.value.a.b` was `int` and is `bigint`, which is wider")],
        ),
    ],
)
def test_members_of_structs_obey_the_same_rules(was: str, now: str, expected: list[tuple[str, str]]) -> None:
    found = schema_findings({"x": record_schema({"s": was})}, {"x": record_schema({"s": now})})
    assert [(one.code, one.message) for one in found] == expected


# --- how a field is read


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ({}, {"timestamp_format": "iso8601"}, []),
        ({"timestamp_format": "iso8601"}, {}, []),
        ({"timestamp_format": "yyyy"}, {"timestamp_format": "yyyy"}, []),
        ({}, {"timestamp_format": "epoch_millis"}, [("SCH214", "warning", "at.timestamp_format")]),
        ({"timestamp_format": "epoch_millis"}, {}, [("SCH214", "warning", "at")]),
        ({}, {"json_key": "AT"}, []),
        ({}, {"json_key": "time"}, [("SCH214", "warning", "at.json_key")]),
        ({"json_key": "time"}, {"json_key": "TIME"}, []),
        ({"json_key": "time"}, {}, [("SCH214", "warning", "at")]),
        (
            {"json_key": "time"},
            {"json_key": "t", "timestamp_format": "yyyy"},
            [("SCH214", "warning", "at.timestamp_format"), ("SCH214", "warning", "at.json_key")],
        ),
    ],
)
def test_another_way_of_reading_is_said(was: dict[str, str], now: dict[str, str], expected: Said) -> None:
    assert said({"at": {"type": "timestamp", **was}}, {"at": {"type": "timestamp", **now}}) == expected


def test_the_form_of_a_time_goes_with_its_type() -> None:
    was = {"type": "timestamp", "timestamp_format": "epoch_millis"}
    assert said({"at": was}, {"at": "bigint"}) == [("SCH212", "error", "at")]


def test_a_field_that_moves_and_changes_is_said_to_do_both() -> None:
    assert said({"a": "int", "b": "int", "c": "int"}, {"c": "string", "a": "int", "b": "int"}) == [
        ("SCH212", "error", "c"),
        ("SCH213", "error", "c"),
    ]


# --- schemas


def test_a_schema_that_is_gone_is_said_and_a_new_one_is_fine() -> None:
    one = record_schema({"a": "int"})
    (finding,) = schema_findings({"old": one, "kept": one}, {"kept": one, "new": one})
    assert (finding.code, finding.level, finding.path) == ("SCH211", "error", ("schemas", "old"))


# --- columns of a table


def test_columns_of_a_table_are_judged_by_the_same_rules() -> None:
    before = [("a", "int"), ("b", "struct<x:int,y:int>"), ("c", "date"), ("d", "int")]
    after = [("a", "bigint"), ("n", "int"), ("d", "int"), ("b", "struct<x:int>"), ("z", "int")]
    assert column_changes(before, after) == [
        "`a` was `int` and is `bigint`, which is wider",
        "`b.y` is gone",
        "`c` is gone",
        "`d` stands at another place",
        "`n` joined before the end",
    ]


def test_columns_of_a_table_are_found_in_capitals_or_not() -> None:
    assert column_changes([("A", "struct<X:int>")], [("a", "struct<x:int>")]) == []


def test_types_that_the_language_does_not_have_are_compared_as_texts() -> None:
    assert column_changes([("a", "varchar(10)"), ("b", "char(3)")], [("a", "varchar(10)"), ("b", "string")]) == [
        "`b` was `char(3)` and is `string`"
    ]


def test_a_schema_and_its_columns_are_judged_alike() -> None:
    before, after = record_schema({"A": "int", "B": "struct<X:int>"}), record_schema({"b": "struct<x:int>", "c": "int"})
    tables = ([(one.name, one.type) for one in columns(schema)] for schema in (before, after))
    assert column_changes(*tables) == ["`a` is gone"]
    assert [one.message for one in schema_findings({"s": before}, {"s": after})] == ["`a` is gone"]


# --- files

OLD = """\
name: x
schemas:
  click: {page: string, at: timestamp}
gone_by: {language: of another day}
"""
NEW = """\
name: x
schemas:
  click:
    at: bigint
environments:
  dev: {schemas: {click: {at: timestamp}}}
  prod: {}
"""


def test_findings_stand_in_the_new_file_whatever_else_the_old_one_says() -> None:
    found = compared(read_document(NEW, "new.yaml"), read_document(OLD, "old.yaml"))
    assert [(one.code, one.file, one.line) for one in found] == [("SCH211", "new.yaml", 3), ("SCH212", "new.yaml", 4)]


def test_environments_are_compared_with_their_own_differences() -> None:
    found = compared(read_document(NEW, "new.yaml"), read_document(OLD, "old.yaml"), "dev")
    assert [one.code for one in found] == ["SCH211"]
    found = compared(read_document(OLD, "old.yaml"), read_document(NEW, "new.yaml"), "dev")
    assert [one.code for one in found] == ["SCH213"]


def test_schemas_that_cannot_be_read_are_not_compared() -> None:
    broken = read_document(OLD.replace("timestamp", "time"), "broken.yaml")
    assert compared(broken, read_document(OLD, "old.yaml")) == []
    schemas, (finding,) = read_schemas(broken)
    assert (schemas, finding.code, finding.line) == (None, "SCH207", 3)


@pytest.mark.parametrize(
    ("text", "code"), [("- a\n", "LNG106"), ("", "LNG106"), ("a: [\n", "LNG102"), ("schemas: 5\n", "LNG203")]
)
def test_a_file_without_a_spec_in_it_has_no_schemas(text: str, code: str) -> None:
    schemas, findings = read_schemas(read_document(text, "x.yaml"))
    assert (schemas, [one.code for one in findings]) == (None, [code])


@pytest.mark.parametrize("environments", ["5", "[dev]", "{dev: 5}", "{dev: }", "{prod: {}}"])
def test_environments_that_say_nothing_change_nothing(environments: str) -> None:
    document = read_document(f"{OLD}environments: {environments}\n", "x.yaml")
    schemas, _ = read_schemas(document, "dev")
    assert schemas == {"click": record_schema({"page": "string", "at": "timestamp"})}
    assert compared(document, read_document(OLD, "old.yaml"), "dev") == []
