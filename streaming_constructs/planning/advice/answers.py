"""What somebody who looks for a service says of records and of those who read them; all but the load has a default."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import kafka
from streaming_constructs.facts.prices.factors import REGIONS
from streaming_constructs.planning.costs.kinesis import Flow
from streaming_constructs.planning.numbers import exact
from streaming_constructs.planning.workload import Load
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Bool, Int, Number, Short, SpecModel, listed_once, said_twice

Need = Literal[
    "connect",
    "kafka_streams",
    "transactions",
    "compaction",
    "broker_settings",
    "replication",
    "prometheus",
    "tiered_storage",
    "multi_vpc",
]
"""What of Kafka is needed, as `NEEDS` tells it."""
NEEDS: dict[Need, str] = {
    "connect": "Kafka Connect",
    "kafka_streams": "Kafka Streams",
    "transactions": "transactions",
    "compaction": "compacted topics",
    "broker_settings": "server properties of the brokers",
    "replication": "a replication factor, or min.insync.replicas, of one's own",
    "prometheus": "metrics for Prometheus",
    "tiered_storage": "tiered storage",
    "multi_vpc": "clients in other VPCs or accounts",
}
BROKER_NEEDS = frozenset[Need](("broker_settings", "replication", "prometheus", "tiered_storage", "multi_vpc"))
"""Of these, what somebody wants to say of brokers."""

Context = Literal[
    "first_project",
    "aws_services",
    "simplicity",
    "analytics",
    "lambda",
    "predictable_price",
    "pay_per_use",
    "automatic_scaling",
    "development",
    "kafka_expertise",
    "migrating_from_kafka",
    "microservices",
    "multi_cloud",
    "control",
]
"""What else is so, as `CONTEXT` tells it."""
CONTEXT: dict[Context, str] = {
    "first_project": "it is the first streaming system of the team",
    "aws_services": "what is around it are services of AWS",
    "simplicity": "little to operate matters more than many choices",
    "analytics": "it is for analytics in real time",
    "lambda": "functions of Lambda read it",
    "predictable_price": "the bill has to be known beforehand",
    "pay_per_use": "what is not used should cost nothing",
    "automatic_scaling": "it has to follow its load by itself",
    "development": "it is for development and tests",
    "kafka_expertise": "the team knows how to run Kafka",
    "migrating_from_kafka": "it comes from a Kafka that runs already",
    "microservices": "services tell each other what happened",
    "multi_cloud": "it has to run on other clouds as well, or at home",
    "control": "somebody wants to choose brokers, versions and their settings",
}

FOR_EVER = "unlimited"
_FOR_EVER_HOURS = 876_000
"""What a retention without end is counted as, where a number is needed: a hundred years."""
MEBIBYTE_KIB = 1024


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Answers(SpecModel):
    """The answers to what has to be known to choose a service."""

    example: ClassVar = {"records_per_second": 1000, "record_kb": 1, "readers": 2}

    purpose: Literal["stream", "delivery", "tasks", "events"] = Field(
        default="stream",
        description="What records are for: stream (read by each reader at its own pace), delivery (they land in S3 or "
        "another store, and no code reads them on the way), tasks (each is a piece of work for one worker) or events (services "
        "react to what others tell). Left out: stream.",
    )
    records_per_second: Annotated[Number, Field(gt=0, le=1e9)] | None = Field(
        default=None, description="Records written per second, on average. Left out: give `mb_per_second`."
    )
    mb_per_second: Annotated[Number, Field(gt=0, le=1e6)] | None = Field(
        default=None,
        description="The same in MB of 1,048,576 bytes, on average; records are then of `record_kb`. Left out: give "
        "`records_per_second`.",
    )
    record_kb: Annotated[Number, Field(gt=0, le=10_240)] | None = Field(
        default=None, description="Size of one record, in KB of 1,024 bytes, on average. Left out: 1."
    )
    record_bytes: Annotated[Number, Field(gt=0, le=10_485_760)] | None = Field(
        default=None, description="The same size in bytes. Left out: as `record_kb` says."
    )
    largest_record_kb: Annotated[Number, Field(gt=0, le=kafka.INT / 1024)] | None = Field(
        default=None, description="Size of the largest record, in KB. Left out: that of any other."
    )
    peak_factor: Annotated[Number, Field(ge=1, le=1000)] = Field(
        default=1.0,
        description="How many times the average the busiest minute is. Left out: 1, the numbers are the peak.",
    )
    traffic: Literal["predictable", "unpredictable"] = Field(
        default="predictable",
        description="Whether somebody knows the peak beforehand: predictable or unpredictable. Left out: predictable.",
    )
    readers: Annotated[Int, Field(ge=0, le=1000)] | None = Field(
        default=None,
        description="How many applications read all records, each for itself. Left out: 1, and none of a delivery.",
    )
    latency_ms: Annotated[Int, Field(ge=1, le=86_400_000)] | None = Field(
        default=None,
        description="How soon a reader has to have a record, in milliseconds. Left out: within seconds is soon.",
    )
    ordering: Literal["none", "per_key"] = Field(
        default="none", description="Whether records of one key have to stay in order: none or per_key. Left out: none."
    )
    busiest_key_records_per_second: Annotated[Number, Field(gt=0, le=1e9)] | None = Field(
        default=None,
        description="Records per second of the busiest key, at its peak, where their order counts. Left out: no key is busy.",
    )
    retention_hours: Annotated[Int, Field(ge=1, le=_FOR_EVER_HOURS)] | None = Field(
        default=None, description="How long records have to be there, in hours. Left out: 24."
    )
    retention_days: Annotated[Int, Field(ge=1, le=36_500)] | Literal["unlimited"] | None = Field(
        default=None, description="The same in days, or unlimited. Left out: as `retention_hours` says."
    )
    replay: Bool = Field(default=False, description="Whether records are read again later. Left out: false.")
    protocol: Literal["any", "kafka"] = Field(
        default="any",
        description="What producers and readers speak: any, or kafka where it has to be that. Left out: any.",
    )
    auth: Literal["iam", "sasl_scram", "mtls"] = Field(
        default="iam", description="How clients authenticate: iam, sasl_scram or mtls. Left out: iam."
    )
    partitions: Annotated[Int, Field(ge=1, le=kafka.TOPIC_PARTITIONS_MOST)] | None = Field(
        default=None,
        description="Partitions that a topic of Kafka has to have at least. Left out: what the load needs.",
    )
    needs: Annotated[tuple[Need, ...], Short(_listed, Need)] = Field(
        default=(),
        description=f"What of Kafka is needed, one word or a list: {', '.join(NEEDS)}. Left out: nothing.",
    )
    context: Annotated[tuple[Context, ...], Short(_listed, Context)] = Field(
        default=(),
        description=f"What else is so, one word or a list: {', '.join(CONTEXT)}. Left out: nothing.",
    )
    region: Literal[REGIONS] | None = Field(  # type: ignore[valid-type]
        default=None, description="The region, by whose quotas and prices it is judged. Left out: us-east-1."
    )

    def findings(self) -> Iterator[Finding]:
        if self.records_per_second is None and self.mb_per_second is None:
            yield Finding(
                "LNG202",
                "the load is missing",
                help="add `records_per_second: 1000`, or `mb_per_second: 1`",
                edits=(Edit(("records_per_second",), 1000, invented=True),),
            )
        yield from said_twice(
            self,
            ("records_per_second", "mb_per_second"),
            ("record_kb", "record_bytes"),
            ("retention_days", "retention_hours"),
        )
        if self.busiest_key_records_per_second is not None and self.ordering == "none":
            yield Finding(
                "LNG404",
                "`busiest_key_records_per_second` has no effect where order does not count",
                ("busiest_key_records_per_second",),
                note="without an order the records of a key go anywhere",
                help="add `ordering: per_key`, or take it out",
                edits=(Edit(("busiest_key_records_per_second",)),),
            )
        if self.largest_record_kb is not None and self.largest_record_kb < self.kib:
            yield Finding(
                "LNG204",
                "the largest record is smaller than the average one",
                ("largest_record_kb",),
                note=f"a record has {self.kib:g} KB on average",
                help=f"set `largest_record_kb: {math.ceil(self.kib)}` or more, or take it out",
                edits=(Edit(("largest_record_kb",)),),
            )
        for field in ("needs", "context"):
            yield from listed_once(self, field)

    @property
    def kib(self) -> float:
        """The size of one record, in KiB, on average."""
        return self.record_bytes / 1024 if self.record_bytes is not None else self.record_kb or 1.0

    @property
    def largest_kib(self) -> float:
        """The size of the largest record, in KiB."""
        return self.largest_record_kb or self.kib

    @property
    def records(self) -> float:
        """Records per second, on average."""
        if self.records_per_second is not None:
            return self.records_per_second
        assert self.mb_per_second is not None
        return float(exact(self.mb_per_second) * MEBIBYTE_KIB / exact(self.kib))

    @property
    def mib(self) -> float:
        """What is written, in MiB/s, on average."""
        return float(exact(self.records) * exact(self.kib) / MEBIBYTE_KIB)

    @property
    def flow(self) -> Flow:
        """What flows on average, as costs are reckoned by it."""
        return Flow(self.records, self.kib)

    @property
    def peak(self) -> Load:
        """What is written in the busiest minute."""
        records = exact(self.records) * exact(self.peak_factor)
        return Load(mib=records * exact(self.kib) / MEBIBYTE_KIB, records=records)

    @property
    def delivers(self) -> bool:
        """Whether a delivery stream reads it: where records land in a store."""
        return self.purpose == "delivery"

    @property
    def applications(self) -> int:
        """How many applications read all records."""
        return self.readers if self.readers is not None else 0 if self.delivers else 1

    @property
    def all_readers(self) -> int:
        """How many read all records: applications, and what delivers them."""
        return self.applications + self.delivers

    @property
    def hours(self) -> int:
        """How long records have to be there, in hours; a hundred years where that has no end."""
        if self.retention_days is not None:
            return _FOR_EVER_HOURS if self.keeps_for_ever else int(self.retention_days) * 24
        return self.retention_hours or 24

    @property
    def keeps_for_ever(self) -> bool:
        """Whether records are kept without end."""
        return self.retention_days == FOR_EVER

    @property
    def key_mib(self) -> Fraction:
        """What the busiest key writes, in MiB/s; 0 where no order counts, or no key is busy."""
        return exact(self.busiest_key_records_per_second or 0) * exact(self.kib) / MEBIBYTE_KIB

    @property
    def speaks_kafka(self) -> bool:
        """Whether it can be nothing but Kafka: by its protocol, or by what is needed of it."""
        return self.protocol == "kafka" or bool(self.needs)

    @property
    def wants_control(self) -> bool:
        """Whether somebody wants to say how brokers are."""
        return "control" in self.context or bool(BROKER_NEEDS & set(self.needs))
