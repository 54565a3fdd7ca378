"""A customer managed key that a spec asks for, existing or created, and what somebody may do with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import Annotations
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.iam_policy import Permissions
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


def key_behind(key: kms.IKey) -> kms.IKey | None:
    """The key that an IAM policy can name; None for an alias that is only known by its name.

    An alias stands for its key, and a statement on the ARN of an alias permits nothing with the key.
    Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html

    Args:
        key: A key, or an alias in its place.
    """
    if not hasattr(key, "alias_name"):
        return key
    try:
        target = cast("kms.IAlias", key).alias_target_key
    except RuntimeError:  # of an alias that is only known by its name, CDK knows no key
        return None
    return target


def key_permissions(key: kms.IKey | None, actions: Sequence[str]) -> Permissions:
    """What somebody may do with a customer managed key; nothing where there is none.

    Args:
        key: The key, or an alias in its place.
        actions: What they may.
    """
    if key is None:
        return {}
    named = key_behind(key)
    if named is None:
        Annotations.of(key).add_warning_v2(
            "streaming-constructs:key-unknown",
            f"Of this alias no key is known, and a policy can name no alias; the roles of what uses the key need "
            f"{' and '.join(actions)} on it. Bring the key itself, or the alias with its key, to have that arranged.",
        )
        return {}
    return {named.key_arn: actions}
