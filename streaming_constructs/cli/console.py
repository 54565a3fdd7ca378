"""Where a verb prints: a terminal, or a file that its output is led into."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from streaming_constructs.cli.guarded_stream import is_coloured, write_obeyed
from streaming_constructs.cli.most_of_a_kind import most_of_a_kind
from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType
    from rich.text import Text

    from streaming_constructs.review import TemplateFinding
    from streaming_constructs.spec.finding import Finding

_ANY_WIDTH = 100_000
"""Columns of what is no terminal: nothing is wrapped there, so that `grep` finds it."""
_TEXT_WIDTH = 100
"""Columns of running text; longer lines are hard to read."""
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def show(*parts: RenderableType) -> None:
    """Prints what rich draws: as wide as the terminal; where there is none as wide as it is, and without trailing blanks.

    Args:
        parts: What is printed, one below the other.
    """
    from rich.console import Console

    if sys.stdout.isatty():
        colours: Literal["auto"] | None = "auto" if is_coloured(sys.stdout) else None
        Console(highlight=False, color_system=colours).print(*parts, sep="\n")
        return
    console = Console(highlight=False, color_system=None, width=_ANY_WIDTH)
    with console.capture() as drawn:
        console.print(*parts, sep="\n")
    for line in drawn.get().removesuffix("\n").split("\n"):
        click.echo(line.rstrip())


def text_width() -> int:
    """Columns of running text: as wide as the terminal, and no wider than can be read, as where there is no terminal."""
    import shutil

    return min(_TEXT_WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _TEXT_WIDTH


def plain(text: str, style: str = "") -> Text:
    """A text of a spec, or of a file, as rich draws it: nothing in it is markup, or obeyed by a terminal.

    Args:
        text: One line.
        style: Its style. Left out: none.
    """
    from rich.text import Text

    return Text(printable(text), style)


def show_json(value: Any) -> None:
    """Prints an object for programs.

    Args:
        value: Plain data; what is none is written as its text.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    text = text if text.isascii() and "\x7f" not in text else re.sub(r"[^\n]", _json_sign, text)
    click.echo(re.sub(r"#(?=#\w*\[)", r"\\u0023", text))  # which CI systems would obey anywhere in a line


def _json_sign(found: re.Match[str]) -> str:
    sign = found[0]
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]


def show_commands(text: str) -> None:
    """Prints commands to a CI system, in which everything that others wrote is escaped.

    Args:
        text: The commands, each in a line; nothing is printed where there are none.
    """
    if text:
        write_obeyed(sys.stdout, f"{text}\n")


def show_findings(findings: Iterable[Finding | TemplateFinding]) -> None:
    """Prints findings on stderr, an empty line before each.

    Args:
        findings: The findings.
    """
    for text in finding_texts(findings, coloured=is_coloured(sys.stderr)):
        click.echo(f"\n{text}", err=True)


def finding_texts(findings: Iterable[Finding | TemplateFinding], *, coloured: bool) -> list[str]:
    """Findings for people, the first of each code; then how many more there are.

    Args:
        findings: The findings.
        coloured: Whether their levels and codes are in colour.
    """
    shown, unsaid = most_of_a_kind(
        findings, lambda finding: getattr(finding, "code", "") or getattr(finding, "rule", "")
    )
    return [*(text_finding(finding, coloured=coloured) for finding in shown), *unsaid]


def text_finding(finding: Finding | TemplateFinding, *, coloured: bool = False) -> str:
    """One finding for people.

    Args:
        finding: The finding, of a spec or of a template.
        coloured: Whether its level and code are in colour.
    """
    text = str(finding)
    head, colon, rest = text.partition(":")
    return click.style(head, fg=_COLOURS[finding.level], bold=True) + colon + rest if coloured else text
