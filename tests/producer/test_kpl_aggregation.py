"""Aggregated records of the Kinesis Producer Library are written here byte by byte, as its format says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.producer.kpl_aggregation import aggregated_record, user_records

MAGIC = bytes([0xF3, 0x89, 0x9A, 0xC2])


def field(number: int, content: bytes) -> bytes:
    """A field of Protocol Buffers with a length of less than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def record(key: int, data: bytes, more: bytes = b"") -> bytes:
    return field(3, bytes([1 << 3, key]) + more + field(3, data))


def aggregated(message: bytes) -> bytes:
    return MAGIC + message + hashlib.md5(message).digest()


def blob(keys: Sequence[bytes], *records: bytes) -> bytes:
    return aggregated(b"".join(field(1, key) for key in keys) + b"".join(records))


def test_user_records_come_out_in_order_with_their_keys() -> None:
    data = blob([b"acc-1", "größe".encode()], record(0, b"a"), record(1, b"\xff\x00"), record(0, b""))
    assert user_records(data) == [("acc-1", b"a"), ("größe", b"\xff\x00"), ("acc-1", b"")]


def test_explicit_hash_keys_and_tags_are_passed_over() -> None:
    hash_key, tag = bytes([2 << 3, 0]), field(4, field(1, b"name") + field(2, b"value"))
    message = field(1, b"k") + field(2, b"123") + record(0, b"a", hash_key + tag)
    assert user_records(aggregated(message)) == [("k", b"a")]


def test_a_key_that_is_no_text_is_a_key_all_the_same() -> None:
    assert user_records(blob([b"\xff"], record(0, b"a"))) == [("\ufffd", b"a")]


def test_a_record_may_hold_an_aggregated_one() -> None:
    inner = blob([b"k"], record(0, b"a"))
    assert user_records(blob([b"outer"], record(0, inner))) == [("outer", inner)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        MAGIC,
        MAGIC + b"x" * 10,
        blob([b"k"], record(0, b"a"))[:-1] + b"\x00",
        blob([b"k"], record(0, b"a"))[:-16] + b"\x00" * 16,
        b"x" + blob([b"k"], record(0, b"a")),
        b"none" + blob([b"k"], record(0, b"a")).removeprefix(MAGIC),
        aggregated(b"\xff" * 20),
        blob([b"k"], record(1, b"a")),
        blob([b"k"], record(0, b"a"), record(7, b"b")),
        blob([b"k"], field(3, bytes([1 << 3, 0]))),
        blob([b"k"]),
        aggregated(b""),
    ],
)
def test_what_is_none_or_damaged_has_no_user_records(data: bytes) -> None:
    assert user_records(data) == []


@given(st.binary(max_size=200))
def test_no_bytes_break_it(message: bytes) -> None:
    for _, data in user_records(aggregated(message)):
        assert data in message


@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=300)), min_size=1, max_size=20))
def test_what_was_put_together_comes_apart(users: list[tuple[str, bytes]]) -> None:
    together = aggregated_record()()
    for position, (key, data) in enumerate(users):
        together.partition_key_table.append(key)
        together.records.add(partition_key_index=position, data=data)
    assert user_records(aggregated(together.SerializeToString())) == users
