"""Which files of a folder were not looked at, as they are no template: nobody has to believe that they were compared."""

from __future__ import annotations

from collections.abc import Sequence

import click

_SHOWN = 3


def show_passed_over(files: Sequence[str]) -> None:
    """Prints how many files there are, and the first of them, on stderr.

    Args:
        files: The files.
    """
    from streaming_constructs.planning.numbers import counted
    from streaming_constructs.spec.printable import printable

    if files:
        more = ", …" if len(files) > _SHOWN else ""
        names = ", ".join(printable(file, begins_line=False) for file in files[:_SHOWN])
        click.echo(f"\npassed over, no template: {counted(len(files), 'file')} ({names}{more})", err=True)
