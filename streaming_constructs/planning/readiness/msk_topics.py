"""What is asked of the topics of a cluster, with the cluster."""

from __future__ import annotations

from typing import cast

from streaming_constructs.planning.numbers import duration
from streaming_constructs.planning.readiness.common_items import somebody_is_told
from streaming_constructs.planning.readiness.item import Answer, Asked, confirm, failed, passed
from streaming_constructs.planning.readiness.msk_code import topics_of
from streaming_constructs.planning.streams.kafka import TopicPlan

_NONE = "the system names no topic of it"


def planned_topics(asked: Asked) -> tuple[TopicPlan, ...]:
    """The topics of a cluster, with their numbers.

    Args:
        asked: The cluster.
    """
    return tuple(cast("TopicPlan", asked.plan.streams[name]) for name in topics_of(asked))


def partitions(asked: Asked) -> Answer:
    """Whether topics have the partitions that their load needs.

    Args:
        asked: The cluster.
    """
    topics = planned_topics(asked)
    if not topics:
        return confirm(_NONE, "name its topics in `streams`, with their `workload`")
    for topic in topics:
        if topic.partitions is None or topic.needed_partitions is None:
            return confirm(f"the load of `{topic.name}` is not known", f"write the `workload` of `{topic.name}`")
        if topic.partitions < topic.needed_partitions:
            return failed(
                f"`{topic.name}` has {topic.partitions:,}, and its load needs {topic.needed_partitions:,}",
                f"write `partitions: {topic.needed_partitions}` in `{topic.name}`",
            )
    told = ", ".join(f"{topic.name}: {topic.partitions:,} of {topic.needed_partitions:,} needed" for topic in topics)
    return passed(told)


def retention(asked: Asked) -> Answer:
    """Whether somebody chose how long each topic keeps its records.

    Args:
        asked: The cluster.
    """
    topics = planned_topics(asked)
    if not topics:
        return confirm(_NONE, "name its topics in `streams`, with their `retention_days`")
    for topic in topics:
        if not topic.spec.retention_is_given and topic.spec.cleanup_policy != ("compact",):
            return confirm(
                f"`{topic.name}` keeps records for {duration(topic.spec.retention_ms / 1000)}, as nobody said otherwise",
                f"write `retention_days` in `{topic.name}`",
            )
    return passed(", ".join(f"{topic.name}: {topic.heading().partition('keeps records ')[2]}" for topic in topics))


def compression(asked: Asked) -> Answer:
    """Whether records are compressed.

    Args:
        asked: The cluster.
    """
    topics = planned_topics(asked)
    plain = [topic.name for topic in topics if topic.spec.compression == "uncompressed"]
    if plain:
        return failed(f"`{plain[0]}` stores records uncompressed", f"write `compression: producer` in `{plain[0]}`")
    if topics and all(topic.spec.compression in ("gzip", "snappy", "lz4", "zstd") for topic in topics):
        return passed(", ".join(f"{topic.name}: {topic.spec.compression}" for topic in topics))
    return confirm("brokers keep what producers send", "let producers send `compression.type=lz4` or `zstd`")


def compaction(asked: Asked) -> Answer:
    """Whether topics that hold the last state of keys are compacted.

    Args:
        asked: The cluster.
    """
    topics = planned_topics(asked)
    if not topics:
        return confirm(_NONE, "compact topics that hold the last state of each key")
    compacted = [topic.name for topic in topics if "compact" in topic.spec.cleanup_policy]
    if compacted:
        return passed(f"compacted: {', '.join(compacted)}")
    return confirm(
        "no topic is compacted", "write `cleanup_policy: compact` where a topic holds the last state of each key"
    )


def min_insync_replicas(asked: Asked) -> Answer:
    """Whether a write is on two brokers before it is acknowledged.

    Args:
        asked: The cluster.
    """
    for topic in planned_topics(asked):
        if topic.in_sync < 2:
            return failed(
                f"`{topic.name}` acknowledges a write that one broker has",
                f"write `min_insync_replicas: 2` in `{topic.name}`",
            )
    if not planned_topics(asked):
        return confirm(_NONE, "set `min.insync.replicas=2` with a replication factor of 3")
    return passed(", ".join(f"{topic.name}: {topic.in_sync} of {topic.replicas}" for topic in planned_topics(asked)))


def topics_tell(asked: Asked) -> Answer:
    """Whether the alarms of topics tell anybody, where a cluster has none of its own.

    Args:
        asked: The cluster.
    """
    answers = [somebody_is_told(asked.of("streams", name)) for name in topics_of(asked)]
    if not answers:
        return confirm(_NONE, "name its topics in `streams`: each has its alarms")
    return next((answer for answer in answers if answer.status == "fail"), answers[0])
