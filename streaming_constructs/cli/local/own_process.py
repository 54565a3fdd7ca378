"""What a verb of `local` does with the process that it has to itself: signals that end it, and its temporary files.

A rehearsal has other processes, and folders with their code. Whatever ends it, nothing of them is left: Ctrl-C (SIGINT) and
SIGTERM end one `with` after the other, as an error would; what SIGKILL leaves is taken away by the next run.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from streaming_constructs.local.scratch_folder import ScratchFolder

GRACE_SECONDS = 2.0
"""How long what was interrupted may clean up after itself; then the process ends all the same."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StoppedError(BaseException):
    """Somebody stopped the command."""


class OverError(SystemExit):
    """The command is over: somebody ended what it waited for. Node, which a terminal ends with it, is not waited for."""


@contextmanager
def own_process() -> Iterator[None]:
    """Has signals end a `with` within seconds, and puts temporary files into a folder that goes with the process."""
    scratch = ScratchFolder()
    atexit.register(scratch.close)  # behind those of everybody else, who may have files in it
    tempfile.tempdir = str(scratch.path)
    ending = _Ending(scratch)
    try:
        yield
    except OverError as over:
        ending.end(int(over.code or 0))
    finally:
        ending.end_if_stopped()  # whatever became of the exception: what runs for Node makes another of it


def until_stopped(tell: Callable[[], object]) -> None:
    """Waits until somebody stops the command. That ends the waiting, and nothing else: what was to be done is done.

    Args:
        tell: Says that it waits, once nothing else would be ended.
    """
    stopped = threading.Event()
    handlers = {number: signal.signal(number, lambda *_: stopped.set()) for number in _SIGNALS}
    woken = signal.set_wakeup_fd(-1)
    try:
        tell()
        stopped.wait()
    finally:
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        for number, handler in handlers.items():
            signal.signal(number, handler)


class _Ending:
    """How the process ends when it is told to."""

    def __init__(self, scratch: ScratchFolder) -> None:
        self._scratch = scratch
        self._stopped_by = 0
        # The interpreter runs handlers of signals when it comes to it; the bytes of this pipe are written at once.
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        threading.Thread(target=self._watch, args=(reader,), name="signals", daemon=True).start()
        for number in _SIGNALS:
            signal.signal(number, self._stop)

    def end_if_stopped(self) -> None:
        """Ends the process if it was told to, and was in the middle of something."""
        if self._stopped_by:
            self.end(128 + self._stopped_by)  # as shells tell of a signal

    def _watch(self, reader: int) -> None:
        number = os.read(reader, 1)[0]
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"\nstopping\n")
        threading.Event().wait(GRACE_SECONDS)
        self.end(128 + number)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._stopped_by:  # whoever says so twice does not want to wait
            self.end(128 + number)
        self._stopped_by = number
        raise StoppedError(signal.strsignal(number))

    def end(self, exit_code: int) -> NoReturn:
        """Ends the process, and waits for no thread of it. Its functions end with it, and Node does when nobody reads it.

        Args:
            exit_code: What it ends with.
        """
        self._scratch.close()
        os._exit(exit_code)
