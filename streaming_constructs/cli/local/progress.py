"""Says what is going on while it goes on: a line for each phase, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self

import click

from streaming_constructs.cli.guarded_stream import CLEAR_LINE, write_obeyed

_KIB = 1024
_SPINS_SECONDS = 0.1
"""How often a line may change."""


class Progress:
    """Phases, and how long each took.

    Attributes:
        seconds: How long each phase took, by its name.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        """Says nothing yet.

        Args:
            quiet: Say nothing at all, and only measure.
        """
        self.seconds: dict[str, float] = {}
        self._begin = time.monotonic()
        self._quiet = quiet
        self._live = not quiet and sys.stderr.isatty()
        self._listening = ExitStack()

    @property
    def total_seconds(self) -> float:
        """How long all of it took so far, with what is in no phase."""
        return time.monotonic() - self._begin

    def as_dict(self) -> dict[str, Any]:
        """How long it took, and the most memory that this process had, for programs."""
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        mib = peak / (_KIB * _KIB if sys.platform == "darwin" else _KIB)  # bytes there, KiB elsewhere
        return {"seconds": self.seconds, "total_seconds": self.total_seconds, "peak_mib": mib}

    def __enter__(self) -> Self:
        from streaming_constructs.local.jars.bringing import told

        self._listening.enter_context(told(self._say))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        if self._live and error is not None:
            click.echo("", err=True)  # the line of the phase that failed stays

    @contextmanager
    def phase(self, name: str) -> Iterator[Callable[[str], None]]:
        """A phase; yields the function that shows how far it is.

        Args:
            name: What is done.
        """
        begin = shown = time.monotonic()
        last = ""

        def update(so_far: str) -> None:
            nonlocal shown, last
            last = so_far
            if self._live and time.monotonic() - shown > _SPINS_SECONDS:
                shown = time.monotonic()
                self._line(name, so_far)

        if self._live:
            self._line(name, "…")
        yield update
        seconds = self.seconds[name] = time.monotonic() - begin
        self._line(name, f"{seconds:.1f} s{f'  {last}' if last else ''}", ends=True)

    def _say(self, line: str) -> None:
        """A line of its own, above that of the phase."""
        if self._quiet:
            return
        if self._live:
            write_obeyed(sys.stderr, CLEAR_LINE)
        click.echo(line, err=True)

    def _line(self, name: str, what: str, *, ends: bool = False) -> None:
        if self._quiet:
            return
        if self._live:
            write_obeyed(sys.stderr, CLEAR_LINE)
        click.echo(f"{name:14}{what}", nl=ends, err=True)
