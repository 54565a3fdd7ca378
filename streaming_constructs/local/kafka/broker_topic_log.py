"""Topics of a real broker, by librdkafka."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar

from streaming_constructs.local.kafka.broker_producer import new_producer, put_records
from streaming_constructs.local.kafka.client import BrokerAccess, admin_client, require_client
from streaming_constructs.local.kafka.client_errors import TIMED_OUT, refusal, translated
from streaming_constructs.local.kafka.gate import Gate
from streaming_constructs.local.kafka.group_offsets import GroupOffsets
from streaming_constructs.local.kafka.topic_log import (
    INVALID_PARTITIONS,
    TOPIC_ALREADY_EXISTS,
    UNKNOWN_TOPIC_OR_PARTITION,
    Configs,
    Headers,
    NewRecord,
    Position,
    TopicLogError,
    TopicRecord,
)
from streaming_constructs.local.kafka.topic_reader import TopicReader

if TYPE_CHECKING:
    from concurrent.futures import Future

    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import OffsetSpec

Answer = TypeVar("Answer")
Params = ParamSpec("Params")

_PATIENCE_SECONDS = 30.0
_GLANCE_SECONDS = 0.02
_LET_GO, _TRANSPORT = -137, -195
"""Codes of librdkafka for what no broker has refused."""
_MOVING = frozenset({3, 5, 6, 74, 75, _LET_GO, -156, -190})
"""What is said of partitions that are there, while not everybody knows yet who leads them."""
_UNCOORDINATED = frozenset({14, 15, 16, -180})
"""What is said of groups while nobody, or somebody else, keeps their offsets: for a moment after the first of them is there."""


def _while_there(
    method: Callable[Concatenate[BrokerTopicLog, Params], Answer],
) -> Callable[Concatenate[BrokerTopicLog, Params], Answer]:
    """A method of a log that waits while its broker is started again, and fails at once when it has ended by itself."""

    @wraps(method)
    def call(self: BrokerTopicLog, /, *args: Params.args, **kwargs: Params.kwargs) -> Answer:
        with self.gate.passing():
            if why := self._why_ended():
                raise TopicLogError(_TRANSPORT, f"the broker has ended: {why}", "_TRANSPORT")
            return method(self, *args, **kwargs)

    return call


class BrokerTopicLog:
    """Topics of a cluster of Apache Kafka. What it accepts and refuses is Kafka's own judgement, which is laxer than MSK's.

    Records are put idempotently, are kept by all replicas that are in sync, and go where Java's default puts them.

    Attributes:
        access: Where the broker is, and its password.
        gate: Closed while the broker is started again; until then everybody waits who asks for something.
    """

    checks_configs: ClassVar[bool] = True
    access: BrokerAccess
    gate: Gate

    def __init__(self, access: BrokerAccess, why_ended: Callable[[], str] = lambda: "") -> None:
        """Connects in the background.

        Args:
            access: Where the broker is, and its password, such as `KafkaBroker.access`.
            why_ended: Tells why the broker has ended; empty: it runs. Left out: nobody knows.

        Raises:
            SpecError: If there is no client of Kafka.
        """
        require_client()
        self.access = access
        self.gate = Gate()
        self._why_ended = why_ended
        self._admin = admin_client(access)
        self._reader = TopicReader(access)
        self._groups = GroupOffsets(access)
        self._producer = new_producer(access)

    @_while_there
    def create_topic(
        self, name: str, partitions: int, configs: Configs | None = None, *, replication_factor: int = 1
    ) -> None:
        from confluent_kafka.admin import NewTopic

        def asked() -> Future[Any]:
            topic = NewTopic(name, partitions, replication_factor, config=dict(configs or {}))
            future: Future[Any] = self._admin.create_topics([topic])[name]
            return future

        _result(asked, done=TOPIC_ALREADY_EXISTS)
        # -1 are as many as the broker gives to all.
        self._wait(lambda: self._is_served(name, max(partitions, 1)), f"`{name}` was created, and is not there")

    @_while_there
    def alter_configs(self, name: str, configs: Mapping[str, str | None]) -> None:
        from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

        entries = [
            ConfigEntry(
                key,
                value,
                incremental_operation=AlterConfigOpType.DELETE if value is None else AlterConfigOpType.SET,
            )
            for key, value in configs.items()
        ]
        resource = ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries)
        _result(lambda: self._admin.incremental_alter_configs([resource])[resource])

    @_while_there
    def create_partitions(self, name: str, partitions: int) -> None:
        from confluent_kafka.admin import NewPartitions

        _result(lambda: self._admin.create_partitions([NewPartitions(name, partitions)])[name], done=INVALID_PARTITIONS)
        self._wait(lambda: self._is_served(name, partitions), f"the new partitions of `{name}` are not there")

    @_while_there
    def delete_topic(self, name: str) -> None:
        _result(lambda: self._admin.delete_topics([name])[name], done=UNKNOWN_TOPIC_OR_PARTITION)
        self._wait(lambda: self._partition_count(name) == 0, f"`{name}` was deleted, and is still there")
        self._reader.forget()

    @_while_there
    def partitions(self, topic: str) -> int:
        count = self._partition_count(topic)
        if not count:
            raise TopicLogError(UNKNOWN_TOPIC_OR_PARTITION, f"there is no `{topic}`")
        # What asks for offsets has heard of as many as what counts them.
        with translated():
            self._admin.list_topics(topic, timeout=_PATIENCE_SECONDS)
        return count

    @_while_there
    def put(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), timestamp: int | None = None
    ) -> Position:
        return self.put_all([NewRecord(topic, key, value, headers, timestamp)])[0]

    @_while_there
    def put_all(self, records: Iterable[NewRecord]) -> list[Position]:
        with translated():
            return put_records(self._producer, list(records))

    @_while_there
    def read(
        self, topic: str, partition: int, offset: int, max_records: int = 500, max_bytes: int = 1024 * 1024
    ) -> list[TopicRecord]:
        with translated():
            if not self._reader.stands_at(topic, partition, offset) and not 0 <= partition < self.partitions(topic):
                message = f"there is no `{topic}-{partition}`"
                raise TopicLogError(UNKNOWN_TOPIC_OR_PARTITION, message)
            return self._reader.read(topic, partition, offset, max_records, max_bytes)

    @_while_there
    def start_offsets(self, topic: str) -> dict[int, int]:
        from confluent_kafka.admin import OffsetSpec

        return self._offsets(topic, OffsetSpec.earliest())

    @_while_there
    def end_offsets(self, topic: str) -> dict[int, int]:
        from confluent_kafka.admin import OffsetSpec

        return self._offsets(topic, OffsetSpec.latest())

    @_while_there
    def commit(self, group: str, topic: str, offsets: Mapping[int, int]) -> None:
        def commit() -> None:
            with translated():
                kept = self._groups.commit(group, topic, offsets)
            _refuse_errors(kept)

        _once_settled(commit, _UNCOORDINATED)

    @_while_there
    def committed(self, group: str, topic: str) -> dict[int, int]:
        partitions = range(self.partitions(topic))

        def ask() -> list[TopicPartition]:
            with translated():
                found = self._groups.committed(group, topic, partitions, _PATIENCE_SECONDS)
            _refuse_errors(found)
            return found

        found = _once_settled(ask, _UNCOORDINATED)
        return {place.partition: place.offset for place in found if place.offset >= 0}

    def close(self) -> None:
        self._reader.close()
        self._groups.close()
        self._producer.flush(_PATIENCE_SECONDS)

    def _offsets(self, topic: str, which: OffsetSpec) -> dict[int, int]:
        from confluent_kafka import TopicPartition

        def ask() -> dict[int, int]:
            places = [TopicPartition(topic, partition) for partition in range(self.partitions(topic))]
            with translated():
                asked = self._admin.list_offsets(dict.fromkeys(places, which))
                return {place.partition: future.result(_PATIENCE_SECONDS).offset for place, future in asked.items()}

        return _once_settled(ask, _MOVING)

    def _is_served(self, topic: str, partitions: int) -> bool:
        """Whether a topic has so many partitions, and those who lead them know that they do."""
        try:
            return self._partition_count(topic) >= partitions and len(self.end_offsets(topic)) >= partitions
        except TopicLogError as error:
            if error.code not in _MOVING:
                raise
            return False

    def _partition_count(self, topic: str) -> int:
        """How many partitions of a topic can be written to; 0 if there is no such topic.

        It is the producer that asks: from then on it puts keys where they belong among so many.
        """
        with translated():
            found = self._producer.list_topics(topic, timeout=_PATIENCE_SECONDS).topics[topic]
        if found.error is not None and found.error.code() != UNKNOWN_TOPIC_OR_PARTITION:
            raise refusal(found.error)
        return sum(partition.leader >= 0 for partition in found.partitions.values())

    def _wait(self, is_done: Callable[[], bool], otherwise: str) -> None:
        """Waits until what the controller has decided is known to those who keep the records."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not is_done():
            if time.monotonic() > until:
                raise TopicLogError(TIMED_OUT, otherwise, "_TIMED_OUT")
            time.sleep(_GLANCE_SECONDS)


def _once_settled(ask: Callable[[], Answer], passing: Container[int]) -> Answer:
    """What is answered once those who answer know who they are.

    Args:
        ask: Asks; asked again, it does the same.
        passing: Codes of errors that pass.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except TopicLogError as error:
            if error.code not in passing or time.monotonic() > until:
                raise
        time.sleep(_GLANCE_SECONDS)


def _result(ask: Callable[[], Future[Any]], *, done: int | None = None) -> Any:
    """What came of a request to the cluster.

    A client that has just found its way lets go of the connections that it asked for it, and of requests on them. Such a
    request is sent again, whether it was carried out or not.

    Args:
        ask: Sends the request.
        done: What is refused then, if it was carried out.
    """
    until, is_again = time.monotonic() + _PATIENCE_SECONDS, False
    while True:
        try:
            with translated():
                return ask().result(_PATIENCE_SECONDS)
        except TopicLogError as error:
            if is_again and error.code == done:
                return None
            if error.code != _LET_GO or time.monotonic() > until:
                raise
            is_again = True
        time.sleep(_GLANCE_SECONDS)


def _refuse_errors(places: Iterable[TopicPartition]) -> None:
    for place in places:
        if place.error is not None:
            raise refusal(place.error)
