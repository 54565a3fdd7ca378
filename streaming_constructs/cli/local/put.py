"""`streaming-constructs local put`: events into what `up` started."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.local import local_options

if TYPE_CHECKING:
    from streaming_constructs.local.verdict import MaxPoison


@click.command()
@click.argument("events", type=click.Path(dir_okay=False, path_type=Path))
@local_options.into
@local_options.rate
@local_options.until_drained
@local_options.max_poison
@options.text_or_json
@click.pass_context
def put(
    ctx: click.Context,
    events: Path,
    into: str | None,
    rate: float | None,
    until_drained: bool,  # noqa: FBT001 - click gives it so
    max_poison: MaxPoison | None,
    form: str,
) -> None:
    """Puts events into a stream, or into a delivery, of what `up` started.

    EVENTS is a file with a record on each line: {"partition_key": …, "data": …}, {"data": …} without a key, or the data alone.

    With --until-drained, what came out so far is judged as `local run` judges it.

    Exit codes: 0 all were taken, and what was judged is green; 1 findings, some were refused for good, or red; 2 wrong usage.
    """
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.cli.local.render_rehearsal import show_faults
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.local.daemon import running_daemon
    from streaming_constructs.local.event_targets import choose_target
    from streaming_constructs.local.events import check_events, check_keys, read_events
    from streaming_constructs.local.producer import put as put_events
    from streaming_constructs.local.verdict import faults, stops
    from streaming_constructs.planning.numbers import counted
    from streaming_constructs.spec.printable import printable

    places = check_events(events)
    daemon = running_daemon()
    there = daemon.targets()
    targets = {name: choose_target(there, name or into) for name in sorted(places)}
    for name, target in targets.items():
        check_keys(events, places[name], target)
    progress = Progress(quiet=form == "json")
    with progress.phase("put events") as update:
        done = put_events(
            daemon.aws,
            targets.__getitem__,
            read_events(events),
            rate=rate,
            progress=lambda put: update(counted(put.records, "record")),
            topics=daemon,
        )
    if until_drained:
        with progress.phase("drain"):
            daemon.drain()
    report = daemon.report()
    why_red = (
        *map(str, done.refusals),
        *((f"putting has stopped: {done.stopped}",) if done.stopped else ()),
        *(faults(report, max_poison) if until_drained else stops(report)),
    )
    if form == "json":
        show_json({**asdict(done), "into": ", ".join(done.into), "faults": list(why_red)})
    else:
        refused = f", {done.refused:,} refused" if done.refused else ""
        show_faults(why_red)
        click.echo(f"{counted(done.records, 'record')} into {printable(', '.join(done.into))}{refused}")
    ctx.exit(1 if why_red else 0)
