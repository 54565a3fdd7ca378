"""`on_failure`: retries of a failed batch, bisect, and the destination (SQS, SNS, S3, Kafka) of what is given up.

A choice that every consumer has to make, because without it AWS retries until records expire, and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from streaming_constructs.facts import event_source
from streaming_constructs.spec.arns import BucketName, QueueArn, TopicArn
from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.model import (
    Bool,
    Int,
    KeyArn,
    NodeName,
    Short,
    SpecModel,
    not_on_existing,
    only_with,
    within,
)

_KEY_REASON = "a destination that is created is encrypted without being told; only an existing one names its key"
DESTINATION_WORDS = ("s3", "sqs", "sns")


def _standard_only(model: SpecModel, field: str) -> Iterator[Finding]:
    arn = getattr(model, field)
    if arn is not None and arn.endswith(".fifo"):
        yield Finding(
            "LAM508",
            "a FIFO destination cannot keep failed batches",
            (field,),
            note="Lambda delivers failed batches to standard queues and topics, and to buckets",
            help="name a standard one",
        )


class SqsOnFailure(SpecModel):
    """An SQS queue that gets the position of each failed batch; its records have to be read from the stream again."""

    kind: Literal["sqs"] = Field(default="sqs", description="A standard SQS queue; it gets positions, not records.")
    queue_arn: QueueArn | None = Field(
        default=None,
        description="ARN of an existing standard queue. Left out: a queue is created that keeps messages 14 days.",
    )
    kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that the existing queue is encrypted with. Left out: no permission on a key.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from _standard_only(self, "queue_arn")
        yield from only_with(self, "queue_arn", "kms_key_arn", code="LNG404", reason=_KEY_REASON)


class SnsOnFailure(SpecModel):
    """An SNS topic that gets the position of each failed batch; its records have to be read from the stream again."""

    kind: Literal["sns"] = Field(default="sns", description="A standard SNS topic; it gets positions, not records.")
    topic_arn: TopicArn | None = Field(
        default=None, description="ARN of an existing standard topic. Left out: a topic is created."
    )
    kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that the existing topic is encrypted with. Left out: no permission on a key.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from _standard_only(self, "topic_arn")
        yield from only_with(self, "topic_arn", "kms_key_arn", code="LNG404", reason=_KEY_REASON)


class S3OnFailure(SpecModel):
    """An S3 bucket that gets each failed batch with its records: nothing is lost when the stream's retention ends."""

    kind: Literal["s3"] = Field(default="s3", description="An S3 bucket; it gets the records too.")
    bucket: BucketName | None = Field(
        default=None,
        description="Name or ARN of an existing bucket. Left out: a bucket is created, encrypted and versioned.",
    )
    kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that the existing bucket is encrypted with. Left out: no permission on a key.",
    )
    expire_after_days: Int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        description="Days after which kept batches are deleted from the created bucket. Left out: they are kept.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from only_with(self, "bucket", "kms_key_arn", code="LNG404", reason=_KEY_REASON)
        if self.bucket is not None and self.expire_after_days is not None:
            yield not_on_existing(
                "expire_after_days", "bucket", "bucket", "take it out, and give the bucket its own lifecycle rule"
            )


class KafkaOnFailure(SpecModel):
    """A Kafka topic that gets each failed record, whole and with its key, of a consumer of another topic of its cluster."""

    example: ClassVar = {"kind": "kafka", "topic": "failed-orders"}

    kind: Literal["kafka"] = Field(default="kafka", description="A topic of Kafka in the cluster of the source.")
    topic: NodeName = Field(description="Its name in `streams`.")


class NodeOnFailure(SpecModel):
    """A topic of the system that gets the position of each failed batch."""

    kind: Literal["node"] = Field(default="node", description="A node of the system.")
    node: NodeName = Field(description="Its name in `sns_topics`.")


