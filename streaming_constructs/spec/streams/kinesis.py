"""Kinesis data streams: what is written to, and read from, by name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from streaming_constructs.facts import kinesis
from streaming_constructs.spec.encryption import AwsManagedKey, CustomerManagedKey, Encryption
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import (
    Int,
    NodeName,
    Number,
    SpecModel,
    arn,
    listed_once,
    refusal,
    tagged,
    within,
    word,
)
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.workload import Workload

ShardLevelMetric = Literal[
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
]
StreamArn = Annotated[
    str,
    arn(
        "kinesis",
        "stream/[a-zA-Z0-9_.-]{1,128}",
        "the ARN of a stream, arn:aws:kinesis:REGION:ACCOUNT:stream/NAME",
    ),
]


CREATED_STREAM_FIELDS = ("max_record_kb", "record_distribution", "shard_level_metrics", "removal_policy")
"""Fields that only a stream that is created can have; an existing one is adopted as it is."""


class ProvisionedCapacity(SpecModel):
    """A fixed number of shards, given or derived from the workload."""

    mode: Literal["provisioned"] = Field(default="provisioned", description="A fixed number of shards.")
    shards: Annotated[Int, within(kinesis.SHARD_COUNT)] | None = Field(
        default=None,
        description="Number of shards. Left out: derived from the workload and the readers, with the working shown.",
    )
    headroom: Number = Field(
        default=1.3,
        ge=1,
        le=10,
        description="Factor on the derived number of shards, for uneven partition keys. Left out: 1.3.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.shards is not None and "headroom" in self.model_fields_set:
            yield Finding(
                "LNG404",
                "`headroom` has no effect beside `shards`",
                ("headroom",),
                note="headroom is a factor on the number of shards that is derived from the workload",
                help="take out `headroom`, or `shards`",
            )


class OnDemandCapacity(SpecModel):
    """Capacity that follows the traffic."""

    mode: Literal["on_demand"] = Field(default="on_demand", description="Capacity follows the traffic.")
    warm_throughput_mb_per_second: Annotated[Int, within(kinesis.WARM_THROUGHPUT_MIB_PER_SECOND)] | None = Field(
        default=None,
        description="Write throughput, in MiB/s, that the stream takes at once; needs On-Demand Advantage in the account and "
        "region. "
        "Left out: the stream starts at 4 MiB/s and grows with its traffic.",
    )


Capacity = Annotated[
    Annotated[ProvisionedCapacity | OnDemandCapacity, Field(discriminator="mode")],
    word("mode", ProvisionedCapacity | OnDemandCapacity, "provisioned", "on_demand"),
]


class KinesisStreamSpec(SpecModel):
    """An Amazon Kinesis data stream, created or, with `arn`, an existing one."""

    kind: Literal["kinesis"] = Field(default="kinesis", description="An Amazon Kinesis data stream.")
    arn: StreamArn | None = Field(
        default=None,
        description="ARN of an existing stream; `capacity` and `retention_hours` then describe it. "
        "Left out: the stream is created.",
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of its records, in `schemas`. Left out: records are opaque, and filters go "
        "unchecked.",
    )
    workload: Workload | None = Field(
        default=None,
        description="What flows through it. Left out: `capacity.shards` has to be given, or the mode on_demand.",
    )
    capacity: Capacity = Field(
        default_factory=ProvisionedCapacity,
        description="Provisioned shards, or on demand. Left out: provisioned, with shards derived from the workload.",
    )
    retention_hours: Annotated[Int, within(kinesis.RETENTION_HOURS)] = Field(
        default=24, description="How long records can be read, in hours, 24 to 8760. Left out: 24."
    )
    encryption: Encryption = Field(
        default_factory=AwsManagedKey,
        description="Encryption at rest: aws_managed or customer_managed. Left out: aws_managed.",
    )
    max_record_kb: Annotated[Int, within(kinesis.MAX_RECORD_KIB)] | None = Field(
        default=None, description="Greatest size of one record, in KiB, 1024 to 10240. Left out: 1024."
    )
    record_distribution: Literal["partition_key", "auto"] | None = Field(
        default=None,
        description="How an on-demand stream spreads records: by partition_key (keeps the order of each key) or auto "
        "(ignores the key; no order, no hot shard). Left out: by partition key.",
    )
    shard_level_metrics: tuple[ShardLevelMetric, ...] = Field(
        default=(),
        max_length=len(kinesis.SHARD_LEVEL_METRICS),
        description="Metrics to publish for each shard, paid for as custom metrics. Left out: none.",
    )
    removal_policy: RemovalPolicy | None = Field(
        default=None,
        description="What happens to the stream when it leaves the stack: retain or destroy. "
        "Left out: retain in prod, destroy in dev.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.arn is not None:
            yield from self._findings_of_existing()
        if self.record_distribution is not None and isinstance(self.capacity, ProvisionedCapacity):
            yield Finding(
                "KIN402",
                "`record_distribution` needs the on-demand mode",
                ("record_distribution",),
                note="a provisioned stream always spreads records by partition key",
                help="take it out, or set `capacity: on_demand`",
            )
        limit = self.max_record_kb or kinesis.MAX_RECORD_KIB.minimum
        # An existing stream keeps its own limit to itself.
        if self.arn is None and self.workload is not None and self.workload.record_kb > limit:
            yield Finding(
                "KIN405",
                "the average record is larger than the stream takes",
                ("workload", "record_kb"),
                note=f"records are {self.workload.record_kb:.10g} KiB on average; the stream takes {limit} KiB",
                help=f"set `max_record_kb` to {math.ceil(self.workload.record_kb)} or more (at most 10240), or send "
                "less in one",
            )
        yield from listed_once(self, "shard_level_metrics")

    def _findings_of_existing(self) -> Iterator[Finding]:
        for field in CREATED_STREAM_FIELDS:
            if field in self.model_fields_set and getattr(self, field):
                yield Finding(
                    "LNG403",
                    f"`{field}` cannot be set on an existing stream",
                    (field,),
                    note="`arn` names a stream that is adopted as it is; only `schema`, `workload`, `capacity`, "
                    "`retention_hours` and a key's `kms_key_arn` are read, to describe it",
                    help="take it out, or take out `arn` to create the stream",
                )
        if isinstance(self.encryption, CustomerManagedKey) and self.encryption.kms_key_arn is None:
            yield Finding(
                "LNG403",
                "an existing stream already has its key",
                ("encryption",),
                note="no key is created for a stream that is adopted",
                help="give the `kms_key_arn` that it is encrypted with, so that readers may decrypt",
            )
        if "headroom" in self.capacity.model_fields_set:
            yield Finding(
                "LNG404",
                "`headroom` has no effect on an existing stream",
                ("capacity", "headroom"),
                note="its number of shards is not derived: it has the shards that it has",
                help="take it out, or give the number of `shards` instead",
            )


def capacity_findings(stream: KinesisStreamSpec) -> Iterator[Finding]:
    """Whether a stream can be created with a number of shards; an adopted one may keep its own to itself."""
    shards_unknown = isinstance(stream.capacity, ProvisionedCapacity) and stream.capacity.shards is None
    if stream.arn is None and stream.workload is None and shards_unknown:
        yield Finding(
            "KIN401",
            "nothing to derive the number of shards from",
            note="a provisioned stream needs a number of shards, or a workload to derive it from",
            help="give `workload: {records_per_second: …, record_kb: …}`, `capacity: {mode: provisioned, shards: …}` "
            "or `capacity: on_demand`",
        )


def _has_capacity(stream: KinesisStreamSpec) -> KinesisStreamSpec:
    # Asked of the nodes of a system only: a construct may get a live stream instead.
    findings = tuple(capacity_findings(stream))
    if findings:
        raise refusal(*findings)
    return stream


StreamSpec = Annotated[KinesisStreamSpec, AfterValidator(_has_capacity), tagged(KinesisStreamSpec)]
