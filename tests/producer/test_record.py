"""What is no record is refused when it is put, in the words of AWS's limits."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.producer.record import Record, checked

KIB = 1024


def record(data: Any, key: str | None = None, field: str | None = None, most: int = 1024 * KIB) -> Record:
    return checked(data, key, field, most)


def test_bytes_stay_as_they_are() -> None:
    assert record(b"\xff", "ä") == Record(b"\xff", "ä", 3)


def test_a_mapping_becomes_json() -> None:
    assert record({"user": "ü", "n": [1, None]}, "k").data == '{"user":"ü","n":[1,null]}'.encode()


@pytest.mark.parametrize(("value", "key"), [("u1", "u1"), (7, "7"), (True, "true"), ([1, 2], "[1,2]")])
def test_the_key_field_gives_the_key(value: Any, key: str) -> None:
    assert record({"user": value}, field="user").key == key


def test_a_key_that_is_named_wins() -> None:
    assert record({"user": "u1"}, "other", "user").key == "other"


def test_the_largest_record_has_its_key_in_it() -> None:
    assert record(b"x" * (1024 * KIB - 3), "abc").bytes == 1024 * KIB
    with pytest.raises(ValueError, match="1,048,577 bytes; this producer takes up to 1,048,576"):
        record(b"x" * (1024 * KIB - 2), "abc")


def test_the_longest_key_has_256_characters() -> None:
    assert record(b"", "ü" * 256).bytes == 512
    with pytest.raises(ValueError, match="1 to 256 characters, not 257"):
        record(b"", "ü" * 257)


@pytest.mark.parametrize(
    ("data", "key", "field", "said"),
    [
        (b"", "", None, "1 to 256 characters, not 0"),
        (b"", None, None, "needs a partition key"),
        ({}, None, "user", "has no 'user'"),
        ({"user": None}, None, "user", "has no 'user'"),
        ({"x": float("nan")}, "k", None, "not JSON compliant"),
        (b"", "\ud800", None, "surrogates not allowed"),
    ],
)
def test_what_cannot_be_put_is_told(data: Any, key: str | None, field: str | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        record(data, key, field)


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ("text", None, "bytes or a mapping, not str"),
        ({"x": object()}, None, "not JSON"),
        (b"", "user", "no field 'user'"),
    ],
)
def test_what_is_of_another_type_is_told(data: Any, field: str | None, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        record(data, None if field else "k", field)
