"""Buckets that a delivery writes to: created with their lifecycle, or existing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from streaming_constructs.facts import s3
from streaming_constructs.spec.arns import BucketName
from streaming_constructs.spec.encryption import BucketEncryption
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import Int, KeyArn, SpecModel, not_on_existing, only_with, within
from streaming_constructs.spec.section import Section

if TYPE_CHECKING:
    from streaming_constructs.spec.s3_lifecycle import Transition
else:
    Transition = Annotated[Any, Section("s3_lifecycle", "Transition")]

CREATED_BUCKET_FIELDS = ("encryption", "transitions", "expire_after_days")
"""Fields that only a bucket that is created can have; an existing one is adopted as it is."""


class BucketSpec(SpecModel):
    """The bucket of an archive, created or existing."""

    bucket: BucketName | None = Field(
        default=None,
        description="Name or ARN of an existing bucket; one of another account has to let the role of the delivery in by its "
        "policy. Left out: a bucket is created, encrypted, versioned and closed to the public.",
    )
    kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that the existing bucket is encrypted with. Left out: no permission on a key.",
    )
    encryption: BucketEncryption | None = Field(
        default=None,
        description="Encryption of a created bucket: s3_managed or customer_managed. Left out: like its stream, under the "
        "customer managed key where the stream has one.",
    )
    transitions: tuple[Transition, ...] = Field(
        default=(),
        max_length=5,
        description="When objects of a created bucket move to cheaper storage. Left out: they stay in S3 Standard.",
    )
    expire_after_days: Annotated[Int, within(s3.EXPIRATION_DAYS)] | None = Field(
        default=None,
        description="Days after which objects of a created bucket are deleted, 1 to 36500. Left out: they are kept.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from only_with(
            self,
            "bucket",
            "kms_key_arn",
            code="LNG404",
            reason="a created bucket says in `encryption` how it is encrypted; only an existing one names its key",
        )
        for field in CREATED_BUCKET_FIELDS:
            if self.bucket is not None and field in self.model_fields_set and getattr(self, field):
                yield not_on_existing(field, "bucket", "bucket", "take it out, and set it on the bucket itself")
        if self.transitions:
            from streaming_constructs.spec.s3_lifecycle import lifecycle_findings

            yield from lifecycle_findings(self.transitions, self.expire_after_days)
