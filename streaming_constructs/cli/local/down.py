"""`streaming-constructs local down`: ends what `up` started."""

from __future__ import annotations

import click


@click.command()
def down() -> None:
    """Stops what `up` started.

    Everything in it is gone then: it keeps nothing on disk.

    Exit codes: 0 stopped; 1 nothing is running here; 2 wrong usage.
    """
    from streaming_constructs.cli.local.require_extra import require_packages

    require_packages()
    from streaming_constructs.local.daemon import stop

    click.echo(f"stopped {stop()}")
