"""What happens to a resource that holds data when it leaves its stack."""

from __future__ import annotations

import aws_cdk as cdk

from streaming_constructs.spec.model import Environment


def removal_policy(environment: Environment, chosen: str | None = None) -> cdk.RemovalPolicy:
    """Keeps data in prod unless the spec says `destroy`; dev is disposable unless it says `retain`.

    Args:
        environment: The environment of the system.
        chosen: `retain` or `destroy`, where the spec has a word on it.
    """
    destroy = chosen == "destroy" if chosen is not None else environment == "dev"
    return cdk.RemovalPolicy.DESTROY if destroy else cdk.RemovalPolicy.RETAIN
