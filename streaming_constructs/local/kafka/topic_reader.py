"""Reads partitions of a broker one after the other, each from where it is told to begin."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from streaming_constructs.local.kafka.client import BrokerAccess, client_configuration
from streaming_constructs.local.kafka.topic_log import TopicRecord

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message

_PATIENCE_SECONDS = 30.0


class TopicReader:
    """One consumer, which belongs to no group: it is told where to read, and commits nothing."""

    def __init__(self, access: BrokerAccess) -> None:
        """Connects when it first reads.

        Args:
            access: Where the broker is, and its password.
        """
        self._access = access
        self._lock = Lock()
        self._made: Consumer | None = None
        self._stands_at: tuple[str, int, int] | None = None

    def stands_at(self, topic: str, partition: int, offset: int) -> bool:
        """Whether it goes on from there without going there first.

        Args:
            topic: The topic.
            partition: The partition.
            offset: The offset.
        """
        return self._stands_at == (topic, partition, offset)

    def read(self, topic: str, partition: int, offset: int, max_records: int, max_bytes: int) -> list[TopicRecord]:
        """Reads on, and returns what there is, at once.

        Args:
            topic: The topic.
            partition: The partition; it exists.
            offset: Where to begin.
            max_records: How many records at most.
            max_bytes: How many bytes at most, but for the first record.

        Raises:
            KafkaException: If it cannot be read.
        """
        with self._lock:
            consumer = self._consumer()
            if not self.stands_at(topic, partition, offset):
                self._go_to(consumer, topic, partition, offset)
            self._stands_at = None
            records, goes_on = _consumed(consumer, max_records, max_bytes)
            if goes_on:
                self._stands_at = (topic, partition, records[-1].offset + 1)
            return records

    def forget(self) -> None:
        """Goes where it is told the next time, also if it stands there: a topic of that name may be another one."""
        self._stands_at = None

    def close(self) -> None:
        """Ends the connection."""
        with self._lock:
            if self._made is not None:
                self._made.close()
                self._made = None
            self._stands_at = None

    def _consumer(self) -> Consumer:
        from confluent_kafka import Consumer

        if self._made is None:
            self._made = Consumer(
                {
                    **client_configuration(self._access),
                    "group.id": "streaming-constructs",  # it has to have one, and uses none
                    "enable.auto.commit": False,
                    "enable.auto.offset.store": False,
                    "enable.partition.eof": True,
                    "auto.offset.reset": "error",
                    "fetch.wait.max.ms": 10,
                }
            )
        return self._made

    def _go_to(self, consumer: Consumer, topic: str, partition: int, offset: int) -> None:
        from confluent_kafka import TopicPartition

        consumer.assign([TopicPartition(topic, partition, offset)])


def _consumed(consumer: Consumer, max_records: int, max_bytes: int) -> tuple[list[TopicRecord], bool]:
    """What comes until there is enough, or the end is reached; and whether it can go on behind the last of it.

    Who stands at the end is told so once. Who had to take one record more, to see that it is too much, stands behind that.
    """
    from confluent_kafka import KafkaError, KafkaException

    records: list[TopicRecord] = []
    until, bytes_ = time.monotonic() + _PATIENCE_SECONDS, 0
    while len(records) < max_records:
        message = consumer.poll(until - time.monotonic())
        if message is None:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "the broker sent neither records nor their end"))  # noqa: SLF001
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001
                return records, False
            raise KafkaException(error)
        record = _record(message)
        bytes_ += record.size
        if records and bytes_ > max_bytes:
            return records, False
        records.append(record)
    return records, bool(records)


def _record(message: Message) -> TopicRecord:
    return TopicRecord(
        message.topic(),
        message.partition(),
        message.offset(),
        message.timestamp()[1],
        message.key(),
        message.value(),
        tuple(message.headers() or ()),
    )
