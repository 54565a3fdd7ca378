"""Filter patterns: every operator that Lambda lists, and data that is no JSON.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.local.event_source.event_filter import EventFilter, FilterPatternError, parsed_pattern
from streaming_constructs.local.kinesis.record import Record


def record(data: bytes | str | dict[str, Any], key: str = "customer-1") -> Record:
    text = json.dumps(data) if isinstance(data, dict) else data
    return Record("shardId-000000000000", 7, key, text if isinstance(text, bytes) else text.encode(), 1545084650.987)


def passes(pattern: dict[str, Any], data: bytes | str | dict[str, Any]) -> bool:
    return EventFilter([parsed_pattern(json.dumps(pattern))]).passes(record(data))


@pytest.mark.parametrize(
    ("rule", "matching", "others"),
    [
        (None, ["null"], ['"null"', '""', "0", "false", "{}", "[]"]),
        ("", ['""'], ["null", '" "']),
        ("Alice", ['"Alice"', '["Bob", "Alice"]', '[["Alice"]]'], ['"alice"', '"Alice "', '["Bob"]', '{"a": "Alice"}']),
        (True, ["true"], ["false", "1", '"true"']),
        (1, ["1", "1.0", "10e-1"], ["true", '"1"', "2"]),
        (0, ["0", "-0", "-0.0", "0e5"], ["1", "null", '"0"']),
        (9007199254740993, ["9007199254740993"], ["9007199254740992", "9007199254740993.0"]),
        ({"equals-ignore-case": "alice"}, ['"ALICE"', '"alice"'], ['"alic"', "1", "null"]),
        ({"equals-ignore-case": "\u00e9t\u00e9"}, ['"\u00c9T\u00c9"'], ['"ete"']),
        ({"equals-ignore-case": "i\u0307"}, ['"I\u0307"'], ['"\u0130"']),
        ({"prefix": "us-"}, ['"us-east-1"', '"us-"'], ['"eu-us-"', '"US-east-1"', "1"]),
        ({"prefix": {"equals-ignore-case": "US-"}}, ['"us-east-1"'], ['"eu-west-1"']),
        ({"suffix": ".png"}, ['"a.png"'], ['"a.png.zip"', '"a.PNG"', "null"]),
        ({"suffix": {"equals-ignore-case": ".png"}}, ['"a.PNG"'], ['"a.gif"']),
        ({"anything-but": "rain"}, ['"sun"', "null", "1", '["rain", "sun"]'], ['"rain"', '["rain"]', "{}", "[]"]),
        ({"anything-but": ["rain", "hail"]}, ['"sun"'], ['"rain"', '"hail"']),
        ({"anything-but": [100, 200]}, ["300", '"100"'], ["100", "200", "100.0", "2e2"]),
        ({"anything-but": {"prefix": "init"}}, ['"running"', "1"], ['"initializing"']),
        ({"anything-but": {"prefix": ["init", "stop"]}}, ['"running"'], ['"stopped"', '"initializing"']),
        ({"anything-but": {"suffix": ".txt"}}, ['"a.png"'], ['"a.txt"']),
        ({"anything-but": {"equals-ignore-case": ["Rain"]}}, ['"sun"'], ['"RAIN"']),
        ({"numeric": ["=", 100]}, ["100", "100.0", "1e2"], ["101", '"100"', "true"]),
        ({"numeric": [">", 10, "<=", 20]}, ["10.5", "20"], ["10", "20.1", "null"]),
        ({"numeric": ["<", 0.3]}, ["0.29"], ["0.3"]),
        ({"numeric": [">=", 5]}, ["5"], ["4.99"]),
        ({"numeric": [">", 0]}, ["9007199254740992"], ["9007199254740993", "1e400", "1e9999999"]),
        ({"exists": True}, ["1", "null", '""', "[0]"], ["{}", '{"b": 1}', "[]"]),
        ({"exists": False}, ["{}", '{"b": 1}', "[]"], ["1", "null"]),
    ],
)
def test_a_rule_matches_these_values_and_no_others(rule: Any, matching: list[str], others: list[str]) -> None:
    found = {value: passes({"data": {"a": [rule]}}, f'{{"a": {value}}}') for value in (*matching, *others)}
    assert found == dict.fromkeys(matching, True) | dict.fromkeys(others, False)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("x", False), (None, False), ({"anything-but": "x"}, False), ({"exists": True}, False), ({"exists": False}, True)],
)
def test_of_a_field_that_is_not_there_only_its_absence_matches(rule: Any, expected: Any) -> None:
    assert passes({"data": {"a": {"b": [rule]}}}, '{"c": 1}') is expected


@pytest.mark.parametrize("written", ["3.0e2", "300", "300.0"])
def test_numbers_are_equal_when_their_values_are(written: str) -> None:
    numbers = EventFilter([parsed_pattern(f'{{"data": {{"a": [{written}]}}}}')])
    values = ("3.0e2", "300", "300.0", "300.5", '"300"')
    assert [numbers.passes(record(f'{{"a": {one}}}')) for one in values] == [True, True, True, False, False]


def test_numbers_of_a_pattern_in_python_are_compared_alike() -> None:
    numbers = EventFilter([{"data": {"a": [300, 0.5]}}])
    assert [numbers.passes(record(f'{{"a": {one}}}')) for one in ("300", "0.50", "300.0", "1")] == [
        *(True, True, True),
        False,
    ]


@pytest.mark.parametrize(
    ("pattern", "data"),
    [
        ({"state.status": ["on"]}, {"state": {"status": "on"}}),
        ({"state": {"status": ["on"]}}, {"state.status": "on"}),
        ({"a.b.c": ["on"]}, {"a": {"b.c": "on"}}),
        ({"a": {"b": {"c": ["on"]}}}, {"a.b": {"c": "on"}}),
        ({"a.b": ["on"]}, {"a": {"b": "off"}, "a.b": "on"}),
        ({"items.name": ["pen"]}, {"items": [{"name": "book"}, {"name": "pen"}]}),
    ],
)
def test_a_dot_in_a_name_is_one_between_two(pattern: dict[str, Any], data: dict[str, Any]) -> None:
    assert passes({"data": pattern}, data)
    assert not passes({"data": pattern}, {"a": "on", "status": "on", "b": {"c": "on"}, "name": "pen"})


def test_a_dotted_name_is_not_absent_where_the_nested_one_is_there() -> None:
    assert not passes({"data": {"a.b": [{"exists": False}]}}, {"a": {"b": 1}})
    assert not passes({"data": {"a": {"b": [{"exists": False}]}}}, {"a.b": 1})


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"name": "pen"}, {"name": "book"}], True),
        ([{"name": "pen"}, {"name": "pen", "price": 1}], True),
        ([{"name": "pen", "price": 1}, {"name": "book"}], False),
    ],
)
def test_of_a_list_of_objects_the_one_that_matches_may_lack_a_field(items: list[dict[str, Any]], expected: Any) -> None:
    assert passes({"data": {"items": {"name": ["pen"], "price": [{"exists": False}]}}}, {"items": items}) is expected


def test_a_field_that_one_object_of_a_list_has_is_not_absent_by_itself() -> None:
    absent = {"data": {"items": {"price": [{"exists": False}]}}}
    assert [passes(absent, {"items": items}) for items in ([{"a": 1}, {"price": 1}], [{"a": 1}], [])] == [
        *(False, True),
        True,
    ]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"a": [1]}, [False, True, False]),
        (["a", "b"], [False, False, True]),
        ([{"prefix": "a"}, {"exists": False}], [True, True, True]),
    ],
)
def test_or_that_joins_no_patterns_is_the_name_of_a_field(named: Any, expected: list[bool]) -> None:
    assert [passes({"data": {"$or": named}}, data) for data in ({"a": 1}, {"$or": {"a": 1}}, {"$or": "a"})] == expected


def test_a_number_longer_than_a_double_is_itself() -> None:
    long = 10**400
    assert [passes({"data": {"a": [long]}}, {"a": value}) for value in (long, long + 1, 1)] == [True, False, False]


def test_what_is_said_twice_of_one_field_is_what_is_said_last() -> None:
    pattern = {"data": {"a": {"b": [1]}, "a.b": [2]}}
    assert [passes(pattern, {"a": {"b": value}}) for value in (1, 2)] == [False, True]


def test_fields_are_joined_by_and_values_by_or() -> None:
    pattern = {"data": {"city": ["New York", "Seattle"], "day": ["Monday"]}}
    assert passes(pattern, {"city": "Seattle", "day": "Monday"})
    assert not passes(pattern, {"city": "Seattle", "day": "Sunday"})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"kind": "buy", "city": "New York"}, True),
        ({"kind": "buy", "day": "Monday"}, True),
        ({"kind": "buy", "day": "Sunday"}, False),
        ({"kind": "sell", "day": "Monday"}, False),
    ],
)
def test_or_joins_several_fields(data: dict[str, str], expected: Any) -> None:
    either = [{"city": ["New York"]}, {"day": ["Monday"]}]
    assert passes({"data": {"kind": ["buy"], "$or": either}}, data) is expected


def test_of_a_list_of_objects_one_has_to_match_all() -> None:
    pattern = {"data": {"items": {"name": ["pen"], "price": [{"numeric": ["<", 5]}]}}}
    pen, book = {"name": "pen", "price": 9}, {"name": "book", "price": 3}
    assert not passes(pattern, {"items": [pen, book]})
    assert passes(pattern, {"items": [pen, {"name": "pen", "price": 3}]})


def test_a_record_that_matches_one_of_several_patterns_passes() -> None:
    either = EventFilter([{"data": {"a": [1]}}, {"data": {"a": [2]}}])
    assert [either.passes(record({"a": value})) for value in (1, 2, 3)] == [True, True, False]


def test_without_patterns_every_record_passes() -> None:
    assert EventFilter([]).passes(record(b"\xff"))


@pytest.mark.parametrize(
    "data", [b"plain text", b"", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1e99999999999999999999}']
)
def test_data_that_is_no_json_is_dropped_where_a_pattern_is_about_data(data: bytes) -> None:
    assert not passes({"data": {"other": [{"exists": False}]}}, data)


def test_data_that_is_no_json_is_no_matter_where_no_pattern_is_about_data() -> None:
    assert passes({"partitionKey": ["customer-1"]}, b"plain text")
    assert not passes({"partitionKey": ["customer-2"]}, b"plain text")


def test_data_that_is_no_json_passes_by_a_pattern_that_is_not_about_data() -> None:
    either = EventFilter([{"data": {"a": [{"exists": False}]}}, {"partitionKey": ["customer-1"]}])
    assert [either.passes(record("plain", key)) for key in ("customer-1", "customer-2")] == [True, False]


@pytest.mark.parametrize("data", ["5", '"text"', "[]", "null"])
def test_json_that_is_no_object_has_no_fields(data: str) -> None:
    assert not passes({"data": {"a": [{"exists": True}]}}, data)
    assert passes({"data": {"a": [{"exists": False}]}}, data)


@pytest.mark.parametrize(
    "pattern",
    [
        {"partitionKey": [{"prefix": "customer-"}]},
        {"sequenceNumber": ["7"]},
        {"kinesisSchemaVersion": ["1.0"]},
        {"approximateArrivalTimestamp": [{"numeric": ["=", 1545084650.987]}]},
        {"$or": [{"partitionKey": ["nobody"]}, {"data": {"a": [1]}}]},
    ],
)
def test_other_fields_of_a_record_may_be_named(pattern: dict[str, Any]) -> None:
    assert passes(pattern, {"a": 1})


@pytest.mark.parametrize(
    "pattern",
    [
        {"data": ["text"]},
        {"$or": [{"data": ["text"]}, {"partitionKey": ["a"]}]},
        {"data": {"a": "bare"}},
        {"data": {"a": []}},
        {"data": {"a": [[1]]}},
        {"data": {"a": [{}]}},
        {"data": {"a": [{"prefix": "x", "suffix": "y"}]}},
        {"data": {"a": [{"prefix": 1}]}},
        {"data": {"a": [{"prefix": {"suffix": "x"}}]}},
        {"data": {"a": [{"equals-ignore-case": {"equals-ignore-case": "x"}}]}},
        {"data": {"a": [{"wildcard": "x*"}]}},
        {"data": {"a": [{"cidr": "10.0.0.0/24"}]}},
        {"data": {"a": [{"exists": "yes"}]}},
        {"data": {"a": [{"anything-but": {"numeric": ["=", 1]}}]}},
        {"data": {"a": [{"anything-but": {"prefix": "x", "suffix": "y"}}]}},
        {"data": {"a": [{"numeric": []}]}},
        {"data": {"a": [{"numeric": [">"]}]}},
        {"data": {"a": [{"numeric": [">", 1, "<"]}]}},
        {"data": {"a": [{"numeric": ["!=", 1]}]}},
        {"data": {"a": [{"numeric": [">", "1"]}]}},
        {"data": {"a": [{"numeric": ">"}]}},
        {"$or": [{"partitionKey": ["a"]}]},
        {"$or": "a"},
        {"$or": []},
        {"$or": [{"data": {"a": [1]}}, {}]},
        {},
        {"data": {}},
        {"data": {"a": {}}},
        {"data": {"a": {"b": 1}}},
        {"data": {"a": [{"exists": 1}]}},
        {"data": {"a": [{"EXISTS": True}]}},
        {"data": {"a": [{"exactly": "a"}]}},
        {"data": {"a": [{"equals-ignore-case": ["a"]}]}},
        {"data": {"a": [{"prefix": ["a"]}]}},
        {"data": {"a": [{"anything-but": None}]}},
        {"data": {"a": [{"anything-but": True}]}},
        {"data": {"a": [{"anything-but": []}]}},
        {"data": {"a": [{"anything-but": ["x", None]}]}},
        {"data": {"a": [{"anything-but": [1, "x"]}]}},
        {"data": {"a": [{"anything-but": {}}]}},
        {"data": {"a": [{"anything-but": {"exists": True}}]}},
        {"data": {"a": [{"anything-but": {"prefix": ""}}]}},
        {"data": {"a": [{"anything-but": {"suffix": ""}}]}},
        {"data": {"a": [{"anything-but": {"suffix": ["x", ""]}}]}},
        {"data": {"a": [{"anything-but": {"prefix": 1}}]}},
        {"data": {"a": [{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}]}},
        {"data": {"a": [{"anything-but": {"suffix": {"equals-ignore-case": "x"}}}]}},
        {"data": {"a": [{"anything-but": 9007199254740993}]}},
        {"data": {"a": [{"numeric": [">", 0, ">", 0]}]}},
        {"data": {"a": [{"numeric": ["<", 5, ">", 0]}]}},
        {"data": {"a": [{"numeric": [">", 5, "<", 0]}]}},
        {"data": {"a": [{"numeric": [">=", 5, "<=", 5]}]}},
        {"data": {"a": [{"numeric": ["=", 1, "<", 5]}]}},
        {"data": {"a": [{"numeric": [">", 1, "<", 3, "=", 2]}]}},
        {"data": {"a": [{"numeric": ["=", True]}]}},
        {"data": {"a": [{"numeric": ["=", 9007199254740993]}]}},
        {"data": {"a": [{"numeric": ["<", 5000000001]}]}},
        {"data": {"a": [{"numeric": [">", -5000000001]}]}},
        {"data": {"a": [{"numeric": ["=", 0.1234567]}]}},
        {"data": {f"a{number}": {"$or": [{"x": [1]}, {"y": [1]}]} for number in range(10)}},
    ],
)
def test_a_pattern_that_lambda_does_not_take_is_refused(pattern: dict[str, Any]) -> None:
    with pytest.raises(FilterPatternError):
        EventFilter([pattern])


@pytest.mark.parametrize("text", ["plain", "[1]", "", '"text"'])
def test_a_pattern_that_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(FilterPatternError, match="a JSON object"):
        parsed_pattern(text)
