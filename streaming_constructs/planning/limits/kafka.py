"""The limits of a topic of Kafka: what its partitions carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.planning.limits.limit import Limit, limit_of
from streaming_constructs.planning.streams.kafka import partition_limits

if TYPE_CHECKING:
    from streaming_constructs.planning.streams.kafka import TopicPlan


def limits(topic: TopicPlan, region: str | None) -> Iterator[Limit]:  # noqa: ARG001 - as all kinds have it
    """The limits of a topic at the peak.

    Args:
        topic: The topic with its numbers.
        region: Its region; None where nothing says it.
    """
    if topic.load is None or topic.partitions is None:
        return
    part, grows, written = partition_limits(topic.cluster), topic.spec.partitions is None, float(topic.load.mib)
    yield limit_of(
        topic.name,
        "bytes written",
        written,
        part.written,
        times=topic.partitions,
        unit=" MiB/s",
        grows=grows,
        code="MSK490",
    )
    if part.sent is not None and topic.readers:
        read = len(topic.readers) * written
        yield limit_of(topic.name, "bytes read", read, part.sent, times=topic.partitions, unit=" MiB/s", grows=grows)
