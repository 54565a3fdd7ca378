"""What CloudFormation does to a template before it reads it: transforms that can be carried out here, and those that cannot.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.reading.language_extensions import loops, unrolled

_EXTENSIONS = "AWS::LanguageExtensions"
_SAM = "AWS::Serverless-2016-10-31"
_MEANINGLESS = ("AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16", "AWS::CodeDeployBlueGreen")
"""Transforms that add resources of their own and change nothing of what the template has."""
CARRIED_OUT = (_EXTENSIONS, _SAM, *_MEANINGLESS)
"""Transforms of which nothing is left open."""


def transformed(template: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """A template after its transforms, and what could not be carried out, each a sentence.

    Args:
        template: The template as it was written, short forms written out.
    """
    notes = []
    for name in _transforms(template.get("Transform")):
        if name == _EXTENSIONS:
            template = unrolled(template)
            notes += [
                f"what the loop {loop} goes over is known at deployment only: what it makes is not seen here"
                for loop in dict.fromkeys(loops(template))
            ]
        elif name == _SAM:
            from streaming_constructs.review.reading.sam import expanded

            template, note = expanded(template)
            notes += [note] if note else []
        elif name not in _MEANINGLESS:
            notes.append(
                f"the transform {name} is AWS's or yours to carry out: what it adds or changes is not seen here"
            )
    return template, tuple(notes)


def _transforms(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [each.get("Name", "") if isinstance(each, Mapping) else str(each) for each in values]
