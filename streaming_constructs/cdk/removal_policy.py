"""The removal policy of a resource that holds data: what happens when it leaves its stack."""

from __future__ import annotations

import aws_cdk as cdk

from streaming_constructs.spec.removal_policy import RemovalPolicy


def cdk_removal_policy(removal_policy: RemovalPolicy) -> cdk.RemovalPolicy:
    """CDK's word for a removal policy of the language.

    Args:
        removal_policy: `retain` keeps data when the resource leaves its stack, `destroy` deletes it.
    """
    return cdk.RemovalPolicy.DESTROY if removal_policy == "destroy" else cdk.RemovalPolicy.RETAIN
