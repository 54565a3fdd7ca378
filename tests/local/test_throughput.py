"""Buckets give what AWS's limits give, and never more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.kinesis.throughput import MIB, FanOutReads, ShardReads, ShardWrites

NOW = 1_790_000_000.0
Reads = ShardReads | FanOutReads
kinds = pytest.mark.parametrize("kind", [ShardReads, FanOutReads])
pauses = st.lists(st.floats(0, 2), min_size=1, max_size=60)
SLACK = 1e-5
"""Of a second: what the buckets forgive themselves, many times."""


def written(writes: ShardWrites, size: int, now: float) -> int:
    count = 0
    while writes.try_take(size, now):
        count += 1
    return count


def test_a_shard_takes_a_thousand_records_at_once_and_no_more() -> None:
    assert written(ShardWrites(), 1, NOW) == 1000


def test_a_shard_takes_a_mebibyte_at_once_and_no_more() -> None:
    assert written(ShardWrites(), MIB // 8, NOW) == 8


def test_after_half_a_second_half_of_it_can_be_taken_again() -> None:
    writes = ShardWrites()
    written(writes, 1, NOW)
    assert written(writes, 1, NOW + 0.5) == 500


def test_silence_saves_no_more_than_a_second() -> None:
    writes = ShardWrites()
    written(writes, 1, NOW)
    assert written(writes, 1, NOW + 3600) == 1000


def test_a_refused_record_costs_nothing() -> None:
    writes = ShardWrites()
    assert writes.try_take(MIB - 1000, NOW)
    assert not writes.try_take(2000, NOW)
    assert writes.try_take(1000, NOW)


def test_a_record_of_ten_mebibytes_is_taken_and_paid_for() -> None:
    writes = ShardWrites()
    assert writes.try_take(10 * MIB, NOW)
    assert writes.available_at(MIB, NOW) == pytest.approx(NOW + 10)
    assert not writes.try_take(MIB, NOW + 9.9)
    assert writes.try_take(MIB, NOW + 10)


def test_a_large_record_waits_for_a_whole_second() -> None:
    writes = ShardWrites()
    assert writes.try_take(1000, NOW)
    assert not writes.try_take(10 * MIB, NOW)
    assert writes.try_take(10 * MIB, NOW + 1)


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    writes = ShardWrites()
    assert writes.try_take(1, NOW)
    assert written(writes, 1, NOW - 100) == 999
    assert written(writes, 1, NOW + 0.001) == 1


@given(
    steps=st.lists(st.tuples(st.floats(0, 0.7), st.integers(1, MIB)), min_size=1, max_size=80),
    size=st.none() | st.integers(1, 2000),
)
def test_no_span_of_time_is_given_more_than_its_rate_and_one_second(
    steps: list[tuple[float, int]], size: int | None
) -> None:
    writes, now, granted = ShardWrites(), NOW, list[tuple[float, int]]()
    for pause, given_size in steps:
        now += pause
        for _ in range(40 if size else 1):
            if writes.try_take(size or given_size, now):
                granted.append((now, size or given_size))
    for first, (begin, _) in enumerate(granted):
        records = sizes = 0
        for end, taken in granted[first:]:
            records, sizes = records + 1, sizes + taken
            assert records <= 1000 * (1 + end - begin + SLACK)
            assert sizes <= MIB * (1 + end - begin + SLACK)


@given(steps=st.lists(st.tuples(st.floats(0, 0.7), st.integers(1, 3 * MIB)), min_size=1, max_size=40))
def test_a_record_is_granted_when_it_was_said_to_be_and_not_before(steps: list[tuple[float, int]]) -> None:
    writes, now = ShardWrites(), NOW
    for pause, size in steps:
        now += pause
        moment = writes.available_at(size, now)
        if moment > now + 0.001:
            assert not writes.try_take(size, moment - 0.001)
        assert writes.try_take(size, moment)
        now = moment


def test_shared_readers_have_five_calls_a_second() -> None:
    reads = ShardReads()
    assert [reads.try_take(NOW) for _ in range(6)] == [True] * 5 + [False]
    assert reads.available_at(NOW) == pytest.approx(NOW + 0.2)
    assert reads.try_take(NOW + 0.2)
    assert not reads.try_take(NOW + 0.2)


def test_fan_out_has_no_limit_of_calls() -> None:
    reads = FanOutReads()
    assert all(reads.try_take(NOW) for _ in range(100))


@kinds
def test_ten_mebibytes_make_others_wait_five_seconds(kind: Callable[[], Reads]) -> None:
    reads = kind()
    assert reads.try_take(NOW)
    reads.charge(10 * MIB, NOW)
    assert reads.available_at(NOW + 1) == pytest.approx(NOW + 5)
    assert not reads.try_take(NOW + 4.99)
    assert reads.try_take(NOW + 5)


@kinds
def test_two_mebibytes_make_nobody_wait(kind: Callable[[], Reads]) -> None:
    reads = kind()
    reads.charge(2 * MIB, NOW)
    assert reads.try_take(NOW)


@kinds
def test_what_is_too_much_together_makes_all_wait(kind: Callable[[], Reads]) -> None:
    reads = kind()
    reads.charge(MIB, NOW)
    reads.charge(2 * MIB, NOW)
    assert reads.available_at(NOW) == pytest.approx(NOW + 1.5)


@kinds
@given(pauses=pauses, size=st.integers(0, 10 * MIB))
def test_reads_never_exceed_the_rate_by_more_than_a_second_and_the_last_of_them(
    kind: Callable[[], Reads], pauses: list[float], size: int
) -> None:
    reads, now, given_bytes = kind(), NOW, 0
    for pause in pauses:
        now += pause
        if reads.try_take(now):
            assert given_bytes <= 2 * MIB * (1 + now - NOW + SLACK)
            reads.charge(size, now)
            given_bytes += size


@kinds
@given(sizes=st.lists(st.integers(0, 10 * MIB), max_size=30))
def test_a_read_is_allowed_when_it_was_said_to_be(kind: Callable[[], Reads], sizes: list[int]) -> None:
    reads, now = kind(), NOW
    for size in sizes:
        moment = reads.available_at(now)
        assert reads.try_take(moment) is True
        if moment > now + 0.001:
            now = moment
        reads.charge(size, moment)
