"""The pollers of an `AWS::Lambda::EventSourceMapping` of a Kafka topic: they read partitions, batch, invoke, and commit.

What a group has committed is where a mapping goes on; offsets are committed once a batch is done with, up to the first record
of each partition that is not. So what was in the middle of something is read again, on AWS as here.
Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from streaming_constructs.facts.event_source_kafka import DESERIALIZATION_ERROR
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.event_source.batching import Batcher
from streaming_constructs.local.event_source.consumer_counts import ConsumerCounts
from streaming_constructs.local.event_source.deployed_mapping import deployed_mapping
from streaming_constructs.local.event_source.event_filter import EventFilter
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.event_source.kafka_decoding import is_decoded
from streaming_constructs.local.event_source.kafka_event_filter import event_filter_of
from streaming_constructs.local.event_source.kafka_invocation import topic_messages
from streaming_constructs.local.event_source.kafka_record import KafkaRecord, kafka_record
from streaming_constructs.local.event_source.lane import Lane, LaneRunner, has_room
from streaming_constructs.local.event_source.on_failure_destination import send_to_destination
from streaming_constructs.local.event_source.starting_position import moment_of
from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.embedded_topic import EmbeddedTopic, TopicGroup
from streaming_constructs.local.kafka.local_configs import retention_seconds
from streaming_constructs.local.kafka.partitions_reader import PartitionsReader, first_offsets_since
from streaming_constructs.local.kafka.topic_log import NewRecord, TopicLogError, TopicRecord
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.worker import Worker, WorkerContext

_TO_TOPIC = "kafka://"
_APPENDED = "LogAppendTime"


class KafkaMappingWorker:
    """An event source mapping of a topic, for as long as it is deployed.

    A poller that is always there is a lane, with its share of the partitions; one of them where Lambda adds them by itself.

    Attributes:
        name: What people call it.
        source: What people call its topic.
        mapping: Its settings.
        reader: Reads its topic.
    """

    def __init__(
        self,
        *,
        name: str,
        source: str,
        mapping: EventSourceMapping,
        event_filter: EventFilter,
        topic: EmbeddedTopic,
        reader: PartitionsReader,
        send: Callable[[DiscardedRecords], None],
        invoke: Callable[[bytes], InvocationResult],
        executor: Executor,
        wake: Callable[[], None],
        now: Callable[[], float],
        not_run: str = "",
    ) -> None:
        """Has read nothing yet.

        Args:
            name: What people call it.
            source: What people call its topic.
            mapping: Its settings.
            event_filter: The filters of its settings.
            topic: Its topic.
            reader: Reads it.
            send: Sends what was given up to its destination.
            invoke: Invokes its function.
            executor: Where invocations wait for their answer.
            wake: Is called, from any thread, when an answer is there.
            now: Tells the time.
            not_run: Why its function cannot be run, if it cannot; then nothing is read.
        """
        self.name, self.source, self.mapping, self.reader = name, source, mapping, reader
        self._filter, self._topic, self._not_run = event_filter, topic, not_run
        self._stepping = threading.Lock()
        self._closed = False
        self._counts = ConsumerCounts()
        self._lanes = [Lane(Batcher(mapping)) for _ in range(mapping.lanes)]
        self._committed = dict(reader.positions)
        self._timestamp_type = (
            "LOG_APPEND_TIME" if topic.configs.get("message.timestamp.type") == _APPENDED else "CREATE_TIME"
        )
        self._group = TopicGroup(name, group_of(mapping), self._all_committed, reader.starts)
        topic.groups.append(self._group)
        self._runner = LaneRunner(
            mapping=mapping,
            counts=self._counts,
            invoke=invoke,
            send=send,
            executor=executor,
            wake=wake,
            now=now,
            retention_seconds=retention_seconds(topic.configs),
        )

    @property
    def busy(self) -> bool:
        return any(lane.future is not None for lane in self._lanes)

    def take(self, records: Sequence[bytes], now: float) -> None:
        raise TypeError(f"{self.name} polls {self.source}: nothing is put into it")

    def step(self, now: float) -> bool:
        with self._stepping:
            if self._not_run or self._closed:
                return False
            self.reader.look(is_enough_of_late=True)
            worked = False
            for number, lane in enumerate(self._lanes):
                worked = self._read(number, lane, now) or worked
                worked = self._runner.step(lane, now) or worked
                if lane.process is None:
                    self._commit(number, lane)
            return worked

    def due(self, now: float) -> float | None:
        if self._not_run or self._closed:
            return None
        self.reader.look()  # everybody rests: what it saw a moment ago is not good enough
        moments = [lane.due() for lane in self._lanes]
        for number, lane in enumerate(self._lanes):
            if has_room([lane], self.mapping) and any(map(self.reader.is_behind, self._partitions_of(number))):
                moments.append(now)
        return min((moment for moment in moments if moment is not None), default=None)

    def hand_over(self, now: float) -> None:
        """Closes it. Its successor goes on with what is committed: records that are handled twice then are so on AWS, too."""
        self.close(now)

    def close(self, now: float) -> None:
        with self._stepping:
            self._closed = True
            if self._group in self._topic.groups:
                self._topic.groups.remove(self._group)

    def report(self) -> ConsumerReport:
        """What happened so far."""
        return self._counts.report(self.name, self.source, self.mapping.on_failure, self._not_run)

    def _partitions_of(self, lane: int) -> list[int]:
        return [partition for partition in self.reader.positions if partition % len(self._lanes) == lane]

    def _read(self, number: int, lane: Lane, now: float) -> bool:
        worked = False
        for partition in self._partitions_of(number):
            if not has_room([lane], self.mapping):
                break
            if self.reader.is_behind(partition):
                records = [self._record(record) for record in self.reader.read(partition)]
                decoded = self._decoded(records, now)
                passed = [record for record in decoded if self._filter.passes(record)]
                self._counts.records += len(records)
                self._counts.filtered += len(decoded) - len(passed)
                lane.batcher.add(passed, now)
                worked = True
        return worked

    def _decoded(self, records: Sequence[KafkaRecord], now: float) -> list[KafkaRecord]:
        """The records that the function can get; the others are given up, each by itself, as their filters see none of them."""
        decoded = []
        for record in records:
            if is_decoded(record, self.mapping):
                decoded.append(record)
            else:
                self._runner.discard(DiscardedRecords([record], DESERIALIZATION_ERROR, 0, None, now))
        return decoded

    def _record(self, record: TopicRecord) -> KafkaRecord:
        return kafka_record(
            record.topic,
            record.partition,
            record.offset,
            key=record.key,
            value=record.value,
            timestamp=record.timestamp,
            headers=record.headers,
            timestamp_type=self._timestamp_type,
        )

    def _commit(self, number: int, lane: Lane) -> None:
        """Commits what is done with: up to the first record of a partition that waits for a batch, or all that was read."""
        waiting = lane.batcher.first_sequence_numbers
        done = {}
        for partition in self._partitions_of(number):
            offset = waiting.get(f"{self._topic.name}-{partition}", self.reader.positions[partition])
            if offset > self._committed.get(partition, 0):
                done[partition] = offset
        if done:
            self._topic.log.commit(self._group.group, self._topic.name, done)
            self._committed |= done

    def _all_committed(self) -> Mapping[int, int]:
        return self._topic.log.committed(self._group.group, self._topic.name)


def group_of(mapping: EventSourceMapping) -> str:
    """The id of the consumer group of a mapping: the id of the mapping, where none is given.

    Args:
        mapping: The settings.
    """
    return mapping.consumer_group_id or mapping.uuid


def build_kafka_mapping_worker(resource: Deployed, context: WorkerContext, before: Worker | None) -> KafkaMappingWorker:
    """Builds the worker of a mapping of a topic; it begins where its group is, or at `StartingPosition`.

    Args:
        resource: The mapping.
        context: What the worker needs.
        before: The worker that the mapping had before it was changed.

    Raises:
        ValueError: If it has settings that Lambda would refuse, or its function or its topic is not deployed here.
    """
    properties, msk = resource.properties, context.aws.msk
    if msk is None:
        raise ValueError("there is no MSK here")
    made = deployed_mapping(resource, context)
    mapping = made.mapping
    event_filter = event_filter_of(mapping)
    topic = msk.topic(mapping.event_source_arn, mapping.topic)
    mapping = replace(
        mapping,
        bootstrap_servers=msk.bootstrap_servers(mapping.event_source_arn),
        schema_format=_schema_format(context.deployed) or mapping.schema_format,
    )
    if before is not None:
        before.hand_over(context.clock.now())
    known = before.reader.starts if isinstance(before, KafkaMappingWorker) else _starts(topic, properties)
    committed = topic.log.committed(group_of(mapping), topic.name)
    return KafkaMappingWorker(
        name=context.name_of(resource),
        source=context.topic_name(topic.arn),
        mapping=mapping,
        event_filter=event_filter,
        topic=topic,
        reader=PartitionsReader(topic, {**known, **committed}),
        send=lambda discarded: _send(context.aws, msk, mapping, discarded, context.clock.now()),
        invoke=made.invoke,
        executor=context.executor,
        wake=context.wake,
        now=context.clock.now,
        not_run=made.not_run,
    )


def _schema_format(deployed: Sequence[Deployed]) -> str:
    """The format of the schemas that are deployed; a registry has one. Empty where there are none."""
    schemas = (resource.properties for resource in deployed if resource.type == "AWS::Glue::Schema")
    return next((properties["DataFormat"] for properties in schemas), "")


def _starts(topic: EmbeddedTopic, properties: Mapping[str, Any]) -> dict[int, int]:
    """Where a group begins that has committed nothing."""
    match properties.get("StartingPosition", "LATEST"):
        case "TRIM_HORIZON":
            return topic.log.start_offsets(topic.name)
        case "AT_TIMESTAMP":
            return first_offsets_since(topic.log, topic.name, moment_of(properties["StartingPositionTimestamp"]))
        case _:
            return topic.log.end_offsets(topic.name)


def _send(aws: Aws, msk: EmbeddedMsk, mapping: EventSourceMapping, discarded: DiscardedRecords, now: float) -> None:
    """Sends what was given up to the destination of the mapping, which may be a topic of the same cluster."""
    if not mapping.on_failure.startswith(_TO_TOPIC):
        send_to_destination(aws, mapping, discarded)
        return
    into = msk.topic(mapping.event_source_arn, mapping.on_failure.removeprefix(_TO_TOPIC))
    at = round(now * 1000)
    messages = topic_messages(discarded, mapping)
    records = [NewRecord(into.name, key, json.dumps(message).encode(), timestamp=at) for key, message in messages]
    try:
        into.log.put_all(records)
    except TopicLogError as error:
        raise ValueError(str(error)) from None
