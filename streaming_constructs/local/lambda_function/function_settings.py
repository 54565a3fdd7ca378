"""The configuration of a Lambda function, and the environment variables that its process has."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")  # what this Python may need to start


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """What Lambda knows about a function.

    Attributes:
        name: Its name.
        arn: Its ARN, as the invocations name it.
        code: The folder of its code.
        handler: Its handler, such as `index.handler`.
        environment: Its own environment variables.
        timeout_seconds: How long an invocation may take.
        memory_mb: Its memory, in MiB.
        region: The region that it believes itself in.
        session_token: The token of its role's credentials, by which its AWS knows it.
        version: Its version.
        runtime: The identifier of its runtime.
        client_variables: Variables that tell clients in it how they connect here, where on AWS they would do so by its role.
    """

    name: str
    arn: str
    code: Path
    handler: str
    environment: Mapping[str, str]
    timeout_seconds: float
    memory_mb: int
    region: str
    session_token: str = "testing"  # noqa: S105 - a word that no AWS takes
    version: str = "$LATEST"
    runtime: str = "python3.13"
    client_variables: Mapping[str, str] = field(default_factory=dict)


def process_environment(settings: FunctionSettings, endpoint_url: str) -> dict[str, str]:
    """The variables of a function's process. Nothing else comes in from outside, so no credentials and no profile of anyone do.

    The function's own stand above the unreserved ones of Lambda. The reserved ones "cannot be set in your function
    configuration": https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

    Args:
        settings: The function.
        endpoint_url: Where its AWS clients find AWS; empty: nowhere.
    """
    log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[{settings.version}]{uuid.uuid4().hex}"
    unreserved = {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": tempfile.gettempdir(),
        "TMPDIR": tempfile.gettempdir(),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **({"AWS_ENDPOINT_URL": endpoint_url} if endpoint_url else {}),
        **settings.client_variables,
    }
    if settings.runtime.startswith("nodejs"):
        unreserved["NODE_PATH"] = str(settings.code.resolve())
    reserved = {
        "_HANDLER": settings.handler,
        "LAMBDA_TASK_ROOT": str(settings.code.resolve()),
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": settings.session_token,
        "AWS_LAMBDA_FUNCTION_NAME": settings.name,
        "AWS_LAMBDA_FUNCTION_VERSION": settings.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{settings.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
    }
    return {**unreserved, **settings.environment, **reserved}
