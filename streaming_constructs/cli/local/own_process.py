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
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from streaming_constructs.local.scratch_folder import ScratchFolder

GRACE_SECONDS = 2.0
"""How long what was interrupted may clean up after itself; then the process ends all the same."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StoppedError(BaseException):
    """Somebody stopped the command."""


@contextmanager
def own_process() -> Iterator[None]:
    """Has signals end a `with` within seconds, and puts temporary files into a folder that goes with the process."""
    scratch = ScratchFolder()
    atexit.register(scratch.close)  # behind those of everybody else, who may have files in it
    tempfile.tempdir = str(scratch.path)
    ending = _Ending(scratch)
    try:
        yield
    finally:
        ending.end_if_stopped()  # whatever became of the exception: what runs for Node makes another of it


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
            self._end(self._stopped_by)

    def _watch(self, reader: int) -> None:
        number = os.read(reader, 1)[0]
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"\nstopping\n")
        threading.Event().wait(GRACE_SECONDS)
        self._end(number)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._stopped_by:  # whoever says so twice does not want to wait
            self._end(number)
        self._stopped_by = number
        raise StoppedError(signal.strsignal(number))

    def _end(self, number: int) -> NoReturn:
        """Ends the process, and waits for no thread of it. Its functions end with it, and Node does when nobody reads it."""
        self._scratch.close()
        os._exit(128 + number)  # as shells tell of a signal
