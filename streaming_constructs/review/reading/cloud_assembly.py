"""The stacks of a folder that `cdk synth` wrote, with those of its stages and the stacks nested in them.

Source: https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.inside import check_inside
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


def stacks_of(folder: Path, outermost: Path | None = None, depth: int = 0) -> Iterator[tuple[str, Source]]:
    """The stacks of an assembly: name and template; a nested one is called after its parent, `Parent/LogicalId`.

    Args:
        folder: The folder.
        outermost: The folder of the outermost stage, which nothing is read outside of. Left out: this one.
        depth: How many stages are around it.

    Raises:
        ReviewError: If the assembly or one of its templates cannot be read.
    """
    outermost = outermost or folder
    for name, artifact in _artifacts(check_inside(folder / MANIFEST, outermost).parent).items():
        kind = artifact.get("type")
        properties = artifact.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        if kind == "aws:cloudformation:stack":
            file = folder / str(properties.get("templateFile", ""))
            yield from _with_nested(str(artifact.get("displayName") or name), file, outermost)
        elif kind == "cdk:cloud-assembly":
            inner = folder / str(properties.get("directoryName", ""))
            _check_depth(depth, inner)
            yield from stacks_of(check_inside(inner, outermost), outermost, depth + 1)


def _artifacts(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    text = read_text(folder / MANIFEST)
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        manifest = None
    artifacts = manifest.get("artifacts") if isinstance(manifest, Mapping) else None
    if not isinstance(artifacts, Mapping):
        message = f"{folder / MANIFEST} is no manifest of a cloud assembly"
        raise ReviewError("REV901", message, help="write the folder anew: `cdk synth`", file=str(folder / MANIFEST))
    return {str(name): artifact for name, artifact in artifacts.items() if isinstance(artifact, Mapping)}


def _with_nested(name: str, path: Path, outermost: Path, depth: int = 0) -> Iterator[tuple[str, Source]]:
    source = read_template(read_text(check_inside(path, outermost)), str(path))
    yield name, source
    for logical_id, resource in source.data["Resources"].items():
        nested = _nested_file(resource)
        if nested:
            _check_depth(depth, path)
            yield from _with_nested(f"{name}/{logical_id}", path.parent / nested, outermost, depth + 1)


def _check_depth(depth: int, path: Path) -> None:
    if depth == _DEEPEST:
        raise ReviewError("REV903", f"{path} is more than {_DEEPEST} deep in stages or stacks", file=str(path))


def _nested_file(resource: Any) -> str:
    """The file of a nested stack's template, as CDK tells it in its metadata."""
    if not isinstance(resource, Mapping) or resource.get("Type") != "AWS::CloudFormation::Stack":
        return ""
    metadata = resource.get("Metadata")
    path = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
    return path if isinstance(path, str) else ""
