"""How far consumer groups have come, asked of a broker and told to it.

It is a consumer of the group that asks and tells, and joins nothing: the client for administration ends the process with a
segmentation fault where the broker answers that it does not coordinate the group yet, which it does while it makes its topic of
offsets; and it waits for an answer in vain where the broker is started again meanwhile.
Source: https://github.com/confluentinc/confluent-kafka-javascript/issues/374, read 2026-11-28
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from streaming_constructs.local.kafka.client import BrokerAccess, client_configuration

if TYPE_CHECKING:
    from confluent_kafka import Consumer, TopicPartition


class GroupOffsets:
    """One consumer for each group."""

    def __init__(self, access: BrokerAccess) -> None:
        """Connects when it is first asked.

        Args:
            access: Where the broker is, and its password.
        """
        self._access = access
        self._lock = Lock()
        self._consumers: dict[str, Consumer] = {}

    def committed(self, group: str, topic: str, partitions: Iterable[int], seconds: float) -> list[TopicPartition]:
        """What a group has committed.

        Args:
            group: The consumer group.
            topic: The topic.
            partitions: The partitions that are asked about.
            seconds: How long it waits for the answer.

        Raises:
            KafkaException: If the broker does not say.
        """
        from confluent_kafka import TopicPartition

        with self._lock:
            found: list[TopicPartition] = self._consumer(group).committed(
                [TopicPartition(topic, partition) for partition in partitions], timeout=seconds
            )
            return found

    def commit(self, group: str, topic: str, offsets: Mapping[int, int]) -> list[TopicPartition]:
        """Commits for a group, and waits until that is kept.

        Args:
            group: The consumer group.
            topic: The topic.
            offsets: What it reads next, by partition.

        Raises:
            KafkaException: If the broker does not take it.
        """
        from confluent_kafka import TopicPartition

        with self._lock:
            places = [TopicPartition(topic, partition, offset) for partition, offset in offsets.items()]
            kept: list[TopicPartition] = self._consumer(group).commit(offsets=places, asynchronous=False)
            return kept

    def close(self) -> None:
        """Ends the connections."""
        with self._lock:
            for consumer in self._consumers.values():
                consumer.close()
            self._consumers.clear()

    def _consumer(self, group: str) -> Consumer:
        from confluent_kafka import Consumer

        if group not in self._consumers:
            told = {**client_configuration(self._access), "group.id": group, "enable.auto.commit": False}
            self._consumers[group] = Consumer(told)
        return self._consumers[group]
