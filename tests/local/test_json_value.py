"""JSON as values of columns: what fits, what is made to fit, and what is refused with its reason."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.firehose.json_value import Deserializer, converter
from streaming_constructs.spec.glue_types import parse_type

OPENX = Deserializer()
HIVE = Deserializer("hive")
EPOCH = datetime.fromisoformat("1970-01-01")


def converted(glue: str, text: str, how: Deserializer = OPENX) -> Any:
    return converter(parse_type(glue), how)(next(how.documents(text)))


def micros(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("glue", "text", "expected"),
    [
        ("int", "7", 7),
        ("int", "7.0", 7),
        ("int", '"-7"', -7),
        ("tinyint", "-128", -128),
        ("bigint", "9223372036854775807", 2**63 - 1),
        ("double", "1.5", 1.5),
        ("double", "1", 1.0),
        ("double", '"1e3"', 1000.0),
        ("float", "3.4e38", 3.4e38),
        ("decimal(10,2)", "197.03", Decimal("197.03")),
        ("decimal(10,2)", '"197.03"', Decimal("197.03")),
        ("decimal(10,2)", "7", Decimal("7.00")),
        ("decimal(10,2)", "0.005", Decimal("0.01")),
        ("decimal(10,2)", "-0.005", Decimal("-0.01")),
        (
            "decimal(38,10)",
            "1234567890123456789012345678.0123456789",
            Decimal("1234567890123456789012345678.0123456789"),
        ),
        ("boolean", "true", True),
        ("boolean", '"FALSE"', False),
        ("string", '"é"', "é"),
        ("string", "1.50", "1.50"),
        ("string", "1e2", "1e2"),
        ("string", "1E+2", "1E+2"),
        ("string", "-1e-400", "-1e-400"),
        ("string", "0.0000001", "0.0000001"),
        ("string", "12345678901234567890.10", "12345678901234567890.10"),
        ("string", '{"Outer":{"Inner":[1e2,{"B":0.10}]},"a":1}', '{"outer":{"inner":[1e2,{"b":0.10}]},"a":1}'),
        ("string", '[{"Key":"Value"}]', '[{"key":"Value"}]'),
        ("int", '"0x1F"', 31),
        ("date", '"2026-06-03 10:11:12"', date(2026, 6, 3)),
        ("date", '"2026-06-03T10:11:12Z"', date(2026, 6, 3)),
        ("array<string>", '"a"', ["a"]),
        ("array<string>", "7", ["7"]),
        ("array<string>", "true", ["true"]),
        ("array<string>", '{"A":1}', ['{"a":1}']),
        ("array<array<int>>", "[1,[2,3]]", [[1], [2, 3]]),
        ("array<struct<a:int>>", '{"A":1}', [{"a": 1}]),
        ("map<string,array<int>>", '{"K":1}', [("k", [1])]),
        ("struct<name:string,age:int>", '["Zoe","9","more"]', {"name": "Zoe", "age": 9}),
        ("struct<name:string,age:int>", '["Zoe"]', {"name": "Zoe", "age": None}),
        ("struct<name:string,age:int>", "[null,9]", {"name": None, "age": 9}),
        ("struct<a:int>", "[]", {"a": None}),
        ("struct<a:int>", "{}", {"a": None}),
        ("struct<a:int>", '""', {"a": None}),
        ("array<int>", '""', None),
        ("map<string,int>", '""', None),
        ("array<int>", "[]", []),
        ("string", "true", "true"),
        ("string", '{"a":[1,null]}', '{"a":[1,null]}'),
        ("binary", '"é"', "é".encode()),
        ("date", '"2026-6-3"', date(2026, 6, 3)),
        ("array<int>", '["1",null,2]', [1, None, 2]),
        ("map<string,int>", '{"A":1,"b":null}', [("a", 1), ("b", None)]),
        ("map<int,string>", '{"1":"a"}', [(1, "a")]),
        ("struct<os:string,v:int>", '{"OS":"ios","other":1}', {"os": "ios", "v": None}),
    ],
)
def test_value_becomes_the_type(glue: str, text: str, expected: Any) -> None:
    value = converted(glue, text)
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("glue", "text", "why"),
    [
        ("int", "2147483648", "`2147483648` is no int"),
        ("tinyint", "128", "no tinyint"),
        ("int", "1.5", "no int"),
        ("int", "true", "no int"),
        ("int", '"one"', "`one` is no int"),
        ("int", '"\u0667"', "no int"),
        ("int", "1e999999999", "no int"),
        ("double", '"nan"', "no double"),
        ("double", "1e999", "no double"),
        ("double", "9" * 400, "no double"),
        ("double", "true", "no double"),
        ("float", "3.5e38", "no float"),
        ("decimal(4,2)", "123.4", "no decimal"),
        ("decimal(4,2)", "99.995", "no decimal"),
        ("decimal(4,2)", "false", "no decimal"),
        ("boolean", "1", "no boolean"),
        ("string", '"\\ud800"', "surrogate"),
        ("binary", "1", "no binary"),
        ("date", '"2026-02-30"', "no date"),
        ("array<int>", '"one"', "no int"),
        ("map<string,int>", "[1]", "no map"),
        ("map<int,int>", '{"a":1}', "`a` is no int"),
        ("struct<a:int>", "1", "no struct"),
        ("struct<a:int>", '"x"', "no struct"),
        ("struct<a:int>", '["x"]', "no int"),
        ("map<string,int>", "1", "no map"),
        ("map<string,int>", '"x"', "no map"),
        ("int", '"0xG"', "no int"),
        ("tinyint", '"0xFF"', "no tinyint"),
        ("date", '"2026-06-03x"', "no date"),
        ("struct<a:struct<b:int>>", '{"a":{"b":"x"}}', "a: b: `x` is no int"),
    ],
)
def test_value_that_does_not_fit_is_refused(glue: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        converted(glue, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"2017-02-07T15:13:01.39256Z"', micros(2017, 2, 7, 15, 13, 1) + 392_560),
        ('"2017-02-07 15:13:01.14"', micros(2017, 2, 7, 15, 13, 1) + 140_000),
        ('"2017-2-7 15:13:01"', micros(2017, 2, 7, 15, 13, 1)),
        ('"2017-02-07T15:13:01.123456789Z"', micros(2017, 2, 7, 15, 13, 1) + 123_456),
        ('"2017-02-07T15:13:01"', micros(2017, 2, 7, 15, 13, 1)),
        ('"2017-02-07T15:13:01+02:00"', micros(2017, 2, 7, 13, 13, 1)),
        ('"2017-02-07T15:13:01.5-0330"', micros(2017, 2, 7, 18, 43, 1) + 500_000),
        ("1518033528", 1518033528_000_000),
        ("1518033528123", 1518033528_123_000),
        ("1518033528.123", 1518033528_123_000),
        ("99999999999", 99999999999_000_000),
        ("1000000000000", 1000000000_000_000),
        ('"99999999999"', 99999999999_000_000),
        ("-1000", -1000_000_000),
        ('"2017-2-7 1:2:3"', micros(2017, 2, 7, 1, 2, 3)),
        ('"2017-02-30 00:00:00"', micros(2017, 3, 2)),
        ('"2020-02-30 00:00:00"', micros(2020, 3, 1)),
        ('"2017-02-07 25:61:61"', micros(2017, 2, 8, 2, 2, 1)),
        ('"1518033528123"', 1518033528_123_000),
        ('"1518033528.5"', 1518033528_500_000),
        ("0", 0),
        ("-1.5", -1_500_000),
        ('"1969-12-31T23:59:59.5Z"', -500_000),
    ],
)
def test_openx_reads_times(text: str, expected: int) -> None:
    assert converted("timestamp", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"yesterday"',
        '"2017-02-30T00:00:00Z"',
        '"2017-2-7T15:13:01Z"',
        '"2017-02-07T1:2:3Z"',
        '"2017-02-32 00:00:00"',
        '"2017-02-00 00:00:00"',
        '"2017-13-01 00:00:00"',
        '"9999-12-31 24:00:00"',
        '"2017-02-07"',
        '"07/02/2017 10:00:00"',
        '"2017-02-07T15:13:01+24:00"',
        '"0001-01-01T00:00:00+01:00"',
        "true",
        "{}",
        "1" * 30,
        "1518033528123.5",
    ],
)
def test_openx_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is no timestamp"):
        converted("timestamp", text)


@pytest.mark.parametrize(
    ("formats", "text", "expected"),
    [
        (("millis",), "1518033528123", 1518033528_123_000),
        (("dd/MM/yyyy", "millis"), '"07/02/2017"', micros(2017, 2, 7)),
        (("dd/MM/yyyy", "yyyy-MM-dd"), '"2017-02-07"', micros(2017, 2, 7)),
        ((), '"2017-2-07 15:13:01.5"', micros(2017, 2, 7, 15, 13, 1) + 500_000),
        ((), '"2017-02-30 1:2:3"', micros(2017, 3, 2, 1, 2, 3)),
        (("yyyy-MM-dd HH:mm:ss.SSSSSS",), '"2020-01-02 03:04:05.123456"', micros(2020, 1, 2, 3, 4, 5) + 123_000),
    ],
)
def test_hive_reads_times_by_its_formats(formats: tuple[str, ...], text: str, expected: int) -> None:
    assert converted("timestamp", text, Deserializer("hive", timestamp_formats=formats)) == expected


@pytest.mark.parametrize(
    ("formats", "text"),
    [
        ((), '"2017-02-07T15:13:01Z"'),
        ((), "1518033528123"),
        (("dd/MM/yyyy",), "1518033528123"),
        (("dd/MM/yyyy",), '"2017-02-07 15:13:01"'),
        (("millis",), "1518033528.5"),
        (("yyyy",), '"2017-02-07 15:13:01"'),
    ],
)
def test_hive_refuses_times_in_other_formats(formats: tuple[str, ...], text: str) -> None:
    with pytest.raises(ValueError, match="is no timestamp"):
        converted("timestamp", text, Deserializer("hive", timestamp_formats=formats))


@pytest.mark.parametrize(
    ("glue", "text"),
    [("int", '"1"'), ("double", '"1"'), ("decimal(4,2)", '"1"'), ("boolean", '"true"'), ("string", '{"inner":1}')],
)
def test_hive_makes_nothing_of_text_and_no_text_of_objects(glue: str, text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        converted(glue, text, HIVE)


@pytest.mark.parametrize(
    ("glue", "text", "why"),
    [
        ("array<string>", '"a"', "no array"),
        ("array<string>", '""', "no array"),
        ("array<struct<a:int>>", '{"a":1}', "no array"),
        ("map<string,array<int>>", '{"k":1}', "no array"),
        ("map<string,int>", '""', "no map"),
        ("struct<a:int>", "[1]", "no struct"),
        ("struct<a:int>", '""', "no struct"),
        ("int", "2147483647.5e1", "no int"),
        ("date", '"2026-06-03 10:11:12"', "no date"),
    ],
)
def test_hive_makes_no_array_and_no_struct_of_anything_else(glue: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        converted(glue, text, HIVE)


def test_hive_makes_text_of_numbers_and_reads_keys_of_maps() -> None:
    assert converted("string", "1.50", HIVE) == "1.50"
    assert converted("string", "1e2", HIVE) == "1e2"
    assert converted("map<int,int>", '{"1":2}', HIVE) == [(1, 2)]


@pytest.mark.parametrize(("text", "whole"), [("1.5", 1), ("-1.5", -1), ("0.1", 0), ("1e2", 100), ("7", 7)])
def test_hive_cuts_off_what_is_behind_the_point(text: str, whole: int) -> None:
    assert converted("int", text, HIVE) == whole


def test_hive_finds_columns_and_members_in_any_case_and_leaves_keys_of_maps() -> None:
    assert converted("struct<os:string>", '{"OS":"ios"}', HIVE) == {"os": "ios"}
    assert converted("map<string,int>", '{"Key":1}', HIVE) == [("Key", 1)]


def test_keys_are_as_they_stand_where_case_counts() -> None:
    exact = Deserializer(is_case_insensitive=False)
    assert converted("struct<os:string>", '{"OS":"ios"}', exact) == {"os": None}
    assert converted("map<string,int>", '{"Key":1,"key":2}', exact) == [("Key", 1), ("key", 2)]
    assert converted("string", '{"Key":1}', exact) == '{"Key":1}'


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ('{"a":1,"a":2}', OPENX),
        ('{"URL":1,"Url":2}', OPENX),
        ('{"deep":[{"k":{"A":1,"a":2}}]}', OPENX),
        ('{"a":1,"a":2}', Deserializer(is_case_insensitive=False)),
    ],
)
def test_openx_takes_no_key_twice(text: str, how: Deserializer) -> None:
    with pytest.raises(ValueError, match=r'Duplicate key "(a|url)"'):
        list(how.documents(text))


def test_hive_takes_the_last_of_two_keys() -> None:
    assert converted("map<string,int>", '{"a":1,"a":2}', HIVE) == [("a", 2)]


def test_dots_become_underscores_where_asked_for() -> None:
    dots = Deserializer(dots_to_underscores=True)
    assert converted("struct<a_b:int>", '{"A.B":1}', dots) == {"a_b": 1}
    assert converted("struct<a_b:int>", '{"A.B":1}') == {"a_b": None}


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-99_999_999, max_value=99_999_999, places=2))
def test_decimals_are_exact(value: Decimal) -> None:
    assert converted("decimal(10,2)", str(value)) == value


@given(st.datetimes(EPOCH.replace(year=1900), EPOCH.replace(year=2200)))
def test_every_time_comes_back(moment: datetime) -> None:
    text = json.dumps(moment.isoformat(timespec="microseconds") + "Z")
    assert EPOCH + timedelta(microseconds=converted("timestamp", text)) == moment
