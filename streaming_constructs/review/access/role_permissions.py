"""What a role of a template may do, as far as the template says it.

A role that has policies from elsewhere, or that is not in the template, may do what nobody sees: then nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from streaming_constructs.facts.iam import LAMBDA_POLICIES, MANAGED_POLICIES
from streaming_constructs.review.access.identity_policies import short_name
from streaming_constructs.review.access.policy_grants import statements_of as statements_in
from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.comparing.template import Resource, Template, references, value_at
from streaming_constructs.review.comparing.values import listed

_ROLE = "AWS::IAM::Role"
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_KEY = "AWS::KMS::Key"
_KEYS = {
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::Kinesis::Stream": ("StreamEncryption", "KeyId"),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
}
"""Where a resource names the key that it is encrypted with."""
Statement = Mapping[str, Any]


def statements_of(template: Template, role: Any) -> list[Statement] | None:
    """What a role is allowed by the policies of its template; None where it may be allowed more by others.

    Args:
        template: The template.
        role: The value that names the role.
    """
    resource = role if isinstance(role, Resource) else role_of(template, role)
    if resource is None:
        return None
    documents = [value_at(one, ("PolicyDocument",)) for one in listed(resource.at("Policies"))]
    documents += [one.at("PolicyDocument") for one in _attached(template, resource)]
    for arn in listed(resource.at("ManagedPolicyArns")):
        inside = template.target(arn)
        if inside is not None and inside.type in _POLICIES:
            documents.append(inside.at("PolicyDocument"))
        elif short_name(policy_text(arn)) in LAMBDA_POLICIES:
            documents.append({"Statement": [MANAGED_POLICIES[short_name(policy_text(arn))]]})
        else:
            return None
    if None in documents:
        # One that is there under a condition.
        return None
    return [
        statement
        for document in documents
        for statement in statements_in(document)
        if statement.get("Effect") == "Allow"
    ]


def role_of(template: Template, value: Any) -> Resource | None:
    """The role of the template that a value names, or None.

    Args:
        template: The template.
        value: The value of a property such as `RoleARN`.
    """
    resource = template.target(value)
    return resource if resource is not None and resource.type == _ROLE else None


def key_of(template: Template, resource: Resource | None) -> Resource | None:
    """The key of the template that a resource is encrypted with, also by its alias; None where there is none.

    Args:
        template: The template.
        resource: A stream, table, queue or topic.
    """
    path = _KEYS.get(resource.type) if resource is not None else None
    key = template.target(resource.at(*path)) if resource is not None and path is not None else None
    if key is not None and key.type == "AWS::KMS::Alias":
        key = template.target(key.at("TargetKeyId"))
    return key if key is not None and key.type == _KEY else None


def is_let_in(template: Template, role: Resource, target: Any) -> bool:
    """Whether the policy of a resource lets a role in, or everybody, so that the role needs no policy of its own.

    Args:
        template: The template.
        role: The role.
        target: The value that names the resource.
    """
    wanted = template.target(target)
    if wanted is None:
        return False
    documents = [wanted.at("KeyPolicy")] if wanted.type == _KEY else []
    documents += [
        policy.at("PolicyDocument") or policy.at("ResourcePolicy")
        for policy in template.resources.values()
        if policy.type.endswith("Policy") and not policy.type.startswith("AWS::IAM::") and _names(policy, wanted)
    ]
    return any(
        statement.get("Effect") == "Allow" and _is_for(statement.get("Principal"), role)
        for document in documents
        for statement in statements_in(document)
    )


def _names(policy: Resource, wanted: Resource) -> bool:
    return wanted.logical_id in {name for name, _ in references(policy.properties)}


def _is_for(principal: Any, role: Resource) -> bool:
    everybody = principal == "*" or "*" in listed(value_at(principal, ("AWS",)))
    return everybody or role.logical_id in {name for name, _ in references(principal)}


def _attached(template: Template, role: Resource) -> Iterator[Resource]:
    for one in template.of_type(*_POLICIES):
        for name in (*listed(one.at("Roles")), one.at("RoleName")):
            if name is not None and (template.target(name) is role or name == role.at("RoleName")):
                yield one
                break


def may(template: Template, statements: list[Statement], action: str, target: Any) -> bool:
    """Whether an action on something is allowed, as far as that can be seen: in doubt it is.

    Args:
        template: The template.
        statements: What the role is allowed.
        action: The action, such as `s3:PutObject`.
        target: The value that names what it is done to.
    """
    return any(_has_action(statement, action) and _covers(template, statement, target) for statement in statements)


def _has_action(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return True
    patterns = [pattern.lower() for pattern in listed(statement.get("Action")) if isinstance(pattern, str)]
    return any(fnmatchcase(action.lower(), pattern) for pattern in patterns)


def _covers(template: Template, statement: Statement, target: Any) -> bool:
    if "NotResource" in statement:
        return True
    wanted = template.target(target)
    return any(_is_covered(template, resource, target, wanted) for resource in listed(statement.get("Resource")))


def _is_covered(template: Template, resource: Any, target: Any, wanted: Resource | None) -> bool:
    named = {name for name, _ in references(resource) if name in template.resources}
    if isinstance(resource, str):
        if isinstance(target, str):
            return (
                bool(fnmatchcase(target, resource))
                or resource.startswith((f"{target}/", f"{target}:"))
                or resource == "*"
            )
        # What a name stands for that is made at deployment is not known: a pattern may cover it.
        return bool(re.search(r"[*?]", resource)) or wanted is None or any(name in resource for name in _given(wanted))
    return wanted is None or not named or wanted.logical_id in named or _is_below(template, wanted, resource, named)


def _is_below(template: Template, wanted: Resource, resource: Any, named: set[str]) -> bool:
    """Whether a resource of a policy is a text below the stream of a consumer, such as `${Clicks.Arn}/consumer/*`."""
    stream = template.target(wanted.at("StreamARN")) if wanted.type == "AWS::Kinesis::StreamConsumer" else None
    return stream is not None and stream.logical_id in named and "Fn::Join" in resource


def _given(resource: Resource) -> Iterator[str]:
    """The names that a template gives a resource in words."""
    for name, value in resource.properties.items():
        if name.endswith("Name") and isinstance(value, str) and value:
            yield value
