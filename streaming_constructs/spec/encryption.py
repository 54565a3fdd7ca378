"""Encryption at rest: the KMS key, and whose it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from streaming_constructs.spec.model import KeyArn, Short, SpecModel


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


class SqsManagedKey(SpecModel):
    """Encryption under keys that SQS manages (SSE-SQS)."""

    kind: Literal["sqs_managed"] = Field(default="sqs_managed", description="Keys that SQS manages (SSE-SQS).")


class CustomerManagedKey(SpecModel):
    """Encryption under a customer managed key; readers and writers get their permission on it."""

    kind: Literal["customer_managed"] = Field(default="customer_managed", description="A key of your own.")
    kms_key_arn: KeyArn | None = Field(
        default=None, description="ARN of an existing symmetric key. Left out: a key is created, with yearly rotation."
    )


class ExistingKey(SpecModel):
    """A customer managed key that exists; as it has an ARN, its kind need not be said."""

    kms_key_arn: KeyArn = Field(description="ARN of an existing symmetric key.")


def _kind_of(value: Any) -> Any:
    """A word is a kind, and a mapping that names a key needs none."""
    if isinstance(value, str):
        return {"kind": value}
    if isinstance(value, dict) and "kind" not in value:
        return {"kind": "customer_managed", **value}
    return value


Encryption = Annotated[
    Annotated[AwsManagedKey | CustomerManagedKey, Field(discriminator="kind")],
    Short(_kind_of, Literal["aws_managed", "customer_managed"] | ExistingKey),
]
TableEncryption = Annotated[
    Annotated[AwsManagedKey | AwsOwnedKey | CustomerManagedKey, Field(discriminator="kind")],
    Short(_kind_of, Literal["aws_managed", "aws_owned", "customer_managed"] | ExistingKey),
]
DeliveryEncryption = Annotated[
    Annotated[AwsOwnedKey | CustomerManagedKey, Field(discriminator="kind")],
    Short(_kind_of, Literal["aws_owned", "customer_managed"] | ExistingKey),
]
BucketEncryption = Annotated[
    Annotated[S3ManagedKey | CustomerManagedKey, Field(discriminator="kind")],
    Short(_kind_of, Literal["s3_managed", "customer_managed"] | ExistingKey),
]
QueueEncryption = Annotated[
    Annotated[SqsManagedKey | CustomerManagedKey, Field(discriminator="kind")],
    Short(_kind_of, Literal["sqs_managed", "customer_managed"] | ExistingKey),
]
