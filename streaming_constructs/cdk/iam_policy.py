"""Permissions as data: actions by resource, and the one policy that a role gets of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aws_cdk import aws_iam as iam
from constructs import Construct

Permissions = Mapping[str, Sequence[str]]
"""Actions that are allowed, by the ARN of the resource that they are allowed on."""


def joined(*permissions: Permissions) -> Permissions:
    """Several permissions as one.

    Args:
        permissions: Actions by resource; the same resource may stand in several of them.
    """
    together: dict[str, set[str]] = {}
    for grant in permissions:
        for resource, actions in grant.items():
            together.setdefault(resource, set()).update(actions)
    return {resource: sorted(actions) for resource, actions in together.items()}


def managed_policy(
    scope: Construct, description: str, roles: Iterable[iam.IRole], needed: Permissions
) -> iam.ManagedPolicy:
    """A policy with exactly these permissions, attached to roles.

    A managed policy is one resource that others can wait for; inline policies fail the packs of cdk-nag.

    Args:
        scope: What it belongs to; its id there is `Permissions`.
        description: What it is for.
        roles: Who may.
        needed: What they may.
    """
    document = iam.PolicyDocument.from_json(document_of(needed))
    return iam.ManagedPolicy(scope, "Permissions", description=description, roles=list(roles), document=document)


def granted(grantee: iam.IGrantable, needed: Permissions) -> iam.Grant:
    """One grant of permissions, a statement for each resource.

    Args:
        grantee: Who may.
        needed: What is allowed; not empty.
    """
    first, *more = (
        iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[arn])
        for arn, actions in needed.items()
    )
    for grant in more:
        first = first.combine(grant)
    return first


def document_of(needed: Permissions) -> dict[str, Any]:
    """Permissions as a policy document.

    Args:
        needed: What is allowed.
    """
    statements = [
        {"Effect": "Allow", "Action": list(actions), "Resource": resource}
        # In the order of their actions: a policy reads the same however it came about.
        for resource, actions in sorted(needed.items(), key=lambda item: sorted(item[1]))
    ]
    return {"Version": "2012-10-17", "Statement": statements}