def _destination(value: Any) -> Any:
    """A word is a kind, an ARN names what exists, and any other text a node of the system."""
    if not isinstance(value, str) or value in DESTINATION_WORDS:
        return {"kind": value} if isinstance(value, str) else value
    if not value.startswith("arn:"):
        return {"kind": "node", "node": value}
    service = value.split(":")[2] if value.count(":") > 2 else ""
    field = {"sqs": "queue_arn", "sns": "topic_arn", "s3": "bucket"}.get(service)
    if field is None:
        raise PydanticCustomError("on_failure_arn", "neither a queue, a topic nor a bucket")
    return {"kind": service, field: value}


OnFailureDestination = Annotated[
    Annotated[SqsOnFailure | SnsOnFailure | S3OnFailure | KafkaOnFailure | NodeOnFailure, Field(discriminator="kind")],
    Short(_destination, str),
]


def destination_node(value: Any) -> Iterator[tuple[SpecPath, str]]:
    """The name of a node in a destination; of plain data, or of a model.

    Args:
        value: What `destination` says, or `on_failure` where it says no more than that.
    """
    if isinstance(value, NodeOnFailure):
        yield (), value.node
    elif isinstance(value, Mapping) and isinstance(value.get("node"), str):
        yield ("node",), value["node"]
    elif isinstance(value, str) and value not in DESTINATION_WORDS and not value.startswith("arn:"):
        yield (), value


def destination_topic(value: Any) -> Iterator[tuple[SpecPath, str]]:
    """The name of a topic of Kafka in a destination; of plain data, or of a model.

    Args:
        value: What `destination` says.
    """
    if isinstance(value, KafkaOnFailure):
        yield ("topic",), value.topic
    elif isinstance(value, Mapping) and value.get("kind") == "kafka" and isinstance(value.get("topic"), str):
        yield ("topic",), value["topic"]


class OnFailure(SpecModel):
    """What becomes of a batch that the function fails on."""

    example: ClassVar = {"retries": 5, "max_record_age_seconds": 3600, "bisect": True, "destination": "s3"}

    retries: Annotated[Int, within(event_source.RETRY_ATTEMPTS)] = Field(
        default=5, description="Retries of a failed batch before it is given up, 0 to 10000. Left out: 5."
    )
    max_record_age_seconds: Annotated[Int, within(event_source.RECORD_AGE_SECONDS)] = Field(
        default=3600,
        description="Age at which a record is given up, in seconds, 60 to 604800; whichever of the two comes first. "
        "Left out: 3600.",
    )
    bisect: Bool = Field(
        default=True,
        description="Split a failed batch in two and retry the halves, so that a bad record is found; splitting uses up "
        "no retries. Left out: true.",
    )
    destination: OnFailureDestination = Field(
        description="Where batches that were given up go: s3 (with their records), sqs or sns (their position alone), the "
        "ARN of an existing queue, topic or bucket, the name of one of `sns_topics`, or {kind: kafka, topic: …}: a Kafka "
        "topic in the cluster of the one that is read (with their records)."
    )


def _written_short(value: Any) -> Any:
    return {"destination": value} if isinstance(value, str) else value


OnFailureSpec = Annotated[OnFailure, Short(_written_short, str)]


def is_created(on_failure: OnFailure) -> bool:
    """Whether a queue, a topic or a bucket is created for what is given up.

    Args:
        on_failure: What becomes of it.
    """
    match on_failure.destination:
        case SqsOnFailure(queue_arn=None) | SnsOnFailure(topic_arn=None) | S3OnFailure(bucket=None):
            return True
        case _:
            return False


def destination_kind(on_failure: OnFailure) -> Literal["sqs", "sns", "s3", "kafka"]:
    """The service that keeps what is given up; a node of the system is an SNS topic.

    Args:
        on_failure: What the consumer says.
    """
    kind = on_failure.destination.kind
    return "sns" if kind == "node" else kind
