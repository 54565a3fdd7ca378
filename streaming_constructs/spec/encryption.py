"""Encryption at rest: whose key it is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from streaming_constructs.spec.model import KeyArn, SpecModel, word


class AwsManagedKey(SpecModel):
    """Encryption under the key that AWS manages for the service in your account, such as `alias/aws/kinesis`."""

    kind: Literal["aws_managed"] = Field(
        default="aws_managed", description="The key that AWS manages for the service in your account."
    )


class AwsOwnedKey(SpecModel):
    """Encryption under a key that AWS owns: no charge, and nothing to see of it in your account."""

    kind: Literal["aws_owned"] = Field(default="aws_owned", description="A key that AWS owns.")


class S3ManagedKey(SpecModel):
    """Encryption under keys that S3 manages (SSE-S3)."""

    kind: Literal["s3_managed"] = Field(default="s3_managed", description="Keys that S3 manages (SSE-S3).")


class CustomerManagedKey(SpecModel):
    """Encryption under a key of your own; readers and writers get their permission on it."""

    kind: Literal["customer_managed"] = Field(default="customer_managed", description="A key of your own.")
    kms_key_arn: KeyArn | None = Field(
        default=None, description="ARN of an existing symmetric key. Left out: a key is created, with yearly rotation."
    )


Encryption = Annotated[
    Annotated[AwsManagedKey | CustomerManagedKey, Field(discriminator="kind")],
    word("kind", AwsManagedKey | CustomerManagedKey, "aws_managed", "customer_managed"),
]
DeliveryEncryption = Annotated[
    Annotated[AwsOwnedKey | CustomerManagedKey, Field(discriminator="kind")],
    word("kind", AwsOwnedKey | CustomerManagedKey, "aws_owned", "customer_managed"),
]
BucketEncryption = Annotated[
    Annotated[S3ManagedKey | CustomerManagedKey, Field(discriminator="kind")],
    word("kind", S3ManagedKey | CustomerManagedKey, "s3_managed", "customer_managed"),
]
