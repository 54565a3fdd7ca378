"""A customer managed key that a spec asks for: an existing one, or one that is created."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.model import SpecModel


def key_of(
    scope: Construct,
    construct_id: str,
    encryption: SpecModel | None,
    *,
    encrypts: str,
    removal_policy: cdk.RemovalPolicy,
) -> kms.IKey | None:
    """The key of an encryption; None where it is no customer managed one.

    Args:
        scope: What it belongs to.
        construct_id: Its id there.
        encryption: What the spec says of encryption, if it says anything.
        encrypts: What a created key encrypts, for its description.
        removal_policy: What happens to a created key when it leaves the stack.
    """
    if not isinstance(encryption, CustomerManagedKey):
        return None
    if encryption.kms_key_arn is not None:
        return kms.Key.from_key_arn(scope, construct_id, encryption.kms_key_arn)
    return kms.Key(
        scope,
        construct_id,
        description=f"Encrypts {encrypts}",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )
