"""Topics of Apache Kafka: partitions, replicas, retention, compaction, and what of them lies in tiered storage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import kafka, msk
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kafka_configs import (
    ConfigValue,
    config_findings,
    in_sync_finding,
    number_of,
)
from streaming_constructs.spec.model import (
    Int,
    NodeName,
    Number,
    Short,
    arn,
    form,
    listed_once,
    not_on_existing,
    said_twice,
)
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import FieldName
from streaming_constructs.spec.streams.fields_of_configs import FIELDS_OF_CONFIGS, field_finding
from streaming_constructs.spec.watermark import Watermark, watermark_findings
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

TopicName = Annotated[
    str,
    form(
        r"^[a-zA-Z0-9._-]{1,249}$",
        "a name of up to 249 letters, digits, `.`, `_` and `-`, such as shop.orders",
    ),
]
TopicArn = Annotated[
    str,
    arn(
        "kafka",
        "topic/[a-zA-Z0-9-]{1,64}/[a-zA-Z0-9-]+/[a-zA-Z0-9._-]{1,249}",
        "the ARN of a topic, arn:aws:kafka:REGION:ACCOUNT:topic/CLUSTER/UUID/TOPIC",
    ),
]
CleanupPolicy = Literal["delete", "compact"]
Encoding = Literal["registry", "plain"]
"""How values are written: with a schema registry, or as producers like."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
UNLIMITED = "unlimited"
LIKE_THE_TOTAL = -2
"""What a local retention of as much as is kept in all is to Kafka."""
CREATED_TOPIC_FIELDS = ("configs", "removal_policy", "compression", "max_message_kb", "min_insync_replicas")
"""Fields that only a topic that is created can have."""


