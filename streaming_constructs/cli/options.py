"""Options and arguments that several verbs share."""

from __future__ import annotations

import click

system = click.argument("system", metavar="SPEC|PATTERN")
environment = click.option(
    "--environment",
    metavar="NAME",
    help="Which of the file's `environments` it is. Left out: the file has none.",
)
text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
