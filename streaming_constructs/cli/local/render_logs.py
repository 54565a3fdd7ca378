"""What functions wrote, each under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streaming_constructs.cli.console import plain, show
from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from streaming_constructs.local.rehearsal_report import Report


def logs_of(report: Report) -> dict[str, str]:
    """What functions and applications wrote, by the name of the consumer, of the delivery or of the application.

    Args:
        report: What came out where.
    """
    consumers = {consumer.name: consumer.log for consumer in report.consumers}
    applications = {application.name: application.log for application in report.applications}
    return {**consumers, **{delivery.name: delivery.log for delivery in report.deliveries}, **applications}


def show_logs(report: Report) -> None:
    """Prints what all functions wrote that wrote something.

    Args:
        report: What came out where.
    """
    written = {name: log for name, log in logs_of(report).items() if log}
    for name, log in written.items():
        show("", plain(f"log of {name}", "bold"))
        show_log(log)
    if not written:
        click.echo("no function wrote anything", err=True)


def show_log(log: str) -> None:
    """Prints what a function wrote, line by line, and nothing in it that a terminal obeys.

    Args:
        log: What it wrote.
    """
    for line in log.splitlines():
        click.echo("\t".join(map(printable, line.split("\t"))))
