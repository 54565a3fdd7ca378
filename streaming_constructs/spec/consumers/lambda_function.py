"""AWS Lambda consumers: functions that read a stream or a queue in batches, by an event source mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    Discriminator,
    Field,
    JsonValue,
    Tag,
)

from streaming_constructs.facts import event_source, event_source_kafka, event_source_sqs
from streaming_constructs.spec.consumers.lambda_filters import (
    RecordField,
    pattern_findings,
    record_field,
    unknown_fields,
)
from streaming_constructs.spec.consumers.pollers import ON_DEMAND, ConsumerGroupId, PollersSpec
from streaming_constructs.spec.event_pattern_problems import kinesis_problems
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.function import FunctionSpec
from streaming_constructs.spec.function_variables import variable_findings
from streaming_constructs.spec.model import (
    Bool,
    Int,
    KeyArn,
    NodeName,
    NodeNames,
    SecretArn,
    Short,
    listed_once,
    no_effect,
    not_on_existing,
    only_with,
    within,
)
from streaming_constructs.spec.node import BucketFolder, NodeSpec, Reader, Reference, StackShare
from streaming_constructs.spec.on_failure import (
    DESTINATION_WORDS,
    OnFailure,
    OnFailureSpec,
    S3OnFailure,
    destination_node,
    destination_topic,
    is_created,
)
from streaming_constructs.spec.starting_position import AtTimestamp, position_kind

if TYPE_CHECKING:
    from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
    from streaming_constructs.spec.pipeline import PipelineSpec


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float | bool) else value


FilterValues = Annotated[
    tuple[JsonValue, ...],
    Short(_listed, str, float, bool),
]


def _oldest(value: Any) -> Any:
    return "trim_horizon" if value == "earliest" else value


StartingPosition = Annotated[
    Annotated[
        Annotated[Literal["trim_horizon", "latest"], Tag("position")] | Annotated[AtTimestamp, Tag("timestamp")],
        Discriminator(position_kind),
    ],
    Short(_oldest, Literal["earliest"]),
]


class LambdaConsumerSpec(FunctionSpec, NodeSpec):
    """A Lambda function that gets records in batches: of a stream or a topic, in order per partition key, or of a queue."""

    references: ClassVar = (
        Reference(("from",), "from", ("streams", "queues"), "stream or queue", kinds=("kinesis", "kafka", "sqs")),
        Reference(
            ("to",),
            "to",
            ("streams", "deliveries", "sns_topics", "stores", "queues"),
            "stream, delivery, topic, table or queue",
            kinds=("kinesis", "kafka", "sns", "dynamodb", "sqs", ""),
        ),
        Reference(("on_failure",), "uses", ("sns_topics",), "topic", destination_node, DESTINATION_WORDS),
        Reference(("on_failure", "destination"), "uses", ("sns_topics",), "topic", destination_node, DESTINATION_WORDS),
        Reference(("on_failure", "destination"), "uses", ("streams",), "stream", destination_topic, kinds=("kafka",)),
    )
    example: ClassVar = {"kind": "lambda", "from": "clicks", "code": "handlers/fraud", "on_failure": OnFailure.example}

    kind: Literal["lambda"] = Field(default="lambda", description="A Lambda function.")
    from_: NodeName = Field(
        validation_alias="from",
        serialization_alias="from",
        description="The stream, the Kafka topic or the queue that it reads.",
    )
    to: NodeNames = Field(
        default=(),
        description="Streams, deliveries, topics, tables and queues that the function writes to, one name or a list; it "
        "may, and its environment variables name them: LOGS_STREAM_ARN, LAKE_DELIVERY_STREAM_NAME, ALERTS_TOPIC_ARN, "
        "ORDERS_TOPIC_NAME, SCORES_TABLE_NAME, TASKS_QUEUE_URL. Left out: none.",
    )
    enhanced_fan_out: Bool = Field(
        default=False,
        description="Whether it reads with enhanced fan-out: 2 MB/s of each shard for itself, at a price, where all shared "
        "readers have 2 MB/s of a shard together. Left out: false.",
    )
    batch_size: Annotated[Int, within(event_source.BATCH_SIZE)] = Field(
        default=100,
        description="Most records in a batch, 1 to 10000; of a FIFO queue 1 to 10. Left out: 100, of a queue 10.",
    )
    batch_window_seconds: Annotated[Int, within(event_source.BATCHING_WINDOW_SECONDS)] = Field(
        default=0,
        description="How long to gather records for a batch, in seconds, 0 to 300. Left out: 0, a batch goes at once; of Kafka "
        "after half a second. Of a queue at least 1 where a batch is larger than 10, and none of a FIFO queue.",
    )
    maximum_concurrency: Annotated[Int, within(event_source_sqs.MAXIMUM_CONCURRENCY)] | None = Field(
        default=None,
        description="Of a queue: most batches that are processed at the same time, 2 to 1000. Left out: Lambda goes up to "
        "1000, as messages wait.",
    )
    parallelization_factor: Annotated[Int, within(event_source.PARALLELIZATION_FACTOR)] = Field(
        default=1,
        description="Batches of one shard that are processed at the same time, 1 to 10; order holds per partition key. "
        "Left out: 1.",
    )
    tumbling_window_seconds: Annotated[Int, within(event_source.TUMBLING_WINDOW_SECONDS)] | None = Field(
        default=None,
        description="Length of the windows over which the function carries state, in seconds, 1 to 900. Left out: no windows.",
    )
    filter: Mapping[str, FilterValues] = Field(
        default_factory=dict,
        description="Values that fields of the record may have, such as {type: [signup]}; a record that has others is skipped "
        "without an invocation. Left out: every record is read.",
    )
    filters: tuple[dict[str, JsonValue], ...] = Field(
        default=(),
        max_length=event_source.FILTERS.maximum,
        description="The same as event patterns of Lambda, with the record under `data`, of Kafka under `value`, of a queue "
        "under `body`; what matches none is skipped, and deleted from a queue. "
        "Left out: every record is read, or those of `filter`.",
    )
    filter_kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of a key to encrypt the filters with; its policy has to let lambda.amazonaws.com decrypt. "
        "Left out: a key that AWS owns.",
    )
    starting_position: StartingPosition = Field(
        default="trim_horizon",
        description="Where reading begins when the mapping is created: trim_horizon or earliest (the oldest record), latest, "
        "or {at_timestamp: …}. Left out: trim_horizon, nothing is skipped.",
    )
    consumer_group: ConsumerGroupId | None = Field(
        default=None,
        description="Of Kafka: the id of the group whose position it has; it cannot change. A group that exists goes on where "
        "it is. Left out: a group of its own.",
    )
    pollers: PollersSpec | None = Field(
        default=None,
        description="Of Kafka: how many pollers read the topic, as {minimum: 1, maximum: 6}, or on_demand, where Lambda adds "
        "them within minutes, and a failed batch is tried until its records expire. Left out: provisioned, for the workload of "
        "the topic, and no more than it has partitions.",
    )
    secret_arn: SecretArn | None = Field(
        default=None,
        description="Of Kafka: ARN of the secret that it authenticates with, where the cluster takes SASL/SCRAM or mTLS. Left "
        "out: IAM.",
    )
    secret_kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the customer managed key that the secret is encrypted with, as those of SASL/SCRAM are. Left out: "
        "no permission on a key.",
    )
    event_record_format: Literal[event_source_kafka.EVENT_RECORD_FORMATS] | None = Field(  # type: ignore[valid-type]
        default=None,
        description="Of Kafka with values that are encoded with the schema registry: json (Lambda decodes them) or source (the "
        "function does; Lambda takes away what names the schema). Filters see JSON. Left out: json.",
    )
    partial_batch_responses: Bool = Field(
        default=True,
        description="Let the function say which records failed (batchItemFailures), so that a batch is retried from the "
        "first of them. Left out: true.",
    )
    max_lag_seconds: Annotated[Int, Field(ge=1, le=31_536_000)] | None = Field(
        default=None,
        description="Age of a record at which the consumer is late, in seconds; the alarms on lag follow. Left out: as "
        "`alarms.max_lag_seconds` says, else an hour, or half of the time until a record is given up if that is less.",
    )
    on_failure: OnFailureSpec | None = Field(
        default=None,
        description="What becomes of records that the function fails on. Left out: of a queue, its `dead_letter` says it; of a "
        "stream or a topic, give it.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from listed_once(self, "filters")
        yield from listed_once(self, "to")
        yield from self._findings_of_filters()
        yield from only_with(
            self, "secret_arn", "secret_kms_key_arn", code="LNG404", reason="there is no secret to decrypt"
        )
        if self.function_arn is not None and self.to:
            yield not_on_existing(
                "to", "function", "function_arn", "take it out, or give `code` to create the function"
            )

    def system_findings(self) -> Iterator[Finding]:
        yield from self.incomplete()

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        from streaming_constructs.spec.consumers.lambda_on_kafka import kafka_topic, system_findings

        yield from variable_findings(self, "to", self.to, "writes to", spec)
        queue = spec.queues.get(self.from_)
        if queue is not None:
            from streaming_constructs.spec.consumers.lambda_on_queue import queue_findings, shared_queue_findings

            yield from queue_findings(self, is_fifo=queue.is_fifo)
            yield from shared_queue_findings(name, self, spec)
        else:
            topic = kafka_topic(spec, self.from_)
            yield from self.source_findings(None if topic is None else spec.clusters[topic.cluster])
        yield from system_findings(name, self, spec)

    def source_findings(self, cluster: KafkaClusterSpec | None) -> Iterator[Finding]:
        """What of it does not fit the kind of what it reads; paths are relative to it.

        Args:
            cluster: The cluster of the topic that it reads; None: it reads a Kinesis stream.
        """
        from streaming_constructs.spec.consumers.lambda_on_kafka import source_findings

        if self.on_failure is None:
            yield missing_on_failure()
            return
        for position, pattern in enumerate(self.filters):
            for finding in unknown_fields(pattern, "kinesis" if cluster is None else "kafka"):
                yield finding.below("filters", position)
        yield from source_findings(self, cluster)

    def mapped_function(self) -> str:
        # One that is created is this consumer's alone, and a registered consumer is a source of its own.
        return "" if self.function_arn is None or self.enhanced_fan_out else _qualified(self.function_arn)

    def bucket_folders(self, name: str) -> Iterator[BucketFolder]:
        destination = self.on_failure.destination if self.on_failure is not None else None
        if isinstance(destination, S3OnFailure) and destination.bucket is not None:
            path = ("on_failure", "destination", "bucket")
            yield BucketFolder(path, destination.bucket, event_source.FAILURE_OBJECT_PREFIX, "failed_batches")

    def readers(self, name: str) -> tuple[Reader, ...]:
        return (Reader(name, "enhanced_fan_out" if self.enhanced_fan_out else "shared"),)

    def stack_share(self) -> StackShare:
        function = 4 if self.function_arn is None else 0  # with its role, the role's policy and its log
        failures = self.on_failure is not None and is_created(self.on_failure)
        mapping = 2 if self.enhanced_fan_out else 1
        return StackShare(resources=function + mapping + (2 if failures else 0), outputs=2)

    def functions(self) -> Iterator[tuple[SpecPath, FunctionSpec]]:
        yield (), self

    @property
    def failure_policy(self) -> OnFailure:
        """What becomes of records of a stream that the function fails on; where it is still to be said, as its mend says."""
        return self.on_failure or OnFailure(destination=S3OnFailure())

    @property
    def patterns(self) -> tuple[Mapping[str, JsonValue], ...]:
        """The event patterns of `filter` and `filters`, as Lambda takes them of a Kinesis stream."""
        return self.patterns_of("kinesis")

    def patterns_of(self, kind: str) -> tuple[Mapping[str, JsonValue], ...]:
        """The event patterns of `filter` and `filters`, as Lambda takes them.

        Args:
            kind: The kind of the source, `kinesis`, `kafka` or `sqs`.
        """
        if not self.filter:
            return self.filters
        field: RecordField = record_field(kind)
        return ({field: {name: list(values) for name, values in self.filter.items()}},)

    @property
    def is_provisioned(self) -> bool:
        """Whether a topic is read by provisioned pollers, without which a failed batch is tried until its records expire."""
        return self.pollers != ON_DEMAND

    def _findings_of_filters(self) -> Iterator[Finding]:
        if self.filter_kms_key_arn is not None and not self.patterns:
            yield no_effect(
                "filter_kms_key_arn", note="there are no filters to encrypt", help_="give `filter`, or take it out"
            )
        if self.filter and self.filters:
            yield no_effect(
                "filter",
                note="`filters` says which records are read",
                help_="take one of them out, or say both in `filters`, with the fields of the record under `data`",
            )
        if self.filter:
            # Its paths start behind `data`, which is not written here.
            for finding in kinesis_problems({"data": {field: list(values) for field, values in self.filter.items()}}):
                edits = tuple(replace(edit, path=edit.path[1:]) for edit in finding.edits)
                yield replace(finding, path=finding.path[1:], edits=edits).below("filter")
        for position, pattern in enumerate(self.filters):
            for finding in pattern_findings(pattern):
                yield finding.below("filters", position)


def missing_on_failure() -> Finding:
    """The finding of a consumer of a stream or a topic that does not say what becomes of what its function fails on."""
    from streaming_constructs.spec.examples import in_yaml

    piece = OnFailure.example
    return Finding(
        "LNG202",
        "`on_failure` is missing",
        (),
        note="What becomes of records that the function fails on: without it they would be tried until they expire.",
        help=f"add `on_failure: {in_yaml(piece)}`",
        edits=(Edit(("on_failure",), piece, invented=True),),
    )


def _qualified(function_arn: str) -> str:
    """The ARN of a function with the version that it means where it names none."""
    return function_arn if function_arn.count(":") > 6 else f"{function_arn}:$LATEST"
