"""`streaming-constructs local status`: what came out where so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.local import local_options

if TYPE_CHECKING:
    from streaming_constructs.local.verdict import MaxPoison


@click.command()
@local_options.skew
@local_options.max_poison
@options.text_or_json
@click.pass_context
def status(
    ctx: click.Context,
    skew: bool,  # noqa: FBT001 - click gives it so
    max_poison: MaxPoison | None,
    form: str,
) -> None:
    """Tells what came out where so far.

    Exit codes: 0 green so far; 1 red, as `local run` is; or nothing is running here; 2 wrong usage.
    """
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.local.render_rehearsal import show_faults, show_report
    from streaming_constructs.local.daemon import running_daemon
    from streaming_constructs.local.verdict import faults

    daemon = running_daemon()
    report = daemon.report()
    why_red = faults(report, max_poison)
    if form == "json":
        show_json(
            {
                "endpoint_url": daemon.endpoint_url,
                "page_url": daemon.page_url,
                "faults": list(why_red),
                **report.as_dict(),
            }
        )
    else:
        click.echo(f"{daemon.endpoint_url}\n{daemon.page_url}\n")
        show_report(report, skew=skew)
        show_faults(why_red)
    ctx.exit(1 if why_red else 0)
