"""YAML as the language reads it: plain data, and the place in the file that each value came from.

Plain words mean what YAML 1.2 says: only `true` and `false` are booleans, so a stream may be called `on`; numbers with a
leading zero stay text, so an account id keeps its zeros. What could be read in two ways is refused: a key given twice,
a tab, a tag, a merge key, a second document.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from streaming_constructs.spec.finding import Finding, SpecPath

# libyaml is ten times as fast; wheels of PyYAML carry it, other builds may not.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_VALUES = 50_000
"""More values than this, counted after aliases are followed, are no spec but an accident or an attack."""
MAX_DEPTH = 64

_UNFOLDS = "the file unfolds without end, or too deeply"

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TAG = re.compile(r"(&\S+\s+)?!")
"""A tag, also behind an anchor; a plain value cannot begin like this."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the file, both counted from 1."""

    line: int
    column: int


@dataclass(eq=False)
class Document:
    """A file as plain data; each that was opened is one of its own.

    Attributes:
        name: What the file is called in findings.
        lines: Its text.
        data: Its content as dicts, lists and scalars.
        positions: Where each path of `data` stands: a key for what has one, else the value.
        origins: The paths in the file of parts that were written elsewhere in it: what an environment differs in, and defaults.
        findings: What could not be read.
    """

    name: str
    lines: list[str]
    data: Any = None
    positions: dict[SpecPath, Position] = field(default_factory=dict)
    origins: dict[SpecPath, SpecPath] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def locate(self, finding: Finding) -> Finding:
        """The finding with the line that its path, or the nearest part of the file around it, stands on.

        Its path, and those of its edits, are then where that was written.
        """
        path = finding.path
        while path not in self.positions and path:
            path = path[:-1]
        position = self.positions.get(path, Position(1, 1))
        return self.at(self._where_written(finding), position)

    def _where_written(self, finding: Finding) -> Finding:
        there = written_at(finding.path, self.origins)
        if there == finding.path:
            return finding
        # Beside what was written there, too: a field under its right name.
        origins = {finding.path[:-1]: there[:-1], **self.origins}
        edits = tuple(replace(edit, path=written_at(edit.path, origins)) for edit in finding.edits)
        return replace(finding, path=there, edits=edits)

    def with_names(self, renamed: Mapping[SpecPath, SpecPath]) -> Document:
        """The document, in which parts are found under their right names as well.

        Args:
            renamed: The paths of parts in the file, by those under their right names.
        """
        names: dict[SpecPath, list[SpecPath]] = {}
        for name, part in renamed.items():
            names.setdefault(part, []).append(name)
        positions = dict(self.positions)
        for path, position in self.positions.items():
            for length in range(1, len(path) + 1):
                for name in names.get(path[:length], ()):
                    positions.setdefault((*name, *path[length:]), position)
        return replace(self, positions=positions) if names else self

    def at(self, finding: Finding, position: Position) -> Finding:
        """The finding at a place in this file; what is wrong with its end is shown on its last line."""
        line = max(1, min(position.line, len(self.lines)))
        source = self.lines[line - 1].rstrip() if self.lines else ""
        return replace(finding, file=self.name, line=line, column=position.column, source=source)


def written_at(path: SpecPath, origins: Mapping[SpecPath, SpecPath]) -> SpecPath:
    """The path that a part has where it was written.

    Args:
        path: Its path in the system.
        origins: The paths of parts that were written elsewhere.
    """
    for length in range(len(path), -1, -1):
        if path[:length] in origins:
            return (*origins[path[:length]], *path[length:])
    return path


def read_document(text: str, name: str) -> Document:
    """Reads YAML text.

    Args:
        text: The text of the file.
        name: What the file is called in findings.
    """
    document = Document(name, text.splitlines())
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if unprintable:
        until = f"{text[: unprintable.start()]}?".splitlines()
        message = f"the character {unprintable.group()!a} cannot stand in YAML"
        finding = Finding("LNG102", message, help="take it out")
        document.findings.append(document.at(finding, Position(len(until), len(until[-1]))))
        return document
    try:
        refused = _refused_unread(document, text)
        root = None if refused else yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        document.findings.append(_syntax_finding(document, error))
        return document
    if refused:
        document.findings.append(refused)
    if root is not None:
        document.data = _Reader(document).value(root, ())
    return document


def deepest(text: str) -> int:
    """What the depth of a text is at most, at a glance: to parse it for that takes as long as to read it.

    A collection within brackets begins with one. One without begins further to the right than what it stands in, or is a list
    that begins where its key does.

    Args:
        text: YAML.
    """
    columns = max((len(line) - len(line.lstrip(" -?:\t")) for line in text.splitlines()), default=0)
    return (
        2 * (columns + 1) + text.count("{") + 2 * text.count("[")
    )  # a pair in a list, `[a: 1]`, is a mapping of its own


