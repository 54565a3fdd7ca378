"""The page of `local run --web`: where it is told, and how long it stays."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streaming_constructs.local.live_page.live_page import LivePage
    from streaming_constructs.local.rehearsal import Rehearsal
    from streaming_constructs.planning import PipelinePlan


@contextmanager
def page_of(rehearsal: Rehearsal, plan: PipelinePlan) -> Iterator[LivePage]:
    """Serves the page of a rehearsal for as long as a `with` lasts, and tells its address.

    Args:
        rehearsal: The rehearsal.
        plan: The system, which is drawn.
    """
    from streaming_constructs.local.live_page.live_drawing import live_drawing
    from streaming_constructs.local.live_page.live_page import LivePage
    from streaming_constructs.planning.drawing.graph import graph_of

    with LivePage(rehearsal) as page:
        page.live.draw(live_drawing(graph_of(plan)))
        click.echo(f"page          {page.url}", err=True)
        yield page


def stay() -> None:
    """Lets the page stay until somebody stops the command; whoever called it ends with `OverError` then."""
    from streaming_constructs.cli.local.own_process import until_stopped

    sys.stdout.flush()  # whoever reads it through a pipe waits for the end otherwise
    until_stopped(lambda: click.echo("\nthe page stays until Ctrl-C", err=True))
