"""Aggregation by shard while the shards change: records whose shard was split or merged on their way are sent again.

Readers of the Kinesis Client Library pass over a record of an aggregated one whose key is none of the shard that they read.
So a record has arrived when its shard is the one of its key, and not before.
Source: https://github.com/awslabs/amazon-kinesis-client, AggregatorUtil, read 2026-11-29
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from streaming_constructs.producer.kinesis_call import Answer, Fate
from streaming_constructs.producer.packing import Pack
from streaming_constructs.producer.record import Pending
from streaming_constructs.producer.shard_map import ShardMap

_LOG = logging.getLogger("streaming_constructs.producer")
NOT_BY_KEY = (
    "the stream chooses shards without regard to keys (RecordDistributionStrategy AUTO): aggregate by key or not"
)


class ShardRouting:
    """Which shard a record goes to, as far as is known."""

    def __init__(self, client: Any, stream: str) -> None:
        """Asks for the shards.

        Args:
            client: A client of boto3 for Kinesis.
            stream: The stream, by name or ARN.

        Raises:
            ClientError: If ListShards is refused.
        """
        self._client, self._stream = client, stream
        self._map = ShardMap.load(client, stream)

    def lane_of(self, pending: Pending) -> str:
        """The shard of a record.

        Args:
            pending: The record.
        """
        return self._map.shard_of(pending.record.key)

    def look(self, packs: Sequence[Pack], answers: Sequence[Answer]) -> bool:
        """Asks for the shards anew, where a record did not come into the one that it was meant for.

        Args:
            packs: What a request carried.
            answers: What became of each.

        Returns:
            Whether they have changed.
        """
        if not any(_strayed(pack, answer) for pack, answer in zip(packs, answers, strict=True)):
            return False
        try:
            found = ShardMap.load(self._client, self._stream)
        except (BotoCoreError, ClientError):
            _LOG.warning("the shards of %s cannot be listed", self._stream, exc_info=True)
            return False
        changed = found != self._map
        self._map = found
        return changed

    def judged(self, packs: Sequence[Pack], answers: Sequence[Answer]) -> list[Answer]:
        """The answers, of which those of a stream that has no regard to keys are hopeless.

        Args:
            packs: What a request carried.
            answers: What became of each.
        """
        still_open = {shard_id for _, shard_id in self._map.open}
        return [
            replace(answer, fate=Fate.HOPELESS, code="KeysDisregarded", message=NOT_BY_KEY)
            if _strayed(pack, answer) and {pack.lane.name, answer.shard_id} <= still_open
            else answer
            for pack, answer in zip(packs, answers, strict=True)
        ]

    def belongs(self, answer: Answer, pending: Pending) -> bool:
        """Whether a record that was stored is in the shard of its key.

        Args:
            answer: Where it was stored.
            pending: The record.
        """
        return self._map.holds(answer.shard_id, pending.record.key)


def _strayed(pack: Pack, answer: Answer) -> bool:
    return pack.aggregated and answer.fate is Fate.STORED and answer.shard_id != pack.lane.name
