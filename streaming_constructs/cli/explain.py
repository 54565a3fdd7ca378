"""`streaming-constructs explain`: the story behind a finding's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streaming_constructs.spec.codes import Code

_WIDTH = 100
_INTRODUCTIONS = {
    "command": ("This says it", "This does not"),
    "elsewhere": ("What has it", "Put right"),
    "file": ("A file that has it", "Put right"),
    "fragment": ("A part of a spec that has it", "Put right"),
    "against": ("A later version that has it", "Put right"),
}


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Tells the story behind the code of a finding, such as LAM506.

    What happens on AWS otherwise, an example, and the mend.
    """
    from streaming_constructs.spec.codes import CODES
    from streaming_constructs.spec.finding import did_you_mean

    name = code.upper()
    if name not in CODES:
        raise click.BadParameter(f"there is no code `{code}`; {did_you_mean(name, CODES)}")
    click.echo(story(CODES[name]))


def story(code: Code) -> str:
    """All that is to be told about a code, for people."""
    from textwrap import fill, indent

    example, mend = _INTRODUCTIONS[code.form]
    parts = [f"{code.level}[{code.code}]: {code.title}", fill(code.why, _WIDTH, break_on_hyphens=False)]
    if code.source:
        parts.append(f"Source: {code.source}")
    if code.earlier:
        parts.append(f"A part of a spec:\n\n{indent(shortened(code.earlier), '    ')}")
    parts += [f"{example}:\n\n{indent(shortened(code.example), '    ')}"]
    parts += [f"{mend}:\n\n{indent(shortened(code.mend), '    ')}"]
    return "\n\n".join(parts)


def shortened(text: str) -> str:
    """The text with its long lines cut."""
    lines = text.rstrip("\n").split("\n")
    return "\n".join(line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…" for line in lines)
