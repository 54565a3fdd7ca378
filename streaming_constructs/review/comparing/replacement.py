"""Which resources a deployment replaces: by their own create-only properties, and by what refers to something replaced.

A resource that is replaced has another id and other attributes, so each create-only property that refers to it is another
too, and replaces its owner: a mapping behind a replaced stream, a cluster in a replaced security group.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.differences import Difference
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.schemas import schema_of
from streaming_constructs.review.comparing.template import Path, Resource, references

IsReplaced = Callable[[Resource, Resource, Difference], "bool | None"]
"""Whether a difference of a property replaces its resource, where the schema says that it may; None where nobody knows."""

EXCEPTIONS: dict[tuple[str, str], IsReplaced] = {}
"""By type and first step of the path: what decides where the schema does not. Filled by `replaces_if`."""


def replaces_if(resource_type: str, name: str) -> Callable[[IsReplaced], IsReplaced]:
    """Registers what decides whether a change of a property replaces the resource.

    Args:
        resource_type: The type.
        name: The first step of the property's path.
    """

    def register(decide: IsReplaced) -> IsReplaced:
        EXCEPTIONS[resource_type, name] = decide
        return decide

    return register


@dataclass(frozen=True, slots=True)
class Replacement:
    """A resource that a deployment replaces.

    Attributes:
        old: The resource as it is.
        new: The resource as it would be.
        path: The property that replaces it.
        because: The logical id of the replaced resource that the property refers to; empty where the property itself differs.
        is_certain: Whether it is replaced for sure: of some properties AWS decides by the values.
    """

    old: Resource
    new: Resource
    path: Path
    because: str = ""
    is_certain: bool = True


def replacements(pair: Pair) -> Mapping[str, Replacement]:
    """The resources that a deployment replaces, by their new logical ids.

    Args:
        pair: The two templates.
    """
    found: dict[str, Replacement] = {}
    for logical_id, differing in pair.differences.items():
        old, new = pair.match.kept[logical_id]
        replacement = _own(old, new, differing)
        if replacement is not None:
            found[logical_id] = replacement
    waiting = set(found)
    while waiting:
        waiting = set()
        for logical_id, (old, new) in pair.match.kept.items():
            if logical_id not in found:
                path, because = _replaced_reference(new, found)
                if because:
                    found[logical_id] = Replacement(old, new, path, because, found[because].is_certain)
                    waiting.add(logical_id)
    return found


def _own(old: Resource, new: Resource, differing: tuple[Difference, ...]) -> Replacement | None:
    schema = schema_of(new.type)
    uncertain = None
    for difference in differing:
        decide = EXCEPTIONS.get((new.type, str(difference.path[0]))) if difference.path else None
        if decide is not None:
            is_replaced = decide(old, new, difference)
        elif any(covers(path, difference.path) for path in schema.create_only):
            is_replaced = True
        else:
            is_conditional = any(covers(path, difference.path) for path in schema.conditional_create_only)
            is_replaced = None if is_conditional else False
        if is_replaced:
            return Replacement(old, new, difference.path)
        if is_replaced is None:
            uncertain = uncertain or Replacement(old, new, difference.path, is_certain=False)
    return uncertain


def covers(pattern: tuple[str, ...], path: Path) -> bool:
    """Whether a path is that of a property, or of a part of it.

    Args:
        pattern: The property's path; `*` stands for any step.
        path: The path of a value.
    """
    return len(pattern) <= len(path) and all(step in ("*", real) for step, real in zip(pattern, path, strict=False))


def _replaced_reference(new: Resource, replaced: Mapping[str, Replacement]) -> tuple[Path, str]:
    """The create-only property that refers to something replaced, and to what; empty where there is none."""
    targets = {name for name, _ in references(new.properties) if name in replaced}
    if targets:
        for path in schema_of(new.type).create_only:
            for value in _values(new.properties, path):
                for name, _ in references(value):
                    if name in targets:
                        return path, name
    return (), ""


def _values(value: Any, path: tuple[str, ...]) -> list[Any]:
    """The values at a path in which `*` stands for each item."""
    values = [value]
    for step in path:
        if step == "*":
            values = [item for each in values for item in (each if isinstance(each, list) else ())]
        else:
            values = [each[step] for each in values if isinstance(each, Mapping) and step in each]
    return values
