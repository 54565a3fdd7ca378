"""Filters: what AWS refuses is refused where it stands, whatever word of the language says it, as a rehearsal refuses it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.event_source.event_filter import EventFilter, FilterPatternError
from streaming_constructs.spec import LambdaConsumerSpec, OnFailure, S3OnFailure
from streaming_constructs.spec.event_pattern import alternatives, combinations, conditions, has_choices, is_comparable
from streaming_constructs.spec.event_pattern_problems import pattern_problems, shown
from streaming_constructs.spec.finding import Finding, SpecError, dotted
from streaming_constructs.spec.read import edited

REFUSED: dict[str, tuple[Any, str]] = {
    # what it is: (the rules of a field, where the problem stands, seen from them)
    "number without end": ([float("inf")], "[0]"),
    "number that is none": ([float("nan")], "[0]"),
    "list in a list": ([[1]], "[0]"),
    "object without an operator": ([{}], "[0]"),
    "two operators": ([{"prefix": "x", "suffix": "y"}], "[0]"),
    "operator of EventBridge alone": ([{"wildcard": "x*"}], "[0]"),
    "operator in capitals": (["x", {"EXISTS": True}], "[1]"),
    "exists by a text": ([{"exists": "true"}], "[0].exists"),
    "prefix that is a number": ([{"prefix": 1}], "[0].prefix"),
    "list of suffixes": ([{"suffix": [".png"]}], "[0].suffix"),
    "text that ignores case in another way": ([{"equals-ignore-case": {"prefix": "x"}}], "[0].equals-ignore-case"),
    "anything but null": ([{"anything-but": None}], "[0].anything-but"),
    "anything but a truth": ([{"anything-but": True}], "[0].anything-but"),
    "anything but nothing": ([{"anything-but": []}], "[0].anything-but"),
    "anything but a text and null": ([{"anything-but": ["x", None]}], "[0].anything-but"),
    "anything but mixed types": ([{"anything-but": [1, "x"]}], "[0].anything-but"),
    "anything but an empty prefix": ([{"anything-but": {"prefix": ""}}], "[0].anything-but"),
    "anything but a suffix of any case": (
        [{"anything-but": {"suffix": {"equals-ignore-case": "x"}}}],
        "[0].anything-but",
    ),
    "one bound twice": ([{"numeric": [">", 0, ">", 0]}], "[0].numeric"),
    "upper bound first": ([{"numeric": ["<", 5, ">", 0]}], "[0].numeric"),
    "equality and a bound": ([{"numeric": ["=", 1, "<", 5]}], "[0].numeric"),
    "bound that there is not": ([{"numeric": ["!=", 5]}], "[0].numeric"),
    "range of nothing": ([{"numeric": [">", 5, "<", 0]}], "[0].numeric"),
    "range of one": ([{"numeric": [">=", 5, "<=", 5]}], "[0].numeric"),
    "bound without a number": ([{"numeric": [">", 0, "<"]}], "[0].numeric"),
    "bound that is a text": ([{"numeric": [">", "0"]}], "[0].numeric"),
    "number beyond those that are compared": ([{"numeric": ["<", 5_000_000_001]}], "[0].numeric"),
    "number longer than a double": ([{"numeric": ["<", 10**400]}], "[0].numeric"),
    "seven digits behind the point": ([{"numeric": [">", 0.0000001]}], "[0].numeric"),
}


def consumer(**fields: Any) -> LambdaConsumerSpec:
    return LambdaConsumerSpec(from_="clicks", code="handler", on_failure=OnFailure(destination=S3OnFailure()), **fields)


def findings(**fields: Any) -> list[Finding]:
    with pytest.raises(SpecError) as raised:
        consumer(**fields)
    return list(raised.value.findings)


@pytest.mark.parametrize(("rules", "where"), list(REFUSED.values()), ids=list(REFUSED))
def test_rules_that_aws_refuses_are_refused_where_they_stand(rules: Any, where: str) -> None:
    said = findings(filters=[{"data": {"a": {"b": rules}}}])
    assert [(finding.code, finding.dotted_path) for finding in said] == [("LAM504", f"filters[0].data.a.b{where}")]


@pytest.mark.parametrize(("rules", "where"), list(REFUSED.values()), ids=list(REFUSED))
def test_they_are_refused_in_the_short_form_too(rules: Any, where: str) -> None:
    said = findings(filter={"a": rules})
    assert [(finding.code, finding.dotted_path) for finding in said] == [("LAM504", f"filter.a{where}")]


@pytest.mark.parametrize(
    ("pattern", "where"),
    [
        ({}, "filters[0]"),
        ({"data": {}}, "filters[0].data"),
        ({"data": {"a": {}}}, "filters[0].data.a"),
        ({"data": {"a": []}}, "filters[0].data.a"),
        ({"data": {"a": {"b": "x"}}}, "filters[0].data.a.b"),
        ({"data": ["text"]}, "filters[0].data"),
        ({"data": {"$or": [{"a": [1]}, {}]}}, "filters[0].data.$or[1]"),
        ({"data": {"$or": [{"a": [1]}]}}, "filters[0].data.$or"),
        ({"data": {"$or": []}}, "filters[0].data.$or"),
    ],
)
def test_shapes_that_aws_refuses_are_refused(pattern: Any, where: str) -> None:
    said = findings(filters=[pattern])
    assert [(finding.code, finding.dotted_path) for finding in said] == [("LAM504", where)]


@pytest.mark.parametrize(
    ("pattern", "where"),
    [
        ({"city": ["Berlin"]}, "city"),
        ({"value": {"a": [1]}}, "value"),
        ({"$or": [{"data": {"a": [1]}}, {"city": ["Berlin"]}]}, "$or[1].city"),
    ],
)
def test_what_no_record_has_at_its_top_is_refused_for_a_stream(pattern: Any, where: str) -> None:
    told = consumer(filters=[pattern]).source_findings(None)
    assert [(finding.code, finding.dotted_path) for finding in told] == [("LAM504", f"filters[0].{where}")]


def test_bounds_in_the_wrong_order_are_turned_by_the_edit() -> None:
    (finding,) = findings(filters=[{"data": {"a": [{"numeric": ["<=", 5, ">", 0]}]}}])
    assert edited({"filters": [{"data": {"a": [{"numeric": ["<=", 5, ">", 0]}]}}]}, finding.edits) == {
        "filters": [{"data": {"a": [{"numeric": [">", 0, "<=", 5]}]}}]
    }
    assert '{numeric: [">", 0, "<=", 5]}' in finding.help


TAKEN: list[Any] = [
    *("x", "", 0, -1.5, 10**400, True, None),
    *({"exists": True}, {"exists": False}),
    *({"prefix": "x"}, {"suffix": {"equals-ignore-case": "x"}}, {"equals-ignore-case": "x"}),
    *({"anything-but": "x"}, {"anything-but": ["x", "y"]}, {"anything-but": 0}, {"anything-but": [0, 1.5]}),
    *({"anything-but": {"prefix": "x"}}, {"anything-but": {"suffix": ["x", "y"]}}),
    {"anything-but": {"equals-ignore-case": ["", "x"]}},
    *({"numeric": [operator, 5]} for operator in ("=", ">", ">=", "<", "<=")),
    {"numeric": [">=", -5_000_000_000, "<=", 5_000_000_000]},
    {"numeric": [">", 0.000001]},
]


@pytest.mark.parametrize("rule", TAKEN, ids=repr)
def test_rules_that_aws_takes_are_taken(rule: Any) -> None:
    assert consumer(filters=[{"data": {"a": [rule]}}]).filters == ({"data": {"a": [rule]}},)


def test_what_cannot_be_mended_by_another_order_has_no_edit() -> None:
    for words in ([">", 0, "<"], ["<", 5, ">", "x"], ["<", 0, ">", 5], 5):
        (finding,) = pattern_problems({"a": [{"numeric": words}]})
        assert (finding.path, finding.edits) == (("a", 0, "numeric"), ())


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((0, True), (0.1, True), (Decimal("0.1"), True), (2**53, True), (Decimal("1e22"), True)),
        *((2**53 + 1, False), (10**400, False), (Decimal("1e999999999"), False), (Decimal("1e-999999999"), False)),
        (Decimal("0.12345678901234567890"), False),
    ],
)
def test_a_number_is_compared_by_its_value_where_a_double_holds_it(number: Any, expected: bool) -> None:
    assert is_comparable(number) is expected


def test_decimals_are_shown_as_numbers() -> None:
    assert shown([Decimal("5.0"), Decimal("0.5"), Decimal(2**63)]) == "[5, 0.5, 9.223372036854776e+18]"


@pytest.mark.parametrize(
    "name",
    [
        *("exactly", "wildcard", "cidr", "anything-but", "equals-ignore-case", "exists", "numeric", "prefix", "suffix"),
        *("=", ">", ">=", "<", "<=", "regex", "not-wildcard", "not-equals-ignore-case"),
        *("ip-address-in-range", "ip-address-not-in-range"),
        *("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"),
    ],
)
def test_or_with_an_operator_is_a_field_of_that_name(name: str) -> None:
    assert not has_choices({"$or": [{name: [1]}, {"b": [1]}]})
    assert not has_choices({"$or": [{"a": {name: [1]}}, {"b": [1]}]})
    assert has_choices({name: [1], "a": {name: {"$or": [{"a": [1]}, {"b": [1]}]}}})


@pytest.mark.parametrize("value", [5, "ab", None, [], [{"a": [1]}], ["a", "b"], {"a": [1]}])
def test_or_that_lists_no_patterns_is_one_alternative(value: Any) -> None:
    assert combinations({"$or": value}) == 1


def test_or_that_lists_no_patterns_is_a_condition_on_a_field() -> None:
    assert [sorted(one) for one in alternatives({"data": {"$or": ["a", "b"], "c": [1]}})] == [["data.$or", "data.c"]]
    assert [one.field for one in conditions({"data": {"$or": ["a", "b"], "c": [1]}})] == ["data.$or", "data.c"]


@pytest.mark.parametrize("count", [9, 10])
def test_choices_multiply_to_a_thousand_at_most(count: int) -> None:
    pattern = {"data": {f"a{number}": {"$or": [{"x": [1]}, {"y": [1]}]} for number in range(count)}}
    assert combinations(pattern) == 2**count
    assert bool(list(pattern_problems(pattern))) == (2**count > 1000)


def test_a_pattern_without_end_is_refused_as_well() -> None:
    deep: Any = ["x"]
    for _ in range(100):
        deep = {"a": deep}
    assert [finding.path for finding in pattern_problems(deep)] == [()]
    assert list(pattern_problems({"a": deep["a"]["a"]["a"]})) == []


def test_an_account_may_have_ten_filters() -> None:
    ten = [{"data": {"a": [str(number)]}} for number in range(10)]
    assert consumer(filters=ten).filters == tuple(ten)
    assert [finding.code for finding in findings(filters=[*ten, {"data": {"a": ["x"]}}])] == ["LNG204"]


def test_conditions_stand_where_the_pattern_says_them() -> None:
    pattern = {"data": {"a.b": [1], "$or": [{"c": {"d": ["x"]}}, {"e": [{"exists": True}]}]}, "partitionKey": ["k"]}
    assert [(one.field, dotted(one.path)) for one in conditions(pattern)] == [
        ("data.a.b", "data.a.b"),
        ("data.c.d", "data.$or[0].c.d"),
        ("data.e", "data.$or[1].e"),
        ("partitionKey", "partitionKey"),
    ]
    assert [sorted(one) for one in alternatives(pattern)] == [
        ["data.a.b", "data.c.d", "partitionKey"],
        ["data.a.b", "data.e", "partitionKey"],
    ]


RULES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "x", ">", "<", "="]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["a", "$or", "numeric", "prefix", "anything-but", "exists"]), inner, max_size=2
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "$or"]), RULES, max_size=3))
def test_a_rehearsal_refuses_what_is_refused_here_and_no_more(rules: dict[str, Any]) -> None:
    pattern = {"data": rules}
    refused = any(finding.code == "LAM504" for finding in _said(pattern))
    with suppress(FilterPatternError):
        EventFilter([pattern])
        assert not refused
        return
    assert refused


def _said(pattern: Any) -> tuple[Finding, ...]:
    try:
        consumer(filters=[pattern])
    except SpecError as error:
        return error.findings
    return ()
