"""Options that several verbs of `local` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from streaming_constructs.local.verdict import MaxPoison


class _MaxPoisonType(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click alone
    """A count of records, or a part of them in percent."""

    name = "poison"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> MaxPoison:
        from streaming_constructs.local.verdict import MaxPoison

        try:
            return value if isinstance(value, MaxPoison) else MaxPoison.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


events = click.option(
    "--events",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with a record on each line. Left out: events.jsonl beside the spec.",
)
into = click.option(
    "--into",
    metavar="NAME",
    help="The stream, or the delivery, that gets those that name none themselves. Left out: the only one that the system's "
    "own consumers do not write to, or the only such one with a schema.",
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
max_poison = click.option(
    "--max-poison",
    type=_MaxPoisonType(),
    metavar="N|P%",
    help="How many poison records there may be: a count, or a part of the records in. Left out: any number.",
)
broker = click.option(
    "--broker",
    type=click.Choice(["auto", "kafka", "memory"]),
    default="auto",
    show_default=True,
    help="What keeps topics of Kafka: Apache Kafka itself, which takes Java and its jars, or this process, which judges no "
    "configurations. auto: Kafka where both are there.",
)
