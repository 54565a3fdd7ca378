"""Lines of metrics are documents of the embedded metric format, as AWS specifies it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.facts import emf
from streaming_constructs.producer import Counts, EmfMetrics

NAMED = {"type": "string", "minLength": 1, "maxLength": emf.METRIC_NAME_CHARACTERS.maximum}
METRIC = {
    "type": "object",
    "required": ["Name"],
    "properties": {
        "Name": NAMED,
        "Unit": {"enum": ["Count", "Bytes", "Milliseconds"]},
        "StorageResolution": {"enum": [1, 60]},
    },
    "additionalProperties": False,
}
DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "properties": {
        "Namespace": {"type": "string", "minLength": 1, "maxLength": emf.NAMESPACE_CHARACTERS.maximum},
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "array", "maxItems": emf.DIMENSIONS.maximum, "items": {"type": "string"}},
        },
        "Metrics": {"type": "array", "maxItems": emf.METRICS.maximum, "items": METRIC},
    },
    "additionalProperties": False,
}
DOCUMENT = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {"type": "array", "items": DIRECTIVE},
            },
        }
    },
}


def checked(line: str) -> dict[str, Any]:
    """A line, which has all that it refers to: dimensions are text, metrics are numbers or up to 100 of them."""
    assert "\n" not in line
    document: dict[str, Any] = json.loads(line)
    jsonschema.validate(document, DOCUMENT)
    for directive in document["_aws"]["CloudWatchMetrics"]:
        assert all(isinstance(document[name], str) for names in directive["Dimensions"] for name in names)
        for metric in directive["Metrics"]:
            value = document[metric["Name"]]
            values = value if isinstance(value, list) else [value]
            assert 1 <= len(values) <= emf.VALUES.value
            assert all(isinstance(each, int | float) for each in values)
    return document


def metrics(lines: list[str], **named: Any) -> EmfMetrics:
    return EmfMetrics(write=lines.append, wall=lambda: 1_790_000_000.1234, **named)


def test_a_line_tells_what_happened_since_the_one_before() -> None:
    lines: list[str] = []
    one = metrics(lines)
    one.request_took(12.3456)
    one.write(Counts(accepted=5, delivered=3, buffered_records=2, buffered_bytes=20, requests=1), "clicks", 0.0)
    one.write(Counts(accepted=7, delivered=6, failed=1, refused=4, unanswered=2, requests=3), "clicks", 60.0)
    first, second = map(checked, lines)
    assert first["_aws"]["Timestamp"] == 1_790_000_000_123
    assert first["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "StreamingProducers"
    assert first["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["StreamName"]]
    assert (first["StreamName"], first["RecordsAccepted"], first["RecordsBuffered"]) == ("clicks", 5, 2)
    assert first["RequestLatency"] == [12.346]
    assert {name: value for name, value in second.items() if value and name != "_aws"} == {
        "StreamName": "clicks",
        "RecordsAccepted": 2,
        "RecordsDelivered": 3,
        "RecordsFailed": 1,
        "RecordsRefused": 4,
        "RecordsUnanswered": 2,
        "Requests": 2,
    }


def test_nothing_is_written_when_nothing_happened() -> None:
    lines: list[str] = []
    one = metrics(lines)
    one.write(Counts(), "clicks", 0.0)
    assert (lines, one.due_at(Counts(), 0.0)) == ([], None)


def test_a_line_is_due_so_long_after_the_one_before() -> None:
    one = metrics([], every_seconds=10)
    assert one.due_at(Counts(accepted=1), 5.0) == 15.0
    one.write(Counts(accepted=1), "clicks", 15.0)
    assert one.due_at(Counts(accepted=2), 16.0) == 25.0


@given(st.lists(st.floats(0, 10**6), max_size=120))
def test_an_array_of_latencies_has_a_hundred_at_most(latencies: list[float]) -> None:
    lines: list[str] = []
    one = metrics(lines)
    for latency in latencies:
        one.request_took(latency)
    one.write(Counts(accepted=1), "clicks", 0.0)
    told = checked(lines[0]).get("RequestLatency", [])
    assert len(told) == min(len(latencies), 100)
    assert set(told) <= {round(latency, 3) for latency in latencies}


def test_dimensions_are_chosen() -> None:
    lines: list[str] = []
    metrics(lines, namespace="Shop", dimensions={"Service": "checkout", "Stage": "prod"}).write(
        Counts(accepted=1), "clicks", 0.0
    )
    document = checked(lines[0])
    assert document["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Service", "Stage"]]
    assert (document["Service"], document["Stage"], "StreamName" in document) == ("checkout", "prod", False)


def test_standard_output_takes_lines(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics().write(Counts(accepted=1), "clicks", 0.0)
    assert checked(capsys.readouterr().out.removesuffix("\n"))["RecordsAccepted"] == 1


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"namespace": ""}, "1 to 1,024 characters"),
        ({"dimensions": {str(number): "x" for number in range(31)}}, "up to 30"),
        ({"dimensions": {"Service": "café"}}, "'café' is not"),
        ({"dimensions": {"Service": " "}}, "' ' is not"),
        ({"dimensions": {"Requests": "x"}}, "'Requests' is no name"),
    ],
)
def test_what_cloudwatch_would_not_take_is_refused(named: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        EmfMetrics(**named)
