"""Where in a file a resource, and a property of it, is written: looked up for what is told, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import yaml

from streaming_constructs.review.reading.json_parts import json_parts
from streaming_constructs.review.reading.read_template import Source
from streaming_constructs.review.remark import Remark

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ITEM = re.compile(r"\[([^\]]*)\]")
_JOINED = ".["
"""What a name in a path is followed by, where it does not end there."""


_WHOLE = "Properties"
"""The path of remarks about a resource as a whole."""


class Place(NamedTuple):
    """A line of a file, from 1; 0 where it is not known."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Placed(NamedTuple):
    """A remark, and where it is about."""

    remark: Remark
    place: Place


class Part(Protocol):
    """A value of a file that knows its line.

    Attributes:
        line: The line that it begins on.
        text: What it says; empty of a mapping and of a list.
        members: Of a mapping, by name: the line of the name, and the value.
        items: Of a list.
    """

    @property
    def line(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def members(self) -> Mapping[str, tuple[int, Part]]: ...
    @property
    def items(self) -> list[Part]: ...


class _YamlPart:
    """A value in YAML."""

    def __init__(self, node: yaml.Node) -> None:
        self._node = node
        self.line: int = node.start_mark.line + 1
        self.text: str = node.value if isinstance(node, yaml.ScalarNode) else ""

    @cached_property
    def members(self) -> Mapping[str, tuple[int, Part]]:
        """The members of a mapping."""
        pairs = self._node.value if isinstance(self._node, yaml.MappingNode) else ()
        return {
            name.value: (name.start_mark.line + 1, _YamlPart(value))
            for name, value in pairs
            if isinstance(name, yaml.ScalarNode)
        }

    @cached_property
    def items(self) -> list[Part]:
        """The items of a list."""
        return [_YamlPart(node) for node in self._node.value] if isinstance(self._node, yaml.SequenceNode) else []


class Places:
    """The lines of a template."""

    def __init__(self, source: Source) -> None:
        """Looks at nothing yet.

        Args:
            source: The template.
        """
        self._source = source

    def has(self, remark: Remark) -> bool:
        """Whether the template writes down what a remark is about, be its condition one that does not hold.

        Args:
            remark: The remark.
        """
        if remark.logical_id:
            return remark.logical_id in self._source.data["Resources"]
        section, _, name = remark.path.partition(".")
        written = self._source.data.get(section)
        return isinstance(written, Mapping) and name in written

    def of(self, remark: Remark) -> Place:
        """Where the property is written that a remark is about; where it is left out, what it would stand in.

        Args:
            remark: The remark; without a resource its path is one of the template, such as `Outputs.Topic`.
        """
        if self._root is None or not (remark.logical_id or remark.path):
            return Place(self._source.name)
        if not remark.logical_id:
            return Place(self._source.name, _line(self._root, 1, remark.path))
        _, resources = self._root.members.get("Resources", (0, None))
        line, resource = resources.members.get(remark.logical_id, (0, None)) if resources else (0, None)
        if resource is None or remark.path == _WHOLE:
            return Place(self._source.name, line)
        return Place(self._source.name, _line(resource, line, remark.path))

    @cached_property
    def _root(self) -> Part | None:
        text = self._source.text.removeprefix("\ufeff")
        root = json_parts(text) if text.lstrip().startswith("{") else None
        if root is not None or not text:
            return root
        try:
            node = yaml.compose(text, Loader=_Loader)
        except (yaml.YAMLError, RecursionError):
            return None  # what is told is right without a line
        return _YamlPart(node) if node is not None else None


def _line(part: Part, line: int, path: str) -> int:
    """The line of the value at a path, or of the last on the way to it that is written.

    Names may have dots and brackets in them: the longest that fits is meant.
    """
    while path:
        found = _member(part, path) or _item(part, path)
        if found is None:
            return line
        line, part, path = found
    return line


def _member(part: Part, path: str) -> tuple[int, Part, str] | None:
    fitting = [
        name for name in part.members if name and path.startswith(name) and path[len(name) :][:1] in ("", *_JOINED)
    ]
    if not fitting:
        return None
    name = max(fitting, key=len)
    return *part.members[name], path[len(name) :].removeprefix(".")


def _item(part: Part, path: str) -> tuple[int, Part, str] | None:
    """The item of a list: the one of that index, else the one that has a value of that text."""
    found = _ITEM.match(path)
    if found is None or not part.items:
        return None
    name, rest = found[1], path[found.end() :].removeprefix(".")
    if name.isdecimal() and len(name) < 6 and int(name) < len(part.items):
        item = part.items[int(name)]
        return item.line, item, rest
    for item in part.items:
        if any(value.text == name for _, value in item.members.values()):
            return item.line, item, rest
    return None
