"""Pauses have full jitter under a cap that doubles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.producer import Retry


def test_the_longest_pause_doubles_up_to_the_cap() -> None:
    retry = Retry(first_seconds=0.1, most_seconds=1.0)
    assert [retry.pause(attempts, lambda: 1.0) for attempts in range(1, 7)] == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_a_pause_is_a_share_of_the_longest(attempts: int, share: float) -> None:
    retry = Retry()
    assert retry.pause(attempts, lambda: share) == share * retry.pause(attempts, lambda: 1.0)
    assert 0 <= retry.pause(attempts, lambda: share) <= retry.most_seconds


@pytest.mark.parametrize(
    "wrong", [{"first_seconds": -1}, {"most_seconds": -0.1}, {"deadline_seconds": 0}, {"max_attempts": 0}]
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"pauses are not negative|1 or more"):
        Retry(**wrong)  # type: ignore[arg-type]
