"""Which partition a key belongs to. Producers in Java and those of librdkafka (Python, Go, .NET, …) disagree by default.

`partitioner=murmur2_random` makes librdkafka agree with Java. Without it the two put a key on the same one of 12 partitions as
often as chance would: joins, compaction and the order of a key's records then hold within one kind of producer alone.
Source: https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md (`partitioner`)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

WORD = 0xFFFFFFFF
SEED, MIX, SHIFT = 0x9747B28C, 0x5BD1E995, 24
"""The numbers of MurmurHash2, and the seed that Kafka's clients take."""
POSITIVE = 0x7FFFFFFF


def murmur2(key: bytes) -> int:
    """MurmurHash2 of 32 bits, with the seed that Kafka's clients take.

    Args:
        key: The key.

    Returns:
        The hash, from 0 to 2**32 - 1; Java holds the same bits in a number with a sign.
    """
    hashed = (SEED ^ len(key)) & WORD
    whole = len(key) & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(key[at : at + 4], "little") * MIX & WORD
        word = (word ^ word >> SHIFT) * MIX & WORD
        hashed = hashed * MIX & WORD ^ word
    if rest := key[whole:]:
        hashed = (hashed ^ int.from_bytes(rest, "little")) * MIX & WORD
    hashed = (hashed ^ hashed >> 13) * MIX & WORD
    return hashed ^ hashed >> 15


def java_partition(key: bytes, partitions: int) -> int:
    """The partition of a key by the default of Java's producer, which librdkafka calls `murmur2_random`.

    Args:
        key: The key; an empty one has a partition like any other.
        partitions: How many partitions the topic has.
    """
    return (murmur2(key) & POSITIVE) % partitions


def librdkafka_partition(key: bytes, partitions: int) -> int | None:
    """The partition of a key by librdkafka's default, `consistent_random`: CRC-32.

    Args:
        key: The key.
        partitions: How many partitions the topic has.

    Returns:
        The partition; None for an empty key, which goes anywhere.
    """
    return zlib.crc32(key) % partitions if key else None


@dataclass(frozen=True, slots=True)
class PartitionerDifference:
    """What becomes of keys where producers of both kinds write to one topic, each by its default.

    Attributes:
        keys: How many different keys were looked at.
        elsewhere: How many of them librdkafka's default puts on another partition than Java's, or anywhere.
        example: The first of these; None if there is none.
    """

    keys: int
    elsewhere: int
    example: bytes | None

    @property
    def share(self) -> float:
        """The share of keys that land elsewhere, from 0 to 1."""
        return self.elsewhere / self.keys if self.keys else 0.0


def partitioner_difference(keys: Iterable[bytes], partitions: int) -> PartitionerDifference:
    """Judges how many of the keys of a sample land elsewhere by librdkafka's default than by Java's.

    Args:
        keys: The keys; each counts once, however often it comes.
        partitions: How many partitions the topic has.
    """
    distinct = dict.fromkeys(keys)
    elsewhere = [key for key in distinct if librdkafka_partition(key, partitions) != java_partition(key, partitions)]
    return PartitionerDifference(len(distinct), len(elsewhere), elsewhere[0] if elsewhere else None)
