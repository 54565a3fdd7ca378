"""What changes of functions, versions, aliases, layers and asynchronous invocations mean."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

FUNCTION = "AWS::Lambda::Function"
ALIAS = "AWS::Lambda::Alias"
CONFIG = "AWS::Lambda::EventInvokeConfig"
HASH = "0123456789abcdef" * 4
OTHER_HASH = "fedcba9876543210" * 4
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:dead"


def changed(old: dict[str, Any], new: dict[str, Any]) -> Any:
    parameters = {"Number": {"Type": "Number"}}
    before, after = (
        as_source({"Parameters": parameters, "Resources": resources}, "template.json") for resources in (old, new)
    )
    return review(before, after).remarks


def told(kind: str, old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    remarks = changed({"It": {"Type": kind, "Properties": old}}, {"It": {"Type": kind, "Properties": new}})
    return [(remark.code, remark.grade) for remark in remarks]


def variables(**values: Any) -> dict[str, Any]:
    return {"Environment": {"Variables": values}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"Timeout": 60}, {"Timeout": 30}, [("REV236", "caution")]),
        ({"Timeout": 60}, {}, [("REV236", "caution")]),
        ({"Timeout": 3}, {}, []),
        ({}, {"Timeout": 30}, [("REV237", "fine")]),
        ({"Timeout": 60}, {"Timeout": {"Ref": "Number"}}, [("REV236", "caution")]),
        ({"MemorySize": 512}, {"MemorySize": "256"}, [("REV236", "caution")]),
        ({"MemorySize": 512}, {"MemorySize": 1024}, [("REV237", "fine")]),
        ({"EphemeralStorage": {"Size": 1024}}, {}, [("REV236", "caution")]),
        ({}, {"ReservedConcurrentExecutions": 0}, [("REV235", "danger")]),
        ({"ReservedConcurrentExecutions": 10}, {"ReservedConcurrentExecutions": 0}, [("REV235", "danger")]),
        ({"ReservedConcurrentExecutions": 0}, {}, [("REV204", "fine")]),
        ({"ReservedConcurrentExecutions": 10}, {"ReservedConcurrentExecutions": 5}, [("REV203", "caution")]),
        ({"ReservedConcurrentExecutions": 10}, {"ReservedConcurrentExecutions": 20}, [("REV204", "fine")]),
        ({"ReservedConcurrentExecutions": 10}, {}, [("REV203", "caution")]),
        ({}, {"ReservedConcurrentExecutions": 10}, [("REV203", "caution")]),
        (variables(A="1"), variables(A="1", B="2"), [("REV241", "fine")]),
        (variables(A="1", B="2"), variables(A="1"), [("REV240", "caution")]),
        (variables(A="1"), variables(A="2"), [("REV240", "caution")]),
        (variables(LOG_LEVEL="INFO"), variables(LOG_LEVEL="DEBUG"), [("REV241", "fine")]),
        (variables(A="1"), variables(A=1), []),
        ({"Runtime": "python3.12"}, {"Runtime": "python3.13"}, [("REV238", "caution")]),
        ({"Handler": "a.b"}, {"Handler": "a.c"}, [("REV238", "caution")]),
        ({}, {"Architectures": ["x86_64"]}, []),
        ({}, {"Architectures": ["arm64"]}, [("REV238", "caution")]),
        (
            {"Layers": ["arn:aws:lambda:eu-west-1:1:layer:a:1"]},
            {"Layers": ["arn:aws:lambda:eu-west-1:1:layer:a:2"]},
            [("REV239", "fine")],
        ),
        ({"Layers": ["arn:aws:lambda:eu-west-1:1:layer:a:1"]}, {}, [("REV238", "caution")]),
        ({"TracingConfig": {"Mode": "Active"}}, {}, [("REV209", "caution")]),
        ({}, {"TracingConfig": {"Mode": "PassThrough"}}, []),
        ({}, {"TracingConfig": {"Mode": "Active"}}, [("REV210", "fine")]),
        ({"LoggingConfig": {"ApplicationLogLevel": "DEBUG"}}, {}, [("REV209", "caution")]),
        ({}, {"LoggingConfig": {"ApplicationLogLevel": "DEBUG"}}, [("REV210", "fine")]),
        ({}, {"LoggingConfig": {"LogFormat": "JSON"}}, [("REV209", "caution")]),
        ({}, {"LoggingConfig": {"LogGroup": "own"}}, [("REV209", "caution")]),
        ({"KmsKeyArn": "arn:a"}, {"KmsKeyArn": "arn:b"}, [("REV207", "caution")]),
        ({"CodeSigningConfigArn": "arn:a"}, {}, [("REV243", "caution")]),
        ({}, {"CodeSigningConfigArn": "arn:a"}, [("REV244", "fine")]),
        ({}, {"RecursiveLoop": "Allow"}, [("REV243", "caution")]),
        ({}, {"RuntimeManagementConfig": {"UpdateRuntimeOn": "Manual"}}, [("REV243", "caution")]),
        ({}, {"SnapStart": {"ApplyOn": "PublishedVersions"}}, [("REV229", "fine")]),
        ({"Role": "a"}, {"Role": "b"}, [("REV245", "caution")]),
        ({"Description": "a"}, {"Description": "b"}, [("REV118", "fine")]),
        ({}, {"DeadLetterConfig": {"TargetArn": QUEUE}}, [("REV221", "fine")]),
        ({"DeadLetterConfig": {"TargetArn": QUEUE}}, {}, [("REV219", "danger")]),
        (
            {"DeadLetterConfig": {"TargetArn": QUEUE}},
            {"DeadLetterConfig": {"TargetArn": f"{QUEUE}-2"}},
            [("REV223", "caution")],
        ),
        ({"FunctionName": "a"}, {"FunctionName": "b"}, [("REV108", "caution")]),
    ],
)
def test_a_function(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(FUNCTION, {"Role": "r", **old}, {"Role": "r", **new}) == expected


def image(tag: str) -> dict[str, Any]:
    return {"ImageUri": {"Fn::Sub": f"1.dkr.ecr.eu-west-1.${{AWS::URLSuffix}}/cdk-assets:{tag}"}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"S3Bucket": "b", "S3Key": f"{HASH}.zip"}, {"S3Bucket": "b", "S3Key": f"{OTHER_HASH}.zip"}, []),
        ({"S3Bucket": "b", "S3Key": f"a/{HASH}.zip"}, {"S3Bucket": "c", "S3Key": f"a/{OTHER_HASH}.zip"}, []),
        (image(HASH), image(OTHER_HASH), []),
        (image("1.0"), image("1.1"), ["REV239"]),
        ({"S3Bucket": "b", "S3Key": "a-1.zip"}, {"S3Bucket": "b", "S3Key": "a-2.zip"}, ["REV239"]),
        ({"ZipFile": "a"}, {"ZipFile": "b"}, ["REV239"]),
        ({"ZipFile": "a"}, {"S3Bucket": "b", "S3Key": f"{HASH}.zip"}, ["REV239"]),
    ],
)
def test_code(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    assert [code for code, _ in told(FUNCTION, {"Code": old}, {"Code": new})] == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            {"SubnetIds": ["a", "b"], "SecurityGroupIds": ["c"]},
            {"SubnetIds": ["b", "a"], "SecurityGroupIds": ["c"]},
            [],
        ),
        ({"SubnetIds": ["a"]}, {"SubnetIds": ["b"]}, ["REV242"]),
        (None, {"SubnetIds": ["a"]}, ["REV242"]),
        ({"SubnetIds": ["a"]}, None, ["REV242"]),
    ],
)
def test_a_network(old: Any, new: Any, expected: list[str]) -> None:
    before, after = ({"Role": "r", **({"VpcConfig": value} if value else {})} for value in (old, new))
    assert [code for code, _ in told(FUNCTION, before, after)] == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"FunctionVersion": "1"}, {"FunctionVersion": "2"}, ["REV246"]),
        ({"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 5}}, {}, ["REV203"]),
        ({}, {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 5}}, ["REV204"]),
    ],
)
def test_an_alias(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    assert [code for code, _ in told(ALIAS, {"Name": "live", **old}, {"Name": "live", **new})] == expected


def layer(key: str, **properties: Any) -> dict[str, Any]:
    return {
        "Layer": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {"Content": {"S3Bucket": "b", "S3Key": key}, **properties},
        },
        "Permission": {
            "Type": "AWS::Lambda::LayerVersionPermission",
            "Properties": {
                "LayerVersionArn": {"Ref": "Layer"},
                "Principal": "111122223333",
                "Action": "lambda:GetLayerVersion",
            },
        },
    }


def test_a_layer_with_other_content_is_no_change_and_with_another_name_is_another_version() -> None:
    assert changed(layer(f"{HASH}.zip"), layer(f"{OTHER_HASH}.zip")) == ()
    remarks = changed(layer(f"{HASH}.zip"), layer(f"{HASH}.zip", LayerName="a"))
    assert [(remark.code, remark.grade) for remark in remarks] == [("REV246", "fine")]


def test_a_version_of_other_code_is_the_same_one() -> None:
    old, new = (
        {f"FraudVersion{version}": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": "fraud"}}}
        for version in ("0" * 32, "1" * 32)
    )
    assert changed(old, new) == ()


FAILURES = {"DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}
SUCCESSES = {"DestinationConfig": {"OnSuccess": {"Destination": QUEUE}}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"MaximumRetryAttempts": 2}, {}, []),
        ({}, {"MaximumRetryAttempts": 0}, [("REV219", "danger")]),
        (FAILURES, {**FAILURES, "MaximumRetryAttempts": 0}, [("REV220", "caution")]),
        ({"MaximumRetryAttempts": 0}, {}, [("REV221", "fine")]),
        ({}, {"MaximumEventAgeInSeconds": 60}, [("REV219", "danger")]),
        (FAILURES, {}, [("REV219", "danger")]),
        ({}, FAILURES, [("REV221", "fine")]),
        (SUCCESSES, {}, [("REV223", "caution")]),
        ({}, SUCCESSES, [("REV218", "fine")]),
    ],
)
def test_asynchronous_invocations(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    name = {"FunctionName": "fraud", "Qualifier": "$LATEST"}
    assert told(CONFIG, {**name, **old}, {**name, **new}) == expected


@pytest.mark.parametrize(("has_queue", "expected"), [(False, "REV219"), (True, "REV223")])
def test_what_is_said_of_asynchronous_invocations_is_gone(has_queue: bool, expected: str) -> None:
    queue = {"DeadLetterConfig": {"TargetArn": QUEUE}} if has_queue else {}
    function = {"Fraud": {"Type": FUNCTION, "Properties": {"Role": "r", **queue}}}
    config = {
        "Config": {"Type": CONFIG, "Properties": {"FunctionName": {"Ref": "Fraud"}, "Qualifier": "$LATEST", **FAILURES}}
    }
    assert [remark.code for remark in changed({**function, **config}, function)] == [expected]


NAMES = (
    *("Code", "Environment", "VpcConfig", "Layers", "Timeout", "LoggingConfig", "TracingConfig", "DeadLetterConfig"),
    *(
        "ReservedConcurrentExecutions",
        "RuntimeManagementConfig",
        "Architectures",
        "SnapStart",
        "EphemeralStorage",
        "ImageConfig",
    ),
    *("FileSystemConfigs", "CapacityProviderConfig", "FunctionScalingConfig", "KmsKeyArn", "RecursiveLoop", "Role"),
)


@pytest.mark.parametrize("wrong", [[], {}, "x", None, 0, True, {"Ref": "Number"}, [{"a": 1}], {"Variables": "x"}, [[]]])
@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_function_is_reviewed_all_the_same(name: str, wrong: Any) -> None:
    good = {"Role": "r", "Code": {"ZipFile": "a"}, "Timeout": 5, **variables(A="1")}
    bad = {**good, name: wrong}
    assert isinstance(told(FUNCTION, good, bad), list)
    assert isinstance(told(FUNCTION, bad, good), list)
