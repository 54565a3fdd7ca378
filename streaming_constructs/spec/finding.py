"""What is said about a spec: one finding, wherever it was found and however it is printed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["error", "warning", "note"]
SpecPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a spec.

    Attributes:
        code: The stable code, such as `LNG204`; `streaming-constructs explain LNG204` tells its story.
        message: What is wrong in one line that stands alone.
        path: Where in the spec, such as `("streams", "clicks", "retention_hours")`.
        note: What is allowed, or why it matters.
        help: The change to make.
        level: `error` (would fail or lose data), `warning` (very likely wrong) or `note` (worth knowing).
        file: The file it was read from, if it was read from a file.
        line: Line in that file, from 1.
        column: Column in that line, from 1.
        source: The text of that line.
    """

    code: str
    message: str
    path: SpecPath = ()
    note: str = ""
    help: str = ""
    level: Level = "error"
    file: str = ""
    line: int = 0
    column: int = 0
    source: str = ""

    @property
    def dotted_path(self) -> str:
        """The path as people write it: `consumers.fraud.filters[0]`."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text

    def below(self, *prefix: str | int) -> Finding:
        """The same finding, seen from further up in the spec."""
        return replace(self, path=(*prefix, *self.path))

    def __str__(self) -> str:
        file = f"{self.file}:{self.line}" if self.line else self.file
        place = " ".join(part for part in (file, self.dotted_path) if part)
        lines = [f"{self.level}[{self.code}]: {self.message}"]
        if place:
            lines.append(f"  --> {place}")
        if self.source:
            lines.append(f"   |  {self.line} | {self.source}")
        if self.note:
            lines.append(f"   = note: {self.note}")
        if self.help:
            lines.append(f"   = help: {self.help}")
        return "\n".join(lines)


class SpecError(ValueError):
    """A spec that cannot be built. Carries every finding, not just the first.

    Attributes:
        findings: All of them, in the order of the file.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n\n".join(["", *map(str, self.findings)]))


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice that was probably meant, or an empty string."""
    matches = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return matches[0] if matches else ""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A help text for a word that is not one of the choices."""
    options = sorted(choices)
    close = nearest(word, options)
    if close:
        return f"did you mean `{close}`?"
    return f"use one of: {', '.join(f'`{option}`' for option in options)}" if options else ""
