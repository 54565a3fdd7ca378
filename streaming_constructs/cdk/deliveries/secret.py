"""The secret with which a delivery signs in at its destination."""

from __future__ import annotations

from typing import Any

from streaming_constructs.cdk.iam_policy import Permissions
from streaming_constructs.facts import permissions


def secret_permissions(secret_arn: str, kms_key_arn: str | None) -> Permissions:
    """What reading a secret takes: the secret alone, and its key where that is the customer's.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/secrets-manager-how.html

    Args:
        secret_arn: The whole ARN of the secret.
        kms_key_arn: ARN of the customer managed key that it is encrypted with, if it is with one.
    """
    read: Permissions = {secret_arn: permissions.FIREHOSE_READS_SECRET}
    return read if kms_key_arn is None else {**read, kms_key_arn: permissions.DECRYPT_WITH_KEY}


def secret_configuration(secret_arn: str, role_arn: str) -> dict[str, Any]:
    """Where Firehose finds the secret, and the role under which it reads it, without which Splunk is refused.

    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_SecretsManagerConfiguration.html

    Args:
        secret_arn: The whole ARN of the secret.
        role_arn: ARN of the delivery's role.
    """
    return {"Enabled": True, "SecretARN": secret_arn, "RoleARN": role_arn}
