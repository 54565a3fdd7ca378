"""Options that several verbs of `local` share."""

from __future__ import annotations

from pathlib import Path

import click

events = click.option(
    "--events",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with a record on each line. Left out: events.jsonl beside the spec.",
)
into = click.option(
    "--into",
    metavar="NAME",
    help="The stream, or the delivery, that gets them. Left out: the only one there is, or the only one with a schema.",
)
rate = click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Records a second. Left out: as many as are taken.",
)
until_drained = click.option(
    "--until-drained",
    is_flag=True,
    help="Wait until nothing is left, and skip the time in which all only wait. Left out: return at once.",
)
skew = click.option("--skew", is_flag=True, help="Show what each shard got, and name the one that is hot.")
