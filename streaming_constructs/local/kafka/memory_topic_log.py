"""Topics in this process, where there is no Java: partitions, offsets and commits, and no judgement of configurations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import RLock
from typing import ClassVar

from streaming_constructs.local.kafka.topic_log import (
    INVALID_PARTITIONS,
    OFFSET_OUT_OF_RANGE,
    TOPIC_ALREADY_EXISTS,
    UNKNOWN_TOPIC_OR_PARTITION,
    Configs,
    Headers,
    NewRecord,
    Position,
    TopicLogError,
    TopicRecord,
)
from streaming_constructs.planning.partition_keys.kafka_partitioner import java_partition


@dataclass(slots=True)
class _Topic:
    partitions: list[list[TopicRecord]]
    configs: dict[str, str]
    without_key: int = 0
    committed: dict[str, dict[int, int]] = field(default_factory=dict)


class MemoryTopicLog:
    """Topics that take any name and any configuration, and follow none: nothing expires, and nothing is compacted.

    Keys go to the partitions that Java's default gives them. Records without a key go to one partition after the other, where a
    producer would fill one with a batch before it takes the next.
    """

    checks_configs: ClassVar[bool] = False

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """Begins without topics.

        Args:
            now: The time in seconds since 1970, for records that bring none.
        """
        self._now = now
        self._lock = RLock()
        self._topics: dict[str, _Topic] = {}
        self._partition_of = lru_cache(maxsize=65_536)(java_partition)

    def create_topic(
        self, name: str, partitions: int, configs: Configs | None = None, *, replication_factor: int = 1
    ) -> None:
        with self._lock:
            if name in self._topics:
                raise TopicLogError(TOPIC_ALREADY_EXISTS, f"there is a topic `{name}`")
            if partitions < 1:
                raise _invalid_partitions(f"a topic has a partition at least, not {partitions}")
            self._topics[name] = _Topic([[] for _ in range(partitions)], dict(configs or {}))

    def alter_configs(self, name: str, configs: Mapping[str, str | None]) -> None:
        with self._lock:
            topic = self._topic(name)
            altered = {**topic.configs, **configs}
            topic.configs = {key: value for key, value in altered.items() if value is not None}

    def create_partitions(self, name: str, partitions: int) -> None:
        with self._lock:
            topic = self._topic(name)
            if partitions <= len(topic.partitions):
                raise _invalid_partitions(f"`{name}` has {len(topic.partitions)} partitions; {partitions} are no more")
            topic.partitions += [[] for _ in range(partitions - len(topic.partitions))]

    def delete_topic(self, name: str) -> None:
        with self._lock:
            self._topic(name)
            del self._topics[name]

    def partitions(self, topic: str) -> int:
        with self._lock:
            return len(self._topic(topic).partitions)

    def put(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), timestamp: int | None = None
    ) -> Position:
        return self.put_all([NewRecord(topic, key, value, headers, timestamp)])[0]

    def put_all(self, records: Iterable[NewRecord]) -> list[Position]:
        positions: list[Position] = []
        refused: list[TopicLogError] = []
        with self._lock:
            for record in records:
                try:
                    positions.append(self._put(record))
                except TopicLogError as error:
                    refused.append(error)
        if refused:
            raise refused[0]
        return positions

    def read(
        self, topic: str, partition: int, offset: int, max_records: int = 500, max_bytes: int = 1024 * 1024
    ) -> list[TopicRecord]:
        with self._lock:
            partitions = self._topic(topic).partitions
            if not 0 <= partition < len(partitions):
                raise _unknown(f"{topic}-{partition}")
            records = partitions[partition]
            if not 0 <= offset <= len(records):
                message = f"`{topic}` has no offset {offset} in partition {partition}, which ends at {len(records)}"
                raise TopicLogError(OFFSET_OUT_OF_RANGE, message)
            return _sized(records[offset : offset + max_records], max_bytes)

    def start_offsets(self, topic: str) -> dict[int, int]:
        return dict.fromkeys(range(self.partitions(topic)), 0)

    def end_offsets(self, topic: str) -> dict[int, int]:
        with self._lock:
            return {partition: len(records) for partition, records in enumerate(self._topic(topic).partitions)}

    def commit(self, group: str, topic: str, offsets: Mapping[int, int]) -> None:
        with self._lock:
            kept = self._topic(topic)
            for partition in offsets:
                if not 0 <= partition < len(kept.partitions):
                    raise _unknown(f"{topic}-{partition}")
            kept.committed.setdefault(group, {}).update(offsets)

    def committed(self, group: str, topic: str) -> dict[int, int]:
        with self._lock:
            return dict(self._topic(topic).committed.get(group, {}))

    def close(self) -> None:
        """Holds nothing open."""

    def _topic(self, name: str) -> _Topic:
        if name not in self._topics:
            raise _unknown(name)
        return self._topics[name]

    def _put(self, record: NewRecord) -> Position:
        topic = self._topic(record.topic)
        count = len(topic.partitions)
        if record.key is None:
            partition = topic.without_key % count
            topic.without_key += 1
        else:
            partition = self._partition_of(record.key, count)
        records = topic.partitions[partition]
        timestamp = round(self._now() * 1000) if record.timestamp is None else record.timestamp
        position = Position(partition, len(records))
        records.append(TopicRecord(record.topic, *position, timestamp, record.key, record.value, record.headers))
        return position


def _unknown(what: str) -> TopicLogError:
    return TopicLogError(UNKNOWN_TOPIC_OR_PARTITION, f"there is no `{what}`")


def _invalid_partitions(message: str) -> TopicLogError:
    return TopicLogError(INVALID_PARTITIONS, message)


def _sized(records: Sequence[TopicRecord], max_bytes: int) -> list[TopicRecord]:
    """The first records that fit, one at least."""
    fitting: list[TopicRecord] = []
    bytes_ = 0
    for record in records:
        bytes_ += record.size
        if fitting and bytes_ > max_bytes:
            break
        fitting.append(record)
    return fitting
