"""A topic of Kafka that a delivery stream reads: its partitions, from `ReadFromTimestamp` on, or from when it was created.

Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_MSKSourceConfiguration.html

Firehose does not say how often it asks; here it reads whatever is there. A record whose value is gone is an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from streaming_constructs.local.kafka.embedded_topic import EmbeddedTopic, TopicGroup
from streaming_constructs.local.kafka.local_configs import retention_seconds
from streaming_constructs.local.kafka.partitions_reader import PartitionsReader, first_offsets_since
from streaming_constructs.local.kinesis.record import Record

_GROUP = "firehose"
"""Firehose has groups of its own, and tells nobody what they are called."""


class TopicSource:
    """Reads the partitions of a topic, as a delivery stream does."""

    def __init__(self, topic: EmbeddedTopic, configuration: Mapping[str, Any], name: str) -> None:
        """Has read nothing yet.

        Args:
            topic: The topic.
            configuration: Its `MSKSourceConfiguration`.
            name: What people call the delivery stream.
        """
        self._topic = topic
        self._reader = PartitionsReader(topic, _starts(topic, configuration))
        self._group = TopicGroup(name, _GROUP, self._read_so_far, self._reader.starts)
        topic.groups.append(self._group)

    @property
    def arn(self) -> str:
        """The ARN of the topic."""
        return self._topic.arn

    @property
    def retention_seconds(self) -> float:
        """How long the topic keeps records."""
        return retention_seconds(self._topic.configs)

    def read(self, now: float) -> Sequence[Record]:
        """What comes next.

        Args:
            now: The time, in seconds since 1970.
        """
        self._reader.look(is_enough_of_late=True)
        records: list[Record] = []
        for partition in list(self._reader.positions):
            if self._reader.is_behind(partition):
                records += [
                    Record(
                        f"{read.topic}-{read.partition}",
                        read.offset,
                        (read.key or b"").decode("utf-8", "replace"),
                        read.value or b"",
                        read.timestamp / 1000,
                    )
                    for read in self._reader.read(partition)
                ]
        return records

    def due(self, now: float) -> float | None:
        """When it may read what is there; None: nothing is.

        Args:
            now: The time, in seconds since 1970.
        """
        self._reader.look()
        return now if any(map(self._reader.is_behind, self._reader.positions)) else None

    def close(self) -> None:
        """Reads no more."""
        if self._group in self._topic.groups:
            self._topic.groups.remove(self._group)

    def _read_so_far(self) -> Mapping[int, int]:
        starts = self._reader.starts
        return {partition: at for partition, at in self._reader.positions.items() if at > starts[partition]}


def _starts(topic: EmbeddedTopic, configuration: Mapping[str, Any]) -> dict[int, int]:
    moment = configuration.get("ReadFromTimestamp")
    if moment is None:
        return topic.log.end_offsets(topic.name)
    since = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    if since.timestamp() <= 0:
        return topic.log.start_offsets(topic.name)
    return first_offsets_since(topic.log, topic.name, since.timestamp())