def _policies(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


class KafkaTopicSpec(NodeSpec):
    """A topic of Kafka in one of the `clusters`, created or, with `arn`, an existing one."""

    references: ClassVar = (
        Reference(("cluster",), "uses", ("clusters",), "cluster"),
        Reference(("schema",), "schema", ("schemas",), "schema"),
    )
    example: ClassVar = {"kind": "kafka", "cluster": "main", "partitions": 6, "workload": Workload.example}

    kind: Literal["kafka"] = Field(default="kafka", description="A topic of Kafka.")
    cluster: NodeName = Field(description="The cluster that it is in, one of `clusters`.")
    topic: TopicName | None = Field(
        default=None, description="Its name in Kafka, such as shop.orders. Left out: the name of the node."
    )
    arn: TopicArn | None = Field(
        default=None,
        description="ARN of an existing topic; what is said beside it then describes it. Left out: the topic is created.",
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of its records, in `schemas`. Left out: records are opaque, and filters go unchecked.",
    )
    encoding: Encoding | None = Field(
        default=None,
        description="How values are written: registry (with the schema registry of the system, so that each names its "
        "schema) or plain (as producers like, such as JSON). Left out: as the source connector that writes to it says, else "
        "registry where the system has a `schema_registry`, else plain.",
    )
    partition_key: FieldName | None = Field(
        default=None,
        description="The field of a record that producers key by: records that share it stay in order, in one partition. "
        "Left out: producers choose.",
    )
    watermark: Watermark | None = Field(
        default=None,
        description="The time of its records, as {field: event_time, delay_seconds: 5}, for what computes over it. Left out: "
        "applications say it, or do without.",
    )
    workload: Workload | None = Field(
        default=None, description="What flows through it. Left out: `partitions` has to be given."
    )
    partitions: Annotated[Int, Field(ge=1, le=kafka.TOPIC_PARTITIONS_MOST)] | None = Field(
        default=None,
        description="Number of partitions. There can be more later, never fewer, and keys then go elsewhere. Left out: derived "
        "from the workload, with the working shown.",
    )
    replication_factor: Annotated[Int, Field(ge=1, le=15)] | None = Field(
        default=None,
        description="Replicas of each partition; it cannot change. Left out: 3, or 2 in a cluster of two zones.",
    )
    min_insync_replicas: Annotated[Int, Field(ge=1, le=15)] | None = Field(
        default=None,
        description="Replicas that have to have a record before a writer that asks for all of them hears so. Left out: one "
        "less than there are.",
    )
    cleanup_policy: Annotated[
        tuple[CleanupPolicy, ...], Field(min_length=1, max_length=2), Short(_policies, Literal["delete", "compact"])
    ] = Field(
        default=("delete",),
        description="What becomes of old records: delete (they go after the retention), compact (the last of each key stays), "
        "or both as a list. Left out: delete.",
    )
    retention_days: Annotated[Int, Field(ge=1, le=36_500)] | Literal["unlimited"] | None = Field(
        default=None, description="How long records are kept, in days, or unlimited. Left out: 7."
    )
    retention_hours: Annotated[Int, Field(ge=1, le=876_000)] | None = Field(
        default=None, description="The same in hours. Left out: as `retention_days` says."
    )
    local_retention_days: Annotated[Number, Field(gt=0, le=36_500)] | None = Field(
        default=None,
        description="How long records stay on the brokers' volumes; older ones are in tiered storage, for which the cluster "
        "has `storage_mode: tiered`. Left out: all of them, the topic is not tiered.",
    )
    local_retention_hours: Annotated[Int, Field(ge=1, le=876_000)] | None = Field(
        default=None, description="The same in hours. Left out: as `local_retention_days` says."
    )
    compression: Literal["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"] | None = Field(
        default=None,
        description="How records are compressed on the brokers. Left out: producer, as producers compressed them.",
    )
    max_message_kb: Annotated[Number, Field(gt=0, le=kafka.INT / 1024)] | None = Field(
        default=None,
        description="Largest batch of records that is taken, in KB of 1,024 bytes. Left out: 1,024, as Kafka has it.",
    )
    configs: Mapping[str, ConfigValue] = Field(
        default_factory=dict,
        description="Further configurations by Kafka's names, such as {segment.bytes: 134217728}. Left out: none.",
    )
    removal_policy: RemovalPolicy | None = Field(
        default=None,
        description="What happens to the topic and its records when it leaves the stack: retain or destroy. Left out: as the "
        "system says.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "cleanup_policy")
        if self.topic in {".", ".."}:
            yield Finding(
                "MSK481",
                "a topic cannot be named like a folder",
                ("topic",),
                note="Kafka refuses `.` and `..`",
                help="give it another `topic`, or take it out: it is then named like its node",
                edits=(Edit(("topic",)),),
            )
        if self.topic in kafka.OWN_TOPICS and self.arn is None:
            yield Finding(
                "MSK481",
                f"`{self.topic}` is a topic of Kafka's own",
                ("topic",),
                note="brokers create it, and keep their own records in it",
                help="give it another `topic`, or take it out: it is then named like its node",
                edits=(Edit(("topic",)),),
            )
        if self.arn is not None:
            for field in CREATED_TOPIC_FIELDS:
                if field in self.model_fields_set and getattr(self, field):
                    yield not_on_existing(field, "topic", "arn", "take it out, or take out `arn` to create the topic")
        yield from said_twice(
            self, ("retention_days", "retention_hours"), ("local_retention_days", "local_retention_hours")
        )
        problems = list(self._findings_of_configs())
        yield from problems
        if not problems:
            yield from self._findings_of_replicas()
            yield from self._findings_of_compaction()
            yield from self._findings_of_tiers()

    def system_findings(self) -> Iterator[Finding]:
        if self.arn is None and self.partitions is None and self.workload is None:
            yield Finding(
                "MSK480",
                "nothing to derive the number of partitions from",
                note="a topic has a number of partitions, or a workload to derive it from",
                help="add `workload: {records_per_second: 1000, record_kb: 1}`, or `partitions: 6`",
                edits=(Edit(("workload",), Workload.example),),
            )

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        from streaming_constructs.spec.streams.kafka_encoding import encoding_findings
        from streaming_constructs.spec.streams.kafka_on_cluster import topic_findings

        cluster = spec.clusters[self.cluster]
        assert isinstance(cluster, KafkaClusterSpec)
        yield from topic_findings(name, self, cluster, spec)
        yield from encoding_findings(name, self, spec)
        schema = None if self.record_schema is None else spec.schemas[self.record_schema]
        yield from watermark_findings(self.watermark, schema, name)

    def physical_id(self) -> str:
        return self.arn or ""

    def stack_share(self) -> StackShare:
        return StackShare(resources=0 if self.arn else 1, outputs=1)

    def topic_name(self, name: str) -> str:
        """Its name in Kafka.

        Args:
            name: The name of its node.
        """
        return self.arn.rpartition("/")[2] if self.arn is not None else self.topic or name

    @property
    def retention_ms(self) -> int:
        """How long records are kept, in milliseconds; -1 for ever."""
        if self.retention_days == UNLIMITED:
            return -1
        if self.retention_days is not None:
            return int(self.retention_days) * DAY_MS
        return kafka.DEFAULT_RETENTION_MS if self.retention_hours is None else self.retention_hours * HOUR_MS

    @property
    def retention_is_given(self) -> bool:
        """Whether the spec says how long records are kept."""
        return self.retention_days is not None or self.retention_hours is not None

    @property
    def local_retention_ms(self) -> int | None:
        """How long records stay on the brokers' volumes, in milliseconds; None where the topic is not tiered."""
        if self.local_retention_days is not None:
            return round(self.local_retention_days * DAY_MS)
        return None if self.local_retention_hours is None else self.local_retention_hours * HOUR_MS

    @property
    def is_tiered(self) -> bool:
        """Whether older records are in tiered storage."""
        return self.local_retention_ms is not None

    @property
    def is_compacted(self) -> bool:
        """Whether the last record of each key stays."""
        return "compact" in self.cleanup_policy

    @property
    def local_field(self) -> str:
        """The field that says how long records stay on the brokers' volumes."""
        return "local_retention_days" if self.local_retention_days is not None else "local_retention_hours"

    @property
    def retention_field(self) -> str:
        """The field that says how long records are kept."""
        return (
            "retention_hours" if self.retention_days is None and self.retention_hours is not None else "retention_days"
        )

    def replicas(self, cluster: KafkaClusterSpec) -> int:
        """Its replicas in a cluster.

        Args:
            cluster: The cluster.
        """
        return self.replication_factor or min(int(msk.REPLICATION_FACTOR.value), cluster.zones())

    def _findings_of_configs(self) -> Iterator[Finding]:
        own = {key: value for key, value in self.configs.items() if key not in FIELDS_OF_CONFIGS}
        beside = {**self.configs, **dict.fromkeys(self.model_fields_set)}
        for key in [key for key in self.configs if key in FIELDS_OF_CONFIGS]:
            yield field_finding(key, self.configs[key], beside, type(self))
        for finding in config_findings(
            own, kafka.TOPIC_CONFIGS, code="MSK481", what="a topic", not_here=kafka.TOPIC_CONFIGS_OF_KAFKA_ALONE
        ):
            yield finding.below("configs")

    def _findings_of_replicas(self) -> Iterator[Finding]:
        replicas, in_sync = self.replication_factor, self.min_insync_replicas
        if replicas is not None and in_sync is not None and in_sync > max(1, replicas - 1):
            yield in_sync_finding(("min_insync_replicas",), in_sync, replicas)

    def _findings_of_compaction(self) -> Iterator[Finding]:
        least, most = (number_of(self.configs, f"{which}.compaction.lag.ms") for which in ("min", "max"))
        if least is not None and most is not None and least > most:
            yield Finding(
                "MSK481",
                "records would be compacted before they may be",
                ("configs", "min.compaction.lag.ms"),
                note=f"{least:,} ms at least, and {most:,} ms at most: brokers refuse that",
                help=f"set it to {most} or less",
                edits=(Edit(("configs", "min.compaction.lag.ms"), most),),
            )
        if self.cleanup_policy == ("compact",) and self.retention_is_given and self.retention_ms != -1:
            yield Finding(
                "LNG404",
                f"`{self.retention_field}` has no effect on a topic that is compacted alone",
                (self.retention_field,),
                note="the last record of each key stays for ever",
                help="take it out, or write `cleanup_policy: [compact, delete]`",
                edits=(Edit((self.retention_field,)),),
            )

    def _findings_of_tiers(self) -> Iterator[Finding]:
        local, total = self.local_retention_ms, self.retention_ms
        if local is None:
            return
        least = int(msk.TIERED_RETENTION_MILLISECONDS.value)
        if self.is_compacted:
            yield Finding(
                "MSK482",
                "a compacted topic cannot be tiered",
                ("cleanup_policy",),
                note=f"`{self.local_field}` asks for tiered storage, where records are deleted and never compacted",
                help=f"take out `{self.local_field}`, or write `cleanup_policy: delete`",
                edits=(Edit(("cleanup_policy",)),),
            )
        if total != -1 and total < least:
            yield Finding(
                "MSK483",
                "records in tiered storage are kept for 3 days at least",
                (self.retention_field,),
                note=f"{total / DAY_MS:.3g} days",
                help=f"set `retention_days: {least // DAY_MS}` or more, or take out `{self.local_field}`",
                edits=(Edit((self.retention_field,)), Edit(("retention_days",), least // DAY_MS)),
            )
        elif total != -1 and local >= total:
            days = max(1, total // DAY_MS // 4)
            yield Finding(
                "MSK484",
                "nothing would ever be read from tiered storage",
                (self.local_field,),
                note=f"records stay on the brokers for {local / DAY_MS:.3g} days, and are kept for {total / DAY_MS:.3g}; MSK "
                "wants less there than in all",
                help=f"set `local_retention_days: {days}`",
                edits=(Edit((self.local_field,)), Edit(("local_retention_days",), days)),
            )
        yield from self._findings_of_local_bytes()
        segment, roll = number_of(self.configs, "segment.bytes"), number_of(self.configs, "segment.ms")
        floor, quickest = int(msk.TIERED_SEGMENT_BYTES.value), int(msk.TIERED_SEGMENT_MILLISECONDS.value)
        if segment is not None and segment < floor:
            yield Finding(
                "MSK485",
                "segments are too small for tiered storage",
                ("configs", "segment.bytes"),
                note=f"{segment:,} bytes; MSK takes {floor:,} (48 MiB) and more",
                help=f"set it to {floor}, or take it out",
                edits=(Edit(("configs", "segment.bytes")),),
            )
        if roll is not None and roll < quickest:
            yield Finding(
                "MSK485",
                "segments are rolled too often for tiered storage",
                ("configs", "segment.ms"),
                note=f"each {roll:,} ms; MSK takes {quickest:,} ms (10 minutes) and more",
                help=f"set it to {quickest}, or take it out",
                edits=(Edit(("configs", "segment.ms")),),
            )

    def _findings_of_local_bytes(self) -> Iterator[Finding]:
        """Less stays on the brokers than is kept in all, by size as by age; -2 is as much as in all, -1 without end."""
        local = number_of(self.configs, "local.retention.bytes")
        total = number_of(self.configs, "retention.bytes")
        if local is None or total is None or total == -1 or local == LIKE_THE_TOTAL or 0 <= local < total:
            return
        yield Finding(
            "MSK484",
            "nothing would ever be read from tiered storage",
            ("configs", "local.retention.bytes"),
            note=f"{'any number of' if local == -1 else f'{local:,}'} bytes of a partition stay on the brokers, and {total:,} "
            "are kept; brokers and MSK want less there than in all",
            help=f"set it to {max(1, total // 4)}, or take it out",
            edits=(Edit(("configs", "local.retention.bytes")),),
        )
