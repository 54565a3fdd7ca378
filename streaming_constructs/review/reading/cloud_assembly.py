"""The stacks of a folder that `cdk synth` wrote, with those of its stages and the stacks nested in them.

Source: https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.read_template import Source, read_template
from streaming_constructs.review.reading.read_text import read_text

MANIFEST = "manifest.json"
_DEEPEST = 10
"""Stages in stages, and stacks nested in stacks, that are followed."""


def is_assembly(folder: Path) -> bool:
    """Whether a folder is what `cdk synth` wrote.

    Args:
        folder: The folder.
    """
    return (folder / MANIFEST).is_file()


def stacks_of(folder: Path, depth: int = 0) -> Iterator[tuple[str, Source]]:
    """The stacks of an assembly: name and template; a nested one is called after its parent, `Parent/LogicalId`.

    Args:
        folder: The folder.
        depth: How many stages are around it.

    Raises:
        ReviewError: If the assembly or one of its templates cannot be read.
    """
    for name, artifact in _artifacts(folder).items():
        kind = artifact.get("type")
        properties = artifact.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        if kind == "aws:cloudformation:stack":
            yield from _with_nested(
                str(artifact.get("displayName") or name), folder, str(properties.get("templateFile", ""))
            )
        elif kind == "cdk:cloud-assembly" and depth < _DEEPEST:
            inner = folder / str(properties.get("directoryName", ""))
            if is_assembly(inner):
                yield from stacks_of(inner, depth + 1)


def _artifacts(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        manifest = json.loads(read_text(folder / MANIFEST))
    except (ValueError, RecursionError):
        manifest = None
    artifacts = manifest.get("artifacts") if isinstance(manifest, Mapping) else None
    if not isinstance(artifacts, Mapping):
        message = f"{folder / MANIFEST} is no manifest of a cloud assembly"
        raise ReviewError("REV901", message, help="write the folder anew: `cdk synth`", file=str(folder / MANIFEST))
    return {str(name): artifact for name, artifact in artifacts.items() if isinstance(artifact, Mapping)}


def _with_nested(name: str, folder: Path, file: str, depth: int = 0) -> Iterator[tuple[str, Source]]:
    path = folder / file
    source = read_template(read_text(path), str(path))
    yield name, source
    for logical_id, resource in source.data["Resources"].items():
        nested = _nested_file(resource)
        if nested and depth < _DEEPEST and (folder / nested).is_file():
            yield from _with_nested(f"{name}/{logical_id}", folder, nested, depth + 1)


def _nested_file(resource: Any) -> str:
    """The file of a nested stack's template, as CDK tells it in its metadata."""
    if not isinstance(resource, Mapping) or resource.get("Type") != "AWS::CloudFormation::Stack":
        return ""
    metadata = resource.get("Metadata")
    path = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
    return path if isinstance(path, str) else ""
