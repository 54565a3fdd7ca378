"""What is wrong with secrets: those that stand in plain text in a template, or are shown to whoever looks at a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.auditing import audits, audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_true, listed
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.spec.plain_secrets import is_secret

_KEEP = "keep it in Secrets Manager, hand over its ARN, and read it there"
_SOME_VALUE = "?"
"""In place of a value that is given at deployment."""


@audits("AWS::Lambda::Function", "AWS::Serverless::Function")
def of_functions(template: Template, function: Resource) -> Iterator[Meaning]:
    """Secrets in environment variables of functions."""
    yield from _in_variables(template, function.at("Environment", "Variables"), "Environment.Variables")


@audits("AWS::ECS::TaskDefinition")
def of_containers(template: Template, task: Resource) -> Iterator[Meaning]:
    """Secrets in environment variables of containers."""
    for container in listed(task.at("ContainerDefinitions")):
        if isinstance(container, Mapping):
            variables = {
                variable["Name"]: variable.get("Value")
                for variable in listed(container.get("Environment"))
                if isinstance(variable, Mapping) and isinstance(variable.get("Name"), str)
            }
            yield from _in_variables(template, variables, "ContainerDefinitions")


def _in_variables(template: Template, variables: Any, path: str) -> Iterator[Meaning]:
    for name, value in variables.items() if isinstance(variables, Mapping) else ():
        text = _plain(template, value)
        if text is not None and is_secret(str(name), text):
            yield Meaning(
                "AUD640",
                f"`{name}` looks like a secret in plain text: whoever may look at the resource reads it",
                _KEEP,
                path=f"Properties.{path}.{name}",
            )


_PASSWORDS = {
    "AWS::RDS::DBInstance": "MasterUserPassword",
    "AWS::RDS::DBCluster": "MasterUserPassword",
    "AWS::Redshift::Cluster": "MasterUserPassword",
    "AWS::DocDB::DBCluster": "MasterUserPassword",
    "AWS::DMS::Endpoint": "Password",
}
"""Properties that are passwords, by type."""


@audits(*_PASSWORDS)
def of_databases(template: Template, database: Resource) -> Iterator[Meaning]:
    """Passwords of databases that stand in the template."""
    name = _PASSWORDS[database.type]
    written = database.at(name)
    if isinstance(written, str) and written.strip() and "{{resolve:" not in written:
        yield Meaning(
            "AUD640",
            f"`{name}` stands in plain text: it is in the repository, and in whatever builds from it",
            "`ManageMasterUserPassword: true`, or a reference `{{resolve:secretsmanager:…}}` in its place",
            path=f"Properties.{name}",
        )


def _plain(template: Template, value: Any) -> str | None:
    """A value that is written in the template, or given as one of its parameters."""
    if isinstance(value, str):
        return value
    match value:
        case {"Ref": str() as name} if "Ssm" not in value and name in _parameters(template):
            return _SOME_VALUE
    return None


def _parameters(template: Template) -> Mapping[str, Any]:
    parameters = template.data.get("Parameters")
    return parameters if isinstance(parameters, Mapping) else {}


@audits("AWS::SecretsManager::Secret")
def of_secrets(template: Template, secret: Resource) -> Iterator[Meaning]:
    """Secrets whose value is written in the template."""
    written = secret.at("SecretString")
    if isinstance(written, str) and written.strip() and "{{resolve:" not in written:
        yield Meaning(
            "AUD641",
            "the value of the secret stands in the template: it is in the repository, and in whatever builds from it",
            "let `GenerateSecretString` make it, or put it in by hand after the deployment",
            path="Properties.SecretString",
        )


@audits_the_whole
def of_parameters(template: Template) -> Iterator[Meaning]:
    """Parameters that are secrets, and are shown."""
    for name, parameter in _parameters(template).items():
        if not isinstance(parameter, Mapping) or parameter.get("Type", "String") != "String":
            continue
        default = parameter.get("Default")
        text = default if isinstance(default, str) and default.strip() else _SOME_VALUE
        if is_secret(str(name), text) and not is_true(parameter.get("NoEcho")):
            yield Meaning(
                "AUD642",
                f"the parameter `{name}` looks like a secret, and is shown to whoever may look at the stack",
                "`NoEcho: true`, or a reference `{{resolve:secretsmanager:…}}` in its place",
                path=f"Parameters.{name}",
            )
