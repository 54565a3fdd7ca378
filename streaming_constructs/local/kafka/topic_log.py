"""What a rehearsal asks of topics, whoever keeps them: a broker, or this process where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol

Headers = tuple[tuple[str, bytes | None], ...]
Configs = Mapping[str, str]
"""Properties of a topic, by Kafka's names, such as `{"retention.ms": "604800000"}`."""

OFFSET_OUT_OF_RANGE = 1
UNKNOWN_TOPIC_OR_PARTITION = 3
MESSAGE_TOO_LARGE = 10
INVALID_TOPIC_EXCEPTION = 17
RECORD_LIST_TOO_LARGE = 18
INVALID_TIMESTAMP = 32
TOPIC_ALREADY_EXISTS = 36
INVALID_PARTITIONS = 37
INVALID_RECORD = 87
"""Error codes of Kafka's protocol: https://kafka.apache.org/protocol.html#protocol_error_codes"""
_NAMES = {
    OFFSET_OUT_OF_RANGE: "OFFSET_OUT_OF_RANGE",
    UNKNOWN_TOPIC_OR_PARTITION: "UNKNOWN_TOPIC_OR_PARTITION",
    MESSAGE_TOO_LARGE: "MESSAGE_TOO_LARGE",
    INVALID_TOPIC_EXCEPTION: "INVALID_TOPIC_EXCEPTION",
    TOPIC_ALREADY_EXISTS: "TOPIC_ALREADY_EXISTS",
    INVALID_PARTITIONS: "INVALID_PARTITIONS",
}
"""What the protocol calls them, where librdkafka has other names, and where there is no librdkafka to ask."""


class TopicLogError(Exception):
    """What Kafka refused.

    Attributes:
        code: The error code of Kafka's protocol, such as 40; below 0 where a client refused, or got no answer.
        name: What the code is called, such as `INVALID_CONFIG`.
        message: What Kafka said.
    """

    def __init__(self, code: int, message: str, name: str = "") -> None:
        """Takes the name that the protocol has for a code, if it is known here.

        Args:
            code: The error code.
            message: What Kafka said.
            name: What the code is called otherwise.
        """
        self.code, self.message, self.name = code, message, _NAMES.get(code, name)
        super().__init__(f"{self.name} ({code}): {message}")


class RefusedRecordsError(TopicLogError):
    """Records that Kafka will never take; it is told as the first of them, and all others are kept.

    Attributes:
        records: Why, by their places among those that were put.
    """

    def __init__(self, records: Mapping[int, TopicLogError]) -> None:
        """Takes what was said of each.

        Args:
            records: Why each was refused, one at least.
        """
        first = records[min(records)]
        super().__init__(first.code, first.message, first.name)
        self.records = records


class Position(NamedTuple):
    """Where a record is in its topic.

    Attributes:
        partition: Its partition, from 0.
        offset: Its offset there.
    """

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to put.

    Attributes:
        topic: The topic.
        key: Its key, which decides its partition as Java's default does; None: it goes to any.
        value: Its value; None: what was put under its key is gone, in a topic that is compacted.
        headers: Its headers, in their order; a name may come again.
        timestamp: Its time in milliseconds since 1970. None: now.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """A record that was read.

    Attributes:
        topic: Its topic.
        partition: Its partition.
        offset: Its offset.
        timestamp: Its time in milliseconds since 1970.
        key: Its key.
        value: Its value.
        headers: Its headers.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def size(self) -> int:
        """Its bytes: key, value and headers, without what a batch adds."""
        headers = sum(len(name.encode()) + len(value or b"") for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers


class TopicLog(Protocol):
    """Topics with their partitions, records and the offsets that groups have committed.

    Every method raises `TopicLogError` where Kafka refuses, and may be called from any thread.

    Attributes:
        checks_configs: Whether what it accepts and refuses of configurations is what Kafka does; otherwise it takes any.
    """

    checks_configs: ClassVar[bool]

    def create_topic(
        self, name: str, partitions: int, configs: Configs | None = None, *, replication_factor: int = 1
    ) -> None:
        """Creates a topic; when it returns, records can be put.

        Args:
            name: Its name.
            partitions: How many partitions it has.
            configs: Its properties.
            replication_factor: How many nodes have a copy of each partition.
        """
        ...

    def alter_configs(self, name: str, configs: Mapping[str, str | None]) -> None:
        """Changes properties of a topic, in one request; the others stay.

        Args:
            name: The topic.
            configs: The properties; None: the default comes back.
        """
        ...

    def create_partitions(self, name: str, partitions: int) -> None:
        """Adds partitions to a topic. Keys move: what was put under one before stays where it is.

        Args:
            name: The topic.
            partitions: How many it has then; no fewer than before, nor as many.
        """
        ...

    def delete_topic(self, name: str) -> None:
        """Deletes a topic, with its records.

        Args:
            name: The topic.
        """
        ...

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has.

        Args:
            topic: The topic.
        """
        ...

    def put(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), timestamp: int | None = None
    ) -> Position:
        """Puts one record, and waits until it is kept; many are put faster by `put_all`.

        Args:
            topic: The topic.
            key: As in `NewRecord`.
            value: As in `NewRecord`.
            headers: As in `NewRecord`.
            timestamp: As in `NewRecord`.
        """
        ...

    def put_all(self, records: Iterable[NewRecord]) -> list[Position]:
        """Puts records, those of a partition in their order, and waits until all are kept.

        Args:
            records: The records; all of them are tried, also after one that is refused.

        Returns:
            Where each is.

        Raises:
            RefusedRecordsError: If it will never take some of them; the others are kept.
        """
        ...

    def read(
        self, topic: str, partition: int, offset: int, max_records: int = 500, max_bytes: int = 1024 * 1024
    ) -> list[TopicRecord]:
        """Reads on in a partition; returns at once with what there is.

        Args:
            topic: The topic.
            partition: The partition.
            offset: Where to begin.
            max_records: How many records at most.
            max_bytes: How many bytes at most, by `TopicRecord.size`; the first record comes however large it is.

        Returns:
            The records, in their order; none at the end. Offsets may have gaps, where a topic was compacted.
        """
        ...

    def start_offsets(self, topic: str) -> dict[int, int]:
        """The first offset that is still kept, of each partition.

        Args:
            topic: The topic.
        """
        ...

    def end_offsets(self, topic: str) -> dict[int, int]:
        """The offset that the next record gets, of each partition.

        Args:
            topic: The topic.
        """
        ...

    def commit(self, group: str, topic: str, offsets: Mapping[int, int]) -> None:
        """Commits how far a group has come; no member of it may be at work.

        Args:
            group: The consumer group.
            topic: The topic.
            offsets: The offset that the group reads next, by partition.
        """
        ...

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """How far a group has come.

        Args:
            group: The consumer group.
            topic: The topic.

        Returns:
            The offset that the group reads next, by partition; partitions without a commit are left out.
        """
        ...

    def close(self) -> None:
        """Lets go of what it holds open; topics stay."""
        ...
