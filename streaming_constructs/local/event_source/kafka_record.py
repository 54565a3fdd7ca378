"""A record of a Kafka topic, as an event source mapping sees it."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.local.kinesis.record import Record

Headers = tuple[tuple[str, bytes | None], ...]
"""Headers in their order; a name may come again."""


@dataclass(frozen=True, slots=True)
class KafkaRecord(Record):
    """A record of a topic. What is read in order is a partition, and what numbers a record there is its offset.

    As a record of any source it has `shard_id`, such as `orders-0`, `sequence_number`, its offset, `arrival`, its time in
    seconds since 1970, and key and value once more, as text and as bytes that are always there.

    Attributes:
        key: Its key; None: it has none.
        value: Its value; None: what was put under its key is gone.
        headers: Its headers.
        timestamp_type: Whose time it is: `CREATE_TIME` its producer's, `LOG_APPEND_TIME` the broker's.
    """

    key: bytes | None = None
    value: bytes | None = None
    headers: Headers = ()
    timestamp_type: str = "CREATE_TIME"

    @property
    def topic(self) -> str:
        """The topic."""
        return self.shard_id.rpartition("-")[0]

    @property
    def partition(self) -> int:
        """The partition, from 0."""
        return int(self.shard_id.rpartition("-")[2])

    @property
    def offset(self) -> int:
        """Its offset in the partition."""
        return self.sequence_number

    @property
    def timestamp(self) -> int:
        """Its time, in milliseconds since 1970."""
        return round(self.arrival * 1000)


def kafka_record(
    topic: str,
    partition: int,
    offset: int,
    *,
    key: bytes | None,
    value: bytes | None,
    timestamp: int,
    headers: Headers = (),
    timestamp_type: str = "CREATE_TIME",
) -> KafkaRecord:
    """A record of a topic.

    Args:
        topic: The topic.
        partition: The partition, from 0.
        offset: Its offset.
        key: Its key; None: it has none.
        value: Its value; None: what was put under its key is gone.
        timestamp: Its time, in milliseconds since 1970.
        headers: Its headers.
        timestamp_type: Whose time it is.
    """
    return KafkaRecord(
        shard_id=f"{topic}-{partition}",
        sequence_number=offset,
        partition_key=(key or b"").decode("utf-8", "replace"),
        data=value or b"",
        arrival=timestamp / 1000,
        key=key,
        value=value,
        headers=headers,
        timestamp_type=timestamp_type,
    )
