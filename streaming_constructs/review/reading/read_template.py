"""From text to a template as plain data: JSON, or YAML with CloudFormation's short forms such as `!Ref`.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import yaml

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.transforms import transformed

MAX_BYTES = 20_000_000
"""Larger texts are no templates: CloudFormation takes 1 MB."""
MAX_VALUES = 1_000_000
"""More values than this, counted after aliases are followed, are an accident or an attack."""
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
    """

    name: str
    data: Mapping[str, Any]
    text: str = ""
    notes: tuple[str, ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict)


def read_template(text: str, name: str) -> Source:
    """A template from its text.

    Args:
        text: JSON or YAML.
        name: What it is called in findings.

    Raises:
        ReviewError: If it cannot be read, or is no template.
    """
    if len(text) > MAX_BYTES:
        raise ReviewError(
            "REV903", f"{name} has {len(text):,} characters; a template has {MAX_BYTES:,} at most", file=name
        )
    data = _data(text.removeprefix("\ufeff"), name)
    return as_source(data, name, text)


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
    after, notes = transformed(data)
    return Source(name, after, text, notes, data["Resources"])


_NO_RESOURCES = ("Fn::Transform", "Fn::ForEach::")
"""What may stand among resources and is none."""


def _check_resources(resources: Mapping[str, Any], name: str) -> None:
    """Refuses what CloudFormation refuses: a review that passed over it would say that it is not there."""
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


def _data(text: str, name: str) -> Any:
    try:
        if text.lstrip().startswith("{"):
            try:
                return json.loads(text)
            except json.JSONDecodeError:
                pass  # YAML in flow style begins like this too
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with the short forms
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise ReviewError("REV901", f"{name} is neither JSON nor YAML: {error.problem}", file=name, line=line) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ReviewError(
            "REV901", f"{name} is neither JSON nor YAML: {str(error).splitlines()[0]}", file=name
        ) from None
    except RecursionError:
        raise _too_deep(name) from None


def _too_deep(name: str) -> ReviewError:
    return ReviewError("REV903", f"{name} unfolds without end, or more than {MAX_DEPTH} levels deep", file=name)


def _check_size(data: Any, name: str) -> None:
    """Refuses what unfolds without end: level by level, so that neither depth nor number can hurt."""
    level, values, depth = [data], 0, 0
    while level:
        depth += 1
        values += len(level)
        if depth > MAX_DEPTH or values > MAX_VALUES:
            raise _too_deep(name)
        inner = [list(value.values()) if isinstance(value, Mapping) else value for value in level if _has_parts(value)]
        if values + sum(map(len, inner)) > MAX_VALUES:
            raise _too_deep(name)
        level = [part for parts in inner for part in parts]


def _has_parts(value: Any) -> bool:
    return isinstance(value, (Mapping, list))


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML as CloudFormation reads it: with short forms, and with dates as the texts that they are."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        self.flatten_mapping(node)
        return {self._key(key): self.construct_object(value, deep=deep) for key, value in node.value}

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
