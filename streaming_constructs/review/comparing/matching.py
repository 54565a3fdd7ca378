"""Which resource of the new template is which of the old: by logical id, then by construct path, then by shape."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.intrinsics import as_text
from streaming_constructs.review.comparing.template import Resource, Template

_HASH = re.compile(r"[0-9A-Fa-f]{32}$")
_HASHED = ("AWS::Lambda::Version", "AWS::ApiGateway::Deployment")
"""Types whose logical ids end in a hash of what they are a picture of, so that each change makes a new one: it is the same
to whoever reads a change.

Source: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.Version.html
"""
_ALIKE = 0.5
"""The share of properties that two resources must have in common to be taken for one that was renamed."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which resources belong together.

    Attributes:
        kept: Old and new of each resource that is in both, by the new logical id.
        renamed: Old and new of each that CloudFormation takes for another and people for the same: its logical id differs.
        removed: Those that are there no more and have no successor, by logical id.
        added: Those that are new and have no predecessor, by logical id.
    """

    kept: Mapping[str, tuple[Resource, Resource]]
    renamed: tuple[tuple[Resource, Resource], ...]
    removed: Mapping[str, Resource]
    added: Mapping[str, Resource]


def match(old: Template, new: Template) -> Match:
    """Which resource of one template is which of another.

    Args:
        old: The template as it is deployed.
        new: The template as it would be.
    """
    kept = {
        logical_id: (old.resources[logical_id], resource)
        for logical_id, resource in new.resources.items()
        if logical_id in old.resources and old.resources[logical_id].type == resource.type
    }
    gone = {logical_id: resource for logical_id, resource in old.resources.items() if logical_id not in kept}
    come = {logical_id: resource for logical_id, resource in new.resources.items() if logical_id not in kept}
    for before, after in _hashed(gone.values(), come.values()):
        kept[after.logical_id] = before, after
        del gone[before.logical_id], come[after.logical_id]
    renamed = []
    for alike in (_by_construct_path, _by_shape):
        for before, after in alike(gone, come):
            renamed.append((before, after))
            del gone[before.logical_id], come[after.logical_id]
    return Match(kept, tuple(renamed), gone, come)


def _hashed(gone: Iterable[Resource], come: Iterable[Resource]) -> list[tuple[Resource, Resource]]:
    """Pictures of the same thing at two times."""
    before = {(resource.type, _without_hash(resource)): resource for resource in gone if resource.type in _HASHED}
    found = []
    for after in come:
        earlier = before.pop((after.type, _without_hash(after)), None) if after.type in _HASHED else None
        if earlier is not None:
            found.append((earlier, after))
    return found


def _without_hash(resource: Resource) -> str:
    return _HASH.sub("", resource.logical_id)


def _by_construct_path(gone: Mapping[str, Resource], come: Mapping[str, Resource]) -> list[tuple[Resource, Resource]]:
    before = {
        (resource.type, resource.construct_path): resource for resource in gone.values() if resource.construct_path
    }
    found = []
    for after in come.values():
        earlier = before.pop((after.type, after.construct_path), None)
        if earlier is not None:
            found.append((earlier, after))
    return found


def _by_shape(gone: Mapping[str, Resource], come: Mapping[str, Resource]) -> list[tuple[Resource, Resource]]:
    """Pairs of one type that have most of their properties in common, the most alike first."""
    shapes = {id(resource): _shape(resource) for resource in (*gone.values(), *come.values())}
    found = _of_one_shape(gone.values(), come.values(), shapes)
    # Most of a template is as it was: what has a twin is not held against all others.
    taken = {("old", before.logical_id) for before, _ in found} | {("new", after.logical_id) for _, after in found}
    of_type: dict[str, list[Resource]] = {}
    for resource in gone.values():
        if ("old", resource.logical_id) not in taken:
            of_type.setdefault(resource.type, []).append(resource)
    likeness = [
        (-share, number, before, after)
        for number, after in enumerate(come.values())
        if ("new", after.logical_id) not in taken
        for before in of_type.get(after.type, ())
        if (share := _likeness(shapes[id(before)], shapes[id(after)])) >= _ALIKE
    ]
    for _, _, before, after in sorted(likeness, key=lambda row: row[:2]):
        if not {("old", before.logical_id), ("new", after.logical_id)} & taken:
            taken |= {("old", before.logical_id), ("new", after.logical_id)}
            found.append((before, after))
    return found


def _of_one_shape(
    gone: Iterable[Resource], come: Iterable[Resource], shapes: Mapping[int, frozenset[tuple[str, str]]]
) -> list[tuple[Resource, Resource]]:
    """Pairs of one type that have all of their properties in common, in their order."""
    alike: dict[tuple[str, frozenset[tuple[str, str]]], deque[Resource]] = {}
    for resource in gone:
        alike.setdefault((resource.type, shapes[id(resource)]), deque()).append(resource)
    found = []
    for after in come:
        twins = alike.get((after.type, shapes[id(after)]))
        if twins:
            found.append((twins.popleft(), after))
    return found


def _shape(resource: Resource) -> frozenset[tuple[str, str]]:
    """The properties of a resource as texts that are the same where they mean the same."""
    properties = resource.properties.items()
    return frozenset((name, json.dumps(_nameless(value), sort_keys=True, default=str)) for name, value in properties)


def _likeness(before: frozenset[tuple[str, str]], after: frozenset[tuple[str, str]]) -> float:
    """The share of properties that two resources have in common: those of both, of those that either has."""
    alike = len(before & after)
    return alike / len({name for name, _ in before | after}) if alike else 0.0


def _nameless(value: Any) -> Any:
    """A value without the logical ids in it: whatever it refers to may have been renamed as well."""
    if isinstance(value, Mapping):
        if "Ref" in value and not str(value["Ref"]).startswith("AWS::"):
            return {"Ref": ""}
        if "Fn::GetAtt" in value and isinstance(value["Fn::GetAtt"], list):
            return {"Fn::GetAtt": value["Fn::GetAtt"][1:]}
        return {key: _nameless(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_nameless(inner) for inner in value]
    return as_text(value) if isinstance(value, (str, int, float)) else value
