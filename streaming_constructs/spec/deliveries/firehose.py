"""Deliveries: Amazon Data Firehose takes records from a stream, or directly, and writes them somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

from pydantic import BeforeValidator, Discriminator, Field, Tag

from streaming_constructs.spec.encryption import DeliveryEncryption
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.function import FunctionSpec, LogRetentionDays
from streaming_constructs.spec.model import Bool, Int, NodeName, SpecModel, no_effect
from streaming_constructs.spec.node import BucketFolder, NodeSpec, Reader, Reference, StackShare
from streaming_constructs.spec.section import Section
from streaming_constructs.spec.starting_position import AtTimestamp, position_kind
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
    from streaming_constructs.spec.deliveries.transform import TransformSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
    from streaming_constructs.spec.unions import Destination
else:
    Destination = Annotated[Any, Section("destinations")]
    TransformSpec = Annotated[Any, Section("deliveries.transform", "TransformSpec")]

DIRECT_PUT = "direct_put"
"""The word of `from` for a delivery that reads no stream: records are put into it directly."""


def _source(value: Any) -> Any:
    return None if value == DIRECT_PUT else value


def source_name(value: Any) -> Iterator[tuple[SpecPath, str]]:
    """The stream in `from`, if it names one.

    Args:
        value: What `from` says.
    """
    if isinstance(value, str) and value != DIRECT_PUT:
        yield (), value


StartingPosition = Annotated[
    Annotated[Literal["earliest", "latest"], Tag("position")] | Annotated[AtTimestamp, Tag("timestamp")],
    Discriminator(position_kind),
]

Delimiter = Annotated[str, Field(min_length=1, max_length=16)]


class DelimitedRecords(SpecModel):
    """Several records in one, with a delimiter between them."""

    delimiter: Delimiter = Field(description="What stands between them, such as `|` or `\\n`.")


def _deaggregation_kind(value: Any) -> str:
    return "delimited" if isinstance(value, dict | DelimitedRecords) else "word"


Deaggregation = Annotated[
    Annotated[Literal["json"], Tag("word")] | Annotated[DelimitedRecords, Tag("delimited")],
    Discriminator(_deaggregation_kind),
]


class DeliverySpec(NodeSpec):
    """A Firehose stream: records in, from a stream or directly, and out to their destination, late by its buffer."""

    references: ClassVar = (
        Reference(
            ("from",),
            "from",
            ("streams",),
            "stream",
            names=source_name,
            words=(DIRECT_PUT,),
            kinds=("kinesis", "kafka"),
        ),
        Reference(("schema",), "schema", ("schemas",), "schema"),
        Reference(("to", "domain"), "uses", ("stores",), "store"),
    )
    example: ClassVar = {"from": "clicks", "to": {"kind": "s3", "format": "json", "compression": "gzip"}}

    from_: Annotated[NodeName | None, BeforeValidator(_source)] = Field(
        default=None,
        validation_alias="from",
        serialization_alias="from",
        description="The stream or topic it reads, or direct_put: records are put into it by a producer, a consumer or your "
        "own code. Left out: direct_put.",
    )
    starting_position: StartingPosition | None = Field(
        default=None,
        description="Where it begins to read a topic of Kafka: earliest (the oldest record), latest (what comes once it is "
        "active), or {at_timestamp: …}. It cannot change. Left out: earliest, nothing is skipped; of a Kinesis stream it reads "
        "what comes once it is active.",
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of the records that are delivered, in `schemas`. Left out: that of its stream.",
    )
    workload: Workload | None = Field(
        default=None,
        description="What is written to it directly; a stream tells its own. Left out: buffers are chosen for any load.",
    )
    encryption: DeliveryEncryption | None = Field(
        default=None,
        description="Encryption of records that are written to it directly, while it keeps them: aws_owned or "
        "customer_managed. Who writes to it then needs kms:GenerateDataKey and kms:Decrypt on that key, which consumers and "
        "producers of this spec get. Left out: aws_owned; what comes from a stream is encrypted as the stream is.",
    )
    decompress_cloudwatch_logs: Bool = Field(
        default=False,
        description="Whether records are what CloudWatch Logs sends, gzipped, and are decompressed. Left out: false.",
    )
    extract_log_messages: Bool = Field(
        default=False,
        description="Whether only the messages in what CloudWatch Logs sends are delivered, without the group and stream "
        "they came from. Left out: false, the whole envelope is.",
    )
    deaggregate: Deaggregation | None = Field(
        default=None,
        description="How a record that holds several is taken apart, before partitions are chosen: json (one document after "
        "the other) or {delimiter: …}. Left out: a record is one; what the Kinesis Producer Library aggregated is taken apart "
        "anyway.",
    )
    transform: TransformSpec | None = Field(
        default=None,
        description="A Lambda function that changes records on their way. Left out: none.",
    )
    max_lag_seconds: Annotated[Int, Field(ge=1, le=31_536_000)] | None = Field(
        default=None,
        description="Age of a record in its stream at which the delivery is late, in seconds; its alarm on lag follows. Left "
        "out: as `alarms.max_lag_seconds` says, else an hour, or half of the retention if that is less.",
    )
    log_retention_days: LogRetentionDays = Field(
        default=30, description="Days that Firehose's error log is kept. Left out: 30."
    )
    to: Destination = Field(description="Where it writes.")

    def findings(self) -> Iterator[Finding]:
        if self.from_ is not None:
            yield from self._findings_of_stream_fed()
        if self.extract_log_messages and not self.decompress_cloudwatch_logs:
            yield no_effect(
                "extract_log_messages",
                note="messages can be taken out of what CloudWatch Logs sends, once that is decompressed",
                help_="set `decompress_cloudwatch_logs: true`, or take it out",
            )
        if self.deaggregate is not None and not self.to.is_dynamic:
            yield Finding(
                "FIR726",
                "records are told apart only for partitions that come from them",
                ("deaggregate",),
                note="Firehose offers it with dynamic partitioning to S3 alone",
                help="partition by a field of the record, or take it out and let a `transform` do it",
                edits=(Edit(("deaggregate",)),),
            )
        if self.decompress_cloudwatch_logs and self.transform is None and self.to.facts.is_one_row:
            yield Finding(
                "FIR732",
                "several log events cannot be one document",
                ("decompress_cloudwatch_logs",),
                note="CloudWatch Logs puts many events into one record, and Firehose makes one document or row of each record",
                help="let a consumer unpack them into a stream, one event a record, and deliver that",
            )
        yield from (finding.below("to") for finding in self.to.delivery_findings(self))

        if self.from_ is None and self.max_lag_seconds is not None:
            yield no_effect("max_lag_seconds", note="records are put into it directly, and it is behind no stream")

    def system_findings(self) -> Iterator[Finding]:
        if self.transform is not None:
            yield from (finding.below("transform") for finding in self.transform.incomplete())
        yield from (finding.below("to") for finding in self.to.incomplete())

    def functions(self) -> Iterator[tuple[SpecPath, FunctionSpec]]:
        if self.transform is not None:
            yield ("transform",), self.transform

    def stack_share(self) -> StackShare:
        # With its role, the role's policy, its log and a stream in that; a function with the first three of them.
        transform = 4 if self.transform is not None and self.transform.function_arn is None else 0
        return StackShare(resources=5 + transform + 2 * self.to.created_buckets, outputs=1)

    def readers(self, name: str) -> tuple[Reader, ...]:
        # Firehose reads its stream once more for a backup of all records.
        # Source: https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
        return (Reader(name), *((Reader(f"{name}.backup"),) if self.to.copies_all_records else ()))

    def bucket_folders(self, name: str) -> Iterator[BucketFolder]:
        for place in self.to.bucket_folders(name):
            yield place._replace(path=("to", *place.path))

    def adopted(self, name: str) -> Iterator[tuple[SpecPath, str]]:
        yield from super().adopted(name)
        yield from ((("to", *path), what) for path, what in self.to.existing_tables(name))

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        yield from self.to.table_findings(name, spec)
        source = spec.streams.get(self.from_ or "")
        cluster = getattr(source, "cluster", "")
        if not cluster:
            yield from self.source_findings(name)
            return
        from streaming_constructs.spec.streams.kafka_encoding import encoding_of

        is_encoded = encoding_of(self.from_ or "", cast("KafkaTopicSpec", source), spec) == "registry"
        yield from self.source_findings(name, cluster, spec.clusters[cluster], is_encoded=is_encoded)

    def source_findings(
        self, name: str, cluster_name: str = "", cluster: KafkaClusterSpec | None = None, *, is_encoded: bool = False
    ) -> Iterator[Finding]:
        """What of it does not fit the kind of what it reads; paths are relative to it.

        Args:
            name: The name of its node.
            cluster_name: What the cluster of the topic that it reads is called.
            cluster: The cluster; None: it reads no topic.
            is_encoded: Whether the values of the topic are encoded with a schema registry.
        """
        if cluster is not None:
            from streaming_constructs.spec.deliveries.firehose_on_kafka import encoding_findings, topic_findings

            yield from topic_findings(name, self, cluster_name, cluster)
            yield from encoding_findings(self) if is_encoded else ()
        elif self.starting_position is not None:
            yield no_effect(
                "starting_position",
                note="records are put into it directly"
                if self.from_ is None
                else "Firehose reads a Kinesis stream from the moment on at which it is active",
            )

    def _findings_of_stream_fed(self) -> Iterator[Finding]:
        if self.workload is not None:
            yield no_effect(
                "workload",
                note="the delivery takes what its stream takes, and the stream tells that",
                help_=f"give the stream `{self.from_}` its workload, or take out `from`",
            )
        if self.encryption is not None:
            yield Finding(
                "FIR710",
                "a delivery from a stream has no encryption of its own",
                ("encryption",),
                note="Firehose refuses server-side encryption unless records are written to it directly; what comes from a "
                "stream is encrypted there",
                help=f"take it out, and set `encryption` on the stream `{self.from_}`",
                edits=(Edit(("encryption",)),),
            )
