"""How long a process of Java is waited for, and what is told of it when it is gone."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from streaming_constructs.local.flink.flink_error import FlinkGoneError

ANSWER_SECONDS = 300.0
"""How long an answer may take that waits for no job: thousands of statements are planned in less, and a process that was
suspended never answers."""
LOG_BYTES = 4096
"""How much of the end of what a process wrote is told."""
_GONE_SECONDS = 2.0


class Patience:
    """Ends a process that does not answer in time, and knows why it is gone."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        """Waits for nothing yet.

        Args:
            process: The process.
            name: What it is called.
        """
        self._process, self._name, self._late = process, name, 0.0

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Ends the process if a `with` takes longer: also one that keeps a request from being written, as it reads nothing.

        Args:
            seconds: How long it may take.
        """
        timer = threading.Timer(seconds, self._give_up, [seconds])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def gone(self, log: bytes) -> FlinkGoneError:
        """What is told of a process that is gone.

        Args:
            log: The end of what it wrote.
        """
        with suppress(subprocess.TimeoutExpired):  # what was killed is known as that a moment later
            self._process.wait(_GONE_SECONDS)
        why = how_it_ended(self._name, self._process.returncode, self._late)
        return FlinkGoneError({"causes": [why], "trace": log.decode(errors="replace")})

    def _give_up(self, seconds: float) -> None:
        self._late = seconds
        self._process.kill()


def how_it_ended(name: str, code: int | None, late_seconds: float = 0.0) -> str:
    """How a process of Java ended, in words.

    Args:
        name: What it is called.
        code: What it ended with, the number of a signal below 0; None if that is not known.
        late_seconds: How long it was waited for, if it was ended because it did not answer; 0 if it was not.
    """
    if late_seconds:
        return f"{name} did not answer for {late_seconds:g} s, and was ended"
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"{name} has ended, by {signal.Signals(-code).name}"
    return f"{name} has ended" if code is None else f"{name} has ended with {code}"
