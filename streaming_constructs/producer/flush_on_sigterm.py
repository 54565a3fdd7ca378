"""SIGTERM closes a producer first, and does then what it did before.

A handler runs in the main thread, between any two steps of it: also while that holds the producer's lock, for which closing
would wait forever. So the handler writes a byte into a pipe and is done. A thread that reads it closes the producer, and sends
the signal again; this time the handler goes on to what was there before.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

_LOG = logging.getLogger("streaming_constructs.producer")
_CAME, _PASSED_ON = b"c", b"p"


class FlushOnSigterm:
    """The handler, its pipe and its thread."""

    def __init__(self, close: Callable[[], object], put_may_go_on: threading.Event) -> None:
        """Installs nothing yet.

        Args:
            close: Closes the producer.
            put_may_go_on: Is cleared from the signal until what was there before was called.
        """
        self._close, self._put_may_go_on = close, put_may_go_on
        self._came = self._flushed = self._passed_on = False

    def install(self) -> None:
        """Becomes the handler of SIGTERM.

        Raises:
            ValueError: If this is not the main thread.
        """
        self._before = signal.getsignal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, self._handle)
        self._read, self._write = os.pipe()
        threading.Thread(target=self._serve, name="producer-sigterm", daemon=True).start()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._passed_on or self._flushed:
            self._pass_on(number, frame)
        elif not self._came:
            self._came = True
            os.write(self._write, _CAME)

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        """Does what SIGTERM did before."""
        first, self._passed_on = not self._passed_on, True
        if first and signal.getsignal(number) == self._handle:
            signal.signal(number, self._before or signal.SIG_DFL)
        try:
            if callable(self._before):
                self._before(number, frame)
            elif self._before in {signal.SIG_DFL, None}:
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
        finally:
            if first:
                os.write(self._write, _PASSED_ON)

    def _serve(self) -> None:
        os.read(self._read, 1)
        self._put_may_go_on.clear()
        try:
            self._close()
        except Exception:  # noqa: BLE001 - the signal is passed on whatever happens
            _LOG.exception("a producer cannot be closed on SIGTERM")
        self._flushed = True
        os.kill(os.getpid(), signal.SIGTERM)
        os.read(self._read, 1)
        self._put_may_go_on.set()
