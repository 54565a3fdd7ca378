"""The report of a rehearsal: what came out of streams, consumers, deliveries and topics, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, assert_never

from streaming_constructs.local.kafka.topic_report import PartitionReport
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.planning.numbers import counted

DIRECT_PUT = "direct put"
"""The source of a delivery that reads no stream."""


@dataclass(frozen=True, slots=True)
class ShardReport:
    """What one shard got.

    Attributes:
        shard_id: The shard.
        records: Records that it took.
        bytes: Their bytes, with partition keys.
        throttled_records: Records that it refused for the moment.
        throttled_reads: Reads that it refused for the moment.
    """

    shard_id: str
    records: int
    bytes: int
    throttled_records: int
    throttled_reads: int


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What went through a stream.

    Attributes:
        name: The stream.
        records: Records that it took.
        bytes: Their bytes, with partition keys.
        throttled_records: Records that it refused for the moment.
        shards: What each shard got.
        skew: Which shard is hot, and which keys make it so; empty if none is.
    """

    name: str
    records: int
    bytes: int
    throttled_records: int
    shards: tuple[ShardReport, ...]
    skew: str


@dataclass(frozen=True, slots=True)
class PoisonRecord:
    """A record that was given up.

    Attributes:
        shard_id: Its shard.
        sequence_number: Its sequence number, as AWS writes it: of its shard alone.
        partition_key: Its partition key.
        data: Its data as text, shortened.
        condition: Why it was given up, as the message at the destination says it.
        destination: Where that message is.
    """

    shard_id: str
    sequence_number: str
    partition_key: str
    data: str
    condition: str
    destination: str


@dataclass(frozen=True, slots=True)
class ConsumerReport:
    """What a consumer did.

    Attributes:
        name: The consumer.
        source: The stream that it reads.
        records: Records that it read.
        handled: Records that its function took.
        filtered: Records that its filters let pass.
        batches: Batches that were read.
        invocations: Invocations of the function.
        failed_invocations: Invocations that failed, or returned failures.
        retries: Invocations that tried a batch, or a part of it, again.
        bisections: Times that a batch was divided.
        isolated: Records that were given up and are known at the destination.
        expired: Records that were given up, and of which nobody was told: there is no destination.
        undelivered: Records that were given up, and that the destination did not take.
        waiting: Records that were read, and are neither handled nor given up.
        failures: How the function failed.
        lost_windows: Tumbling windows whose last state the function did not take.
        destination: The ARN of where given-up records go.
        destination_error: Why the destination did not take what was given up, the last time that it did not.
        poison: The first of the records that were given up, by shard and sequence number.
        not_run: Why the function was not run, if it was not.
        log: The end of what the function wrote.
    """

    name: str
    source: str
    records: int = 0
    handled: int = 0
    filtered: int = 0
    batches: int = 0
    invocations: int = 0
    failed_invocations: int = 0
    retries: int = 0
    bisections: int = 0
    isolated: int = 0
    expired: int = 0
    undelivered: int = 0
    waiting: int = 0
    failures: tuple[FunctionFailure, ...] = ()
    lost_windows: int = 0
    destination: str = ""
    destination_error: str = ""
    poison: tuple[PoisonRecord, ...] = ()
    not_run: str = ""
    log: str = ""

    @property
    def never_handled(self) -> str:
        """Why it handled nothing, where that is no matter of the records: `never ran: No module named 'jsn'`; else empty."""
        origins = {failure.origin for failure in self.failures}
        if self.handled or not origins or "handler" in origins:
            return ""
        last = self.failures[-1]
        if last.origin == "response":
            return last.reason
        # An exception's own message may say little, as that of a KeyError; the names of Lambda's failures have a dot.
        why = last.reason if "." in last.type else f"{last.type}: {last.reason}"
        return f"never {'ran' if origins == {'load'} else 'answered'}: {why}"


