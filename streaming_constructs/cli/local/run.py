"""`streaming-constructs local run`: a whole rehearsal, from nothing to nothing."""

from __future__ import annotations

from pathlib import Path

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.local import local_options

PATIENCE_SECONDS = 60
"""How long a rehearsal waits for the rest, once everything was put."""


@click.command()
@options.system
@options.environment
@local_options.events
@local_options.into
@local_options.rate
@click.option(
    "--until-drained",
    is_flag=True,
    help=f"Wait until nothing is left, however long it takes. Left out: {PATIENCE_SECONDS} s after the last event.",
)
@click.option("--query", "queries", multiple=True, metavar="SQL", help="Ask what was archived; may be given again.")
@local_options.skew
@options.text_or_json
@click.pass_context
def run(
    ctx: click.Context,
    system: str,
    environment: str | None,
    events: Path | None,
    into: str | None,
    rate: float | None,
    until_drained: bool,  # noqa: FBT001 - click gives it so
    queries: tuple[str, ...],
    skew: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Runs a whole rehearsal: starts, deploys, puts events, drains, tells what came out, and stops.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern. Time that everybody only waits in
    is skipped: a buffer of 15 minutes takes an instant.

    Exit codes: 0 everything came out somewhere; 1 findings, or something was refused, lost or is still on its way; 2 wrong
    usage.
    """
    from contextlib import ExitStack

    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.local.assembly import check_into, chosen_events, synthesized
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.local.events import check_events
    from streaming_constructs.planning.plan_file import plan_system

    opened = open_system(system)
    plan = plan_system(opened.document, environment)
    events = chosen_events(events, opened)
    check_events(events)
    check_into(into, plan)
    with Progress(quiet=form == "json") as progress, ExitStack() as open_:
        assembly = open_.enter_context(synthesized(plan, opened.pattern, progress))
        from streaming_constructs.local.rehearsal import Rehearsal

        with progress.phase("start an AWS"):
            rehearsal = open_.enter_context(Rehearsal())
        with progress.phase("deploy"):
            rehearsal.deploy(assembly)
        target = rehearsal.target(into, plan.spec)
        with progress.phase("put events") as update:
            rehearsal.put(events, target, rate=rate, progress=lambda put: update(f"{put.records:,} records"))
        with progress.phase("drain"):
            drained = rehearsal.drain(None if until_drained else PATIENCE_SECONDS)
        report = rehearsal.report()
        results = [(sql, rehearsal.query(sql)) for sql in queries]
    if form == "json":
        from streaming_constructs.cli.console import show_json
        from streaming_constructs.cli.local.render_rehearsal import query_result_object

        shown = {**report.as_dict(), "drained": drained, **progress.as_dict()}
        shown["queries"] = [query_result_object(sql, result) for sql, result in results]
        show_json(shown)
    else:
        from streaming_constructs.cli.local.render_rehearsal import show_query_result, show_report

        click.echo("", err=True)
        show_report(report, skew=skew)
        for sql, result in results:
            show_query_result(sql, result)
        click.echo(f"\n{report.headline} · {progress.total_seconds:.1f} s")
    ctx.exit(0 if drained and not report.lost and not report.refused and not report.stopped else 1)
