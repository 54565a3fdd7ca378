"""The scheduler of a rehearsal: one thread runs the steps of all workers, and skips the time in which all only wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from streaming_constructs.local.clock import Clock

_LONGEST_WAIT_SECONDS = 0.2
"""Of the wall's. A stack may be deployed meanwhile, and nobody says so."""


class Task(Protocol):
    """What is run step by step."""

    @property
    def busy(self) -> bool:
        """Whether work that it gave away, such as an invocation, has not come back."""

    def step(self, now: float) -> bool:
        """Does what there is to do now, and never waits.

        Returns:
            Whether anything was done.
        """

    def due(self, now: float) -> float | None:
        """When there will be something to do by the clock alone; None where only news from elsewhere would change that."""


class Scheduler:
    """Runs tasks in a thread of its own, until it is closed.

    While it drains, it skips the time in which all of them only wait: a buffer of 15 minutes is flushed in an instant. A task
    that fails has no further turn, and the others go on.

    Attributes:
        failure: What ended the thread, if it has ended by itself; it moves nothing any more then.
    """

    def __init__(
        self, clock: Clock, tasks: Callable[[], Sequence[Task]], failed: Callable[[Task, Exception], None]
    ) -> None:
        """Starts nothing yet.

        Args:
            clock: The time of the rehearsal.
            tasks: Tells who there is; asked again and again, because stacks come and go.
            failed: Is told of a task that failed, with its error. From then on `tasks` names it no more.
        """
        self._clock, self._tasks, self._failed = clock, tasks, failed
        self._changed = threading.Condition()
        self._woken = self._closed = self._draining = False
        self._drained = threading.Event()
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Tells it that there is news: records were put, an invocation came back."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def drain(self, seconds: float | None) -> bool:
        """Waits until nobody has anything left to do, now or later; the clock skips what they wait for.

        Args:
            seconds: How long at most, by the wall's clock. None: as long as it takes.

        Returns:
            Whether nothing is left. Never, once it has ended by a failure.
        """
        self._drained.clear()
        self._draining = True
        self.wake()
        try:
            # A thread that failed before is not there to say so again.
            return self.failure is None and self._drained.wait(seconds) and self.failure is None
        finally:
            self._draining = False

    def close(self) -> None:
        """Ends the thread; what is in the middle of something is left there."""
        self._closed = True
        self.wake()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closed:
                if not self._round():
                    self._rest()
        except BaseException as error:  # noqa: BLE001 - whoever waits has to know
            self.failure = error
            self._drained.set()

    def _round(self) -> bool:
        worked = False
        for task in self._tasks():
            try:
                worked = task.step(self._clock.now()) or worked
            except Exception as error:  # noqa: BLE001 - it is one of many
                self._failed(task, error)
                worked = True
        return worked

    def _rest(self) -> None:
        """Waits for news, or for the next thing that is due; or makes it due, while draining."""
        with self._changed:
            if self._woken:
                self._woken = False
                return
            tasks, now = self._tasks(), self._clock.now()
            moments = [moment for task in tasks if (moment := task.due(now)) is not None]
            waiting = _LONGEST_WAIT_SECONDS
            if moments:
                waiting = min(waiting, self._clock.wall_seconds(max(min(moments) - now, 0.0)))
            if self._draining and not any(task.busy for task in tasks):
                if moments:
                    self._clock.skip_to(min(moments))
                    return
                self._drained.set()
            self._changed.wait(waiting)
            self._woken = False
