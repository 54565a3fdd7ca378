"""A CloudFormation template as a review sees it: resources whose properties say what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a template.

    Attributes:
        logical_id: Its logical id.
        type: Its type, such as `AWS::Kinesis::Stream`.
        properties: Its properties, with intrinsic functions by their meaning; see `intrinsics`.
        deletion_policy: What becomes of it when it leaves the stack: `Delete`, `Retain`, `Snapshot`, `RetainExceptOnCreate`.
        update_replace_policy: What becomes of it when it is replaced.
        attributes: The other attributes that decide something: `UpdatePolicy`, `CreationPolicy`.
        depends_on: The logical ids that it waits for.
        construct_path: Its path in the CDK app that wrote it, or an empty string.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    depends_on: frozenset[str] = frozenset()
    construct_path: str = ""

    def at(self, *path: str) -> Any:
        """The value of a property, such as `at("StreamModeDetails", "StreamMode")`, or None where it is left out.

        Args:
            path: The names on the way to it.
        """
        return value_at(self.properties, path)


@dataclass(frozen=True, slots=True)
class Template:
    """A template, read with one value for each of its parameters.

    Attributes:
        name: What it is called: a file, or a stack.
        resources: The resources that it creates, by logical id: those whose condition does not hold are not among them.
        outputs: Its outputs, by name: the value of each, and of those that are exported the name too.
        data: The template as it was written.
        text: Its text, or an empty string where there is none.
    """

    name: str
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of some types, in the order of the template.

        Args:
            types: The types.
        """
        return (resource for resource in self.resources.values() if resource.type in types)

    def target(self, value: Any) -> Resource | None:
        """The resource of this template that a value refers to, by `Ref` or `Fn::GetAtt`, also where a text has it as its one
        reference.

        Args:
            value: The value of a property.
        """
        names = {name for name, _ in references(value) if name in self.resources}
        return self.resources[names.pop()] if len(names) == 1 else None


def value_at(value: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of names, or None where there is none.

    Args:
        value: Plain data.
        path: The names on the way to it.
    """
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def references(value: Any) -> Iterator[tuple[str, str]]:
    """What a value refers to, however deep: logical id and attribute, which is empty for `Ref`.

    Args:
        value: A value by its meaning.
    """
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "Ref" and isinstance(inner, str):
                yield inner, ""
            elif name == "Fn::GetAtt" and isinstance(inner, list) and len(inner) == 2:
                yield str(inner[0]), str(inner[1])
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def dotted_path(path: Path) -> str:
    """A path as people write it: `Tags[team].Value`, `Metrics[0].Id`.

    Args:
        path: The names, indices, and in `Key=name` form keys of list items.
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif "=" in step:
            text += f"[{step.partition('=')[2]}]"
        else:
            text += f".{step}" if text else step
    return text
