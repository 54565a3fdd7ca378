"""What went through the topics of a rehearsal: partitions, hot keys, and how far those who read them are behind."""

from __future__ import annotations

from collections.abc import Callable

from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.embedded_topic import EmbeddedTopic
from streaming_constructs.local.kafka.kafka_topic_report import KafkaGroupReport, KafkaTopicReport
from streaming_constructs.local.kafka.topic_log import TopicLogError
from streaming_constructs.local.kafka.topic_report import hot_partition, topic_report


def kafka_reports(msk: EmbeddedMsk, name_of: Callable[[str], str]) -> tuple[KafkaTopicReport, ...]:
    """What went through all topics.

    Args:
        msk: The clusters.
        name_of: What people call a topic, by its ARN.

    Of a topic whose log has ended, what was counted before is all that is known.
    """
    return tuple(_report_or_count(topic, name_of(topic.arn)) for topic in msk.topics())


def _report_or_count(topic: EmbeddedTopic, name: str) -> KafkaTopicReport:
    try:
        return _report(topic, name)
    except TopicLogError:
        counts = topic.counter.counts.values()
        return KafkaTopicReport(
            name, topic.name, sum(one.records for one in counts), sum(one.bytes for one in counts), ()
        )


def _report(topic: EmbeddedTopic, name: str) -> KafkaTopicReport:
    ends = topic.counter.refresh(topic.log)
    counts = topic.counter.counts
    whole = topic_report(topic.name, counts, ends)
    groups = []
    for reader in list(topic.groups):
        seen = topic_report(
            topic.name,
            counts,
            ends,
            group=reader.group,
            committed=reader.committed(),
            start_positions=reader.starts,
        )
        groups.append(
            KafkaGroupReport(
                reader.reader, reader.group, seen.partitions, seen.max_lag, seen.total_lag, seen.without_commit
            )
        )
    keys = topic.counter.keys
    return KafkaTopicReport(
        name,
        topic.name,
        whole.records,
        whole.bytes,
        whole.partitions,
        hot_partition(whole),
        tuple(groups),
        keys.split,
        keys.elsewhere(len(ends)),
    )
