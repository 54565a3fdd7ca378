"""Reads the partitions of a topic, each from where it is told to begin."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from streaming_constructs.local.kafka.embedded_topic import EmbeddedTopic
from streaming_constructs.local.kafka.topic_log import TopicLog, TopicRecord

_LOOKS_EACH_SECONDS = 0.05
"""How often, by the wall's clock, it asks where partitions end."""
_RECORDS, _BYTES = 500, 5 * 1024 * 1024
"""What is read at once."""


class PartitionsReader:
    """Knows how far it has read, and where each partition ended when it last looked.

    Attributes:
        starts: Where it began, by partition.
        positions: The offset that it reads next, by partition.
    """

    def __init__(self, topic: EmbeddedTopic, starts: Mapping[int, int]) -> None:
        """Has read nothing yet.

        Args:
            topic: The topic.
            starts: Where it begins, by partition; a partition that comes later is read from its beginning.
        """
        self._topic = topic
        self.starts, self.positions = dict(starts), dict(starts)
        self._ends: dict[int, int] = {}
        self._looked_at = 0.0

    def look(self, *, is_enough_of_late: bool = False) -> None:
        """Looks where partitions end, and which there are.

        Args:
            is_enough_of_late: Whether what it saw a moment ago is good enough.
        """
        if is_enough_of_late and time.monotonic() - self._looked_at < _LOOKS_EACH_SECONDS:
            return
        self._ends = self._topic.log.end_offsets(self._topic.name)
        self._looked_at = time.monotonic()
        for partition in self._ends.keys() - self.positions.keys():
            self.starts[partition] = self.positions[partition] = 0

    def is_behind(self, partition: int) -> bool:
        """Whether a partition has records that it has not read.

        Args:
            partition: The partition.
        """
        return self.positions[partition] < self._ends.get(partition, 0)

    def read(self, partition: int) -> Sequence[TopicRecord]:
        """What comes next in a partition.

        Args:
            partition: The partition.
        """
        position = self.positions[partition]
        records = self._topic.log.read(self._topic.name, partition, position, _RECORDS, _BYTES)
        # Behind the last record there may be none, where transactions or a compaction left gaps.
        self.positions[partition] = records[-1].offset + 1 if records else self._ends[partition]
        return records


def first_offsets_since(log: TopicLog, topic: str, seconds: float) -> dict[int, int]:
    """The offset of the first record of each partition from a moment on; the end, where there is none.

    Args:
        log: The log.
        topic: The topic.
        seconds: The moment, in seconds since 1970.
    """
    starts, ends = log.start_offsets(topic), log.end_offsets(topic)
    return {
        partition: _first_since(log, topic, partition, starts[partition], ends[partition], seconds)
        for partition in ends
    }


def _first_since(log: TopicLog, topic: str, partition: int, position: int, end: int, seconds: float) -> int:
    while position < end and (records := log.read(topic, partition, position, _RECORDS, _BYTES)):
        for record in records:
            if record.timestamp >= seconds * 1000:
                return record.offset
        position = records[-1].offset + 1
    return end
