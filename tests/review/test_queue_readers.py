"""Queues that functions read: a second reader, a function that outlasts the queue; and events that nobody waits for."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 60}}
FILTER = {"Filters": [{"Pattern": '{"body": {"type": ["card"]}}'}]}


def function(timeout: int = 30) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "a.b", "Timeout": timeout}}


def mapping(source: Any = None, **more: Any) -> dict[str, Any]:
    arn = source or {"Fn::GetAtt": ["Q", "Arn"]}
    properties = {"FunctionName": {"Ref": "F"}, "EventSourceArn": arn, **more}
    return {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    sources = (as_source({"Resources": each}, "template") for each in (old, new))
    return [(remark.code, remark.grade) for remark in review(*sources).remarks]


BASE = {"Q": QUEUE, "F": function(), "M": mapping()}


def test_a_second_reader_shares_the_messages_of_a_queue() -> None:
    assert told(BASE, {**BASE, "M2": mapping(FunctionName="other")}) == [("REV228", "caution")]
    filtered = mapping(FunctionName="other", FilterCriteria=FILTER)
    assert told(BASE, {**BASE, "M2": filtered}) == [("REV228", "danger")]


def test_a_reader_of_a_queue_or_a_stream_of_its_own_is_new_and_no_more() -> None:
    stream = "arn:aws:kinesis:eu-west-1:111122223333:stream/a"
    for source in ({"Fn::GetAtt": ["Other", "Arn"]}, stream):
        assert told(BASE, {**BASE, "M2": mapping(source, FunctionName="other")}) == [("REV111", "fine")]
    one = {"M": mapping(stream, StartingPosition="LATEST")}
    two = {**one, "M2": mapping(stream, FunctionName="other", StartingPosition="LATEST")}
    assert told(one, two) == [("REV111", "fine")]


def test_a_function_that_newly_outlasts_its_queue_is_told() -> None:
    assert ("REV249", "caution") in told(BASE, {**BASE, "F": function(300)})
    assert told(BASE, {**BASE, "F": function(60)}) == [("REV237", "fine")]
    assert told({**BASE, "F": function(300)}, {**BASE, "F": function(400)}) == [("REV237", "fine")]
    lowered = {**BASE, "Q": {**QUEUE, "Properties": {"VisibilityTimeout": 20}}}
    assert "REV249" not in [code for code, _ in told(BASE, lowered)]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"MaximumRetryAttempts": 0}, ("REV219", "danger")),
        ({"MaximumEventAgeInSeconds": 60}, ("REV219", "danger")),
        ({"MaximumRetryAttempts": 2}, ("REV111", "fine")),
        ({"MaximumRetryAttempts": 0, "DestinationConfig": {"OnFailure": {"Destination": "arn"}}}, ("REV111", "fine")),
    ],
)
def test_a_new_configuration_of_events_differs_from_what_held_without(
    properties: dict[str, Any], expected: tuple[str, str]
) -> None:
    config = {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {"FunctionName": {"Ref": "F"}, **properties}}
    assert told(BASE, {**BASE, "I": config}) == [expected]
