"""What went through a topic of Kafka, and who reads it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.local.kafka.topic_report import PartitionReport


@dataclass(frozen=True, slots=True)
class KafkaGroupReport:
    """Who reads a topic of Kafka, and how far behind it is.

    Attributes:
        reader: The consumer, or the delivery.
        group: The id of the consumer group.
        partitions: Each partition, as the group sees it.
        max_lag: The lag of the partition that is farthest behind: `MaxOffsetLag` on MSK.
        total_lag: The lag of all partitions: `SumOffsetLag` on MSK.
        without_commit: The partitions in which it has not committed anything.
    """

    reader: str
    group: str
    partitions: tuple[PartitionReport, ...]
    max_lag: int
    total_lag: int
    without_commit: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KafkaTopicReport:
    """What went through a topic of Kafka.

    Attributes:
        name: The topic, as the system calls it.
        topic: Its name in Kafka.
        records: Records that it took.
        bytes: Their bytes: keys, values and headers.
        partitions: What each partition took.
        skew: Which partition is hot, and which key makes it so; empty if none is.
        groups: Who reads it.
        split_keys: Which keys are on several partitions, where producers differ; empty if none is.
        other_partitioner: Which keys librdkafka's default would put elsewhere; empty if none.
    """

    name: str
    topic: str
    records: int
    bytes: int
    partitions: tuple[PartitionReport, ...]
    skew: str = ""
    groups: tuple[KafkaGroupReport, ...] = ()
    split_keys: str = ""
    other_partitioner: str = ""
