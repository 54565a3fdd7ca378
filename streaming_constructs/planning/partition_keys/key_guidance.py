"""How many keys a stream needs, and how much of its records one key may have, before any record is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from streaming_constructs.facts import kinesis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streaming_constructs.planning.pipeline import PipelinePlan
    from streaming_constructs.planning.streams.kafka import TopicPlan
    from streaming_constructs.planning.streams.kinesis import StreamPlan

KEYS_A_PART = 10
"""How many keys there are to be for each shard or partition: with fewer, chance alone leaves some of them with twice as much as
others. A rule of thumb; AWS says «many more» (https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html)."""


@dataclass(frozen=True, slots=True)
class KeyGuidance:
    """What keys have to be like.

    Attributes:
        stream: The name of the stream.
        field: The field that its records are keyed by; None where the spec does not say it.
        noun: What its parts are called, `shard` or `partition`.
        parts: How many parts it has, or its load needs.
        keys: How many keys it needs at least.
        share: How much of the records at the peak one key may have, 1 for all of them; None where the load is not known.
        limit: What one part takes, in words.
    """

    stream: str
    field: str | None
    noun: str
    parts: int
    keys: int
    share: float | None
    limit: str

    @property
    def command(self) -> str:
        """The command that tells how real records spread, over as many parts as it takes."""
        parts = min(self.parts, kinesis.SHARD_COUNT.maximum)
        return f"streaming-constructs keys EVENTS --field {self.field or 'FIELD'} --{self.noun}s {parts}"


def key_guidance(plan: PipelinePlan) -> Iterator[KeyGuidance]:
    """What the keys of each stream have to be like that has several parts.

    Args:
        plan: The system with its numbers.
    """
    for stream in plan.sections["streams"].values():
        is_topic = getattr(stream, "kind", "") == "kafka"
        told = _of_topic(cast("TopicPlan", stream)) if is_topic else _of_shards(cast("StreamPlan", stream))
        if told is not None:
            yield told


def _of_shards(stream: StreamPlan) -> KeyGuidance | None:
    parts = stream.shards or stream.needed_shards
    if parts is None or parts < 2 or stream.spec.record_distribution == "auto":
        return None
    mib, records = kinesis.SHARD_WRITE_MIB_PER_SECOND.value, kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value
    share = (
        None if stream.load is None else min(1.0, mib / float(stream.load.mib), records / float(stream.load.records))
    )
    limit = f"a shard takes {mib:g} MiB/s and {records:,.0f} records/s"
    return KeyGuidance(stream.name, stream.spec.partition_key, "shard", parts, KEYS_A_PART * parts, share, limit)


def _of_topic(topic: TopicPlan) -> KeyGuidance | None:
    from streaming_constructs.planning.streams.kafka import partition_limits

    if topic.partitions is None or topic.partitions < 2:
        return None
    limits = partition_limits(topic.cluster)
    share = None if topic.load is None else min(1.0, limits.write / float(topic.load.mib))
    limit = f"a partition takes {limits.write:g} MiB/s, by {limits.source}"
    parts = topic.partitions
    return KeyGuidance(topic.name, topic.spec.partition_key, "partition", parts, KEYS_A_PART * parts, share, limit)
