"""Secrets Manager: secrets, whose values are made here as AWS makes them."""

from __future__ import annotations

import json

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, given

_MADE = ("ExcludeCharacters", "ExcludePunctuation", "IncludeSpace", "PasswordLength")


def _create_secret(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"Name": name, "SecretString": _value(aws, properties), **given(properties, ("Description", "Tags"))}
    arn = aws.call("secretsmanager", "CreateSecret", values)["ARN"]
    return Created(arn, {"Id": arn})


def _value(aws: Aws, properties: Properties) -> str:
    made = properties.get("GenerateSecretString")
    if made is None:
        return str(properties.get("SecretString", ""))
    asked = {
        key: (str(value).lower() == "true" if key != "PasswordLength" else int(value))
        if key != "ExcludeCharacters"
        else value
        for key, value in given(made, _MADE).items()
    }
    password = aws.call("secretsmanager", "GetRandomPassword", asked)["RandomPassword"]
    if "GenerateStringKey" not in made:
        return str(password)
    return json.dumps({**json.loads(made["SecretStringTemplate"]), made["GenerateStringKey"]: password})


def _update_secret(aws: Aws, arn: str, properties: Properties) -> None:
    # Its value stays: CloudFormation makes another one only where what it is made of changes, which replaces it here.
    aws.call("secretsmanager", "UpdateSecret", {"SecretId": arn, **given(properties, ("Description",))})


def _delete_secret(aws: Aws, arn: str, properties: Properties) -> None:
    aws.call("secretsmanager", "DeleteSecret", {"SecretId": arn, "ForceDeleteWithoutRecovery": True})


SECRETS_MANAGER = (
    ResourceType(
        "AWS::SecretsManager::Secret",
        takes=frozenset({"Description", "GenerateSecretString", "Name", "SecretString", "Tags"}),
        create=_create_secret,
        update=_update_secret,
        delete=_delete_secret,
        name="Name",
        create_only=frozenset({"GenerateSecretString", "Name", "SecretString"}),
    ),
)