@dataclass(frozen=True, slots=True)
class KeptApart:
    """A record that a delivery could not deliver, and keeps in a folder of errors.

    Attributes:
        error: The kind of error, which the folder is called by.
        code: Firehose's code of the error.
        message: What is wrong with it.
        shard_id: Its shard; empty if it was put directly.
        sequence_number: Its sequence number, as AWS writes it: of its shard alone. Empty if it was put directly.
        partition_key: Its partition key; empty if it was put directly.
        data: Its data as text, shortened.
    """

    error: str
    code: str
    message: str
    shard_id: str
    sequence_number: str
    partition_key: str
    data: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a delivery did.

    `records + split` is what was delivered, failed, was dropped, is waiting or has expired.

    Attributes:
        name: The delivery.
        source: The stream that it reads, or `DIRECT_PUT`.
        format: `json`, `parquet` or `orc` of objects in S3; else the kind of the destination.
        records: Records that it took.
        split: How many more they became, because aggregated records were taken apart.
        delivered: Records that are in objects; where nothing is delivered here, records that would have been.
        rows: The rows that those are: a record with several documents is as many, once it is converted.
        failed: Records that were kept apart, by the folder of the error.
        kept_apart: The first of them, by shard and sequence number.
        dropped: Records that its function dropped.
        waiting: Records that are in its buffers, or in objects that are not taken yet.
        expired: Records of objects that were not taken for as long as Firehose keeps them, of errors as well.
        objects: Objects that it wrote.
        bytes: Their bytes.
        partitions: Rows of each folder.
        last_error: Why an object was not taken, the last time that one was not.
        not_run: Why it does not deliver here, if it does not.
        function_not_run: Why the function that transforms its records cannot be run, if it cannot; then it reads none.
        failures: How the function that transforms its records failed.
        log: The end of what that function wrote.
    """

    name: str
    source: str
    format: str
    records: int = 0
    split: int = 0
    delivered: int = 0
    rows: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    kept_apart: tuple[KeptApart, ...] = ()
    dropped: int = 0
    waiting: int = 0
    expired: int = 0
    objects: int = 0
    bytes: int = 0
    partitions: dict[str, int] = field(default_factory=dict)
    last_error: str = ""
    not_run: str = ""
    function_not_run: str = ""
    failures: tuple[FunctionFailure, ...] = ()
    log: str = ""


WorkerReport = ConsumerReport | DeliveryReport
"""What a worker says of its records."""


def by_section(reports: Iterable[WorkerReport]) -> tuple[tuple[ConsumerReport, ...], tuple[DeliveryReport, ...]]:
    """What workers say, apart by the section of the language that they belong to.

    Args:
        reports: What they say.
    """
    consumers, deliveries = [], []
    for report in reports:
        match report:
            case ConsumerReport():
                consumers.append(report)
            case DeliveryReport():
                deliveries.append(report)
            case _:
                assert_never(report)
    return tuple(consumers), tuple(deliveries)


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What was published to a topic of the system.

    Attributes:
        name: The topic.
        messages: How many messages.
    """

    name: str
    messages: int


@dataclass(frozen=True, slots=True)
class KafkaGroupReport:
    """Who reads a topic of Kafka, and how far behind it is.

    Attributes:
        reader: The consumer, or the delivery.
        group: The id of the consumer group.
        partitions: Each partition, as the group sees it.
        max_lag: The lag of the partition that is farthest behind: `MaxOffsetLag` on MSK.
        total_lag: The lag of all partitions: `SumOffsetLag` on MSK.
        without_commit: The partitions in which it has not committed anything.
    """

    reader: str
    group: str
    partitions: tuple[PartitionReport, ...]
    max_lag: int
    total_lag: int
    without_commit: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KafkaTopicReport:
    """What went through a topic of Kafka.

    Attributes:
        name: The topic, as the system calls it.
        topic: Its name in Kafka.
        records: Records that it took.
        bytes: Their bytes: keys, values and headers.
        partitions: What each partition took.
        skew: Which partition is hot, and which key makes it so; empty if none is.
        groups: Who reads it.
        split_keys: Which keys are on several partitions, where producers differ; empty if none is.
        other_partitioner: Which keys librdkafka's default would put elsewhere; empty if none.
    """

    name: str
    topic: str
    records: int
    bytes: int
    partitions: tuple[PartitionReport, ...]
    skew: str = ""
    groups: tuple[KafkaGroupReport, ...] = ()
    split_keys: str = ""
    other_partitioner: str = ""


