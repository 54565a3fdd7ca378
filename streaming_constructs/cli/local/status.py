"""`streaming-constructs local status`: what came out where so far."""

from __future__ import annotations

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.local import local_options


@click.command()
@local_options.skew
@options.text_or_json
@click.pass_context
def status(ctx: click.Context, skew: bool, form: str) -> None:  # noqa: FBT001 - click gives it so
    """Tells what came out where so far.

    Exit codes: 0 told; 1 nothing is running here, or something of it has stopped by a failure; 2 wrong usage.
    """
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.local.render_rehearsal import show_report
    from streaming_constructs.local.daemon import running_daemon

    daemon = running_daemon()
    report = daemon.report()
    if form == "json":
        show_json({"endpoint_url": daemon.endpoint_url, **report.as_dict()})
    else:
        click.echo(f"{daemon.endpoint_url}\n")
        show_report(report, skew=skew)
    ctx.exit(1 if report.stopped else 0)
