"""The time of a rehearsal."""

from __future__ import annotations

import pytest

from streaming_constructs.local.clock import Clock
from tests.local.conftest import Wall


def test_it_starts_at_the_walls_time(wall: Wall) -> None:
    assert Clock().now() == wall.time()


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
