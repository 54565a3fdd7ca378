"""What changes of tables mean, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review

KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}
ON_DEMAND = {**KEY, "BillingMode": "PAY_PER_REQUEST"}
KINDS = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def resources(kind: str, properties: Any, **others: Any) -> Any:
    return as_source({"Resources": {"Orders": {"Type": kind, "Properties": properties}, **others}}, "t.json")


def remarks(before: Any, after: Any, kind: str = KINDS[0], **others: Any) -> tuple[Remark, ...]:
    return tuple(review(resources(kind, before, **others), resources(kind, after, **others)).remarks)


def told(before: Any, after: Any, kind: str = KINDS[0]) -> set[tuple[str, str]]:
    return {(remark.code, remark.grade) for remark in remarks(before, after, kind)}


def expiry(attribute: str, *, enabled: Any = True) -> Any:
    return {"TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled}}


def stream(view: str, **more: Any) -> Any:
    return {"StreamSpecification": {"StreamViewType": view, **more}}


def recovery(days: int | None = None, *, enabled: bool = True) -> Any:
    period = {} if days is None else {"RecoveryPeriodInDays": days}
    return {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": enabled, **period}}


def key(name: str | None = None, *, enabled: bool = True) -> Any:
    return {"SSESpecification": {"SSEEnabled": enabled, **({} if name is None else {"KMSMasterKeyId": name})}}


def sink(arn: str, precision: str = "MILLISECOND") -> Any:
    return {"KinesisStreamSpecification": {"StreamArn": arn, "ApproximateCreationDateTimePrecision": precision}}


def index(name: str, projection: Any = None, **more: Any) -> Any:
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "Projection": projection or {"ProjectionType": "ALL"},
        **more,
    }


def indexes(*each: Any) -> Any:
    return {"GlobalSecondaryIndexes": list(each)}


def units(reads: Any, writes: Any) -> Any:
    return {"ProvisionedThroughput": {"ReadCapacityUnits": reads, "WriteCapacityUnits": writes}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, expiry("expires"), {("REV250", "danger")}),
        (expiry("expires"), expiry("gone"), {("REV250", "danger")}),
        ({}, expiry("expires", enabled={"Ref": "Unknown"}), {("REV250", "caution")}),
        (expiry("expires"), {}, {("REV251", "caution")}),
        (expiry("a", enabled=False), expiry("b", enabled=False), set()),
        (stream("NEW_IMAGE"), {}, {("REV252", "danger")}),
        (stream("NEW_IMAGE"), stream("OLD_IMAGE"), {("REV252", "danger")}),
        ({}, stream("NEW_IMAGE"), {("REV253", "fine")}),
        (recovery(), {}, {("REV254", "caution")}),
        (recovery(), recovery(7), {("REV254", "caution")}),
        (recovery(7), recovery(), {("REV256", "fine")}),
        ({}, recovery(), {("REV256", "fine")}),
        (recovery(), recovery(35), set()),
        ({"DeletionProtectionEnabled": True}, {}, {("REV255", "caution")}),
        ({}, {"DeletionProtectionEnabled": "true"}, {("REV256", "fine")}),
        ({}, {"DeletionProtectionEnabled": False}, set()),
        (key("alias/a"), {}, {("REV257", "danger")}),
        (key("alias/a"), key(enabled=False), {("REV257", "danger")}),
        (key("alias/a"), key(), {("REV258", "caution")}),
        ({}, key(), {("REV259", "fine")}),
        (key(), key("alias/aws/dynamodb"), set()),
        (sink("arn:a"), {}, {("REV267", "danger")}),
        (sink("arn:a"), sink("arn:b"), {("REV267", "danger")}),
        ({}, sink("arn:a"), {("REV253", "fine")}),
        (sink("arn:a"), sink("arn:a", "MICROSECOND"), {("REV269", "caution")}),
        ({"ContributorInsightsSpecification": {"Enabled": True}}, {}, {("REV268", "caution")}),
        ({}, {"ContributorInsightsSpecification": {"Enabled": True}}, {("REV276", "fine")}),
        ({}, {"TableClass": "STANDARD_INFREQUENT_ACCESS"}, {("REV276", "fine")}),
        ({}, {"TableClass": "STANDARD"}, set()),
        (
            stream("NEW_IMAGE"),
            stream("NEW_IMAGE", ResourcePolicy={"PolicyDocument": {"a": 1}}),
            {("REV269", "caution")},
        ),
    ],
)
def test_what_a_table_is(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told({**ON_DEMAND, **before}, {**ON_DEMAND, **after}) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (indexes(index("a")), {}, {("REV260", "caution")}),
        ({}, indexes(index("a")), {("REV261", "fine")}),
        (indexes(index("a"), index("b")), indexes(index("b"), index("a")), set()),
        (indexes(index("a")), indexes(index("b")), {("REV262", "danger"), ("REV260", "caution"), ("REV261", "fine")}),
        (indexes(index("a")), indexes(index("a", {"ProjectionType": "KEYS_ONLY"})), {("REV262", "danger")}),
        (
            indexes(index("a", {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]})),
            indexes(index("a", {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["y", "x"]})),
            set(),
        ),
        (indexes(index("a", **units(5, 5))), indexes(index("a", **units(5, 4))), {("REV263", "caution")}),
        (indexes(index("a")), {"GlobalSecondaryIndexes": {"Ref": "Unknown"}}, {("REV260", "caution")}),
        ({}, {"LocalSecondaryIndexes": [index("a")]}, {("REV262", "danger")}),
    ],
)
def test_indices(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told({**KEY, **units(5, 5), **before}, {**KEY, **units(5, 5), **after}) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (units(10, 10), units(10, 5), {("REV263", "caution")}),
        (units(10, 10), units(20, 10), {("REV264", "fine")}),
        (units(10, 10), units("10", 10.0), set()),
        (units(10, 10), units({"Ref": "Unknown"}, 10), {("REV263", "caution")}),
        (units(10, 10), {"BillingMode": "PAY_PER_REQUEST"}, {("REV265", "caution")}),
        (
            {"BillingMode": "PAY_PER_REQUEST"},
            {"BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": {"MaxWriteRequestUnits": 100}},
            {("REV263", "caution")},
        ),
        (
            {"BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": {"MaxWriteRequestUnits": 100}},
            {"BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": {"MaxWriteRequestUnits": -1}},
            {("REV264", "fine")},
        ),
        (
            {"BillingMode": "PAY_PER_REQUEST"},
            {"BillingMode": "PAY_PER_REQUEST", "WarmThroughput": {"ReadUnitsPerSecond": 20000}},
            {("REV264", "fine")},
        ),
    ],
)
def test_capacity(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told({**KEY, **before}, {**KEY, **after}) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_another_key_replaces_a_table(kind: str) -> None:
    other = {
        "KeySchema": [{"AttributeName": "shop", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "shop", "AttributeType": "S"}],
    }
    assert ("REV101", "danger") in told(ON_DEMAND, {**ON_DEMAND, **other}, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_another_type_of_a_key_replaces_a_table(kind: str) -> None:
    number = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}]}
    assert ("REV101", "danger") in told(ON_DEMAND, {**ON_DEMAND, **number}, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_attribute_for_a_new_index_replaces_nothing(kind: str) -> None:
    attributes = [{"AttributeName": "shop", "AttributeType": "S"}, *KEY["AttributeDefinitions"]]
    after = {**ON_DEMAND, "AttributeDefinitions": attributes, **indexes(index("a"))}
    assert told(ON_DEMAND, after, kind) == {("REV261", "fine")}


def test_the_parts_of_a_key_in_another_order_are_no_change() -> None:
    parts = [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}]
    assert told({**ON_DEMAND, "KeySchema": parts}, {**ON_DEMAND, "KeySchema": parts[::-1]}) == set()


def test_a_stream_that_ends_names_its_readers() -> None:
    reader = {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Orders", "StreamArn"]}, "FunctionName": "f"},
    }
    found = remarks({**ON_DEMAND, **stream("NEW_IMAGE")}, ON_DEMAND, Reader=reader)
    assert [remark.message.endswith("(here: Reader)") for remark in found if remark.code == "REV252"] == [True]


def regions(*each: Any) -> Any:
    return {**ON_DEMAND, "Replicas": list(each)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (regions({"Region": "a"}, {"Region": "b"}), regions({"Region": "a"}), {("REV266", "danger")}),
        (regions({"Region": "a"}), regions({"Region": "b"}, {"Region": "a"}), {("REV253", "fine")}),
        (regions({"Region": "a", **recovery()}), regions({"Region": "a"}), {("REV254", "caution")}),
        (
            regions({"Region": "a", "SSESpecification": {"KMSMasterKeyId": "x"}}),
            regions({"Region": "a", "SSESpecification": {"KMSMasterKeyId": "y"}}),
            {("REV258", "caution")},
        ),
        (regions({"Region": "a", **sink("arn:a")}), regions({"Region": "a"}), {("REV267", "danger")}),
        (regions({"Region": "a", "Tags": []}), regions({"Region": "a", "Tags": [{"Key": "b"}]}), {("REV117", "fine")}),
        (
            {**regions({"Region": "a"}), "MultiRegionConsistency": "STRONG"},
            regions({"Region": "a"}),
            {("REV269", "caution")},
        ),
    ],
)
def test_regions_of_a_table(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(before, after, KINDS[1]) == expected


def test_a_region_may_be_a_reference() -> None:
    here = {"Region": {"Ref": "AWS::Region"}}
    assert told(regions({**here, **recovery()}), regions(here), KINDS[1]) == {("REV254", "caution")}


def test_what_is_said_of_a_replica_says_where() -> None:
    found = remarks(regions({"Region": "a", **recovery()}), regions({"Region": "a"}), KINDS[1])
    assert found[0].path == "Properties.Replicas[a].PointInTimeRecoverySpecification"


SCALING = "WriteProvisionedThroughputSettings"


def autoscaled(least: int, most: int, target: int) -> Any:
    tracking = {"TargetValue": target, "DisableScaleIn": False}
    settings = {"MinCapacity": least, "MaxCapacity": most, "TargetTrackingScalingPolicyConfiguration": tracking}
    return {**KEY, SCALING: {"WriteCapacityAutoScalingSettings": settings}}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (autoscaled(5, 50, 70), {("REV263", "caution")}),
        (autoscaled(5, 200, 70), {("REV264", "fine")}),
        (autoscaled(5, 100, 90), {("REV263", "caution")}),
        (autoscaled(5, 100, 50), {("REV264", "fine")}),
    ],
)
def test_autoscaling(after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(autoscaled(5, 100, 70), after, KINDS[1]) == expected


def found(properties: Any, kind: str = KINDS[0], **attributes: str) -> set[str]:
    table = {"Type": kind, "Properties": properties, **attributes}
    return {remark.code for remark in audit(as_source({"Resources": {"Orders": table}}, "t.json"))}


def test_a_table_that_nobody_could_have_back() -> None:
    assert found(ON_DEMAND) == {"AUD250", "AUD251"}
    assert found({**ON_DEMAND, **recovery(), "DeletionProtectionEnabled": True}) == set()
    assert found({**ON_DEMAND, **recovery()}, DeletionPolicy="Retain") == set()
    assert found(regions({"Region": "a", **recovery(), "DeletionProtectionEnabled": True}), KINDS[1]) == set()


def test_a_table_of_what_expires_may_be_lost() -> None:
    assert found({**ON_DEMAND, **expiry("expires")}) == set()


HOSTILE: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    5,
    True,
    [[]],
    [None],
    {"Ref": "Nobody"},
    {"a": {"b": [1]}},
    "{",
    [{"a": 1}],
)


@pytest.mark.parametrize("kind", KINDS)
def test_values_of_any_kind_are_answered(kind: str) -> None:
    names = (
        *("KeySchema", "AttributeDefinitions", "TimeToLiveSpecification", "StreamSpecification", "BillingMode"),
        *("PointInTimeRecoverySpecification", "SSESpecification", "KinesisStreamSpecification", "Replicas"),
        *("GlobalSecondaryIndexes", "LocalSecondaryIndexes", "ProvisionedThroughput", "OnDemandThroughput"),
        *("ContributorInsightsSpecification", "DeletionProtectionEnabled", "WriteProvisionedThroughputSettings"),
    )
    for name in names:
        for value in HOSTILE:
            found({name: value}, kind)
            for other in HOSTILE:
                remarks({name: value}, {name: other}, kind)
