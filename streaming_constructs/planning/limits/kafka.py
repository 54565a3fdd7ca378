"""The limits of a topic of Kafka: what its partitions carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import msk
from streaming_constructs.planning.limits.limit import Limit, limit_of

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
    grows, written = topic.spec.partitions is None, float(topic.load.mib)
    into = (
        msk.SERVERLESS_PARTITION_INGRESS_MIB_PER_SECOND
        if topic.cluster.is_serverless
        else msk.EXPRESS_PARTITION_MIB_PER_SECOND
        if topic.cluster.express
        else msk.PARTITION_MIB_PER_SECOND
    )
    yield limit_of(
        topic.name, "bytes written", written, into, times=topic.partitions, unit=" MiB/s", grows=grows, code="MSK490"
    )
    if topic.cluster.is_serverless and topic.readers:
        out = msk.SERVERLESS_PARTITION_EGRESS_MIB_PER_SECOND
        read = len(topic.readers) * written
        yield limit_of(topic.name, "bytes read", read, out, times=topic.partitions, unit=" MiB/s", grows=grows)
