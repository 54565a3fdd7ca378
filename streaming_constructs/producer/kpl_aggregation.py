"""The Kinesis Producer Library's aggregated records: many user records in one record of a stream.

The format: four magic bytes, a message of Protocol Buffers, and the MD5 of that message.
Source: https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md

`protobuf` reads and writes the message. Why nothing else does: docs/decisions/010-aggregation.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

MAGIC = b"\xf3\x89\x9a\xc2"
_DIGEST_BYTES = 16


def user_records(data: bytes) -> list[tuple[str, bytes]]:
    """The user records in a record of a stream, each with its partition key.

    Args:
        data: The record's data.

    Returns:
        They, in order; none if it is no aggregated record, or one that is damaged: the KCL takes that for a record like any
        other.
    """
    if not data.startswith(MAGIC):
        return []
    message, digest = data[len(MAGIC) : -_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if hashlib.md5(message, usedforsecurity=False).digest() != digest:
        return []
    from google.protobuf.message import DecodeError

    aggregated = aggregated_record()()
    try:
        aggregated.ParseFromString(message)
        if not aggregated.IsInitialized():
            return []
        keys = [_text(key) for key in aggregated.partition_key_table]
        return [(keys[record.partition_key_index], record.data) for record in aggregated.records]
    except (DecodeError, IndexError):
        return []


def aggregated(records: Iterable[tuple[str, bytes]]) -> bytes:
    """The data of one record of a stream that holds user records.

    Args:
        records: Partition key and data of each, in order.
    """
    message = aggregated_record()()
    places: dict[str, int] = {}
    for key, data in records:
        message.records.add(partition_key_index=places.setdefault(key, len(places)), data=data)
    message.partition_key_table.extend(places)
    written: bytes = message.SerializeToString()
    return MAGIC + written + hashlib.md5(written, usedforsecurity=False).digest()


class AggregatedSize:
    """How large an aggregated record is, user record by user record: known before it is written.

    Attributes:
        bytes: Its size.
        records: How many user records it holds.
    """

    def __init__(self) -> None:
        self.bytes = len(MAGIC) + _DIGEST_BYTES
        self.records = 0
        self._places: dict[str, int] = {}

    def after(self, key: str, data: bytes) -> int:
        """Its size with one more user record.

        Args:
            key: The partition key of that.
            data: Its data.
        """
        place = self._places.get(key)
        table = _field_bytes(len(key.encode())) if place is None else 0
        index = 1 + _varint_bytes(len(self._places) if place is None else place)
        return self.bytes + table + _field_bytes(index + _field_bytes(len(data)))

    def add(self, key: str, data: bytes) -> None:
        """Counts one more.

        Args:
            key: Its partition key.
            data: Its data.
        """
        self.bytes = self.after(key, data)
        self._places.setdefault(key, len(self._places))
        self.records += 1


def _field_bytes(content: int) -> int:
    """The bytes of a field: its number, how long it is, and its content."""
    return 1 + _varint_bytes(content) + content


def _varint_bytes(number: int) -> int:
    return max(1, (number.bit_length() + 6) // 7)


def _text(key: str | bytes) -> str:
    """A key, which is bytes where it is no UTF-8."""
    return key if isinstance(key, str) else key.decode(errors="replace")


@cache
def aggregated_record() -> Any:
    """The class of the message `AggregatedRecord`. It is made when it is needed: most streams have none."""
    from google.protobuf import descriptor_pool, message_factory
    from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

    field = FieldDescriptorProto
    file = FileDescriptorProto(name="kpl_aggregation.proto", package="kpl_aggregation", syntax="proto2")
    messages: dict[str, tuple[tuple[str, int, int, str], ...]] = {
        "Tag": (
            ("key", field.LABEL_REQUIRED, field.TYPE_STRING, ""),
            ("value", field.LABEL_OPTIONAL, field.TYPE_STRING, ""),
        ),
        "Record": (
            ("partition_key_index", field.LABEL_REQUIRED, field.TYPE_UINT64, ""),
            ("explicit_hash_key_index", field.LABEL_OPTIONAL, field.TYPE_UINT64, ""),
            ("data", field.LABEL_REQUIRED, field.TYPE_BYTES, ""),
            ("tags", field.LABEL_REPEATED, field.TYPE_MESSAGE, ".kpl_aggregation.Tag"),
        ),
        "AggregatedRecord": (
            ("partition_key_table", field.LABEL_REPEATED, field.TYPE_STRING, ""),
            ("explicit_hash_key_table", field.LABEL_REPEATED, field.TYPE_STRING, ""),
            ("records", field.LABEL_REPEATED, field.TYPE_MESSAGE, ".kpl_aggregation.Record"),
        ),
    }
    for message, fields in messages.items():
        described = file.message_type.add(name=message)
        for number, (name, label, type_, type_name) in enumerate(fields, 1):
            described.field.add(name=name, number=number, label=label, type=type_, type_name=type_name or None)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("kpl_aggregation.AggregatedRecord"))
