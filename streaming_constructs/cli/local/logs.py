"""`streaming-constructs local logs`: what functions wrote."""

from __future__ import annotations

import click

from streaming_constructs.cli import options


@click.command()
@click.argument("name", metavar="[CONSUMER|DELIVERY]", required=False)
@options.text_or_json
def logs(name: str | None, form: str) -> None:
    """Shows what functions wrote: to standard output and error, and by logging.

    CONSUMER is one whose function it is, DELIVERY one whose records a function transforms; without either all are shown.
    Of each function the last 64 KiB are kept.

    Exit codes: 0 shown; 1 nothing is running here, or nothing of that name; 2 wrong usage.
    """
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.local.render_logs import logs_of, show_log, show_logs
    from streaming_constructs.local.daemon import running_daemon
    from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean

    report = running_daemon().report()
    known = logs_of(report)
    if name is not None and name not in known:
        message = f"there is no consumer or delivery `{name}`"
        raise SpecError([Finding("LOC960", message, help=did_you_mean(name, known) if known else "")])
    if form == "json":
        show_json(known if name is None else {name: known[name]})
    elif name is not None:
        show_log(known[name])
    else:
        show_logs(report)
