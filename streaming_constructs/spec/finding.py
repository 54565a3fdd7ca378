"""What is said about a spec: one finding, wherever it was found and however it is printed."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import Any, Literal

from streaming_constructs.spec.codes.levels import level_of
from streaming_constructs.spec.printable import printable
from streaming_constructs.spec.source_line import shown_line

Level = Literal["error", "warning", "note"]
SpecPath = tuple[str | int, ...]

_DIGITS = re.compile(r"\d+")
"""What differs in digits alone, such as another version, is another choice and no slip of the pen."""


class Remove(Enum):
    """The value of an edit that takes something out."""

    REMOVE = "remove"


REMOVE = Remove.REMOVE


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a spec that a help asks for, as a program can carry it out.

    Attributes:
        path: What is changed.
        value: What it says then, as plain data; `REMOVE` to take it out.
        invented: Whether the value is an example, and not what was written in other words.
    """

    path: SpecPath
    value: Any = REMOVE
    invented: bool = False

    def below(self, *prefix: str | int) -> Edit:
        """The same edit, seen from further up in the spec."""
        return replace(self, path=(*prefix, *self.path))


_LONG = 200
_LONG_WORD = re.compile(rf"[^\s`]{{{_LONG},}}")
_SHOWN = 77
_LONGEST_TEXT = 4000
"""Characters of the longest help: a whole piece to paste, or the choices that there are."""


def clipped(text: str) -> str:
    """A text with what is long in it cut: a value of somebody's file may have any length.

    Args:
        text: The text.
    """
    if len(text) <= _LONG:
        return text
    text = _LONG_WORD.sub(lambda found: f"{found[0][:_SHOWN]}…", text)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def dotted(path: SpecPath) -> str:
    """A path as people write it: `consumers.fraud.filters[0]`.

    Args:
        path: The path.
    """
    text = ""
    for step in path:
        step = step if isinstance(step, int) else clipped(step)  # noqa: PLW2901
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a spec.

    Attributes:
        code: The stable code, such as `LNG204`; `streaming-constructs explain LNG204` tells its story.
        message: What is wrong in one line that stands alone.
        path: Where in the spec, such as `("streams", "clicks", "retention_hours")`.
        note: What is allowed, or why it matters.
        help: The change to make.
        level: `error` (would fail or lose data), `warning` (very likely wrong) or `note` (worth knowing). Left out: that of
            the code.
        file: The file it was read from, if it was read from a file.
        line: Line in that file, from 1.
        column: Column in that line, from 1.
        source: The text of that line.
        edits: The change that `help` asks for, where it is one that a program can make.
    """

    code: str
    message: str
    path: SpecPath = ()
    note: str = ""
    help: str = ""
    level: Level = ""  # type: ignore[assignment]
    file: str = ""
    line: int = 0
    column: int = 0
    source: str = ""
    edits: tuple[Edit, ...] = field(default=(), hash=False)

    def __post_init__(self) -> None:
        if not self.level:
            object.__setattr__(self, "level", level_of(self.code))
        for part in ("message", "note", "help"):
            text = getattr(self, part)
            if len(text) > _LONG:
                object.__setattr__(self, part, clipped(text))

    @property
    def dotted_path(self) -> str:
        """The path as people write it: `consumers.fraud.filters[0]`."""
        return dotted(self.path)

    def below(self, *prefix: str | int) -> Finding:
        """The same finding, seen from further up in the spec."""
        edits = tuple(edit.below(*prefix) for edit in self.edits)
        return replace(self, path=(*prefix, *self.path), edits=edits)

    def __str__(self) -> str:
        file = f"{self.file}:{self.line}" if self.line else self.file
        place = " ".join(part for part in (file, self.dotted_path) if part)
        lines = [f"{self.level}[{self.code}]: {printable(self.message)}"]
        if place:
            lines.append(f"  --> {printable(place)}")
        if self.source:
            text, marker = shown_line(self.source, self.column)
            lines.append(f"   |  {self.line} | {text}")
            if marker:
                lines.append(f"   |  {' ' * len(str(self.line))} | {marker}")
        if self.note:
            lines.append(f"   = note: {printable(self.note)}")
        if self.help:
            lines.append(f"   = help: {printable(self.help)}")
        return "\n".join(lines)


class SpecError(ValueError):
    """A spec that cannot be built. Carries every finding, not just the first.

    Attributes:
        findings: All of them, in the order of the file.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n\n".join(["", *map(str, self.findings)]))


_LONGEST_WORD = 200
"""Characters above which a word is no slip of the pen."""
_FEW = 100
"""Choices that are all compared with a word; of more, only those that begin or end most like it."""
_NEIGHBOURS = 4
_MOST_NAMED = 40
"""How many choices a help names."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice that was probably meant: one that is close to the word; else an empty string.

    Args:
        word: What was written.
        choices: What could have been.
    """
    return "" if len(word) > _LONGEST_WORD else _nearest(word, tuple(choices))


@lru_cache(maxsize=1024)  # whoever mistyped a word often did so in many places
def _nearest(word: str, choices: tuple[str, ...]) -> str:
    import difflib  # only who mistyped something waits for it

    options = choices if len(choices) <= _FEW else _alike(word, choices)
    options = [choice for choice in options if _DIGITS.sub("", choice) != _DIGITS.sub("", word)]
    in_capitals = [choice for choice in options if choice.lower() == word.lower()]
    matches = in_capitals or difflib.get_close_matches(word, options, n=1, cutoff=0.72)
    return matches[0] if matches else ""


def _alike(word: str, choices: tuple[str, ...]) -> list[str]:
    """The choices that begin, or end, most like a word; whoever mistyped one got the rest of it right."""
    forwards, backwards = _sorted_both_ways(choices)
    lower = word.lower()
    begin, end = bisect(forwards, lower, key=str.lower), bisect(backwards, lower[::-1], key=str.lower)
    near = forwards[max(0, begin - _NEIGHBOURS) : begin + _NEIGHBOURS]
    near += [choice[::-1] for choice in backwards[max(0, end - _NEIGHBOURS) : end + _NEIGHBOURS]]
    return list(dict.fromkeys(near))


@lru_cache(maxsize=8)
def _sorted_both_ways(choices: tuple[str, ...]) -> tuple[list[str], list[str]]:
    return sorted(choices, key=str.lower), sorted((choice[::-1] for choice in choices), key=str.lower)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A help for a word that is not one of the choices: the one that is close to it, or else all of them.

    Args:
        word: What was written.
        choices: What could have been.
    """
    options = tuple(choices)
    close = nearest(word, options)
    if close:
        return f"did you mean `{close}`?"
    if not options:
        return ""
    named = _sorted_both_ways(options)[0][:_MOST_NAMED]
    more = f" … and {len(options) - len(named):,} more" if len(options) > len(named) else ""
    return f"use one of: {', '.join(f'`{option}`' for option in named)}{more}"
