"""A gate before something that is away for a moment: who comes meanwhile waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, local


class Gate:
    """Lets any number of threads through while it is open."""

    def __init__(self) -> None:
        """Is open."""
        self._changed = Condition()
        self._inside = 0
        self._is_closed = False
        self._thread = local()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Waits until it is open, and keeps it from closing for as long as a `with` lasts; may be nested."""
        depth = getattr(self._thread, "depth", 0)
        if not depth:
            with self._changed:
                self._changed.wait_for(lambda: not self._is_closed)
                self._inside += 1
        self._thread.depth = depth + 1
        try:
            yield
        finally:
            self._thread.depth = depth
            if not depth:
                with self._changed:
                    self._inside -= 1
                    self._changed.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Closes it for as long as a `with` lasts, once nobody is inside."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_closed)
            self._is_closed = True
            self._changed.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._changed:
                self._is_closed = False
                self._changed.notify_all()
