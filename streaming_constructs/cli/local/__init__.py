"""`streaming-constructs local`: the verbs of a rehearsal on this machine, one file each."""

from __future__ import annotations

from typing import Any

import click

from streaming_constructs.cli.group import OWN_PROCESS, LazyGroup

VERBS = {
    "run": "Runs a whole rehearsal: starts, deploys, puts events, drains, tells what came out, and stops.",
    "up": "Starts an AWS on this machine that stays, and deploys a system to it.",
    "put": "Puts events into a stream, or into a delivery, of what `up` started.",
    "query": "Answers SQL over what has been archived.",
    "status": "Tells what came out where so far.",
    "logs": "Shows what functions wrote: to standard output and error, and by logging.",
    "down": "Stops what `up` started.",
}


class LocalGroup(LazyGroup):
    """Verbs that can be stopped, and leave nothing behind."""

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.find_root().obj is not OWN_PROCESS:
            return super().invoke(ctx)
        from streaming_constructs.cli.local.own_process import own_process

        with own_process():
            return super().invoke(ctx)


@click.group(
    cls=LocalGroup,
    verbs=VERBS,
    folder="streaming_constructs.cli.local",
    subcommand_metavar="VERB …",
)
def local() -> None:
    """Rehearses a system on this machine: really deploys it, really puts records through it.

    An AWS is embedded, on loopback alone; no account is needed, and none is reached. The system's own template is deployed;
    handlers run as processes of their own. What a rehearsal proves and what it does not is said in docs/local.md.

    Needs the extra `local`: pip install 'streaming-constructs[local]'.
    """
