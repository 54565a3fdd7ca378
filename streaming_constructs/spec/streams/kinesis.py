"""Amazon Kinesis data streams: what is written to, and read from, by name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import kinesis
from streaming_constructs.spec.encryption import AwsManagedKey, CustomerManagedKey, Encryption
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int, NodeName, Number, arn, listed_once, no_effect, within
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import FieldName
from streaming_constructs.spec.watermark import Watermark, watermark_findings
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

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
DEFAULT_RETENTION_HOURS = 24
CREATED_STREAM_FIELDS = ("max_record_kb", "record_distribution", "shard_level_metrics", "removal_policy")
"""Fields that only a stream that is created can have; an existing one is adopted as it is."""


class KinesisStreamSpec(NodeSpec):
    """An Amazon Kinesis data stream, created or, with `arn`, an existing one."""

    references: ClassVar = (Reference(("schema",), "schema", ("schemas",), "schema"),)
    example: ClassVar = {"kind": "kinesis", "workload": Workload.example}

    kind: Literal["kinesis"] = Field(default="kinesis", description="An Amazon Kinesis data stream.")
    arn: StreamArn | None = Field(
        default=None,
        description="ARN of an existing stream; `mode`, `shards` and `retention_hours` then describe it. "
        "Left out: the stream is created.",
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of its records, in `schemas`. Left out: records are opaque, and filters go "
        "unchecked.",
    )
    partition_key: FieldName | None = Field(
        default=None,
        description="The field of a record that producers key by: records that share it stay in order, in one shard. "
        "Events of a rehearsal are keyed by it. Left out: producers choose.",
    )
    watermark: Watermark | None = Field(
        default=None,
        description="The time of its records, as {field: event_time, delay_seconds: 5}, for what computes over it. Left out: "
        "applications say it, or do without.",
    )
    workload: Workload | None = Field(
        default=None,
        description="What flows through it. Left out: `shards` has to be given, or `mode: on_demand`.",
    )
    mode: Literal["provisioned", "on_demand"] = Field(
        default="provisioned",
        description="provisioned (a number of shards) or on_demand (capacity follows the traffic). Left out: provisioned.",
    )
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
    warm_throughput_mb_per_second: Annotated[Int, within(kinesis.WARM_THROUGHPUT_MIB_PER_SECOND)] | None = Field(
        default=None,
        description="Write throughput, in MB/s, that an on-demand stream takes at once; needs On-Demand Advantage in the "
        "account and region. Left out: it starts at 4 MB/s and grows with its traffic.",
    )
    retention_hours: Annotated[Int, within(kinesis.RETENTION_HOURS)] | None = Field(
        default=None, description="How long records can be read, in hours, 24 to 8760. Left out: 24."
    )
    retention_days: Annotated[Int, Field(ge=1, le=365)] | None = Field(
        default=None, description="The same in days, 1 to 365. Left out: as `retention_hours` says."
    )
    encryption: Encryption = Field(
        default_factory=AwsManagedKey,
        description="Encryption at rest: aws_managed, customer_managed, or {kms_key_arn: …} for a key that exists. "
        "Left out: aws_managed.",
    )
    max_record_kb: Annotated[Int, within(kinesis.MAX_RECORD_KIB)] | None = Field(
        default=None, description="Greatest size of one record, in KB, 1024 to 10240. Left out: 1024."
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
        "Left out: as the system says.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.arn is not None:
            yield from self._findings_of_existing()
        yield from self._mode_findings()
        if self.retention_days is not None and self.retention_hours is not None:
            yield no_effect("retention_hours", note="`retention_days` says how long records are kept")
        yield from self._record_findings()
        yield from listed_once(self, "shard_level_metrics")

    def system_findings(self) -> Iterator[Finding]:
        if self.arn is None and self.workload is None and not self.is_on_demand and self.shards is None:
            yield Finding(
                "KIN401",
                "nothing to derive the number of shards from",
                note="a provisioned stream needs a number of shards, or a workload to derive it from",
                help="add `workload: {records_per_second: 1000, record_kb: 1}`, `shards: 1` or `mode: on_demand`",
                edits=(Edit(("workload",), Workload.example),),
            )

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        schema = None if self.record_schema is None else spec.schemas[self.record_schema]
        yield from watermark_findings(self.watermark, schema, name)

    def physical_id(self) -> str:
        return self.arn or ""

    def stack_share(self) -> StackShare:
        return StackShare(resources=0 if self.arn else 1, outputs=2)

    @property
    def is_on_demand(self) -> bool:
        """Whether its capacity follows the traffic."""
        return self.mode == "on_demand"

    @property
    def retention(self) -> int:
        """How long records can be read, in hours."""
        if self.retention_days is not None:
            return self.retention_days * 24
        return self.retention_hours or DEFAULT_RETENTION_HOURS

    @property
    def retention_is_given(self) -> bool:
        """Whether the spec says how long records can be read."""
        return self.retention_days is not None or self.retention_hours is not None

    def _mode_findings(self) -> Iterator[Finding]:
        if self.is_on_demand:
            for field in ("shards", "headroom"):
                if field in self.model_fields_set:
                    yield no_effect(
                        field,
                        note="the capacity of an on-demand stream follows its traffic",
                        help_="take it out, or set `mode: provisioned`",
                    )
            return
        if self.shards is not None and "headroom" in self.model_fields_set:
            yield no_effect(
                "headroom", note="it is a factor on the number of shards that is derived, and `shards` gives it"
            )
        if self.warm_throughput_mb_per_second is not None:
            yield no_effect(
                "warm_throughput_mb_per_second",
                note="only an on-demand stream keeps throughput warm",
                help_="take it out, or set `mode: on_demand`",
            )
        if self.record_distribution is not None:
            yield Finding(
                "KIN402",
                "`record_distribution` needs the on-demand mode",
                ("record_distribution",),
                note="a provisioned stream always spreads records by partition key",
                help="take it out, or set `mode: on_demand`",
                edits=(Edit(("record_distribution",)),),
            )

    def _record_findings(self) -> Iterator[Finding]:
        limit = self.max_record_kb or kinesis.MAX_RECORD_KIB.minimum
        # An existing stream keeps its own limit to itself.
        if self.arn is None and self.workload is not None and self.workload.kb > limit:
            needed = math.ceil(self.workload.kb)
            yield Finding(
                "KIN405",
                "the average record is larger than the stream takes",
                ("workload", "record_kb" if self.workload.record_kb is not None else "record_bytes"),
                note=f"records are {self.workload.kb:.10g} KB on average; the stream takes {limit} KB",
                help=f"set `max_record_kb: {needed}` or more (at most 10240), or send less in one",
                edits=(Edit(("max_record_kb",), needed),),
            )

    def _findings_of_existing(self) -> Iterator[Finding]:
        for field in CREATED_STREAM_FIELDS:
            if field in self.model_fields_set and getattr(self, field):
                yield Finding(
                    "LNG403",
                    f"`{field}` cannot be set on an existing stream",
                    (field,),
                    note="`arn` names a stream that is adopted as it is; only `schema`, `partition_key`, `workload`, `mode`, "
                    "`shards`, `retention_hours` and a key's `kms_key_arn` are read, to describe it",
                    help="take it out, or take out `arn` to create the stream",
                    edits=(Edit((field,)),),
                )
        if isinstance(self.encryption, CustomerManagedKey) and self.encryption.kms_key_arn is None:
            yield Finding(
                "LNG403",
                "an existing stream already has its key",
                ("encryption",),
                note="no key is created for a stream that is adopted",
                help="give the `kms_key_arn` that it is encrypted with, so that readers may decrypt",
                edits=(Edit(("encryption",)),),
            )
        if "headroom" in self.model_fields_set and self.shards is None:
            yield Finding(
                "LNG404",
                "`headroom` has no effect on an existing stream",
                ("headroom",),
                note="its number of shards is not derived: it has the shards that it has",
                help="take it out, or give the number of `shards` instead",
                edits=(Edit(("headroom",)),),
            )
