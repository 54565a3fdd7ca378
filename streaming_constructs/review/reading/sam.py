"""Templates of AWS SAM as CloudFormation sees them, by AWS's own translator, which runs offline here.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
from collections.abc import Iterator, Mapping
from typing import Any

_APPLICATION = "AWS::Serverless::Application"
_LOCAL = ("CodeUri", "ContentUri", "DefinitionUri")
"""Properties that name a folder or a file beside the template, until it is packaged."""
_PSEUDO = {"AWS::Region": "us-east-1", "AWS::Partition": "aws", "AWS::AccountId": "123456789012"}
"""Pseudo parameters, the same for both templates: the translator looks some of them up, and would ask an account for others."""


def expanded(template: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The template with what SAM makes of it; as it was, and why, where that cannot be told here.

    Args:
        template: The template as it was written, short forms written out.
    """
    if _asks_a_repository(template):
        return (
            template,
            f"{_APPLICATION} comes from a repository of AWS, so that SAM's transform is not carried out here",
        )
    try:
        from samtranslator.model.exceptions import ExceptionWithMessage
        from samtranslator.translator.arn_generator import ArnGenerator
        from samtranslator.translator.transform import transform
    except ImportError:
        return template, "SAM's transform is not carried out: pip install 'streaming-constructs[review]'"
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
    ArnGenerator.BOTO_SESSION_REGION_NAME = _PSEUDO["AWS::Region"]
    plain = _packaged(copy.deepcopy(dict(template)))
    try:
        with _region():
            found: Mapping[str, Any] = transform(plain, _values(template), _NoPolicies(), passthrough_metadata=True)
    except ExceptionWithMessage as error:
        return template, f"SAM's transform cannot be carried out: {error.message}"
    except Exception as error:  # noqa: BLE001 - the translator stumbles in many ways over what is no template of SAM
        return template, f"SAM's transform cannot be carried out: {type(error).__name__}: {error}"
    return found, ""


def _packaged(value: Any) -> Any:
    """A template as `sam package` leaves it: what lies beside it is in a bucket, under its own path here."""
    if isinstance(value, dict):
        return {
            key: f"s3://packaged/{inner}"
            if key in _LOCAL and isinstance(inner, str) and not inner.startswith("s3://")
            else _packaged(inner)
            for key, inner in value.items()
        }
    return [_packaged(inner) for inner in value] if isinstance(value, list) else value


@contextlib.contextmanager
def _region() -> Iterator[None]:
    """A region for the translator, which takes it from the environment and knows no other way."""
    before = os.environ.get("AWS_DEFAULT_REGION")
    os.environ["AWS_DEFAULT_REGION"] = _PSEUDO["AWS::Region"]
    try:
        yield
    finally:
        if before is None:
            del os.environ["AWS_DEFAULT_REGION"]
        else:
            os.environ["AWS_DEFAULT_REGION"] = before


def _values(template: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of parameters: the translator decides by them."""
    parameters = template.get("Parameters")
    given = {
        name: parameter["Default"]
        for name, parameter in (parameters.items() if isinstance(parameters, Mapping) else ())
        if isinstance(parameter, Mapping) and "Default" in parameter
    }
    return {**_PSEUDO, **given}


def _asks_a_repository(template: Mapping[str, Any]) -> bool:
    resources = template.get("Resources")
    return any(
        isinstance(resource, Mapping) and resource.get("Type") == _APPLICATION
        for resource in (resources.values() if isinstance(resources, Mapping) else ())
    )


class _NoPolicies:
    """Where names of managed policies are looked up beyond those that the translator knows: nowhere."""

    def load(self) -> dict[str, str]:
        return {}
