"""Secrets that stand in a spec as they are: how they are told, and those in environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_SECRETS = frozenset(
    {"secret", "secrets", "password", "passwd", "pwd", "passphrase", "token", "apikey", "credential", "credentials"}
    | {"authorization", "auth", "bearer"}
)
_OF_KEYS = frozenset(
    {"access", "account", "api", "app", "application", "auth", "client", "hec", "ingest", "ingestion", "insert"}
    | {"license", "private", "secret", "sas", "shared", "write"}
)
_VALUE = re.compile(
    r"(Bearer|Basic|Splunk|Token|Api-Token|ApiKey) +\S{8,}|(AKIA|ASIA)[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+"
)
"""Headers of authentication, access keys of AWS, and JSON Web Tokens."""
_REFERENCE = re.compile(r"(arn:|/|\{\{resolve:|\$|https?:|ssm:|secretsmanager:|vault:)|[a-z0-9_.-]+(/[a-z0-9_.-]+)+$")
"""How values look that say where a secret is, and not what it is: ARNs, paths, and names with folders."""

_SWITCHES = frozenset({"true", "false", "yes", "no", "on", "off"})


def plain_secret_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Secrets in the environment variables of a system's functions, readable in the template and in the console.

    Args:
        spec: The system.
    """
    for section, name, node in spec.nodes():
        for path, function in node.functions():
            for variable, value in function.environment.items():
                if is_secret(variable, value):
                    yield Finding(
                        "LAM530",
                        f"`{variable}` looks like a secret in plain text",
                        (section, name, *path, "environment", variable),
                        note="the spec, the template and the Lambda console show it to whoever may read them",
                        help=f"keep it in Secrets Manager, name it by `{variable}_ARN`, permit `secretsmanager:GetSecretValue` "
                        "on it under `permissions`, and read it in the function",
                    )


def is_secret(name: str, value: str) -> bool:
    """Whether a name, or the form of a value, says that it is a secret, and not where one is.

    Args:
        name: What it is called.
        value: What it is.
    """
    if not value.strip() or value.lower() in _SWITCHES or _REFERENCE.match(value):
        return False
    words = [word.lower() for word in _WORDS.findall(name)]
    called = bool(_SECRETS & set(words[-1:])) or (words[-1:] == ["key"] and bool(_OF_KEYS & set(words[-2:-1])))
    return called or _VALUE.search(value) is not None
