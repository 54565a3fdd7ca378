"""JSON with the lines of its values, which Python's own reader does not tell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from typing import Any

_BLANK = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r"[-+.\w]+")
_MAX_DEPTH = 200
_STRINGS = JSONDecoder()
"""Reads a string that begins at an index."""


@dataclass(slots=True)
class JsonPart:
    """A value of a file that knows its line.

    Attributes:
        line: The line that it begins on, from 1.
        text: What it says; empty of an object and of a list.
        members: Of an object, by name: the line of the name, and the value.
        items: Of a list.
    """

    line: int
    text: str = ""
    members: Mapping[str, tuple[int, Any]] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)


def json_parts(text: str) -> JsonPart | None:
    """The values of a text with their lines; None of a text that is no JSON.

    Args:
        text: The text.
    """
    try:
        return _Scanner(text).value(0, 0)[0]
    except (JSONDecodeError, IndexError, ValueError):
        return None


def written_twice(text: str) -> list[tuple[str, int]]:
    """The names that an object has twice, each with the line of the second.

    Args:
        text: JSON.
    """
    scanner = _Scanner(text)
    scanner.value(0, 0)
    return sorted(scanner.twice, key=lambda found: found[1])


class _Scanner:
    """Goes through a text once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.twice: list[tuple[str, int]] = []
        self.ends = [found.start() for found in re.finditer("\n", text)]

    def line(self, at: int) -> int:
        return bisect_right(self.ends, at - 1) + 1

    def value(self, at: int, depth: int) -> tuple[JsonPart, int]:
        """The value that begins at, or after blanks behind, an index; and the index behind it."""
        at = self.behind_blanks(at)
        sign, part = self.text[at], JsonPart(self.line(at))
        if depth > _MAX_DEPTH:
            raise ValueError(depth)
        if sign == '"':
            part.text, end = _STRINGS.raw_decode(self.text, at)
        elif sign == "{":
            part.members, end = self.members(at + 1, depth + 1)
        elif sign == "[":
            part.items, end = self.items(at + 1, depth + 1)
        else:
            found = _PLAIN.match(self.text, at)
            if found is None:
                raise ValueError(at)
            part.text, end = found[0], found.end()
        return part, end

    def members(self, at: int, depth: int) -> tuple[dict[str, tuple[int, JsonPart]], int]:
        found: dict[str, tuple[int, JsonPart]] = {}
        at = self.behind_blanks(at)
        while self.text[at] != "}":
            name, end = self.name(at)
            line = self.line(at)
            value, at = self.value(self.expected(self.behind_blanks(end), ":"), depth)
            if name in found:
                self.twice.append((name, line))
            found[name] = line, value
            at = self.next(at, "}")
        return found, at + 1

    def name(self, at: int) -> tuple[str, int]:
        self.expected(at, '"')
        name, end = _STRINGS.raw_decode(self.text, at)
        return str(name), end

    def items(self, at: int, depth: int) -> tuple[list[JsonPart], int]:
        found = []
        at = self.behind_blanks(at)
        while self.text[at] != "]":
            value, at = self.value(at, depth)
            found.append(value)
            at = self.next(at, "]")
        return found, at + 1

    def next(self, at: int, end: str) -> int:
        """The index of what follows a value: of the next one, or of the end."""
        at = self.behind_blanks(at)
        return at if self.text[at] == end else self.behind_blanks(self.expected(at, ","))

    def expected(self, at: int, sign: str) -> int:
        if self.text[at] != sign:
            raise ValueError(at)
        return at + 1

    def behind_blanks(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at
