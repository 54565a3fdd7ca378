"""A record of a Kinesis stream on its way: what it is, where it went, and what is known of it meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts.kinesis import PARTITION_KEY_CHARACTERS


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody put.

    Attributes:
        data: Its bytes.
        key: Its partition key.
        bytes: Its size as AWS counts it: data and partition key.
    """

    data: bytes
    key: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a record is.

    Attributes:
        shard_id: Its shard.
        sequence_number: Its sequence number there; all records of an aggregated one have the same.
        sub_sequence_number: Its place in the aggregated record, from 0; None if it is no part of one.
        attempts: How often it was sent. With more than one it may be in the stream twice, if `maybe_twice`.
        maybe_twice: Whether an earlier attempt had no answer, and may have been taken too.
    """

    shard_id: str
    sequence_number: str
    sub_sequence_number: int | None
    attempts: int
    maybe_twice: bool


@dataclass(slots=True, eq=False)
class Pending:
    """A record that was accepted and has no end yet.

    Attributes:
        number: Which one it is, in the order of acceptance.
        record: The record.
        accepted: When it was accepted, by the producer's clock.
        receipt: What its producer was given for it.
        attempts: How often it was sent.
        unsure: Whether an attempt may have been taken although nobody said so.
        alone: Whether it is to have a request for itself: one of those that it was sent with spoils the request.
    """

    number: int
    record: Record
    accepted: float
    receipt: Future[Placement]
    attempts: int = 0
    unsure: bool = False
    alone: bool = False


def checked(data: bytes | Mapping[str, Any], key: str | None, key_field: str | None, most_bytes: int) -> Record:
    """A record as AWS would take it.

    Args:
        data: Its bytes; a mapping becomes JSON, in UTF-8 and without spaces.
        key: Its partition key. None: the value of the key field.
        key_field: The field that a mapping is keyed by.
        most_bytes: How large it may be, with its partition key.

    Raises:
        ValueError: If it has no partition key, or AWS would never take it.
        TypeError: If it is neither bytes nor a mapping, cannot become JSON, or has no field that it could be keyed by.
    """
    if key is None:
        key = _key_of(data, key_field)
    if isinstance(data, Mapping):
        data = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    elif not isinstance(data, bytes):
        raise TypeError(f"data is bytes or a mapping, not {type(data).__name__}")
    if len(key) not in PARTITION_KEY_CHARACTERS:
        raise ValueError(f"a partition key has 1 to 256 characters, not {len(key)}")
    bytes_ = len(data) + len(key.encode())
    if bytes_ > most_bytes:
        raise ValueError(
            f"data and partition key have {bytes_:,} bytes; this producer takes up to {most_bytes:,}: a stream takes "
            "more where its MaxRecordSizeInKiB says so, and the producer where its max_record_kb does"
        )
    return Record(data, key, bytes_)


def _key_of(data: bytes | Mapping[str, Any], key_field: str | None) -> str:
    if key_field is None:
        raise ValueError("a record needs a partition key: put(data, key), or Producer(key_field=...) for mappings")
    if not isinstance(data, Mapping):
        raise TypeError(f"bytes have no field {key_field!r}: put(data, key)")
    value = data.get(key_field)
    if value is None:
        raise ValueError(f"the record has no {key_field!r}, by which this producer keys")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
