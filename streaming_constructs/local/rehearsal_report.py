"""The report of a rehearsal: what came out of streams, consumers, deliveries and topics, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, assert_never

from streaming_constructs.local.api_report import ApiReport
from streaming_constructs.local.application_report import ApplicationReport
from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DIRECT_PUT, DeliveryReport
from streaming_constructs.local.kafka.kafka_topic_report import KafkaTopicReport
from streaming_constructs.local.refusal import Refusal
from streaming_constructs.local.stream_report import StreamReport, TopicReport
from streaming_constructs.local.table_report import TableReport
from streaming_constructs.planning.numbers import counted

WorkerReport = ConsumerReport | DeliveryReport | ApplicationReport
"""What a worker says of its records."""


def by_section(
    reports: Iterable[WorkerReport],
) -> tuple[tuple[ConsumerReport, ...], tuple[DeliveryReport, ...], tuple[ApplicationReport, ...]]:
    """What workers say, apart by the section of the language that they belong to.

    Args:
        reports: What they say.
    """
    consumers, deliveries, applications = [], [], []
    for report in reports:
        match report:
            case ConsumerReport():
                consumers.append(report)
            case DeliveryReport():
                deliveries.append(report)
            case ApplicationReport():
                applications.append(report)
            case _:
                assert_never(report)
    return tuple(consumers), tuple(deliveries), tuple(applications)


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
        refused: Records that will never be taken.
        refusals: The same, by where and why.
        into: The streams and deliveries that they were put into; empty where others put them.
        streams: What went through the streams.
        consumers: What consumers did.
        deliveries: What deliveries did.
        apis: What APIs of API Gateway answered.
        applications: What applications of Flink did.
        topics: What was published to topics of SNS.
        tables: What tables of DynamoDB hold.
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
    tables: tuple[TableReport, ...] = ()
    kafka_topics: tuple[KafkaTopicReport, ...] = ()
    kafka: str = ""
    no_kafka: str = ""
    record_only: tuple[RecordOnly, ...] = ()
    stopped: dict[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    apis: tuple[ApiReport, ...] = ()
    applications: tuple[ApplicationReport, ...] = ()

    @property
    def lost(self) -> int:
        """Records that are nowhere: given up, and known at no destination."""
        given_up = sum(consumer.expired + consumer.undelivered for consumer in self.consumers)
        return given_up + sum(delivery.expired for delivery in self.deliveries)

    @property
    def waiting(self) -> int:
        """Records that are on their way."""
        of_functions = sum(one.waiting for one in self.consumers) + sum(one.waiting for one in self.deliveries)
        return of_functions + sum(one.waiting for one in self.applications)

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
        parts = [f"{counted(self.records_in, 'record')} in", *filter(None, (self._came_out(), self._of_flink()))]
        if self.poison or not never:
            parts.append(f"{counted(self.poison, 'poison record')} isolated" if self.poison else "no poison")
        parts += [
            f"{count:,} {what}"
            for count, what in (
                (self.refused, "REFUSED"),
                (self.lost, "LOST"),
                (self.waiting, "still on their way"),
                (sum(one.late for one in self.applications), "or more dropped as late"),
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
        applications = {one.name: one.not_run for one in self.applications if one.not_run}
        return consumers | deliveries | applications

    def _of_flink(self) -> str:
        """What applications of Flink made of the records."""
        ran = [one for one in self.applications if not one.not_run]
        if not ran:
            return ""
        read = sum(one.records for one in ran)
        return f"{counted(read, 'record')} read by Flink, {counted(sum(one.rows for one in ran), 'row')} written"

    def _came_out(self) -> str:
        """What became of the records that were put; what others made of them, and wrote elsewhere, is not counted with them."""
        here = [one for one in self.deliveries if not one.not_run and self._is_first(one)]
        for form, name in (("parquet", "Parquet"), ("orc", "ORC"), ("json", "JSON")):
            found = [delivery for delivery in here if delivery.format == form and delivery.delivered]
            if found:
                # The first form is what queries read; others hold the same records.
                records, rows = (_of_each_source(found, field_) for field_ in ("delivered", "rows"))
                return f"{records:,} archived as {name}" + (f" in {rows:,} rows" if rows != records else "")
        first = [one for one in self.consumers if self._is_first(one)]
        if self.applications and not first and not here:
            return ""
        handled = _of_each_source(first, "handled")
        return f"{handled:,} handled"

    def _is_first(self, reader: ConsumerReport | DeliveryReport) -> bool:
        return not self.into or bool({reader.name, reader.source} & {*self.into})

    def as_dict(self, *, logs: bool = False) -> dict[str, Any]:
        """The same for programs.

        Args:
            logs: Whether with what functions wrote.
        """
        told = {"headline": self.headline, "lost": self.lost, "waiting": self.waiting, **asdict(self)}
        for one in [] if logs else [*told["consumers"], *told["deliveries"], *told["applications"]]:
            del one["log"]
        return told


def _of_each_source(readers: Iterable[ConsumerReport | DeliveryReport], count: str) -> int:
    """A count of readers. Those of one source read the same records: of them the one that has most tells how many."""
    most: dict[str, int] = {}
    for reader in readers:
        source = reader.name if reader.source == DIRECT_PUT else reader.source
        most[source] = max(most.get(source, 0), getattr(reader, count))
    return sum(most.values())
