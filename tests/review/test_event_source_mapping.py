"""What changes of event source mappings mean: position, failures, filters, capacity."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

MAPPING = "AWS::Lambda::EventSourceMapping"
CLICKS = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:clicks"
KAFKA = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-1"
DEAD = {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:111122223333:dead"}}}
BUCKET = {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::lost"}}}
RETRIES = {"MaximumRetryAttempts": 5}


def mapping(source: Any = CLICKS, **properties: Any) -> dict[str, Any]:
    position = {"StartingPosition": "LATEST"} if source != QUEUE else {}
    return {
        "Type": MAPPING,
        "Properties": {"EventSourceArn": source, "FunctionName": "fraud", **position, **properties},
    }


def changed(old: dict[str, Any], new: dict[str, Any]) -> Any:
    """What is said of the change of a template, given its resources."""
    parameters = {"Number": {"Type": "Number"}}
    before, after = (
        as_source({"Parameters": parameters, "Resources": resources}, "template.json") for resources in (old, new)
    )
    return review(before, after).remarks


def told(old: dict[str, Any], new: dict[str, Any], source: Any = CLICKS) -> list[tuple[str, str]]:
    """Codes and grades of a change of the properties of one mapping."""
    remarks = changed({"Reader": mapping(source, **old)}, {"Reader": mapping(source, **new)})
    return [(remark.code, remark.grade) for remark in remarks]


def filtered(*patterns: Any) -> dict[str, Any]:
    return {"FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, RETRIES, [("REV219", "danger")]),
        (DEAD, {**DEAD, **RETRIES}, [("REV220", "caution")]),
        ({}, {**DEAD, **RETRIES}, [("REV221", "fine"), ("REV221", "fine")]),
        ({**DEAD, **RETRIES}, {**DEAD, "MaximumRetryAttempts": 1}, [("REV220", "caution")]),
        (RETRIES, {"MaximumRetryAttempts": 50}, [("REV221", "fine")]),
        (RETRIES, {"MaximumRetryAttempts": -1}, [("REV222", "caution")]),
        (RETRIES, {"MaximumRetryAttempts": {"Ref": "Number"}}, [("REV220", "caution")]),
        ({"MaximumRetryAttempts": -1}, {}, []),
        ({}, {"MaximumRecordAgeInSeconds": 3600}, [("REV219", "danger")]),
        ({**RETRIES, "MaximumRecordAgeInSeconds": 3600}, RETRIES, [("REV221", "fine")]),
        ({**DEAD, **RETRIES}, RETRIES, [("REV219", "danger")]),
        ({**RETRIES}, {**DEAD, **RETRIES}, [("REV221", "fine")]),
        (DEAD, {}, [("REV222", "caution")]),
        ({**DEAD, **RETRIES}, {**BUCKET, **RETRIES}, [("REV223", "caution")]),
        ({"BisectBatchOnFunctionError": True, **DEAD, **RETRIES}, {**DEAD, **RETRIES}, [("REV224", "caution")]),
        ({"BisectBatchOnFunctionError": True, **RETRIES}, RETRIES, [("REV224", "danger")]),
        ({"BisectBatchOnFunctionError": True}, {"BisectBatchOnFunctionError": False}, [("REV224", "caution")]),
        ({}, {"BisectBatchOnFunctionError": True}, [("REV221", "fine")]),
        ({}, {"BisectBatchOnFunctionError": False}, []),
        ({"FunctionResponseTypes": ["ReportBatchItemFailures"]}, {}, [("REV225", "danger")]),
        ({}, {"FunctionResponseTypes": ["ReportBatchItemFailures"]}, [("REV221", "fine")]),
    ],
)
def test_records_that_fail(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(old, new) == expected


SALE = {"data": {"kind": ["sale"]}}
REFUND, FEE = ({"data": {"kind": [kind]}} for kind in ("refund", "fee"))
SALE_OR_REFUND = {"data": {"kind": ["sale", "refund"]}}
LARGE_SALE = {"data": {"kind": ["sale"], "amount": [{"numeric": [">", 100]}]}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, filtered(SALE), [("REV226", "danger")]),
        (filtered(SALE), {}, [("REV227", "caution")]),
        (filtered(SALE), filtered(SALE_OR_REFUND), [("REV227", "caution")]),
        (filtered(SALE_OR_REFUND), filtered(SALE), [("REV226", "danger")]),
        (filtered(SALE), filtered(LARGE_SALE), [("REV226", "danger")]),
        (filtered(LARGE_SALE), filtered(SALE), [("REV227", "caution")]),
        (filtered(SALE), filtered(SALE, {"data": {"kind": ["refund"]}}), [("REV227", "caution")]),
        (filtered(SALE, LARGE_SALE), filtered(LARGE_SALE, SALE), []),
        (filtered(SALE, REFUND), filtered(SALE_OR_REFUND), []),
        (filtered(SALE_OR_REFUND), filtered(REFUND, SALE), []),
        (filtered(SALE_OR_REFUND), filtered(SALE, FEE), [("REV226", "danger")]),
        (filtered(SALE_OR_REFUND), filtered(SALE, REFUND, FEE), [("REV227", "caution")]),
        (filtered(SALE, REFUND, FEE), filtered(SALE_OR_REFUND), [("REV226", "danger")]),
        (filtered({"data": {"id": list(range(2000))}}), filtered({"data": {"id": [*range(1, 2000), 0]}}), []),
        (filtered(SALE), filtered({"data": {"kind": ["refund"]}}), [("REV226", "danger")]),
        (
            filtered({"data": {"amount": [{"numeric": [">", 100]}]}}),
            filtered({"data": {"amount": [{"numeric": [">=", 100]}]}}),
            [("REV227", "caution")],
        ),
        (
            filtered({"data": {"amount": [{"numeric": [">=", 0, "<", 5]}]}}),
            filtered({"data": {"amount": [{"numeric": [">", 0, "<", 5]}]}}),
            [("REV226", "danger")],
        ),
        (
            filtered({"data": {"kind": [{"prefix": "sale"}]}}),
            filtered({"data": {"kind": ["sale.card"]}}),
            [("REV226", "danger")],
        ),
        (
            filtered({"data": {"kind": [{"exists": False}]}}),
            filtered({"data": {"kind": [{"exists": True}]}}),
            [("REV226", "danger")],
        ),
        (filtered({"data": {"kind": [{"exists": True}]}}), filtered(SALE), [("REV226", "danger")]),
        (filtered(SALE), {"FilterCriteria": {"Ref": "Number"}}, [("REV226", "caution")]),
    ],
)
def test_filters(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"Enabled": False}, [("REV217", "danger")]),
        ({"Enabled": False}, {"Enabled": True}, [("REV218", "fine")]),
        ({}, {"Enabled": True}, []),
        ({"ParallelizationFactor": 4}, {}, [("REV203", "caution")]),
        ({}, {"ParallelizationFactor": 4}, [("REV204", "fine")]),
        ({}, {"BatchSize": 100}, []),
        ({}, {"BatchSize": 500}, [("REV229", "fine")]),
        ({}, {"MaximumBatchingWindowInSeconds": 5}, [("REV229", "fine")]),
        ({"MaximumBatchingWindowInSeconds": 0}, {}, []),
        ({"TumblingWindowInSeconds": 60}, {}, [("REV230", "caution")]),
        ({}, {"MetricsConfig": {"Metrics": ["EventCount"]}}, [("REV210", "fine")]),
        ({"MetricsConfig": {"Metrics": ["EventCount"]}}, {}, [("REV209", "caution")]),
        ({"KmsKeyArn": "arn:a"}, {}, [("REV207", "caution")]),
        ({}, {"KmsKeyArn": "arn:a"}, [("REV208", "fine")]),
        ({}, {"Tags": [{"Key": "a", "Value": "b"}]}, [("REV117", "fine")]),
    ],
)
def test_how_it_reads(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"BatchSize": 10}, []),
        ({}, {"ScalingConfig": {"MaximumConcurrency": 5}}, [("REV203", "caution")]),
        ({"ScalingConfig": {"MaximumConcurrency": 5}}, {}, [("REV204", "fine")]),
        (
            {"ScalingConfig": {"MaximumConcurrency": 5}},
            {"ScalingConfig": {"MaximumConcurrency": 3}},
            [("REV203", "caution")],
        ),
        (
            {"ScalingConfig": {"MaximumConcurrency": 5}},
            {"ScalingConfig": {"MaximumConcurrency": 8}},
            [("REV204", "fine")],
        ),
    ],
)
def test_of_a_queue(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(old, new, QUEUE) == expected


def group(name: str, **registry: Any) -> dict[str, Any]:
    config = {"ConsumerGroupId": name, **({"SchemaRegistryConfig": registry} if registry else {})}
    return {"Topics": ["orders"], "AmazonManagedKafkaEventSourceConfig": config}


def pollers(**bounds: Any) -> dict[str, Any]:
    return {"Topics": ["orders"], "ProvisionedPollerConfig": bounds}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"Topics": ["orders"]}, {"Topics": ["orders-2"]}, [("REV232", "danger")]),
        (group("a"), group("b"), [("REV232", "danger")]),
        (group("a"), group("a", EventRecordFormat="JSON"), [("REV233", "caution")]),
        (group("a"), {**group("a"), "StartingPosition": "TRIM_HORIZON"}, [("REV216", "caution")]),
        ({"Topics": ["orders"]}, {"Topics": ["orders"], "StartingPosition": "TRIM_HORIZON"}, [("REV214", "danger")]),
        ({"Topics": ["orders"], **DEAD}, {"Topics": ["orders"]}, [("REV222", "caution")]),
        ({"Topics": ["orders"]}, pollers(MinimumPollers=2), [("REV204", "fine")]),
        (pollers(MinimumPollers=2), {"Topics": ["orders"]}, [("REV203", "caution")]),
        (
            pollers(MinimumPollers=2, MaximumPollers=9),
            pollers(MinimumPollers=1, MaximumPollers=9),
            [("REV203", "caution")],
        ),
        (pollers(MinimumPollers=2), pollers(MinimumPollers=2, MaximumPollers=50), [("REV203", "caution")]),
        (pollers(MinimumPollers=2), pollers(MinimumPollers=2, PollerGroupName="a"), [("REV229", "fine")]),
    ],
)
def test_of_kafka(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(old, new, KAFKA) == expected


@pytest.mark.parametrize(
    ("position", "follows"),
    [
        ("LATEST", "it starts at LATEST, so what was written before it runs is skipped"),
        ("TRIM_HORIZON", "it starts at TRIM_HORIZON, so all that is still kept is read again"),
    ],
)
def test_a_mapping_of_another_stream_begins_at_its_starting_position(position: str, follows: str) -> None:
    old = {"Reader": mapping(StartingPosition=position)}
    [remark] = changed(old, {"Reader": mapping(f"{CLICKS}-2", StartingPosition=position)})
    assert (remark.code, remark.grade, remark.about) == ("REV214", "danger", "position-reset")
    assert follows in remark.message
    assert "refuses" not in remark.message


def test_a_second_mapping_of_the_same_source_and_function_is_refused() -> None:
    [remark] = changed({"Reader": mapping()}, {"Reader": mapping(StartingPosition="TRIM_HORIZON")})
    assert remark.message.endswith("Lambda refuses it while the old one of the same source and function is there")


def test_a_stream_that_is_replaced_takes_its_mapping_along() -> None:
    reader = mapping({"Fn::GetAtt": ["Clicks", "Arn"]})
    old, new = (
        {"Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": name, "ShardCount": 1}}, "Reader": reader}
        for name in ("clicks", "clicks-2")
    )
    remarks = {remark.logical_id: remark for remark in changed(old, new)}
    assert remarks["Reader"].code == "REV214"
    assert "it reads Clicks, which is replaced" in remarks["Reader"].message


TOPIC = {"Topic": {"Type": "AWS::SNS::Topic"}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"Reader": mapping()}, {"Other": mapping()}, ["REV214"]),
        ({"Reader": mapping(QUEUE)}, {"Other": mapping(QUEUE)}, ["REV216"]),
        ({"Reader": mapping()}, TOPIC, ["REV215", "REV111"]),
        ({"Reader": mapping(QUEUE)}, TOPIC, ["REV215", "REV111"]),
        ({"Reader": {**mapping(), "DeletionPolicy": "Retain"}}, TOPIC, ["REV104", "REV111"]),
        (
            {"Reader": mapping(QUEUE, BatchSize=1)},
            {"Other": mapping(QUEUE, FunctionName="b", MaximumBatchingWindowInSeconds=5, BatchSize=2)},
            ["REV216", "REV111"],
        ),
    ],
)
def test_a_mapping_that_goes(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    assert [remark.code for remark in changed(old, new)] == expected


FUNCTION = {"Fraud": {"Type": "AWS::Lambda::Function", "Properties": {"Role": "r"}}}
FUNCTIONS = "arn:aws:lambda:eu-west-1:111122223333:function"
LIVE = {"Live": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Fraud"}, "Name": "live"}}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"Ref": "Fraud"}, {"Fn::GetAtt": ["Fraud", "Arn"]}, []),
        ({"Ref": "Fraud"}, {"Ref": "Live"}, ["REV231"]),
        ({"Ref": "Fraud"}, {"Fn::Sub": "${Fraud.Arn}:live"}, ["REV231"]),
        ({"Ref": "Live"}, {"Fn::Sub": "${Fraud.Arn}:live"}, []),
        ({"Fn::Sub": "${Fraud.Arn}:live"}, {"Fn::Sub": "${Fraud.Arn}:blue"}, ["REV231"]),
        ({"Ref": "Fraud"}, {"Fn::Sub": "${Fraud.Arn}:$LATEST"}, []),
        ("score", f"{FUNCTIONS}:score", []),
        ("score:live", f"{FUNCTIONS}:score:live", []),
        ({"Ref": "Fraud"}, "other", ["REV231"]),
    ],
)
def test_which_function_is_called(old: Any, new: Any, expected: list[str]) -> None:
    before, after = ({**FUNCTION, **LIVE, "Reader": mapping(FunctionName=name)} for name in (old, new))
    assert [remark.code for remark in changed(before, after)] == expected


NAMES = (
    *(
        "EventSourceArn",
        "FunctionName",
        "FilterCriteria",
        "DestinationConfig",
        "MaximumRetryAttempts",
        "BatchSize",
        "Topics",
    ),
    *(
        "ProvisionedPollerConfig",
        "ScalingConfig",
        "FunctionResponseTypes",
        "MetricsConfig",
        "LoggingConfig",
        "StartingPosition",
    ),
    *(
        "AmazonManagedKafkaEventSourceConfig",
        "SourceAccessConfigurations",
        "SelfManagedEventSource",
        "Enabled",
        "KmsKeyArn",
    ),
    *(
        "TumblingWindowInSeconds",
        "MaximumBatchingWindowInSeconds",
        "ParallelizationFactor",
        "BisectBatchOnFunctionError",
    ),
)


@pytest.mark.parametrize(
    "wrong", [[], {}, "x", None, 0, True, {"Ref": "Number"}, [{"Pattern": 1}], {"Filters": "x"}, [[]]]
)
@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_mapping_is_reviewed_all_the_same(name: str, wrong: Any) -> None:
    good = mapping(**RETRIES, **DEAD, **filtered(SALE))
    bad = {**good, "Properties": {**good["Properties"], name: wrong}}
    assert all(remark.code != "REV199" for remark in changed({"Reader": good}, {"Reader": bad}))
    assert all(remark.code != "REV199" for remark in changed({"Reader": bad}, {"Reader": good}))