@dataclass(frozen=True, slots=True)
class RecordOnly:
    """A resource with nothing behind it here.

    Attributes:
        name: The resource.
        type: CloudFormation's name of its type.
        why: Why.
    """

    name: str
    type: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came out where.

    Attributes:
        put: Records that were put.
        refused: Records that will never be taken: too large.
        into: The streams and deliveries that they were put into; empty where others put them.
        streams: What went through the streams.
        consumers: What consumers did.
        deliveries: What deliveries did.
        topics: What was published to topics of SNS.
        kafka_topics: What went through topics of Kafka.
        kafka: What kept those, such as `Apache Kafka 3.9.1`, or `memory`; empty: there are none.
        no_kafka: Why it was no broker, if it was none.
        record_only: What is written down alone.
        stopped: What ran and does so no more, by its name, with the error that it failed with. `rehearsal` is all of it, and
            `put` what puts events.
    """

    put: int = 0
    refused: int = 0
    into: tuple[str, ...] = ()
    streams: tuple[StreamReport, ...] = ()
    consumers: tuple[ConsumerReport, ...] = ()
    deliveries: tuple[DeliveryReport, ...] = ()
    topics: tuple[TopicReport, ...] = ()
    kafka_topics: tuple[KafkaTopicReport, ...] = ()
    kafka: str = ""
    no_kafka: str = ""
    record_only: tuple[RecordOnly, ...] = ()
    stopped: dict[str, str] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """Records that are nowhere: given up, and known at no destination."""
        given_up = sum(consumer.expired + consumer.undelivered for consumer in self.consumers)
        return given_up + sum(delivery.expired for delivery in self.deliveries)

    @property
    def waiting(self) -> int:
        """Records that are on their way."""
        return sum(consumer.waiting for consumer in self.consumers) + sum(
            delivery.waiting for delivery in self.deliveries
        )

    @property
    def records_in(self) -> int:
        """Records that were put; where others put them, what the stream or the delivery took that took most."""
        taken = [
            *(stream.records for stream in self.streams),
            *(topic.records for topic in self.kafka_topics),
            *(delivery.records for delivery in self.deliveries if delivery.source == DIRECT_PUT),
        ]
        return self.put or max(taken, default=0)

    @property
    def poison(self) -> int:
        """Records that were kept apart. Each reader stumbles over the same: the one that isolated most tells how many.

        What a handler that never worked was given is no poison.
        """
        each: Sequence[int] = [
            *(consumer.isolated for consumer in self.consumers if not consumer.never_handled),
            *(sum(delivery.failed.values()) for delivery in self.deliveries),
        ]
        return max(each, default=0)

    @property
    def headline(self) -> str:
        """All of it in one line: `300 records in, 297 archived as Parquet, 3 poison records isolated`."""
        never = [
            f"the handler{f' of {consumer.name}' if len(self.consumers) > 1 else ''} {why}"
            for consumer in self.consumers
            if (why := consumer.never_handled)
        ]
        parts = [f"{counted(self.records_in, 'record')} in", self._came_out()]
        if self.poison or not never:
            parts.append(f"{counted(self.poison, 'poison record')} isolated" if self.poison else "no poison")
        parts += [
            f"{count:,} {what}"
            for count, what in (
                (self.refused, "REFUSED"),
                (self.lost, "LOST"),
                (self.waiting, "still on their way"),
            )
            if count
        ]
        if self.stopped:
            parts.append(f"{', '.join(self.stopped)} STOPPED")
        if self.kafka:
            parts.append(f"topics in {self.kafka}")
        return ", ".join(parts + never + [f"{name} not rehearsed" for name in self.not_rehearsed])

    @property
    def not_rehearsed(self) -> dict[str, str]:
        """Why readers read nothing whose function cannot be run here, by their names."""
        consumers = {consumer.name: consumer.not_run for consumer in self.consumers if consumer.not_run}
        deliveries = {one.name: one.function_not_run for one in self.deliveries if one.function_not_run}
        return consumers | deliveries

    def _came_out(self) -> str:
        """What became of the records that were put; what others made of them, and wrote elsewhere, is not counted with them."""
        here = [one for one in self.deliveries if not one.not_run and self._is_first(one)]
        for form, name in (("parquet", "Parquet"), ("orc", "ORC"), ("json", "JSON")):
            found = [delivery for delivery in here if delivery.format == form and delivery.delivered]
            if found:
                # The first form is what queries read; others hold the same records.
                records, rows = (_of_each_source(found, field_) for field_ in ("delivered", "rows"))
                return f"{records:,} archived as {name}" + (f" in {rows:,} rows" if rows != records else "")
        handled = _of_each_source([one for one in self.consumers if self._is_first(one)], "handled")
        return f"{handled:,} handled"

    def _is_first(self, reader: ConsumerReport | DeliveryReport) -> bool:
        return not self.into or bool({reader.name, reader.source} & {*self.into})

    def as_dict(self, *, logs: bool = False) -> dict[str, Any]:
        """The same for programs.

        Args:
            logs: Whether with what functions wrote.
        """
        told = {"headline": self.headline, "lost": self.lost, "waiting": self.waiting, **asdict(self)}
        for one in [] if logs else [*told["consumers"], *told["deliveries"]]:
            del one["log"]
        return told


def _of_each_source(readers: Iterable[ConsumerReport | DeliveryReport], count: str) -> int:
    """A count of readers. Those of one source read the same records: of them the one that has most tells how many."""
    most: dict[str, int] = {}
    for reader in readers:
        source = reader.name if reader.source == DIRECT_PUT else reader.source
        most[source] = max(most.get(source, 0), getattr(reader, count))
    return sum(most.values())
