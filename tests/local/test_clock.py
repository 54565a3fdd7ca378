"""The time of a rehearsal."""

from __future__ import annotations

import time

import pytest

from streaming_constructs.local import clock as clock_module
from streaming_constructs.local.clock import Clock


class Wall:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def time(self) -> float:
        return self.seconds + 1_700_000_000


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    stopped = Wall()
    monkeypatch.setattr(clock_module, "time", stopped)
    return stopped


def test_it_starts_at_the_walls_time() -> None:
    assert abs(Clock().now() - time.time()) < 1


def test_it_runs_as_fast_as_it_is_told(wall: Wall) -> None:
    clock = Clock(60)
    begin = clock.now()
    wall.seconds += 15
    assert clock.now() - begin == pytest.approx(900)
    assert clock.wall_seconds(900) == 15


def test_skipping_takes_no_time(wall: Wall) -> None:
    clock = Clock()
    begin = clock.now()
    assert clock.skip_to(begin + 900) == pytest.approx(900)
    assert clock.now() - begin == pytest.approx(900)
    wall.seconds += 1
    assert clock.now() - begin == pytest.approx(901)


def test_it_never_goes_back(wall: Wall) -> None:
    clock = Clock()
    begin = clock.now()
    assert clock.skip_to(begin - 5) == 0
    assert clock.now() == begin


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_time_has_to_run(speed: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Clock(speed)
