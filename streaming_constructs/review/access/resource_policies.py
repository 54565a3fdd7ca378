"""Which policy each resource of a template has: the sum of what is said of it, in itself and in resources apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from streaming_constructs.review.access.policy_grants import Condition, Grant, grants_of, principal_text
from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import listed

APART: Mapping[str, tuple[str, str, str]] = {
    "AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument", "bucket"),
    "AWS::S3Tables::TableBucketPolicy": ("TableBucketARN", "ResourcePolicy", "table bucket"),
    "AWS::SQS::QueuePolicy": ("Queues", "PolicyDocument", "queue"),
    "AWS::SQS::QueueInlinePolicy": ("Queue", "PolicyDocument", "queue"),
    "AWS::SNS::TopicPolicy": ("Topics", "PolicyDocument", "topic"),
    "AWS::SNS::TopicInlinePolicy": ("TopicArn", "PolicyDocument", "topic"),
    "AWS::Kinesis::ResourcePolicy": ("ResourceArn", "ResourcePolicy", "stream"),
    "AWS::SecretsManager::ResourcePolicy": ("SecretId", "ResourcePolicy", "secret"),
    "AWS::Logs::ResourcePolicy": ("PolicyName", "PolicyDocument", "log group"),
    "AWS::Events::EventBusPolicy": ("EventBusName", "Statement", "event bus"),
    "AWS::MSK::ClusterPolicy": ("ClusterArn", "Policy", "cluster"),
}
"""Policies that are resources of their own: what they belong to, where they are said, and what that is in words."""
INSIDE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "AWS::KMS::Key": (("KeyPolicy",), "key"),
    "AWS::KMS::ReplicaKey": (("KeyPolicy",), "key"),
    "AWS::DynamoDB::Table": (("ResourcePolicy", "PolicyDocument"), "table"),
    "AWS::Elasticsearch::Domain": (("AccessPolicies",), "domain"),
    "AWS::Logs::Destination": (("DestinationPolicy",), "destination"),
    "AWS::Events::EventBus": (("Policy",), "event bus"),
    "AWS::ECR::Repository": (("RepositoryPolicyText",), "repository"),
    "AWS::S3::AccessPoint": (("Policy",), "access point"),
    "AWS::EFS::FileSystem": (("FileSystemPolicy",), "file system"),
    "AWS::ApiGateway::RestApi": (("Policy",), "API"),
}
"""Policies in the resource that they belong to: where, and what that is in words.

Those of OpenSearch are told in its own module.
"""
_ROOT = {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}
BY_DEFAULT: Mapping[str, Any] = {
    "AWS::KMS::Key": {"Statement": {"Effect": "Allow", "Principal": _ROOT, "Action": "kms:*", "Resource": "*"}},
    "AWS::ApiGateway::RestApi": {
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "execute-api:*", "Resource": "*"}
    },
}
"""The policy of what has none of its own: a key serves its account, and an API everybody that its methods let in.

Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html, read 2026-11-29
"""
OF_FUNCTIONS = ("AWS::Lambda::Permission", "AWS::Lambda::LayerVersionPermission")
_CONDITIONS_OF_PERMISSION = {
    "SourceArn": ("arnlike", "aws:sourcearn"),
    "SourceAccount": ("stringequals", "aws:sourceaccount"),
    "PrincipalOrgID": ("stringequals", "aws:principalorgid"),
    "OrganizationId": ("stringequals", "aws:principalorgid"),
    "EventSourceToken": ("stringequals", "lambda:eventsourcetoken"),
    "FunctionUrlAuthType": ("stringequals", "lambda:functionurlauthtype"),
    "InvokedViaFunctionUrl": ("bool", "lambda:invokedviafunctionurl"),
}
"""Properties of permissions that are conditions of the statement that Lambda makes of them.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html, read 2026-11-29
"""
_SUFFIX = re.compile(r"\$\{(\w+)(\.(Arn|TopicArn|QueueUrl|Id|GroupId|FunctionArn|LayerVersionArn|Ref))?\}")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A resource with what its policies say.

    Attributes:
        grants: The sum of its policies.
        kind: What it is, in words: `bucket`, `function`.
        policy: The resource that says it: the last one of several, or itself.
        owner: The resource, or None where it is not in the template.
    """

    grants: frozenset[Grant]
    kind: str
    policy: Resource
    owner: Resource | None


