"""Which shard a partition key belongs to, as ListShards says: what records of several keys in one have to know."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from streaming_constructs.producer.kinesis_call import stream_argument
from streaming_constructs.producer.lane import hash_key


@dataclass(frozen=True, slots=True)
class ShardMap:
    """The shards of a stream at one time.

    Attributes:
        ranges: First and last hash key of each shard, open or closed, by its id.
        open: First hash key and id of each open shard, in order.
    """

    ranges: dict[str, tuple[int, int]]
    open: tuple[tuple[int, str], ...]

    @classmethod
    def load(cls, client: Any, stream: str) -> Self:
        """Asks for the shards.

        Args:
            client: A client of boto3 for Kinesis.
            stream: The stream, by name or ARN.
        """
        pages = client.get_paginator("list_shards").paginate(**stream_argument(stream))
        return cls.of(shard for page in pages for shard in page["Shards"])

    @classmethod
    def of(cls, shards: Iterable[dict[str, Any]]) -> Self:
        """Reads shards.

        Args:
            shards: They, as ListShards gives them.
        """
        ranges: dict[str, tuple[int, int]] = {}
        still_open = []
        for shard in shards:
            hash_keys = shard["HashKeyRange"]
            first, last = int(hash_keys["StartingHashKey"]), int(hash_keys["EndingHashKey"])
            ranges[shard["ShardId"]] = (first, last)
            if "EndingSequenceNumber" not in shard["SequenceNumberRange"]:
                still_open.append((first, shard["ShardId"]))
        return cls(ranges, tuple(sorted(still_open)))

    def shard_of(self, partition_key: str) -> str:
        """The open shard of a key.

        Args:
            partition_key: The key.
        """
        place = bisect_right(self.open, hash_key(partition_key), key=lambda shard: shard[0])
        return self.open[max(place - 1, 0)][1]

    def holds(self, shard_id: str, partition_key: str) -> bool:
        """Whether a key is one of a shard's.

        Args:
            shard_id: The shard; one that is not known holds none.
            partition_key: The key.
        """
        first, last = self.ranges.get(shard_id, (1, 0))
        return first <= hash_key(partition_key) <= last
