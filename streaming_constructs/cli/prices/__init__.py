"""`streaming-constructs prices`: the prices that costs are reckoned by, brought up to date from AWS's own list."""

from __future__ import annotations

import click

from streaming_constructs.cli.group import LazyGroup

VERBS = {"refresh": "Takes prices from a file of AWS's price list, and tells what differs."}


@click.group(cls=LazyGroup, verbs=VERBS, folder="streaming_constructs.cli.prices", subcommand_metavar="VERB …")
def prices() -> None:
    """Brings the prices up to date that costs are reckoned by, from AWS's own price list."""