def guarded(template: Template, names: Mapping[str, str] | None = None) -> dict[str, Guarded]:
    """What has a policy in a template, by its name in policies.

    Args:
        template: The template.
        names: Other names for references in it, by those that they have, where it is compared with another template.
    """
    # Loaded late: a pair knows rules of its own.
    from streaming_constructs.review.comparing.pair import renamed

    found: dict[str, Guarded] = {}
    for policy, of, grants, kind in _policies(template):
        other = frozenset(_under(grant, names) for grant in grants) if names else grants
        owner = template.target(of)
        key = name_of(renamed(of, names) if names else of)
        known = found.get(key)
        found[key] = Guarded(other | known.grants if known else other, kind, policy, owner)
    return found


def _under(grant: Grant, names: Mapping[str, str]) -> Grant:
    return replace(grant, resource=_named(grant.resource, names), principal=_named(grant.principal, names))


def _named(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"(?<=\$\{)\w+", lambda found: names.get(found[0], found[0]), text)


def name_of(reference: Any) -> str:
    """What a policy belongs to, in one way of writing.

    Args:
        reference: A name, an ARN, or a reference.
    """
    return _SUFFIX.sub(r"${\1}", policy_text(reference))


def _policies(template: Template) -> Iterator[tuple[Resource, Any, frozenset[Grant], str]]:
    """Every policy: where it is said, what it belongs to, its grants, and what that is in words."""
    for resource in template.resources.values():
        if resource.type in APART:
            of, where, kind = APART[resource.type]
            for owner in listed(resource.at(of)):
                yield resource, owner, grants_of(_document(resource, where)), kind
        elif resource.type in INSIDE:
            path, kind = INSIDE[resource.type]
            document = value_at(resource.properties, path) or BY_DEFAULT.get(resource.type)
            yield resource, {"Ref": resource.logical_id}, grants_of(document), kind
        elif resource.type in OF_FUNCTIONS:
            is_layer = resource.type == OF_FUNCTIONS[1]
            of = resource.at("LayerVersionArn" if is_layer else "FunctionName")
            yield resource, of, frozenset([permission_grant(resource)]), "layer" if is_layer else "function"


def _document(resource: Resource, where: str) -> Any:
    document = resource.at(where)
    if resource.type == "AWS::Events::EventBusPolicy":
        if document is None:
            told = {name: resource.at(name) for name in ("Action", "Principal") if resource.at(name) is not None}
            document = {"Effect": "Allow", "Resource": "*", **told}
            condition = resource.at("Condition")
            if isinstance(condition, Mapping):
                test = {str(condition.get("Type")): {str(condition.get("Key")): condition.get("Value")}}
                document["Condition"] = test
        return {"Statement": [document]}
    return document


def permission_grant(permission: Resource) -> Grant:
    """What a permission of a function or a layer allows.

    Args:
        permission: The permission.
    """
    conditions = frozenset(
        Condition(operator, key, frozenset([policy_text(permission.at(name))]))
        for name, (operator, key) in _CONDITIONS_OF_PERMISSION.items()
        if permission.at(name) is not None
    )
    principal = policy_text(permission.at("Principal"))
    is_service = principal.endswith((".amazonaws.com", ".amazon.com"))
    action = policy_text(permission.at("Action"))
    return Grant(
        action.lower(),
        "*",
        principal_text("Service" if is_service else "AWS", principal),
        conditions,
        name=action,
    )
