"""Counts what went into a topic, whoever put it there: it reads on where it stopped, each time that it is asked."""

from __future__ import annotations

from threading import Lock

from streaming_constructs.local.kafka.key_places import KeyPlaces
from streaming_constructs.local.kafka.topic_log import TopicLog
from streaming_constructs.local.kafka.topic_report import PartitionCounts

_RECORDS, _BYTES = 5000, 16 * 1024 * 1024
"""What is read at once."""


class TopicCounter:
    """The counts of a topic's partitions.

    Attributes:
        counts: The counts, by partition.
        keys: Where its keys are.
    """

    def __init__(self, topic: str) -> None:
        """Has counted nothing yet.

        Args:
            topic: The topic.
        """
        self._topic = topic
        self._lock = Lock()
        self._positions: dict[int, int] = {}
        self.counts: dict[int, PartitionCounts] = {}
        self.keys = KeyPlaces()

    def refresh(self, log: TopicLog) -> dict[int, int]:
        """Counts what is new.

        Args:
            log: The log that has the topic.

        Returns:
            The end of each partition up to which it has counted.
        """
        with self._lock:
            starts, ends = log.start_offsets(self._topic), log.end_offsets(self._topic)
            for partition, end in ends.items():
                self._count(log, partition, max(self._positions.get(partition, 0), starts[partition]), end)
            return ends

    def _count(self, log: TopicLog, partition: int, position: int, end: int) -> None:
        counts = self.counts.setdefault(partition, PartitionCounts())
        while position < end and (records := log.read(self._topic, partition, position, _RECORDS, _BYTES)):
            for record in records:
                counts.count_record(record.key, record.size)
                self.keys.add(record.key, partition)
            position = records[-1].offset + 1
        self._positions[partition] = position
