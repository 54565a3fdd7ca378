"""The scheduler: everybody has a turn, what all wait for is skipped, and it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from streaming_constructs.local.clock import Clock
from streaming_constructs.local.scheduler import Scheduler, Task


class Waits:
    """Has so many things to do, each so many seconds after the one before."""

    def __init__(self, begin: float, seconds: float, times: int) -> None:
        self.moments = [begin + seconds * number for number in range(1, times + 1)]
        self.done: list[float] = []
        self.busy = False

    def step(self, now: float) -> bool:
        if not self.moments or self.moments[0] > now:
            return False
        self.done.append(self.moments.pop(0))
        return True

    def due(self, now: float) -> float | None:
        return self.moments[0] if self.moments else None


@contextmanager
def running(
    clock: Clock, tasks: Callable[[], list[Task]], failed: Callable[[Task, Exception], None] | None = None
) -> Iterator[Scheduler]:
    scheduler = Scheduler(clock, tasks, failed or (lambda *_: None))
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.close()


@pytest.mark.usefixtures("wall")
def test_what_all_wait_for_is_skipped_while_it_drains() -> None:
    clock = Clock()
    begin = clock.now()
    slow, quick = Waits(begin, 900, 3), Waits(begin, 400, 2)
    with running(clock, lambda: [slow, quick]) as scheduler:
        assert scheduler.drain(30)
    assert (len(slow.done), len(quick.done)) == (3, 2)
    assert clock.skipped == 2700


def test_nothing_is_skipped_before_it_drains() -> None:
    clock = Clock()
    task = Waits(clock.now(), 900, 1)
    with running(clock, lambda: [task]) as scheduler:
        scheduler.wake()
        assert (clock.skipped, task.done) == (0, [])


def test_nothing_is_skipped_while_work_is_under_way() -> None:
    clock = Clock()
    busy, waits = Waits(clock.now(), 1, 0), Waits(clock.now(), 900, 1)
    busy.busy = True
    with running(clock, lambda: [busy, waits]) as scheduler:
        assert not scheduler.drain(0.3)
        assert (clock.skipped, waits.done) == (0, [])
        busy.busy = False
        scheduler.wake()
        assert scheduler.drain(30)
    assert len(waits.done) == 1


def test_news_is_heard() -> None:
    clock = Clock()
    box: list[int] = []
    got = threading.Event()

    class Reads:
        busy = False

        def step(self, now: float) -> bool:
            if not box:
                return False
            box.pop()
            got.set()
            return True

        def due(self, now: float) -> float | None:
            return None

    with running(clock, lambda: [Reads()]) as scheduler:
        box.append(1)
        scheduler.wake()
        assert got.wait(5)


class Fails(Waits):
    def step(self, now: float) -> bool:
        raise OSError("the disk is full")


def test_a_task_that_fails_has_no_further_turn_and_the_others_go_on() -> None:
    clock = Clock()
    fails, waits = Fails(0, 1, 1), Waits(clock.now(), 900, 2)
    tasks: list[Task] = [fails, waits]
    said = []

    def failed(task: Task, error: Exception) -> None:
        tasks.remove(task)
        said.append((task, str(error)))

    with running(clock, lambda: list(tasks), failed) as scheduler:
        assert scheduler.drain(30)
        assert scheduler.failure is None
    assert said == [(fails, "the disk is full")]
    assert len(waits.done) == 2


def test_a_thread_that_ended_by_a_failure_drains_nothing_and_says_why() -> None:
    def tasks() -> list[Task]:
        raise KeyError("stack")

    with running(Clock(), tasks) as scheduler:
        assert not scheduler.drain(30)
        assert not scheduler.drain(30)
        assert repr(scheduler.failure) == "KeyError('stack')"


def test_one_that_never_started_can_be_closed() -> None:
    Scheduler(Clock(), list, lambda *_: None).close()
