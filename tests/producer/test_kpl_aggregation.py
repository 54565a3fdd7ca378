"""Aggregated records of the Kinesis Producer Library are written here byte by byte, as its format says."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.producer.kpl_aggregation import AggregatedSize, aggregated, aggregated_record, user_records

MAGIC = bytes([0xF3, 0x89, 0x9A, 0xC2])


def field(number: int, content: bytes) -> bytes:
    """A field of Protocol Buffers with a length of less than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def record(key: int, data: bytes, more: bytes = b"") -> bytes:
    return field(3, bytes([1 << 3, key]) + more + field(3, data))


def sealed(message: bytes) -> bytes:
    return MAGIC + message + hashlib.md5(message).digest()


def blob(keys: Sequence[bytes], *records: bytes) -> bytes:
    return sealed(b"".join(field(1, key) for key in keys) + b"".join(records))


def test_user_records_come_out_in_order_with_their_keys() -> None:
    data = blob([b"acc-1", "größe".encode()], record(0, b"a"), record(1, b"\xff\x00"), record(0, b""))
    assert user_records(data) == [("acc-1", b"a"), ("größe", b"\xff\x00"), ("acc-1", b"")]


def test_explicit_hash_keys_and_tags_are_passed_over() -> None:
    hash_key, tag = bytes([2 << 3, 0]), field(4, field(1, b"name") + field(2, b"value"))
    message = field(1, b"k") + field(2, b"123") + record(0, b"a", hash_key + tag)
    assert user_records(sealed(message)) == [("k", b"a")]


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
        sealed(b"\xff" * 20),
        blob([b"k"], record(1, b"a")),
        blob([b"k"], record(0, b"a"), record(7, b"b")),
        blob([b"k"], field(3, bytes([1 << 3, 0]))),
        blob([b"k"]),
        sealed(b""),
    ],
)
def test_what_is_none_or_damaged_has_no_user_records(data: bytes) -> None:
    assert user_records(data) == []


@given(st.binary(max_size=200))
def test_no_bytes_break_it(message: bytes) -> None:
    for _, data in user_records(sealed(message)):
        assert data in message


@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=300)), min_size=1, max_size=20))
def test_what_was_put_together_comes_apart(users: list[tuple[str, bytes]]) -> None:
    together = aggregated_record()()
    for position, (key, data) in enumerate(users):
        together.partition_key_table.append(key)
        together.records.add(partition_key_index=position, data=data)
    assert user_records(sealed(together.SerializeToString())) == users


USERS = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.binary(max_size=300)), min_size=1, max_size=30)


@given(USERS)
def test_what_is_written_is_read(users: list[tuple[str, bytes]]) -> None:
    assert user_records(aggregated(users)) == users


@given(USERS)
def test_the_size_is_known_before_it_is_written(users: list[tuple[str, bytes]]) -> None:
    size = AggregatedSize()
    for number, (key, data) in enumerate(users, 1):
        expected = size.after(key, data)
        size.add(key, data)
        assert size.bytes == expected == len(aggregated(users[:number]))


def test_the_size_is_known_of_large_tables_and_records() -> None:
    users = [(f"key-{number:03}", bytes(number * 100)) for number in range(300)]
    size = AggregatedSize()
    for key, data in users:
        size.add(key, data)
    assert size.bytes == len(aggregated(users))


# What AWS's own library for Python made of these records, and the Kinesis Producer Library of those of `KPL`.
MADE_BY_AWS = {
    "84mawgoBYRoMCAAaCHsiaWQiOjF9svld+9mi4D9xcoUT10iYOg==": [("a", b'{"id":1}')],
    "84mawgoBYQoBYhoECAAaABoHCAEaA//+AMB3q6S+jnI4lrAA1qmVAj0=": [("a", b""), ("b", b"\xff\xfe\x00")],
    "84mawgoCazAKAmsxCgJrMhoMCAAaCHsiaWQiOjB9GgwIARoIeyJpZCI6MX0aDAgCGgh7ImlkIjoyfRoMCAAaCHsiaWQiOjN9GgwIARoIeyJpZCI6NH0a"
    "DAgCGgh7ImlkIjo1fRoMCAAaCHsiaWQiOjZ9GgwIARoIeyJpZCI6N30aDAgCGgh7ImlkIjo4fRoMCAAaCHsiaWQiOjl92mG1KYJ7EP9H2MCUUqwuwg==": [
        (f"k{number % 3}", f'{{"id":{number}}}'.encode()) for number in range(10)
    ],
}
KPL = (
    "84mawgokNzhmZWIxMmEtZGJhMC00NWNhLWE5MWUtYmIxZjJmMTgxOWI0CiRjMmE3NTc4Ny00NjliLTQzMTAtODQwZC1kNDg2ZGNhN2ViNWUKJDY1MGU5MzYy"
    "LTU3MmItNDQyNy1iM2ZjLTEzNTQ5ZDdlNWFlNQokMWQ4ZDk2MDAtMDBiNy00NmYzLWE5ODMtZGU4MzQ3NzU0MGMwCiRmMmU3MThhMC0zODliLTQ5NGEtYjc5"
    "Ni0zMzU1YjA3NTY5Y2MKJDk2NWI4ZGE0LWE2YmQtNDc1NS04MWM5LWU3MTgxYWI3ZGM5YQokZDY5M2M1ZjAtNTc3Mi00NmM5LThkODYtMDhjNzA1NWJkYjc1"
    "CiQ4ZDkyNDc2Yi1lYjg5LTRlODEtOTlmYi1jMmJhNjNhZDZkOTAaJAgAGiBSRUNPUkQgMTggaWtscnBzdnloeG5lcm9kZmVoZXJ1ChokCAEaIFJFQ09SRCAx"
    "OSBsbm1udWR5aHZwdmNncm9rZm16ZGgKGiQIAhogUkVDT1JEIDIwIHBqcXJjZmJ4YWZ6ZG5kem1iZ2FuZQoaJAgDGiBSRUNPUkQgMjEgYWFmcmV5cm50d3V3"
    "eGxpeWdrYmhrChokCAQaIFJFQ09SRCAyMiBxc2FhZGhic2dtdnFnZGlmZ3V5b3UKGiQIBRogUkVDT1JEIDIzIHdqb2tvaXd2enpobGZ0bHpocWZqawoaJAgG"
    "GiBSRUNPUkQgMjQgem9wY2FzY3J0aGJicG5qaXd1aGpiChokCAcaIFJFQ09SRCAyNSB0eGJidm5venJ3c2JveHVvbXFib3EKvV1rrLdU+Sy2v8xkgZ5YaA=="
)


@pytest.mark.parametrize(("made", "users"), MADE_BY_AWS.items(), ids=["one", "binary", "ten"])
def test_it_is_byte_by_byte_what_aws_makes(made: str, users: list[tuple[str, bytes]]) -> None:
    assert aggregated(users) == base64.b64decode(made)


def test_two_hundred_large_records_are_what_aws_makes_of_them() -> None:
    digest = "dfd4aa1e281ac752e90f9e69a18ec5cd346dadc520feb10c3ecfb2ad3ae8e089"
    assert hashlib.sha256(aggregated([("k", b"x" * 1000)] * 200)).hexdigest() == digest


def test_a_record_of_the_kinesis_producer_library_is_read_and_written_the_same() -> None:
    users = user_records(base64.b64decode(KPL))
    assert users[0] == ("78feb12a-dba0-45ca-a91e-bb1f2f1819b4", b"RECORD 18 iklrpsvyhxnerodfeheru\n")
    assert len(users) == 8
    assert aggregated(users) == base64.b64decode(KPL)
