"""Counts say which shard is hot and which key makes it so; and they are silent where nothing is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.kinesis.hot_shards import HeavyKeys, HotShard, KeyShare, ShardCounts, hot_shards


def shard(records: int, key: str = "", *, hot: int = 0, size: int = 10, throttled: int = 0) -> ShardCounts:
    """A shard with records under keys of their own, and some under one key."""
    counts = ShardCounts()
    for number in range(records - hot):
        counts.count_record(f"{key}{number}", size)
    for _ in range(hot):
        counts.count_record(key, size)
    counts.throttled_records = throttled
    return counts


def judged(*counts: ShardCounts) -> tuple[HotShard, ...]:
    return hot_shards({f"shard-{number}": one for number, one in enumerate(counts)})


@given(st.lists(st.tuples(st.integers(0, 100).map(str), st.integers(1, 9)), max_size=300))
def test_few_keys_are_counted_exactly(added: list[tuple[str, int]]) -> None:
    keys, exact = HeavyKeys(), Counter[str]()
    for key, weight in added:
        keys.add(key, weight)
        exact[key] += weight
    assert keys.heaviest(200) == sorted(exact.items(), key=lambda one: (-one[1], one[0]))


@given(st.lists(st.integers(0, 400), min_size=200, max_size=1500), st.integers(0, 500))
def test_many_keys_take_bounded_memory_and_no_heavy_one_is_forgotten(light: list[int], heavy: int) -> None:
    keys, exact = HeavyKeys(), Counter[str]()
    for number, key in enumerate([*light, *[-1] * heavy]):
        keys.add(str(key), 1)
        exact[str(key)] += 1
        if number % 100 == 0:
            assert len(keys._weights) <= 128
    known, total = dict(keys.heaviest(200)), exact.total()
    for key, weight in exact.items():
        assert weight - total / 65 <= known.get(key, 0) <= weight


def test_the_64_heaviest_outlive_many_light_ones() -> None:
    keys = HeavyKeys()
    for number in range(64):
        keys.add(f"heavy-{number}", 10)
    for number in range(65):
        keys.add(f"light-{number}", 1)
    assert keys.heaviest(200) == sorted((f"heavy-{number}", 9) for number in range(64))


def test_a_key_that_comes_late_is_found_among_thousands() -> None:
    keys = HeavyKeys()
    for number in range(10_000):
        keys.add(f"key-{number}", 1)
        if number > 5000 and number % 2:
            keys.add("hot", 1)
    assert keys.heaviest(1)[0][0] == "hot"


def test_records_and_bytes_are_counted() -> None:
    counts = ShardCounts()
    counts.count_record("a", 10)
    counts.count_record("b", 5)
    counts.count_record("b", 1)
    assert (counts.records, counts.bytes) == (3, 16)
    assert counts.keys_by_records.heaviest(2) == [("b", 2), ("a", 1)]
    assert counts.keys_by_bytes.heaviest(2) == [("a", 10), ("b", 6)]


def test_even_shards_are_not_hot() -> None:
    assert judged(shard(1000), shard(1100), shard(900), shard(1000)) == ()


def test_nothing_is_hot_where_nothing_is() -> None:
    assert hot_shards({}) == ()
    assert judged(ShardCounts(), ShardCounts()) == ()


def test_one_key_makes_its_shard_hot_and_is_named() -> None:
    (hot,) = judged(shard(500), shard(2500, "user-7", hot=2000), shard(500), shard(500))
    assert hot == HotShard("shard-1", "records", 0.625, 2.5, 0, (KeyShare("user-7", 0.8),))
    assert hot.why == ("shard-1 has 62% of the records, 2.5 times its even share; responsible: `user-7` (80% of it)")


def test_a_shard_that_is_hot_by_many_keys_names_none() -> None:
    (hot,) = judged(shard(3000), shard(1000))
    assert (hot.shard_id, hot.times, hot.keys) == ("shard-0", 1.5, ())
    assert hot.why.endswith("; no single partition key is responsible")


def test_a_shard_with_few_large_records_is_hot_by_bytes() -> None:
    large = shard(500)
    for _ in range(20):
        large.count_record("video", 10_000)
    (hot,) = judged(large, shard(520))
    assert (hot.measure, hot.keys[0].key) == ("bytes", "video")
    assert hot.keys[0].share == pytest.approx(200_000 / 205_000)


@pytest.mark.parametrize(("records", "named"), [(299, ()), (300, ("a",))])
def test_a_key_with_a_tenth_of_a_hot_shard_is_named_and_one_with_less_is_not(
    records: int, named: tuple[str, ...]
) -> None:
    (hot,) = judged(shard(3000, "a", hot=records), shard(300))
    assert tuple(one.key for one in hot.keys) == named


@pytest.mark.parametrize(("records", "shards"), [((149, 50), 0), ((150, 50), 1)])
def test_what_chance_alone_may_do_is_not_judged(records: Sequence[int], shards: int) -> None:
    assert len(judged(*(shard(one) for one in records))) == shards


@pytest.mark.parametrize(("records", "shards"), [((1499, 501), 0), ((1500, 500), 1)])
def test_half_as_much_again_as_the_even_share_is_hot(records: Sequence[int], shards: int) -> None:
    assert len(judged(*(shard(one) for one in records))) == shards


def test_a_shard_that_alone_refuses_records_is_hot_though_it_took_no_more_than_others() -> None:
    (hot,) = judged(shard(1000, throttled=400), shard(900), shard(900))
    assert (hot.shard_id, hot.measure, hot.share) == ("shard-0", "throttled records", 1.0)


def test_refusals_that_all_shards_share_are_no_skew() -> None:
    assert judged(shard(1000, throttled=500), shard(1000, throttled=520)) == ()


def test_a_single_refusal_tells_nothing() -> None:
    assert judged(shard(1000, throttled=5), shard(1000)) == ()


@pytest.mark.parametrize(("hot", "shards"), [(499, 0), (500, 1)])
def test_half_of_a_shard_that_refuses_is_enough_for_one_key(hot: int, shards: int) -> None:
    assert len(judged(shard(1000, "user-7", hot=hot, throttled=100))) == shards


def test_one_key_that_nobody_had_to_wait_for_is_no_harm() -> None:
    assert judged(shard(1000, "user-7", hot=1000)) == ()


def test_refusals_are_told_beside_the_share() -> None:
    (hot,) = judged(shard(3000, "k", hot=3000, throttled=1234), shard(100, throttled=1000))
    assert hot.why.startswith(
        "shard-0 has 97% of the records, 1.9 times its even share, and refused 1,234 for the moment;"
    )


def test_the_hottest_shard_comes_first() -> None:
    found = judged(shard(2000), shard(3000), shard(200), shard(200))
    assert [one.shard_id for one in found] == ["shard-1"]
    found = judged(shard(2500), shard(3000), shard(200), shard(200))
    assert [one.shard_id for one in found] == ["shard-1", "shard-0"]
