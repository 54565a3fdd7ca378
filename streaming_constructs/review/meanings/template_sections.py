"""What it means that sections of a template are others which decide over its resources: transforms, and conditions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.stateful import STATEFUL
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Template, references
from streaming_constructs.review.comparing.values import listed, shown
from streaming_constructs.review.meaning import Meaning, of_the_whole
from streaming_constructs.review.reading.transforms import CARRIED_OUT

_DEEPEST = 20
"""Conditions in conditions that are followed; one that names itself has no end."""


@of_the_whole
def transforms(pair: Pair) -> Iterator[Meaning]:
    """Transforms that are not carried out here: whatever they add, change or take away is not seen."""
    before, after = _transforms(pair.old), _transforms(pair.new)
    if before != after:
        names = ", ".join(sorted(before ^ after))
        yield Meaning(
            "REV122",
            f"a transform came, went or is another: {shown(names)}; what it makes of the template is not seen here",
            "compare what it makes of both: the processed templates of two change sets",
            path="Transform",
        )


def _transforms(template: Template) -> set[str]:
    """The transforms of a template, of its resources, and of what stands in one of them."""
    resources = template.data.get("Resources")
    resources = resources if isinstance(resources, Mapping) else {}
    written = [each for each in listed(template.data.get("Transform")) if _name(each) not in CARRIED_OUT]
    written += [resources["Fn::Transform"]] if "Fn::Transform" in resources else []
    written += [
        [logical_id, resource["Fn::Transform"]]
        for logical_id, resource in resources.items()
        if isinstance(resource, Mapping) and "Fn::Transform" in resource
    ]
    return {each if isinstance(each, str) else json.dumps(each, sort_keys=True, default=str) for each in written}


def _name(transform: Any) -> Any:
    return transform.get("Name") if isinstance(transform, Mapping) else transform


@of_the_whole
def conditions(pair: Pair) -> Iterator[Meaning]:
    """Conditions of resources that hold something: where one does not hold, the resource goes.

    What parameters decide in either way is told of the resource itself, as deleted; this is what they do not show.
    """
    for old, new in pair.match.kept.values():
        held = STATEFUL.get(new.type)
        before, after = _condition(pair.old, old.logical_id), _condition(pair.new, new.logical_id)
        if held is not None and after is not None and before != after and not _is_decided_by_one(after):
            yield Meaning(
                "REV123",
                f"it is there only where its condition holds: {shown(after)}; elsewhere it goes, with {held}",
                "see that the condition holds wherever the stack is deployed",
                path="Condition",
                resource=new,
            )


_LOGIC = {"Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or", "Ref"}


def _is_decided_by_one(condition: Any) -> bool:
    """Whether one parameter alone decides, whose other values are looked at anyway."""
    functions = set(_functions(condition))
    names = {name for name, _ in references(condition)}
    return functions <= _LOGIC and len(names) == 1 and not any(name.startswith("AWS::") for name in names)


def _functions(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _functions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _functions(inner)


def _condition(template: Template, logical_id: str) -> Any:
    """What a resource depends on, without the names of conditions; None where it depends on nothing."""
    resources = template.data.get("Resources")
    resource = resources.get(logical_id) if isinstance(resources, Mapping) else None
    name = resource.get("Condition") if isinstance(resource, Mapping) else None
    conditions = template.data.get("Conditions")
    return _unnamed({"Condition": name}, conditions if isinstance(conditions, Mapping) else {}) if name else None


def _unnamed(value: Any, conditions: Mapping[str, Any], depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return value
    if isinstance(value, Mapping):
        match value:
            case {"Condition": str() as name} if name in conditions:
                return _unnamed(conditions[name], conditions, depth + 1)
            case {"Fn::Equals": [left, right]}:
                return {"Fn::Equals": sorted([left, right], key=lambda side: json.dumps(side, default=str))}
        return {key: _unnamed(inner, conditions, depth + 1) for key, inner in value.items()}
    return [_unnamed(inner, conditions, depth + 1) for inner in value] if isinstance(value, list) else value
