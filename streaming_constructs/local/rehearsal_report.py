"""The report of a rehearsal: what came out of streams, consumers, deliveries and topics, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, assert_never


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
        sequence_number: Its sequence number, as AWS writes it.
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
        errors: How often the function failed, by the kind of error.
        lost_windows: Tumbling windows whose last state the function did not take.
        last_error: What the function said of its last failure: message and log.
        hints: What its responses have that Lambda does not know, such as a misspelt member; each is told once.
        destination: The ARN of where given-up records go.
        poison: The first of the records that were given up.
        not_run: Why the function was not run, if it was not.
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
    errors: dict[str, int] = field(default_factory=dict)
    lost_windows: int = 0
    last_error: str = ""
    hints: tuple[str, ...] = ()
    destination: str = ""
    poison: tuple[PoisonRecord, ...] = ()
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a delivery did.

    Attributes:
        name: The delivery.
        source: The stream that it reads, or `direct put`.
        format: `json`, `parquet` or `orc` of objects in S3; else the kind of the destination.
        records: Records that it took.
        delivered: Rows that are in objects; where nothing is delivered here, rows that would have been.
        failed: Records that were kept apart, by the folder of the error.
        dropped: Records that its function dropped.
        waiting: Records that are in its buffers, or in objects that are not taken yet.
        expired: Records of objects that were not taken for as long as Firehose keeps them.
        objects: Objects that it wrote.
        bytes: Their bytes.
        partitions: Rows of each folder.
        last_error: Why an object was not taken, the last time that one was not.
        not_run: Why it does not deliver here, if it does not.
    """

    name: str
    source: str
    format: str
    records: int = 0
    delivered: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    waiting: int = 0
    expired: int = 0
    objects: int = 0
    bytes: int = 0
    partitions: dict[str, int] = field(default_factory=dict)
    last_error: str = ""
    not_run: str = ""


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
        streams: What went through the streams.
        consumers: What consumers did.
        deliveries: What deliveries did.
        topics: What was published.
        record_only: What is written down alone.
        stopped: What ran and does so no more, by its name, with the error that it failed with. `rehearsal` is all of it, and
            `put` what puts events.
    """

    put: int = 0
    refused: int = 0
    streams: tuple[StreamReport, ...] = ()
    consumers: tuple[ConsumerReport, ...] = ()
    deliveries: tuple[DeliveryReport, ...] = ()
    topics: tuple[TopicReport, ...] = ()
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
    def headline(self) -> str:
        """All of it in one line: `300 records in, 297 archived as Parquet, 3 poison records isolated`."""
        parts = [_counted(self.put, "record") + " in"]
        for form, name in (("parquet", "Parquet"), ("orc", "ORC"), ("json", "JSON")):
            rows = sum(
                delivery.delivered for delivery in self.deliveries if delivery.format == form and not delivery.not_run
            )
            if rows:
                parts.append(f"{rows:,} archived as {name}")
                break  # the first is what queries read; others hold the same records
        else:
            parts.append(f"{sum(consumer.handled for consumer in self.consumers):,} handled")
        isolated = self._isolated()
        parts.append(f"{_counted(isolated, 'poison record')} isolated" if isolated else "no poison")
        if self.refused:
            parts.append(f"{self.refused:,} REFUSED")
        if self.lost:
            parts.append(f"{self.lost:,} LOST")
        if self.waiting:
            parts.append(f"{self.waiting:,} still on their way")
        if self.stopped:
            parts.append(f"{', '.join(self.stopped)} STOPPED")
        return ", ".join(parts)

    def _isolated(self) -> int:
        """A poison record is isolated by each reader that stumbles over it: the one that isolated most tells how many."""
        each: Sequence[int] = [
            *(consumer.isolated for consumer in self.consumers),
            *(sum(delivery.failed.values()) for delivery in self.deliveries),
        ]
        return max(each, default=0)

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {"headline": self.headline, "lost": self.lost, "waiting": self.waiting, **asdict(self)}


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
