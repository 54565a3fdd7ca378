"""A bucket gives no more than its rate and one second's worth, and is waited for no longer than needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.producer import RateLimit
from streaming_constructs.producer.token_bucket import TokenBucket

RATES = st.floats(0.1, 10**7)


@given(RATES, st.lists(st.tuples(st.floats(0, 5), st.floats(1, 10**6)), max_size=50))
def test_over_any_time_it_gives_its_rate_and_what_was_saved(rate: float, asked: list[tuple[float, float]]) -> None:
    bucket, now, given_ = TokenBucket(rate), 0.0, 0.0
    for passed, amount in asked:
        now += passed
        last = min(amount, max(bucket.level(now), 0.0))
        bucket.take(last, now)
        given_ += last
    assert given_ <= (max(1.0, rate) + rate * now) * (1 + 1e-6)


@given(RATES, st.floats(1, 10**8))
def test_what_is_owed_is_waited_for(rate: float, amount: float) -> None:
    bucket = TokenBucket(rate)
    bucket.take(amount, 0.0)
    ready = bucket.ready_at(0.0)
    assert bucket.ready_at(ready) == ready
    assert ready <= (amount + 1) / rate * (1 + 1e-9)


def test_the_second_record_of_a_slow_bucket_waits() -> None:
    bucket = TokenBucket(0.5)
    assert bucket.ready_at(10.0) == 10.0
    bucket.take(1, 10.0)
    assert bucket.ready_at(10.0) == pytest.approx(12.0)


def test_without_a_rate_it_never_ends() -> None:
    bucket = TokenBucket(None)
    bucket.take(10**12, 0.0)
    assert (bucket.level(0.0), bucket.ready_at(0.0)) == (float("inf"), 0.0)


def test_a_limit_of_shards_is_what_they_take() -> None:
    assert RateLimit.of_shards(4, 0.5) == RateLimit(2 * 1_048_576, 2000)


@pytest.mark.parametrize("rate", [0, -1])
def test_a_limit_lets_something_through(rate: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        RateLimit(records_per_second=rate)
