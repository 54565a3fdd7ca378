"""`streaming-constructs validate`: everything that is wrong with specs, at once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streaming_constructs.spec.document import Document
    from streaming_constructs.spec.model import Environment


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option(
    "--environment",
    type=click.Choice(["dev", "prod"]),
    help="Check the files as this environment. Left out: as each that they have.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations of a pull request on GitHub.",
)
@click.option(
    "--against",
    metavar="OLD",
    help="An earlier version of the one FILE: what its schemas had, and would lose, is told as well.",
)
@click.pass_context
def validate(
    ctx: click.Context, files: tuple[str, ...], environment: Environment | None, form: str, against: str | None
) -> None:
    """Checks specs, and says everything that is wrong with them.

    Takes milliseconds, and needs neither Node nor an AWS account.

    Exit codes: 0 fine, or nothing but notes; 1 errors or warnings; 2 wrong usage.
    """
    from streaming_constructs.cli.check import check
    from streaming_constructs.cli.report import github_report, json_report, text_report

    earlier = _earlier(against, files, environment) if against else None
    checked = [check(file, environment, earlier) for file in files]
    if form == "json":
        click.echo(json_report(checked))
    elif form == "github":
        click.echo(github_report(checked), nl=any(one.findings for one in checked))
    else:
        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        click.echo(text_report(checked, coloured=coloured))
    ctx.exit(0 if all(one.fine for one in checked) else 1)


def _earlier(against: str, files: tuple[str, ...], environment: Environment | None) -> Document:
    """The earlier version, if there is one that can be compared with."""
    from streaming_constructs.spec.evolution import read_schemas
    from streaming_constructs.spec.read import environments_of, open_document

    if len(files) > 1:
        raise click.UsageError("`--against` is an earlier version of one FILE; name that one alone")
    earlier = open_document(against)
    for one in [environment] if environment else [None, *environments_of(earlier)]:
        schemas, findings = read_schemas(earlier, one)
        if schemas is None:
            told = "\n\n".join(map(str, findings))
            raise click.BadParameter(f"the schemas of `{against}` cannot be read:\n\n{told}", param_hint="'--against'")
    return earlier
