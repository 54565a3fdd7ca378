"""`streaming-constructs local run`: a whole rehearsal, from nothing to nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.local import local_options

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.topic_keeper import Wanted
    from streaming_constructs.local.rehearsal import Rehearsal
    from streaming_constructs.local.verdict import MaxPoison

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
@local_options.max_poison
@local_options.broker
@local_options.skew
@click.option(
    "--web",
    is_flag=True,
    help="Serve a page on loopback that shows what moves, while it runs and then until Ctrl-C; its address is on stderr.",
)
@click.option("--logs", is_flag=True, help="Show what functions wrote, also those that did not fail.")
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
    max_poison: MaxPoison | None,
    broker: Wanted,
    skew: bool,  # noqa: FBT001
    web: bool,  # noqa: FBT001
    logs: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Runs a whole rehearsal: starts, deploys, puts events, drains, tells what came out, and stops.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern. Time that everybody only waits in
    is skipped: a buffer of 15 minutes takes an instant.

    Records that a handler itself refuses, by an exception of its own or by naming them in its response, are isolated, told
    and no failure of the rehearsal, unless there are more of them than --max-poison.

    Exit codes: 0 green; 1 red: findings; records that were refused, lost or are still on their way; a function that could not
    be loaded, took too long, crashed or returned what cannot be read; a reader that handled nothing; a query without an
    answer; more poison than allowed. 2 wrong usage. 130 stopped by Ctrl-C, 143 by SIGTERM; with --web, once it is over, either
    ends the page alone.
    """
    from contextlib import ExitStack

    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.console import show_findings
    from streaming_constructs.cli.local.assembly import checked_arguments, synthesized
    from streaming_constructs.cli.local.brokers import topics_kept, unreachable_topics
    from streaming_constructs.cli.local.own_process import OverError
    from streaming_constructs.cli.local.refused_start import refused_starts_in_the_spec
    from streaming_constructs.cli.local.web import page_of, stay
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.numbers import counted
    from streaming_constructs.planning.plan_file import plan_system

    opened = open_system(system)
    plan = plan_system(opened.document, environment)
    events, places = checked_arguments(opened, plan, events, into, queries)
    with Progress(quiet=form == "json") as progress, ExitStack() as open_:
        keeper = open_.enter_context(topics_kept(plan, broker))
        if plan.sections["clusters"] and (no_broker := keeper().why):
            show_findings(unreachable_topics(plan, opened.document, no_broker))
        assembly = open_.enter_context(synthesized(plan, opened.pattern, progress))
        from streaming_constructs.cli.local.outcome import Answer, Outcome
        from streaming_constructs.local.event_targets import entry_names, key_fields
        from streaming_constructs.local.kafka.planned_topic import planned_topics
        from streaming_constructs.local.rehearsal import Rehearsal
        from streaming_constructs.local.verdict import faults

        with progress.phase("start an AWS"):
            rehearsal = open_.enter_context(Rehearsal(topic_keeper=keeper))
        page = open_.enter_context(page_of(rehearsal, plan)) if web else None
        with progress.phase("deploy"), refused_starts_in_the_spec(plan, opened.document):
            rehearsal.deploy(assembly, planned_topics(plan))
        rehearsal.expect_events(entry_names(plan.spec), key_fields(plan.spec))
        target = rehearsal.target(into) if "" in places else None
        with progress.phase("put events") as update:
            rehearsal.put(events, target, rate=rate, progress=lambda put: update(counted(put.records, "record")))
        with progress.phase("drain"):
            drained = _drained(rehearsal, None if until_drained else PATIENCE_SECONDS)
        report = rehearsal.report()
        answers = [Answer.of(sql, rehearsal.query) for sql in queries]
        outcome = Outcome(report, drained, answers, faults(report, max_poison), progress)
        if page is not None:
            outcome.tell(form, skew=skew, logs=logs)
            page.live.end(outcome.reasons)
            stay()
    exit_code = 1 if outcome.reasons else 0
    if page is not None:
        raise OverError(exit_code)
    outcome.tell(form, skew=skew, logs=logs)
    ctx.exit(exit_code)


def _drained(rehearsal: Rehearsal, patience: float | None) -> bool:
    """Whether every record came out somewhere, those in windows that are still open at the end among them."""
    drained = rehearsal.drain(patience)
    return rehearsal.drain(patience) if drained and rehearsal.close_windows() else drained