def _refused_unread(document: Document, text: str) -> Finding | None:
    """What is wrong with a text that is nested deeper, or has more values, than a spec can have.

    Composing the one would exhaust the stack of the process, and the other its time.
    """
    # A value ends a line, or begins after one of these signs.
    values = text.count("\n") + text.count(",") + text.count("[") + text.count("{")
    if deepest(text) <= MAX_DEPTH and values < MAX_VALUES:
        return None
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        nodes += isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                finding = Finding(
                    "LNG105", "the file is nested too deeply", help=f"nest no more than {MAX_DEPTH} levels"
                )
                return document.at(finding, _position(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if nodes > 2 * MAX_VALUES:  # a key is one, too
            return document.at(_too_many_values(), _position(event))
    return None


def _too_many_values() -> Finding:
    return Finding(
        "LNG101",
        "the file is larger than any spec",
        note=f"it has more than {MAX_VALUES:,} values; a stack of CloudFormation takes 500 resources",
        help="divide it into systems, with a file for each",
    )


def _syntax_finding(document: Document, error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    line = document.lines[position.line - 1] if position.line <= len(document.lines) else ""
    problem = (error.problem or "").strip()
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in problem:
        finding = Finding("LNG104", "a tab in the indentation", help="indent with spaces")
    elif "but found another document" in problem:
        finding = Finding(
            "LNG105", "a second document in the file", help="keep one spec in one file; take out the `---`"
        )
    elif "found undefined alias" in problem:
        finding = Finding("LNG105", problem, help="give the value an anchor, `&name`, further up")
    elif "found duplicate anchor" in problem or "recursive" in problem:
        finding = Finding("LNG105", problem, help="give each anchor its own name")
    else:
        context = f"{error.context}, " if error.context else ""
        begun = error.context_mark.line + 1 if error.context_mark else position.line
        last = min(position.line, len(document.lines))
        finding = Finding(
            "LNG102",
            f"not valid YAML: {context}{problem}",
            note=f"what is not finished here began on line {begun}" if begun < last else "",
            help="look at the line and the one before it",
        )
    return document.at(finding, position)


class _Reader:
    """Turns composed YAML nodes into data, noting positions and refusing what is ambiguous."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes = 0
        self.open: list[int] = []
        self.read: set[int] = set()
        self.unfolds = False  # whether an alias stands for a value once more

    def value(self, node: yaml.Node, path: SpecPath) -> Any:
        position = _position(node)
        self.document.positions.setdefault(path, position)
        self.nodes += 1
        if self.nodes > MAX_VALUES:
            if self.nodes == MAX_VALUES + 1 and not self.unfolds:
                self.document.findings.append(self.document.at(_too_many_values(), position))
            elif self.nodes == MAX_VALUES + 1:
                self.refuse(_UNFOLDS, position, "write the values out")
            return None
        if len(self.open) > MAX_DEPTH or id(node) in self.open:
            self.refuse(_UNFOLDS, position, "write the values out")
            self.nodes = MAX_VALUES + 1  # nothing else is said of it
            return None
        self.unfolds = self.unfolds or id(node) in self.read
        self.read.add(id(node))
        if self.is_tagged(node):
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse(f"the tag `{tag}` is no part of the language", position, "take it out; write the plain value")
            return None
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        self.open.append(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return self.mapping(node, path)
        finally:
            self.open.pop()

    def mapping(self, node: yaml.Node, path: SpecPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            position = _position(key_node)
            if not isinstance(key_node, yaml.ScalarNode) or self.is_tagged(key_node):
                self.refuse("a key that is no text", position, "write a plain name as the key")
                continue
            key = key_node.value
            if key == "<<" and not key_node.style:
                help_ = "write the fields out; differences between environments go under `environments`"
                self.refuse("the merge key `<<` is no part of the language", position, help_)
            elif key in result:
                finding = Finding(
                    "LNG103",
                    f"the key `{key}` is given twice",
                    path,
                    note=f"first on line {self.document.positions[(*path, key)].line}; YAML would keep only the last",
                    help="keep one of them",
                )
                self.document.findings.append(self.document.at(finding, position))
            else:
                self.document.positions[(*path, key)] = position
                result[key] = self.value(value_node, (*path, key))
        return result

    def is_tagged(self, node: yaml.Node) -> bool:
        """Whether a tag is written before the node; a plain value gets one from YAML 1.1, which is not asked."""
        line = self.document.lines[node.start_mark.line : node.start_mark.line + 1] or [""]
        return _TAG.match(line[0], node.start_mark.column) is not None

    def refuse(self, message: str, position: Position, help_: str) -> None:
        self.document.findings.append(self.document.at(Finding("LNG105", message, help=help_), position))


def _position(node: Any) -> Position:
    """Where a node or an event starts."""
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style:
        return text
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        # Longer numbers fit no field, and reading them takes time that grows with their square.
        return int(text) if len(text) < 100 else text
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
