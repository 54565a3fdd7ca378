"""Dynamic references of a template, such as `{{resolve:ssm:NAME}}`, which moto leaves as they are written.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re
from typing import Any

from streaming_constructs.local.aws.api import Aws

_REFERENCE = re.compile(r"\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}")
_POWERTOOLS = re.compile(r"/aws/service/powertools/python/(arm64|x86_64)/python(\d)\.(\d+)/latest")


def resolved(value: Any, aws: Aws) -> Any:
    """A value with its references to parameters filled in; those to secrets stay, because nothing here has any.

    Args:
        value: Properties of a resource, or a part of them.
        aws: The API that parameters are read from.

    Raises:
        ClientError: If there is no such parameter.
    """
    if isinstance(value, dict):
        return {name: resolved(property_, aws) for name, property_ in value.items()}
    if isinstance(value, list):
        return [resolved(element, aws) for element in value]
    if isinstance(value, str) and "{{resolve:ssm:" in value:
        return _REFERENCE.sub(lambda found: _parameter(found[1], aws), value)
    return value


def _parameter(name: str, aws: Aws) -> str:
    public = _POWERTOOLS.fullmatch(name)
    if public:
        # AWS's own parameter; which version it names today does not matter, because layers come from this installation.
        architecture, major, minor = public.groups()
        layer = f"AWSLambdaPowertoolsPythonV3-python{major}{minor}-{architecture.replace('_', '-')}"
        return f"arn:aws:lambda:{aws.region}:017000801446:layer:{layer}:1"
    value: str = aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    return value
