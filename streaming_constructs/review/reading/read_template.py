"""From text to a template as plain data: JSON, or YAML with CloudFormation's short forms such as `!Ref`.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import yaml

from streaming_constructs.facts import cloudformation
from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.json_parts import written_twice
from streaming_constructs.review.reading.transforms import transformed

MAX_BYTES = 20_000_000
"""Larger files are not read. One of snapshots holds many templates."""
_FAR_BEYOND = 2
"""How many times what CloudFormation takes is read all the same: what is only too large by a little is told as that."""
MAX_CHARACTERS = _FAR_BEYOND * int(cloudformation.TEMPLATE_BYTES.value)
MAX_RESOURCES = _FAR_BEYOND * int(cloudformation.STACK_RESOURCES.value)
MAX_VALUES = 250_000
MAX_UNFOLDED = 4 * MAX_CHARACTERS
"""More values, or characters in them, than this, counted after aliases are followed, are an accident or an attack."""
MAX_EVENTS = 2 * MAX_VALUES
"""Of YAML: keys and values, and the ends of what holds others."""
MAX_DEPTH = 100

_PLAIN_TAGS = {"Ref": "Ref", "Condition": "Condition"}
"""Short forms whose long form has no `Fn::` before it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A template as it was written.

    Attributes:
        name: What it is called in findings.
        data: Its content, short forms written out.
        text: Its text.
        notes: What of its transforms could not be carried out, each a sentence.
        written: The resources that were there before its transforms; empty where it has none.
        twice: The keys that are written twice in one mapping, each with the line of the second; the last counts here.
    """

    name: str
    data: Mapping[str, Any]
    text: str = ""
    notes: tuple[str, ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict)
    twice: tuple[tuple[str, int], ...] = ()


def read_template(text: str, name: str) -> Source:
    """A template from its text.

    Args:
        text: JSON or YAML.
        name: What it is called in findings.

    Raises:
        ReviewError: If it cannot be read, or is no template.
    """
    if len(text) > MAX_CHARACTERS:
        limit = f"CloudFormation takes {cloudformation.TEMPLATE_BYTES.value:,.0f} bytes"
        raise ReviewError("REV903", f"{name} has {len(text):,} characters; {limit}", help=_DIVIDE, file=name)
    data, twice = _data(text.removeprefix("\ufeff"), name)
    return replace(as_source(data, name, text), twice=tuple(twice))


_DIVIDE = "divide it into several stacks"


def as_source(data: Any, name: str, text: str = "") -> Source:
    """A template that is plain data already, after its transforms, such as `Template.to_json()` of CDK gives.

    Args:
        data: The template.
        name: What it is called in findings.
        text: Its text, where it has one.

    Raises:
        ReviewError: If it is no template.
    """
    _check_size(data, name)
    if not isinstance(data, Mapping) or not isinstance(data.get("Resources"), Mapping):
        raise ReviewError(
            "REV902",
            f"{name} is no CloudFormation template: it has no mapping `Resources`",
            help="give a template, a folder of `cdk synth`, or a folder of snapshots",
            file=name,
        )
    _check_resources(data["Resources"], name)
    if "Transform" not in data:
        return Source(name, data, text)
    try:
        after, notes = transformed(data)
    except RecursionError:
        raise _too_large(name) from None
    _check_size(after, name)
    _check_resources(after["Resources"], name)
    return Source(name, after, text, notes, data["Resources"])


_NO_RESOURCES = ("Fn::Transform", "Fn::ForEach::")
"""What may stand among resources and is none."""


def _check_resources(resources: Mapping[str, Any], name: str) -> None:
    """Refuses what CloudFormation refuses: a review that passed over it would say that it is not there."""
    if len(resources) > MAX_RESOURCES:
        limit = f"CloudFormation takes {cloudformation.STACK_RESOURCES.value:,.0f}"
        raise ReviewError("REV903", f"{name} has {len(resources):,} resources; {limit}", help=_DIVIDE, file=name)
    for logical_id, resource in resources.items():
        if str(logical_id).startswith(_NO_RESOURCES):
            continue
        if not isinstance(resource, Mapping) or not isinstance(resource.get("Type"), str):
            raise ReviewError(
                "REV904",
                f"{logical_id} of {name} is no resource: it has no `Type`",
                help="give it one, such as `Type: AWS::Kinesis::Stream`; CloudFormation refuses the template as it is",
                file=name,
            )


def _data(text: str, name: str) -> tuple[Any, list[tuple[str, int]]]:
    """What a text says, and the keys in it that are written twice."""
    try:
        if text.lstrip().startswith("{"):
            try:
                return _json(text)
            except json.JSONDecodeError:
                pass  # YAML in flow style begins like this too
        return _yaml(text, name)
    except ReviewError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise ReviewError("REV901", f"{name} is neither JSON nor YAML: {error.problem}", file=name, line=line) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ReviewError(
            "REV901", f"{name} is neither JSON nor YAML: {str(error).splitlines()[0]}", file=name
        ) from None
    except RecursionError:
        raise _too_large(name) from None


def _json(text: str) -> tuple[Any, list[tuple[str, int]]]:
    is_twice = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal is_twice
        found = dict(pairs)
        is_twice = is_twice or len(found) < len(pairs)
        return found

    data = json.loads(text, object_pairs_hook=members)
    return data, written_twice(text) if is_twice else []


def _yaml(text: str, name: str) -> tuple[Any, list[tuple[str, int]]]:
    # Event by event first: the loader descends into each level by itself, and a process that has too many of them dies.
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Base)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or number > MAX_EVENTS:
            raise _too_large(name)
    loader = _Loader(text)
    try:
        return loader.get_single_data(), loader.twice
    finally:
        loader.dispose()


def _too_large(name: str) -> ReviewError:
    return ReviewError(
        "REV903", f"{name} unfolds to more than {MAX_VALUES:,} values, or {MAX_DEPTH} levels deep", file=name
    )


def _check_size(data: Any, name: str) -> None:
    """Refuses what unfolds without end: level by level, so that neither depth nor number nor length can hurt."""
    level, values, characters, depth = [data], 1, 0, 0
    while level:
        depth += 1
        mappings = [value for value in level if isinstance(value, Mapping)]
        inner = [*mappings, *(value for value in level if isinstance(value, list))]
        values += sum(map(len, inner))
        characters += sum(len(value) for value in level if isinstance(value, str))
        if depth > MAX_DEPTH or values > MAX_VALUES or characters > MAX_UNFOLDED:
            raise _too_large(name)
        characters += sum(len(key) for mapping in mappings for key in mapping if isinstance(key, str))
        level = [part for parts in inner for part in (parts.values() if isinstance(parts, Mapping) else parts)]


_MERGE = "tag:yaml.org,2002:merge"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML as CloudFormation reads it: with short forms, and with dates as the texts that they are."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[str, int]] = []

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        self._note_twice(node)
        self.flatten_mapping(node)
        return {self._key(key): self.construct_object(value, deep=deep) for key, value in node.value}

    def _note_twice(self, node: Any) -> None:
        """Keeps the keys that a mapping has twice; one that it overrides of a mapping that is merged into it is none."""
        written: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                if key.value in written:
                    self.twice.append((key.value, key.start_mark.line + 1))
                written.add(key.value)

    def flatten_mapping(self, node: Any) -> None:
        """Merges what `<<` names, as far as that is no more than a template may have."""
        merged = [value for key, value in node.value if key.tag == _MERGE]
        merged = [each for value in merged for each in (value.value if value.tag.endswith(":seq") else [value])]
        for each in {id(each): each for each in merged if isinstance(each, yaml.MappingNode)}.values():
            self.flatten_mapping(each)
        if sum(len(each.value) for each in merged if isinstance(each, yaml.MappingNode)) > MAX_VALUES:
            raise RecursionError
        super().flatten_mapping(node)

    def _key(self, node: Any) -> str:
        """A key as it was written: `On` and `1` are names, and no truth value or number."""
        return str(node.value if isinstance(node, yaml.ScalarNode) else self.construct_object(node, deep=True))


def _short_form(loader: Any, suffix: str, node: Any) -> Any:
    name = _PLAIN_TAGS.get(suffix, f"Fn::{suffix}")
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor(
    "tag:yaml.org,2002:binary", lambda loader, node: re.sub(r"\s", "", loader.construct_scalar(node))
)
