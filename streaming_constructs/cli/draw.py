"""`streaming-constructs draw`: the graph of a system as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.planning.drawing.graph import Graph

Form = Literal["svg", "png", "mermaid", "text"]
_ENDINGS: dict[str, Form] = {".svg": "svg", ".png": "png", ".mmd": "mermaid", ".mermaid": "mermaid", ".txt": "text"}


@click.command()
@options.system
@options.environment
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "png", "mermaid", "text"]),
    help="What it is drawn as; PNG needs the extra `draw`. Left out: as the ending of --output says, else text.",
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    help="The colours of SVG and PNG. Left out: SVG is as the screen of whoever looks at it, PNG is light.",
)
@click.option(
    "--output", metavar="FILE", help="The file that it is written to, over what is there. Left out: standard output."
)
def draw(system: str, environment: str | None, form: Form | None, theme: str | None, output: str | None) -> None:
    """Draws the graph of a system as SVG, PNG, Mermaid or text.

    Shown are the nodes, as AWS calls them, with their size and what they cost in a month by AWS's list, the ways of records,
    dead letters among them, and how much flows or is buffered. SPEC is a file, or - for standard input; PATTERN is the name
    of a documented pattern. Needs neither Node nor an AWS account.

    Exit codes: 0 drawn, 1 the system cannot be built, 2 wrong usage.
    """
    from streaming_constructs.cli.own_prices import take_own_prices
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.drawing.graph import graph_of
    from streaming_constructs.planning.plan_file import plan_system

    form = _form(form, Path(output or "").suffix)
    if form == "png" and output is None:
        raise click.UsageError("PNG is written to a file; name it by `--output`")
    if theme and form not in {"svg", "png"}:
        raise click.UsageError("`--theme` is for SVG and PNG; Mermaid and text have the colours of what shows them")
    opened = open_system(system)
    take_own_prices(opened.directory)
    drawn = _drawn(graph_of(plan_system(opened.document, environment)), form, theme)
    if output is None:
        click.echo(drawn, nl=False)
        return
    from streaming_constructs.cli.picture import write_picture

    write_picture(output, drawn, "--output")


def _form(form: Form | None, ending: str) -> Form:
    """What it is drawn as, which the ending of its file does not gainsay."""
    named = _ENDINGS.get(ending.lower())
    if ending and named is None:
        message = f"it ends in none of {', '.join(_ENDINGS)}: name a file such as `system.svg`"
        raise click.BadParameter(message, param_hint="'--output'")
    if form is not None and named is not None and form != named:
        raise click.UsageError(
            f"`--format {form}` and a file that ends in `{ending}` do not go together; leave one out"
        )
    return form or named or "text"


def _drawn(graph: Graph, form: Form, theme: str | None) -> str | bytes:
    """The picture; what draws it is loaded where it is asked for."""
    if form == "text":
        from streaming_constructs.planning.drawing.text import text

        return text(graph)
    if form == "mermaid":
        from streaming_constructs.planning.drawing.mermaid import mermaid

        return mermaid(graph)
    from streaming_constructs.planning.drawing.layout import layout_of
    from streaming_constructs.planning.drawing.svg import svg

    layout = layout_of(graph)
    if form == "svg":
        return svg(layout, dark=theme == "dark" if theme else None)
    from streaming_constructs.cli.picture import png

    return png(svg(layout, dark=theme == "dark"))
