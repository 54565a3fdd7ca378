"""Functions that may run for longer than whoever calls them waits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import faults, resource


def delivery(function: Any) -> dict[str, Any]:
    parameters = [{"ParameterName": "LambdaArn", "ParameterValue": function}]
    processing = {"Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": parameters}]}
    return resource(
        "KinesisFirehose::DeliveryStream", ExtendedS3DestinationConfiguration={"ProcessingConfiguration": processing}
    )


def mapping(source: Any, **more: Any) -> dict[str, Any]:
    return resource("Lambda::EventSourceMapping", FunctionName={"Ref": "Load"}, EventSourceArn=source, **more)


KAFKA = "arn:aws:kafka:eu-west-1:111122223333:cluster/events/1"
ARN = {"Fn::GetAtt": ["Load", "Arn"]}


@pytest.mark.parametrize(
    ("timeout", "is_too_long"),
    [({"Timeout": 301}, True), ({"Timeout": 300}, False), ({}, False), ({"Timeout": {"Ref": "T"}}, False)],
)
@pytest.mark.parametrize("function", [ARN, {"Fn::Join": ["", [ARN, ":$LATEST"]]}])
def test_firehose_waits_for_five_minutes(timeout: dict[str, Any], is_too_long: bool, function: Any) -> None:
    found = faults({"Load": resource("Lambda::Function", **timeout), "Delivery": delivery(function)})
    assert [fault for fault in found if fault.startswith("AUD308")] == (["AUD308 Load"] if is_too_long else [])


@pytest.mark.parametrize(
    ("seconds", "reader", "is_too_long"),
    [
        (841, mapping(KAFKA, Topics=["loads"]), True),
        (840, mapping(KAFKA, Topics=["loads"]), False),
        (900, mapping("arn:aws:kinesis:eu-west-1:111122223333:stream/clicks", StartingPosition="LATEST"), False),
        (900, mapping(None, SelfManagedEventSource={}, Topics=["loads"]), True),
    ],
)
def test_a_function_that_reads_kafka_has_fourteen_minutes(
    seconds: int, reader: dict[str, Any], is_too_long: bool
) -> None:
    found = faults({"Load": resource("Lambda::Function", Timeout=seconds), "Reader": reader})
    assert [fault for fault in found if fault.startswith("AUD414")] == (["AUD414 Load"] if is_too_long else [])
