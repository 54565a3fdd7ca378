"""Puts records into topics of a broker, by librdkafka: a batch that is refused is put again without what was refused in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from streaming_constructs.local.kafka.client import BrokerAccess, client_configuration
from streaming_constructs.local.kafka.client_errors import TIMED_OUT, refusal
from streaming_constructs.local.kafka.topic_log import (
    INVALID_RECORD,
    INVALID_TIMESTAMP,
    MESSAGE_TOO_LARGE,
    RECORD_LIST_TOO_LARGE,
    NewRecord,
    Position,
    RefusedRecordsError,
    TopicLogError,
)

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message, Producer

_PATIENCE_SECONDS = 30.0
_GLANCE_SECONDS = 0.02
_SERVED_EACH = 1000
"""After how many records a producer is asked what became of earlier ones."""
_INVALID_DIFFERENT_RECORD = -138
"""librdkafka's code for a record that was refused because of another one in its batch."""
_OF_RECORDS = frozenset(
    {MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_TIMESTAMP, INVALID_RECORD, _INVALID_DIFFERENT_RECORD}
)
"""What is said of a batch because of records in it; of these `INVALID_RECORD` is said of the very records."""


def new_producer(access: BrokerAccess) -> Producer:
    """A producer that puts idempotently, and where Java's default puts records.

    Args:
        access: Where the broker is, and its password.
    """
    from confluent_kafka import Producer

    return Producer(
        {
            **client_configuration(access),
            "partitioner": "murmur2_random",
            "enable.idempotence": True,
            "acks": "all",
            "linger.ms": 5,
            # How large a record may be the broker judges.
            "message.max.bytes": 1_000_000_000,
            # Topics are there before records are put: one that is not known a second later is none.
            "topic.metadata.propagation.max.ms": 1000,
            "topic.metadata.refresh.interval.ms": 10_000,
            "delivery.timeout.ms": int(_PATIENCE_SECONDS * 1000),
        }
    )


def put_records(producer: Producer, records: Sequence[NewRecord]) -> list[Position]:
    """Puts records, those of a partition in their order, and waits until all are kept.

    A broker takes a batch as a whole or not at all: what it refuses is put again in halves, until the record is alone that it
    does not take.

    Args:
        producer: The producer.
        records: The records.

    Returns:
        Where each is.

    Raises:
        RefusedRecordsError: If it takes some of them never; the others are kept.
        TopicLogError: If it takes none, for another reason.
    """
    positions: dict[int, Position] = {}
    refused: dict[int, KafkaError] = {}
    waiting = [list(range(len(records)))]
    while waiting:
        part = waiting.pop()
        batch = _Batch(producer)
        for place in part:
            batch.put(place, records[place])
        kept, errors = batch.answers()
        positions |= kept
        certain = {place for place, error in errors.items() if len(part) == 1 or error.code() == INVALID_RECORD}
        refused |= {place: errors[place] for place in certain}
        again = [place for place in part if place in errors and place not in certain]
        half = len(again) if certain else (len(again) + 1) // 2
        waiting += [some for some in (again[half:], again[:half]) if some]
    if refused:
        raise RefusedRecordsError({place: refusal(refused[place]) for place in sorted(refused)})
    return [positions[place] for place in range(len(records))]


class _Batch:
    """Records on their way: librdkafka sends many at once, and tells of each when it is kept."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer
        self._positions: dict[int, Position | None] = {}
        self._refused: dict[int, KafkaError] = {}

    def put(self, place: int, record: NewRecord) -> None:
        """Hands a record over; waits while there is no room."""
        from confluent_kafka import KafkaException

        self._positions[place] = None

        def is_told(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self._refused[place] = error
                return
            self._positions[place] = Position(message.partition(), message.offset())

        more = {} if record.timestamp is None else {"timestamp": record.timestamp}
        headers = list(record.headers)
        while True:
            try:
                self._producer.produce(
                    record.topic, record.value, record.key, on_delivery=is_told, headers=headers, **more
                )
            except BufferError:
                self._producer.poll(_GLANCE_SECONDS)
                continue
            except KafkaException as error:  # what the client knows that the broker would refuse
                self._refused[place] = error.args[0]
            break
        if len(self._positions) % _SERVED_EACH == 0:
            self._producer.poll(0)

    def answers(self) -> tuple[dict[int, Position], dict[int, KafkaError]]:
        """Waits until all are kept or refused because of records, and says where, and why."""
        self._producer.flush(2 * _PATIENCE_SECONDS)
        other = [error for _, error in sorted(self._refused.items()) if error.code() not in _OF_RECORDS]
        if other:
            raise refusal(other[0])
        kept = {place: position for place, position in self._positions.items() if position is not None}
        if len(kept) + len(self._refused) < len(self._positions):
            raise TopicLogError(TIMED_OUT, "the broker did not say that it keeps all records", "_TIMED_OUT")
        return kept, self._refused
