"""What changes of secrets and of functions' URLs mean, and secrets that stand in plain text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import Resources, codes, faults, messages, resource

TOPIC = {"Topic": resource("SNS::Topic")}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"SecretString": "a"}, {"SecretString": "b"}, {"REV656": "caution"}),
        ({"GenerateSecretString": {}}, {"GenerateSecretString": {"PasswordLength": 20}}, {"REV656": "caution"}),
        ({}, {"KmsKeyId": "alias/a"}, {"REV657": "caution"}),
        ({"KmsKeyId": "alias/a"}, {}, {"REV657": "caution"}),
        ({}, {"KmsKeyId": "alias/aws/secretsmanager"}, {}),
        ({}, {"ReplicaRegions": [{"Region": "eu-west-1"}]}, {"REV659": "caution"}),
        ({}, {"Description": "of Splunk"}, {"REV118": "fine"}),
    ],
)
def test_what_a_secret_says(before: Any, after: Any, found: dict[str, str]) -> None:
    old, new = ({"Secret": resource("SecretsManager::Secret", Name="a", **each)} for each in (before, after))
    assert codes(old, new) == found


def test_a_value_is_never_shown() -> None:
    old, new = ({"Secret": resource("SecretsManager::Secret", SecretString=each)} for each in ("hunter1", "hunter2"))
    assert "hunter" not in messages(old, new, "REV656")[0]


def rotated(**properties: Any) -> Resources:
    return {
        "Secret": resource("SecretsManager::Secret", Name="a"),
        "Rotation": resource("SecretsManager::RotationSchedule", SecretId={"Ref": "Secret"}, **properties),
    }


def every(days: Any) -> dict[str, Any]:
    return {"RotationRules": {"AutomaticallyAfterDays": days}}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (every(30), every(90), {"REV654": "caution"}),
        (every(90), every(30), {"REV655": "fine"}),
        (every(30), every({"Ref": "Given"}), {"REV654": "caution"}),
        ({"RotationLambdaARN": "a"}, {"RotationLambdaARN": "b"}, {"REV659": "caution"}),
        ({}, {"RotateImmediatelyOnUpdate": False}, {"REV655": "fine"}),
    ],
)
def test_rotation(before: Any, after: Any, found: dict[str, str]) -> None:
    assert codes(rotated(**before), rotated(**after)) == found


def test_rotation_that_comes_and_goes() -> None:
    secret = {"Secret": rotated()["Secret"]}
    assert codes(rotated(**every(30)), secret) == {"REV654": "caution"}
    assert codes(secret, rotated(**every(30))) == {"REV655": "fine"}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"AuthType": "AWS_IAM"}, {"AuthType": "NONE"}, {"REV651": "danger"}),
        ({"AuthType": "NONE"}, {"AuthType": "AWS_IAM"}, {"REV652": "fine"}),
        ({"AuthType": "NONE"}, {"AuthType": {"Ref": "Given"}}, {"REV653": "caution"}),
        ({}, {"Cors": {"AllowOrigins": ["*"]}}, {"REV653": "caution"}),
        ({"Cors": {"AllowOrigins": ["*"]}}, {"Cors": {"AllowOrigins": []}}, {"REV652": "fine"}),
        ({}, {"InvokeMode": "RESPONSE_STREAM"}, {"REV652": "fine"}),
    ],
)
def test_urls_of_functions(before: Any, after: Any, found: dict[str, str]) -> None:
    old, new = ({"Url": resource("Lambda::Url", TargetFunctionArn="fraud", **each)} for each in (before, after))
    assert codes(old, new) == found


def test_a_new_url() -> None:
    def url(auth: str) -> Resources:
        return {**TOPIC, "Url": resource("Lambda::Url", TargetFunctionArn="fraud", AuthType=auth)}

    assert codes(TOPIC, url("NONE")) == {"REV651": "danger"}
    assert codes(TOPIC, url("AWS_IAM")) == {"REV111": "fine"}
    assert [fault for fault in faults(url("NONE")) if fault.endswith(" Url")] == ["AUD612 Url"]
    assert [fault for fault in faults(url("AWS_IAM")) if fault.endswith(" Url")] == []


def of_secrets(found: list[str]) -> list[str]:
    return [fault for fault in found if fault.startswith("AUD64")]


def function(**variables: Any) -> Resources:
    return {"Function": resource("Lambda::Function", Environment={"Variables": variables})}


@pytest.mark.parametrize(
    ("variables", "is_fault"),
    [
        ({"SPLUNK_TOKEN": "0d5c1f"}, True),
        ({"DB_PASSWORD": {"Ref": "DbPassword"}}, True),
        ({"DB_PASSWORD": {"Ref": "Secret"}}, False),
        ({"SPLUNK_TOKEN_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:a"}, False),
        ({"DB_PASSWORD": "{{resolve:secretsmanager:db}}"}, False),
        ({"HEADER": "Bearer 0123456789abcdef"}, True),
        ({"TABLE": "orders", "DB_PASSWORD": ""}, False),
    ],
)
def test_secrets_in_variables(variables: dict[str, Any], *, is_fault: bool) -> None:
    parameters = {"DbPassword": {"Type": "String", "NoEcho": True}}
    found = of_secrets(faults(function(**variables), Parameters=parameters))
    assert found == (["AUD640 Function"] if is_fault else [])


def test_secrets_in_containers() -> None:
    container = {"Environment": [{"Name": "API_KEY", "Value": "hunter2"}]}
    assert "AUD640 It" in faults({"It": resource("ECS::TaskDefinition", ContainerDefinitions=[container])})


def test_a_secret_whose_value_is_written_down() -> None:
    def secret(**properties: Any) -> list[str]:
        return of_secrets(faults({"Secret": resource("SecretsManager::Secret", **properties)}))

    assert secret(SecretString="hunter2") == ["AUD641 Secret"]
    assert secret(SecretString={"Ref": "Given"}) == []
    assert secret(GenerateSecretString={}) == []


@pytest.mark.parametrize(
    ("name", "parameter", "is_fault"),
    [
        ("DbPassword", {"Type": "String"}, True),
        ("DbPassword", {"Type": "String", "Default": "hunter2"}, True),
        ("DbPassword", {"Type": "String", "NoEcho": "true"}, False),
        ("DbPassword", {"Type": "AWS::SSM::Parameter::Value<String>"}, False),
        ("DbPasswordSecretArn", {"Type": "String"}, False),
        ("Stage", {"Type": "String"}, False),
    ],
)
def test_parameters_that_are_secrets(name: str, parameter: dict[str, Any], *, is_fault: bool) -> None:
    found = of_secrets(faults(TOPIC, Parameters={name: parameter}))
    assert found == (["AUD642 "] if is_fault else [])
