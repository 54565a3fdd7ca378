"""`streaming-constructs local up`: an AWS that stays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.local import local_options

if TYPE_CHECKING:
    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.cli.system import System
    from streaming_constructs.local.daemon import Daemon
    from streaming_constructs.local.kafka.topic_keeper import Wanted
    from streaming_constructs.planning import PipelinePlan


@click.command()
@click.argument("system", metavar="[SPEC|PATTERN]", required=False)
@options.environment
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    show_default="any that is free",
    help="Port of the AWS, on loopback.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="N",
    help="Seconds that pass in it in one of the wall's: with 60, a buffer of 15 minutes takes 15 seconds.",
)
@local_options.broker
def up(system: str | None, environment: str | None, port: int, speed: float, broker: Wanted) -> None:
    """Starts an AWS on this machine that stays, and deploys a system to it.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern; without either nothing is deployed.
    Prints the variables with which the CDK CLI, the AWS CLI and SDKs find it: eval "$(streaming-constructs local up)"; and, on
    standard error, the address of a page that shows what moves in it.

    Exit codes: 0 running; 1 findings; 2 wrong usage.
    """
    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.local import daemon
    from streaming_constructs.local.kafka.topic_keeper import topic_keeper
    from streaming_constructs.planning.plan_file import plan_system

    daemon.refuse_second()
    opened = open_system(system) if system else None
    plan = plan_system(opened.document, environment) if opened else None
    if broker == "kafka":
        topic_keeper(broker).close()  # what is missing is told before anything is started
    with Progress() as progress:
        with progress.phase("start an AWS"):
            started = daemon.start(port=port, speed=speed, broker=broker)
        if opened is not None and plan is not None:
            try:
                _deploy(plan, opened, started, progress)
            except BaseException:
                started.stop()  # an AWS without what it was started for is nothing to leave behind
                raise
    click.echo(f"page          {started.page_url}", err=True)
    _print_exports(started)


def _deploy(plan: PipelinePlan, opened: System, started: Daemon, progress: Progress) -> None:
    from streaming_constructs.cli.console import show_findings
    from streaming_constructs.cli.local.assembly import synthesized
    from streaming_constructs.cli.local.brokers import unreachable_topics
    from streaming_constructs.cli.local.refused_start import refused_starts_in_the_spec
    from streaming_constructs.local.construct_names import construct_names
    from streaming_constructs.local.event_targets import entry_names, key_fields
    from streaming_constructs.local.kafka.planned_topic import planned_clusters, planned_topics
    from streaming_constructs.local.live_page.live_drawing import live_drawing
    from streaming_constructs.planning.drawing.graph import graph_of

    started.draw(live_drawing(graph_of(plan)))
    clusters, topics = planned_clusters(plan), planned_topics(plan)
    if clusters:
        started.start_early(clusters)
    no_broker = started.report().no_kafka
    if no_broker:
        show_findings(unreachable_topics(plan, opened.document, no_broker))
    with (
        synthesized(plan, opened.pattern, progress) as assembly,
        progress.phase("deploy"),
        refused_starts_in_the_spec(plan, opened.document),
    ):
        # It takes moto, which was loaded while Node worked.
        from streaming_constructs.local.aws.deployment import deploy, stacks_of

        for stack in stacks_of(assembly):
            started.name(stack.name, construct_names(stack.metadata))
            deploy(started.aws, stack)
        if topics:
            started.plan_topics(topics)
        started.expect_events(entry_names(plan.spec), key_fields(plan.spec))


def _print_exports(started: Daemon) -> None:
    from streaming_constructs.local.aws.client_environment import client_environment
    from streaming_constructs.local.aws.profile import PROFILE_VARIABLES

    # A profile stands above credentials of the environment for some SDKs, among them that of the CDK CLI.
    in_the_way = [name for name in PROFILE_VARIABLES if name in os.environ]
    if in_the_way:
        click.echo(f"unset {' '.join(in_the_way)}")
    variables = client_environment(started.endpoint_url, started.token) | started.client_variables()
    for name, value in variables.items():
        click.echo(f"export {name}={value}")
