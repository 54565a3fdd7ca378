"""What went through a topic of Kafka, drawn for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from streaming_constructs.cli.console import plain
from streaming_constructs.cli.local.amounts import many, size
from streaming_constructs.cli.rows import Rows

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.kafka_topic_report import KafkaGroupReport, KafkaTopicReport


def kafka_topic(topic: KafkaTopicReport, *, skew: bool) -> Tree:
    """A topic, and how far behind those are who read it.

    Args:
        topic: The topic.
        skew: Whether to show each partition.
    """
    head = f"  {many(topic.records, 'record')}, {size(topic.bytes)}, {many(len(topic.partitions), 'partition')}"
    tree = Tree(Text.assemble(plain(topic.name, "bold"), head))
    if skew:
        tree.add(_partitions(topic))
        tree.add(plain(topic.skew or "no partition is hot", "yellow" if topic.skew else "green"))
        if topic.other_partitioner and not topic.split_keys:
            tree.add(plain(topic.other_partitioner))
    elif topic.skew:
        tree.add(plain(topic.skew, "yellow"))
    if topic.split_keys:
        tree.add(plain(topic.split_keys, "yellow"))
    for group in topic.groups:
        if group.total_lag:
            tree.add(plain(_lag(group), "yellow"))
    return tree


def _partitions(topic: KafkaTopicReport) -> Rows:
    rows = []
    for number, partition in enumerate(topic.partitions):
        key = f"{partition.top_key} ({partition.top_key_share:.0%})" if partition.top_key is not None else ""
        lags = [_partition_lag(group, number) for group in topic.groups]
        cells = (f"{partition.records:,}", f"{partition.share:.0%}", size(partition.bytes), f"{partition.end:,}")
        rows.append((str(partition.partition), *cells, " / ".join(lags), key))
    columns = ("partition", "records", "share", "bytes", "end", "lag", "hottest key")
    return Rows(columns, rows, right=5)


def _partition_lag(group: KafkaGroupReport, number: int) -> str:
    partition = group.partitions[number]
    is_untouched = partition.end > 0 and partition.committed is None
    return f"{partition.lag:,} (no commit yet)" if is_untouched else f"{partition.lag:,}"


def _lag(group: KafkaGroupReport) -> str:
    lag = f"{group.reader} is {many(group.total_lag, 'record')} behind"
    if group.total_lag > group.max_lag:
        lag += f", {group.max_lag:,} of them in one partition"
    if not group.without_commit:
        return lag
    return f"{lag}; no commit yet in {many(len(group.without_commit), 'partition')}"
