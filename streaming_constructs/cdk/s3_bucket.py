"""A bucket for records: encrypted, versioned, closed to the public, with a lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.kms_key import key_of
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import s3 as facts
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.s3_bucket import BucketSpec
from streaming_constructs.spec.s3_lifecycle import Transition

if TYPE_CHECKING:
    # A large module, that only a bucket needs.
    from aws_cdk import aws_s3 as s3


def bucket_of(
    scope: Construct, construct_id: str, spec: BucketSpec, *, stream_key: kms.IKey | None, removal_policy: RemovalPolicy
) -> s3.IBucket:
    """The bucket that a spec asks for, created or looked up by its name.

    Args:
        scope: What it belongs to.
        construct_id: Its id there; a key of its own has this id and `Key`.
        spec: What is asked for.
        stream_key: The customer managed key of the records' source, if it has one; a bucket that says nothing else is
            encrypted with it too.
        removal_policy: retain keeps the bucket when it leaves the stack, destroy empties and destroys it.
    """
    from aws_cdk import aws_s3 as s3

    if spec.bucket is not None:
        key = kms.Key.from_key_arn(scope, f"{construct_id}Key", spec.kms_key_arn) if spec.kms_key_arn else None
        return s3.Bucket.from_bucket_attributes(scope, construct_id, bucket_name=spec.bucket, encryption_key=key)
    own_key = key_of(
        scope,
        f"{construct_id}Key",
        spec.encryption,
        encrypts=f"the bucket of {scope.node.id}",
        removal_policy=cdk_removal_policy(removal_policy),
    )
    key = stream_key if spec.encryption is None else own_key
    return create_bucket(
        scope,
        construct_id,
        key=key,
        removal_policy=removal_policy,
        transitions=spec.transitions,
        expire_after_days=spec.expire_after_days,
    )


def create_bucket(
    scope: Construct,
    construct_id: str,
    *,
    key: kms.IKey | None,
    removal_policy: RemovalPolicy,
    transitions: Sequence[Transition] = (),
    expire_after_days: int | None = None,
) -> s3.Bucket:
    """Creates a bucket.

    Args:
        scope: What it belongs to.
        construct_id: Its id there.
        key: A key to encrypt it with. Left out: keys of S3.
        removal_policy: retain keeps the bucket when it leaves the stack, destroy empties and destroys it.
        transitions: When objects move to cheaper storage.
        expire_after_days: When objects are deleted.
    """
    from aws_cdk import aws_s3 as s3

    bucket = s3.Bucket(
        scope,
        construct_id,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=True if key else None,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=_lifecycle(transitions, expire_after_days),
        removal_policy=cdk_removal_policy(removal_policy),
        auto_delete_objects=True if removal_policy == "destroy" else None,
    )
    acknowledge(
        bucket,
        "Where access logs go is an account's decision; bring your own bucket to have them",
        "AwsSolutions-S1",
        "NIST.800.53.R5-S3BucketLoggingEnabled",
        "HIPAA.Security-S3BucketLoggingEnabled",
        "PCI.DSS.321-S3BucketLoggingEnabled",
    )
    acknowledge(
        bucket,
        "A copy in another bucket is the owner's decision, for its cost; bring your own bucket to have it replicated",
        "NIST.800.53.R5-S3BucketReplicationEnabled",
        "HIPAA.Security-S3BucketReplicationEnabled",
        "PCI.DSS.321-S3BucketReplicationEnabled",
    )
    if key is None:
        acknowledge(
            bucket,
            "Keys of S3 encrypt it; a customer managed key is the owner's decision, for its cost and its policy",
            "NIST.800.53.R5-S3DefaultEncryptionKMS",
            "HIPAA.Security-S3DefaultEncryptionKMS",
            "PCI.DSS.321-S3DefaultEncryptionKMS",
        )
    return bucket


def _lifecycle(transitions: Sequence[Transition], expire_after_days: int | None) -> list[s3.LifecycleRule]:
    from aws_cdk import aws_s3 as s3

    expire = cdk.Duration.days(expire_after_days) if expire_after_days else None
    return [
        s3.LifecycleRule(
            transitions=[
                s3.Transition(
                    storage_class=s3.StorageClass(_STORAGE_CLASSES[transition.storage_class]),
                    transition_after=cdk.Duration.days(transition.after_days),
                )
                for transition in transitions
            ]
            or None,
            expiration=expire,
            # In a versioned bucket an expired object lives on as an old version; that one expires too.
            noncurrent_version_expiration=expire,
            abort_incomplete_multipart_upload_after=cdk.Duration.days(int(facts.INCOMPLETE_UPLOAD_DAYS.value)),
        )
    ]


_STORAGE_CLASSES = {
    "standard_ia": "STANDARD_IA",
    "intelligent_tiering": "INTELLIGENT_TIERING",
    "glacier_ir": "GLACIER_IR",
    "glacier": "GLACIER",
    "deep_archive": "DEEP_ARCHIVE",
}
