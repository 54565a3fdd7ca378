"""Partitions of keys: as Java's producer and librdkafka choose them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.planning.partition_keys.kafka_partitioner import (
    java_partition,
    librdkafka_partition,
    murmur2,
    partitioner_difference,
)


@pytest.mark.parametrize(
    ("key", "signed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
        (b"", 275646681),
    ],
)
def test_the_hash_is_the_one_of_kafka_s_clients(key: bytes, signed: int) -> None:
    assert murmur2(key) == signed % 2**32


def test_java_and_librdkafka_disagree_by_default() -> None:
    assert (java_partition(b"device-0", 12), librdkafka_partition(b"device-0", 12)) == (10, 3)


def test_an_empty_key_has_a_partition_with_java_alone() -> None:
    assert java_partition(b"", 12) == (murmur2(b"") & 0x7FFFFFFF) % 12
    assert librdkafka_partition(b"", 12) is None


@given(st.binary(max_size=40), st.integers(1, 1000))
def test_a_partition_is_one_of_the_topic(key: bytes, partitions: int) -> None:
    assert 0 <= java_partition(key, partitions) < partitions
    assert 0 <= (librdkafka_partition(key, partitions) or 0) < partitions


def test_a_sample_tells_how_many_keys_land_elsewhere() -> None:
    keys = [f"device-{number}".encode() for number in range(10_000)]
    difference = partitioner_difference(keys, 12)
    assert difference.keys == 10_000
    assert difference.share == pytest.approx(11 / 12, abs=0.02)
    assert difference.example == b"device-0"


def test_a_key_counts_once_and_one_partition_takes_all() -> None:
    assert partitioner_difference([b"a", b"a", b"b"], 1) == partitioner_difference([b"a", b"b"], 1)
    assert partitioner_difference([b"a", b"a", b"b"], 1).elsewhere == 0
    assert partitioner_difference([], 12).share == 0.0


def test_an_empty_key_lands_anywhere() -> None:
    assert partitioner_difference([b""], 1).elsewhere == 1
