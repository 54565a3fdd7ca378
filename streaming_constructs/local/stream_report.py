"""What went through a stream, and what was published to a topic of SNS, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShardReport:
    """What one shard got.

    Attributes:
        shard_id: The shard.
        records: Records that it took.
        bytes: Their bytes, with partition keys.
        throttled_records: Records that it refused for the moment.
        throttled_reads: Reads that it refused for the moment.
    """

    shard_id: str
    records: int
    bytes: int
    throttled_records: int
    throttled_reads: int


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What went through a stream.

    Attributes:
        name: The stream.
        records: Records that it took.
        bytes: Their bytes, with partition keys.
        throttled_records: Records that it refused for the moment.
        shards: What each shard got.
        skew: Which shard is hot, and which keys make it so; empty if none is.
    """

    name: str
    records: int
    bytes: int
    throttled_records: int
    shards: tuple[ShardReport, ...]
    skew: str


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What was published to a topic of the system.

    Attributes:
        name: The topic.
        messages: How many messages.
    """

    name: str
    messages: int
