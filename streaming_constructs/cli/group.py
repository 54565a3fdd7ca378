"""The group of verbs: what there is, without loading any of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from streaming_constructs.cli.guarded_stream import guarded
from streaming_constructs.spec.finding import SpecError, did_you_mean
from streaming_constructs.spec.printable import printable

VERBS = {
    "advise": "Says which service a stream belongs on, and what each that can do it costs.",
    "init": "Starts a project from a documented pattern.",
    "validate": "Checks specs, and says everything that is wrong with them.",
    "plan": "Shows what a spec will build: shards, readers, alarms, and why.",
    "prices": "Brings the prices up to date that costs are reckoned by, from AWS's own price list.",
    "simulate": "Says what becomes of a system minute by minute: who is late, what is lost, and when it is level again.",
    "ready": "Says whether a system is ready for production: the checklist of each service that it uses.",
    "draw": "Draws the graph of a system as SVG, PNG, Mermaid or text.",
    "synth": "Builds the CloudFormation template of a spec, or of a documented pattern, and checks it.",
    "review": "Says what a change of CloudFormation templates means: what is lost, opened or weakened.",
    "audit": "Says what is wrong with CloudFormation templates that anybody wrote.",
    "keys": "Shows how the keys of real records spread over shards or partitions, and which field would do better.",
    "explain": "Tells the story behind a code such as LAM506, or of a field such as on_failure.",
    "local": "Rehearses a system on this machine: really deploys it, really puts records through it.",
    "jars": "Brings the jars that rehearsals run and that Flink SQL is deployed with, and verifies them.",
    "patterns": "Lists the documented patterns.",
    "schema": "Prints the JSON Schema of the language, for editors.",
}
"""Each verb is the command of that name, in the module or package of that name in this folder."""

INTERRUPTED = 130
OWN_PROCESS = "own process"
"""The object of a context whose process is the command's: it may take signals and say where temporary files are."""


class LazyGroup(click.Group):
    """A group that imports a verb when it is called, and names all of them without importing any.

    Attributes:
        verbs: What each verb does, by its name.
        folder: The package that has a module of the same name for each.
    """

    def __init__(self, *args: Any, verbs: Mapping[str, str], folder: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.verbs = verbs
        self.folder = folder

    def main(self, *args: Any, **more: Any) -> Any:
        with guarded():
            return super().main(*args, **more)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.verbs:
            return None
        command: click.Command = getattr(importlib.import_module(f"{self.folder}.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.verbs and not args[0].startswith("-"):
            ctx.fail(f"there is no verb `{printable(args[0])}`; {did_you_mean(args[0], self.verbs)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(self.verbs.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SpecError as error:
            from streaming_constructs.cli.console import finding_texts
            from streaming_constructs.cli.guarded_stream import is_coloured

            click.echo("\n\n".join(finding_texts(error.findings, coloured=is_coloured(sys.stderr))), err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


@click.group(
    cls=LazyGroup,
    verbs=VERBS,
    folder="streaming_constructs.cli",
    subcommand_metavar="VERB …",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="streaming-constructs", message="%(version)s")
def verbs() -> None:
    """Builds, sizes and checks streaming systems on AWS, from one typed spec.

    Exit codes: 0 fine, 1 findings, 2 wrong usage, 74 what is printed cannot be written, as on a full disk.
    """
