"""Where keys go: to the shard of Kinesis whose range has their hash, or to the partition that a producer of Kafka chooses."""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from streaming_constructs.planning.partition_keys.kafka_partitioner import POSITIVE
from streaming_constructs.planning.partition_keys.murmur2_of_many import murmur2_of_many

Partitioner = Literal["kinesis", "java", "librdkafka"]
"""By the MD5 of Kinesis; by murmur2, the default of Java's producer; or by CRC-32, the default of librdkafka."""

_HASH_BITS = 128


@dataclass(frozen=True, slots=True)
class Placement:
    """How keys are placed.

    Attributes:
        partitioner: Who places them.
        shards: How many shards, or partitions, there are.
    """

    partitioner: Partitioner
    shards: int

    def of(self, keys: Sequence[bytes]) -> list[int | None]:
        """The shard, or partition, of each key; None where a key goes anywhere.

        Args:
            keys: The keys.
        """
        return _PLACES[self.partitioner](keys, self.shards)


def _kinesis(keys: Sequence[bytes], shards: int) -> list[int | None]:
    """The shard of each key, where all shards share the hashes evenly, as they do where nobody split one by hand.

    The MD5 of the key, in UTF-8, is a number of 128 bits; shard i has those from floor(i * 2**128 / shards).
    Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
    """
    md5 = hashlib.md5
    firsts = [((shard << _HASH_BITS) // shards).to_bytes(_HASH_BITS // 8, "big") for shard in range(1, shards)]
    return [bisect_right(firsts, md5(key, usedforsecurity=False).digest()) for key in keys]


def _java(keys: Sequence[bytes], partitions: int) -> list[int | None]:
    return [(hashed & POSITIVE) % partitions for hashed in murmur2_of_many(keys)]


def _librdkafka(keys: Sequence[bytes], partitions: int) -> list[int | None]:
    return [zlib.crc32(key) % partitions if key else None for key in keys]


_PLACES: dict[Partitioner, Callable[[Sequence[bytes], int], list[int | None]]] = {
    "kinesis": _kinesis,
    "java": _java,
    "librdkafka": _librdkafka,
}
