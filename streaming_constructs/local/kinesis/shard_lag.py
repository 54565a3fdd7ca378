"""How far a reader of a shard is behind, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.local.kinesis.shard_log import ShardLog


@dataclass(frozen=True, slots=True)
class ShardLag:
    """How far a reader is behind in one shard.

    Attributes:
        shard_id: The shard.
        behind: Records that it has not dealt with.
        oldest_arrival: When the first of them came in, in seconds since 1970: `IteratorAge` counts from there. None: there is
            none.
    """

    shard_id: str
    behind: int
    oldest_arrival: float | None


def shard_lag(log: ShardLog, after: int) -> ShardLag:
    """How far behind somebody is who has dealt with the records up to a position.

    Args:
        log: The records of the shard.
        after: The sequence number of the last record that is dealt with.
    """
    behind = log.last_sequence_number - max(after, log.starting_sequence_number)
    return ShardLag(log.shard_id, max(behind, 0), log.first_arrival(after))
