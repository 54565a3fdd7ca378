"""What a verb does that is told to end while something runs for it: it ends one `with` after the other, as an error would."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from streaming_constructs.cli.group import OWN_PROCESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    import click

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ended_by_signals(ctx: click.Context) -> Iterator[None]:
    """Has SIGTERM and SIGHUP end a `with`, so that no process and no folder is left; Ctrl-C does so by itself.

    Args:
        ctx: The context of the verb; in the process of somebody else signals are left as they are.
    """
    if ctx.find_root().obj is not OWN_PROCESS:
        yield
        return
    # One that is ignored, as by nohup, stays ignored.
    taken = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)  # as shells tell of a signal
