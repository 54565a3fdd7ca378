"""`streaming-constructs validate`: everything that is wrong with specs, at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from streaming_constructs.spec.document import Document


@click.command()
@click.argument("systems", metavar="SPEC|PATTERN…", nargs=-1, required=True)
@click.option(
    "--environment",
    metavar="NAME",
    help="Check the files as this of their `environments`. Left out: as each that they have.",
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
    help="The one SPEC as it is deployed: what AWS would refuse to change, and what would be lost or no longer found of what "
    "is there, is told as well.",
)
@click.option(
    "--sql",
    "level",
    type=click.Choice(["parse", "plan"]),
    help="Ask Flink on this machine as well, with what `jars SPEC` brings. parse: whether Flink SQL is well written, by the "
    "parser of the runtime alone, within a second or two; plan: whether the application would start, with the types of all "
    "tables, by all of Flink, in some seconds. Left out: its tokens are read.",
)
@click.pass_context
def validate(
    ctx: click.Context,
    systems: tuple[str, ...],
    environment: str | None,
    form: str,
    against: str | None,
    level: Literal["parse", "plan"] | None,
) -> None:
    """Checks specs, and says everything that is wrong with them.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern. A file with `environments` is
    checked as each of them. Takes milliseconds, and needs neither Node nor an AWS account.

    Exit codes: 0 fine, or nothing but notes; 1 errors or warnings; 2 wrong usage.
    """
    from streaming_constructs.cli.check import check
    from streaming_constructs.cli.console import show_commands, show_json
    from streaming_constructs.cli.guarded_stream import is_coloured
    from streaming_constructs.cli.report import github_report, report_object, text_report
    from streaming_constructs.cli.system import open_system

    earlier = _earlier(against, systems, environment) if against else None
    opened = [open_system(system) for system in systems]
    checked = [check(system, environment, earlier) for system in opened]
    if level is not None:
        from streaming_constructs.cli.check_sql import with_flink
        from streaming_constructs.cli.ended_by_signals import ended_by_signals

        with ended_by_signals(ctx):
            checked = with_flink(opened, checked, level)
    if form == "json":
        show_json(report_object(checked))
    elif form == "github":
        show_commands(github_report(checked))
    else:
        click.echo(text_report(checked, coloured=is_coloured(sys.stdout)))
    ctx.exit(0 if all(file.is_fine for file in checked) else 1)


def _earlier(against: str, systems: tuple[str, ...], environment: str | None) -> Document:
    """The earlier version, if there is one that can be compared with."""
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.spec.environments import environments_of
    from streaming_constructs.spec.evolution import read_schemas
    from streaming_constructs.spec.printable import printable

    if len(systems) > 1:
        raise click.UsageError("`--against` is an earlier version of one SPEC; name that one alone")
    earlier = open_system(against).document
    for name in [environment] if environment else [None, *environments_of(earlier)]:
        schemas, findings = read_schemas(earlier, name)
        if schemas is None:
            told = "\n\n".join(map(str, findings))
            message = f"the earlier version `{printable(against)}` cannot be read:\n\n{told}"
            raise click.BadParameter(message, param_hint="'--against'")
    return earlier
