"""Where keys are, and where another producer would put them."""

from __future__ import annotations

from streaming_constructs.local.kafka.key_places import MOST_KEYS, KeyPlaces


def places(*records: tuple[bytes | None, int]) -> KeyPlaces:
    keys = KeyPlaces()
    for key, partition in records:
        keys.add(key, partition)
    return keys


def test_keys_that_are_on_one_partition_each_are_not_split() -> None:
    assert places((b"a", 1), (b"a", 1), (b"b", 2), (None, 3), (None, 4)).split == ""


def test_a_key_on_two_partitions_is_named_with_both() -> None:
    split = places((b"a", 10), (b"b", 2), (b"a", 3)).split
    assert split.startswith("1 of 2 keys is on several partitions, such as `a` on 3 and 10: ")
    assert "partitioner=murmur2_random" in split


def test_keys_that_another_producer_puts_elsewhere_are_counted_with_one_of_them() -> None:
    keys = places(*((f"device-{number}".encode(), 0) for number in range(1000)))
    assert keys.elsewhere(12) == (
        "librdkafka's default puts 92% of 1,000 keys elsewhere than Java's, such as `device-0` on 3 in place of 10"
    )


def test_a_topic_of_one_partition_has_no_other_and_one_without_keys_neither() -> None:
    assert places((b"a", 0), (b"b", 0)).elsewhere(1) == ""
    assert places((None, 0), (None, 1)).elsewhere(12) == ""


def test_an_empty_key_goes_anywhere() -> None:
    assert "`` on any in place of" in places((b"", 0)).elsewhere(12)


def test_no_more_keys_are_kept_than_tell() -> None:
    keys = places(
        *((str(number).encode(), 0) for number in range(MOST_KEYS + 5)), (b"1", 1), (str(MOST_KEYS).encode(), 1)
    )
    assert keys.split.startswith("1 of 10,000 keys")
