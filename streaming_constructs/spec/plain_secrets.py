"""Environment variables whose names say that they are secret, with the secret itself in the spec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

_SECRET = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_?KEY)$"
)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE = re.compile(r"(arn:|/|\{\{resolve:|\$|https?:|ssm:|secretsmanager:|vault:)|[a-z0-9_.-]+(/[a-z0-9_.-]+)+$")
"""How values look that say where a secret is, and not what it is: ARNs, paths, and names with folders."""


def plain_secret_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Secrets in the environment variables of a system's functions, readable in the template and in the console.

    Args:
        spec: The system.
    """
    for section, name, node in spec.nodes():
        for path, function in node.functions():
            for variable, value in function.environment.items():
                if _is_plain_secret(variable, value):
                    yield Finding(
                        "LAM530",
                        f"`{variable}` looks like a secret in plain text",
                        (section, name, *path, "environment", variable),
                        note="the spec, the template and the Lambda console show it to whoever may read them",
                        help=f"keep it in Secrets Manager, name it by `{variable}_ARN`, permit `secretsmanager:GetSecretValue` "
                        "on it under `permissions`, and read it in the function",
                    )


def _is_plain_secret(variable: str, value: str) -> bool:
    words = "_".join(_WORD.split(variable)).upper()
    return bool(value) and bool(_SECRET.search(words)) and not _REFERENCE.match(value)
