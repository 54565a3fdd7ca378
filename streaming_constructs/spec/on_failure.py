"""What becomes of records that a consumer cannot process: a choice that every consumer has to make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from streaming_constructs.facts import event_source
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import Bool, Int, KeyArn, SpecModel, arn, form, only_with, within, word

_KEY_REASON = "a destination that is created is encrypted without being told; only an existing one names its key"

QueueArn = Annotated[
    str,
    arn("sqs", r"[a-zA-Z0-9_-]{1,80}(\.fifo)?", "the ARN of a queue, arn:aws:sqs:REGION:ACCOUNT:NAME"),
]
TopicArn = Annotated[
    str,
    arn("sns", r"[a-zA-Z0-9_-]{1,256}(\.fifo)?", "the ARN of a topic, arn:aws:sns:REGION:ACCOUNT:NAME"),
]
BucketArn = Annotated[
    str, form(r"^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "the ARN of a bucket, arn:aws:s3:::NAME")
]


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


class KeepInSqs(SpecModel):
    """The position of each failed batch as a message; its records have to be read from the stream again."""

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


class KeepInSns(SpecModel):
    """The position of each failed batch as a notification; its records have to be read from the stream again."""

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


class KeepInS3(SpecModel):
    """Each failed batch with its records, as an object: nothing is lost when the stream's retention ends."""

    kind: Literal["s3"] = Field(default="s3", description="An S3 bucket; it gets the records too.")
    bucket_arn: BucketArn | None = Field(
        default=None, description="ARN of an existing bucket. Left out: a bucket is created, encrypted and versioned."
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
        yield from only_with(self, "bucket_arn", "kms_key_arn", code="LNG404", reason=_KEY_REASON)
        if self.bucket_arn is not None and self.expire_after_days is not None:
            yield Finding(
                "LNG403",
                "`expire_after_days` cannot be set on an existing bucket",
                ("expire_after_days",),
                note="`bucket_arn` names a bucket that is adopted as it is",
                help="take it out, and give the bucket its own lifecycle rule",
            )


KeepIn = Annotated[
    Annotated[KeepInSqs | KeepInSns | KeepInS3, Field(discriminator="kind")],
    word("kind", KeepInSqs | KeepInSns | KeepInS3, "sqs", "sns", "s3"),
]


class SkipAfter(SpecModel):
    """When to give up on a batch and go on with the next: at whichever of the two comes first."""

    attempts: Annotated[Int, within(event_source.RETRY_ATTEMPTS)] = Field(
        description="Retries of a failed batch, 0 to 10000."
    )
    max_age_seconds: Annotated[Int, within(event_source.RECORD_AGE_SECONDS)] = Field(
        description="Age, in seconds, at which a record is given up, 60 to 604800."
    )


class OnError(SpecModel):
    """What happens to a batch that the function fails on."""

    skip_after: SkipAfter = Field(description="When to give up on a batch and go on with the next.")
    bisect: Bool = Field(
        default=True,
        description="Split a failed batch in two and retry the halves, so that a bad record is found; splitting uses up "
        "no attempts. Left out: true.",
    )
    keep_in: KeepIn = Field(
        description="Where batches that were given up go: s3 (with their records), sqs or sns (their position alone)."
    )
