"""When a job has nothing left to do."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.local.flink.flink_job import JobMetrics, JobStatus
from streaming_constructs.local.managed_flink.level import LevelWatch


def metrics(read: int, wrote: int = 0) -> JobMetrics:
    return JobMetrics({"clicks": read}, {"pages": wrote}, {}, {})


def looks(watch: LevelWatch, *, read: int = 3, checkpoints: bool = True, until: float = 1.0, **status: Any) -> bool:
    """Looks each 0.5 s, with a checkpoint each time."""
    at, seen = 0.0, False
    while at <= until:
        told = JobStatus(status.get("state", "RUNNING"), "", 0, int(at * 2) if checkpoints else 0)
        seen = watch.look(told, metrics(read), {"clicks": 3}, at)
        at += 0.5
    return seen


def test_it_is_level_when_all_is_read_and_nothing_has_changed_for_a_while() -> None:
    assert not looks(LevelWatch(1.0), until=0.5)
    assert looks(LevelWatch(1.0), until=1.0)


def test_sinks_flush_with_checkpoints_so_it_is_not_level_without() -> None:
    assert not looks(LevelWatch(1.0), checkpoints=False, until=5.0)
    assert looks(LevelWatch(1.0, has_checkpoints=False), checkpoints=False, until=1.0)


def test_what_is_not_read_is_waited_for_longer() -> None:
    assert not looks(LevelWatch(1.0), read=2, until=2.5)
    assert looks(LevelWatch(1.0), read=2, until=3.0)


@pytest.mark.parametrize("state", ["RESTARTING", "FAILING", "CREATED"])
def test_a_job_that_does_not_run_is_not_level(state: str) -> None:
    assert not looks(LevelWatch(1.0), state=state, until=5.0)


def test_a_row_that_comes_late_begins_the_wait_anew() -> None:
    watch = LevelWatch(1.0)
    assert looks(watch)
    assert not watch.look(JobStatus("RUNNING", "", 0, 9), metrics(3, wrote=1), {"clicks": 3}, 1.5)
