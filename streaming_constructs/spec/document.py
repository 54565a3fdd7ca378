"""YAML as the language reads it: plain data, and the place in the file that each value came from.

Plain words mean what YAML 1.2 says: only `true` and `false` are booleans, so a stream may be called `on`; numbers with a
leading zero stay text, so an account id keeps its zeros. What could be read in two ways is refused: a key given twice,
a tab, a tag, a merge key, a second document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from streaming_constructs.spec.finding import Finding, SpecPath

# libyaml is ten times as fast; wheels of PyYAML carry it, other builds may not.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_NODES = 100_000
"""More values than this, counted after aliases are followed, are no spec but an accident or an attack."""
MAX_DEPTH = 64

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_PLAIN_TAGS = tuple(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "value")
)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the file, both counted from 1."""

    line: int
    column: int


@dataclass
class Document:
    """A file as plain data.

    Attributes:
        name: What the file is called in findings.
        lines: Its text.
        data: Its content as dicts, lists and scalars.
        positions: Where each path of `data` stands: a key for what has one, else the value.
        findings: What could not be read.
    """

    name: str
    lines: list[str]
    data: Any = None
    positions: dict[SpecPath, Position] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def locate(self, finding: Finding) -> Finding:
        """The finding with the line that its path, or the nearest part of the file around it, stands on."""
        path = finding.path
        while path not in self.positions and path:
            path = path[:-1]
        position = self.positions.get(path, Position(1, 1))
        return self.at(finding, position)

    def at(self, finding: Finding, position: Position) -> Finding:
        """The finding at a place in this file."""
        line = self.lines[position.line - 1] if position.line <= len(self.lines) else ""
        return replace(
            finding, file=self.name, line=position.line, column=position.column, source=line.rstrip()[:160]
        )

    def overlaid(self, environment: str) -> Document:
        """The document with its differences for one environment merged in, by name; `environments` is gone."""
        data = {key: value for key, value in self.data.items() if key != "environments"}
        differences = self.data.get("environments", {}).get(environment, {})
        prefix = ("environments", environment)
        positions = {path: at for path, at in self.positions.items() if path[:1] != ("environments",)}
        positions |= {path[2:]: at for path, at in self.positions.items() if path[:2] == prefix and len(path) > 2}
        return replace(self, data=_merged(data, {"environment": environment, **differences}), positions=positions)


def _merged(base: Any, difference: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(difference, Mapping)):
        return difference
    merged = dict(base)
    for key, value in difference.items():
        merged[key] = _merged(merged[key], value) if key in merged else value
    return merged


def read_document(text: str, name: str) -> Document:
    """Reads YAML text.

    Args:
        text: The text of the file.
        name: What the file is called in findings.
    """
    document = Document(name, text.splitlines())
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        document.findings.append(_syntax_finding(document, error))
    except yaml.reader.ReaderError as error:
        message = f"the character {ascii(chr(error.character)) if isinstance(error.character, int) else '?'} cannot stand"
        document.findings.append(document.at(Finding("SC102", f"{message} in YAML"), Position(1, 1)))
    except RecursionError:
        finding = Finding("SC105", "the file is nested too deeply", help=f"nest no more than {MAX_DEPTH} levels")
        document.findings.append(document.at(finding, Position(1, 1)))
    else:
        if root is not None:
            document.data = _Reader(document).value(root, ())
    return document


def _syntax_finding(document: Document, error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    line = document.lines[position.line - 1] if position.line <= len(document.lines) else ""
    problem = (error.problem or "").strip()
    if "\t" in line[: position.column] or "'\\t'" in problem:
        finding = Finding("SC104", "a tab in the indentation", help="indent with spaces")
    elif "but found another document" in problem:
        finding = Finding("SC105", "a second document in the file", help="keep one spec in one file; take out the `---`")
    elif "found undefined alias" in problem:
        finding = Finding("SC105", problem, help="give the value an anchor, `&name`, further up")
    elif "found duplicate anchor" in problem or "recursive" in problem:
        finding = Finding("SC105", problem, help="give each anchor its own name")
    else:
        context = f"{error.context}, " if error.context else ""
        finding = Finding("SC102", f"not valid YAML: {context}{problem}", help="look at the line and the one before it")
    return document.at(finding, position)


class _Reader:
    """Turns composed YAML nodes into data, noting positions and refusing what is ambiguous."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes = 0
        self.open: list[int] = []

    def value(self, node: yaml.Node, path: SpecPath) -> Any:
        position = _position(node)
        self.document.positions.setdefault(path, position)
        self.nodes += 1
        if self.nodes > MAX_NODES or len(self.open) > MAX_DEPTH or id(node) in self.open:
            if self.nodes != MAX_NODES + 2:
                self.refuse("the file unfolds without end, or too deeply", position, "write the values out")
            self.nodes = MAX_NODES + 1
            return None
        if node.tag not in _PLAIN_TAGS and node.tag != "tag:yaml.org,2002:merge":
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
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse("a key that is no text", position, "write a plain name as the key")
                continue
            key = key_node.value
            if key == "<<" and not key_node.style:
                help_ = "write the fields out; differences between environments go under `environments`"
                self.refuse("the merge key `<<` is no part of the language", position, help_)
            elif key in result:
                finding = Finding(
                    "SC103",
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

    def refuse(self, message: str, position: Position, help_: str) -> None:
        self.document.findings.append(self.document.at(Finding("SC105", message, help=help_), position))


def _position(node: yaml.Node) -> Position:
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
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
