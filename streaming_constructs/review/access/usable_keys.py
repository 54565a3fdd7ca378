"""What is delivered or read under a key that whoever does it may not use: nothing arrives.

Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html and
https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html, read 2026-11-29
"""

from __future__ import annotations

import re
from typing import Any

from streaming_constructs.review.access.needed_access import needs
from streaming_constructs.review.access.own_uses import (
    BUCKET,
    QUEUE,
    TOPIC,
    Use,
    deliveries_by_services,
    uses_of,
)
from streaming_constructs.review.access.policy_grants import EVERYBODY, Grant, grants_of, is_allowed
from streaming_constructs.review.access.resource_policies import BY_DEFAULT
from streaming_constructs.review.access.role_permissions import may, statements_of
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import listed, shown

_KEY, _ALIAS = "AWS::KMS::Key", "AWS::KMS::Alias"
_OF_AWS = {QUEUE: "alias/aws/sqs", TOPIC: "alias/aws/sns"}
"""Keys that AWS manages: their policies let no other service in, and nobody can change them."""
_READS, _WRITES = "kms:decrypt", "kms:generatedatakey"
_WHERE = {
    "AWS::Kinesis::Stream": ("StreamEncryption", "KeyId"),
    QUEUE: ("KmsMasterKeyId",),
    TOPIC: ("KmsMasterKeyId",),
}
_WRITING = ("s3:PutObject", "sqs:SendMessage", "sns:Publish")


def without_key(template: Template) -> dict[Use, str]:
    """What a template delivers or reads under a key that whoever does it may not use, with the key as a text.

    Args:
        template: The template.
    """
    found = {}
    for use in (*deliveries_by_services(template), *uses_of(template, needs(template))):
        key = _key_value(template, template.resources[use.to], use)
        if key not in (None, "") and not _may_use(template, key, use):
            found[use] = shown(key)
    return found


def _key_value(template: Template, resource: Resource, use: Use) -> Any:
    """What names the key that a resource is encrypted with; None where it names none."""
    if resource.type != BUCKET:
        return resource.at(*_WHERE[resource.type]) if resource.type in _WHERE else None
    own = template.resources[use.by].at(
        "ExtendedS3DestinationConfiguration", "EncryptionConfiguration", "KMSEncryptionConfig", "AWSKMSKeyARN"
    )
    rules = listed(resource.at("BucketEncryption", "ServerSideEncryptionConfiguration"))
    defaults = (value_at(rule, ("ServerSideEncryptionByDefault", "KMSMasterKeyID")) for rule in rules)
    return own if own is not None else next(defaults, None)


def _may_use(template: Template, named: Any, use: Use) -> bool:
    """Whether a deliverer may use a key: in doubt it may."""
    if use.is_service and _OF_AWS[template.resources[use.to].type] in shown(named):
        return False
    key = template.target(named)
    if key is not None and key.type == _ALIAS:
        key = template.target(key.at("TargetKeyId"))
    if key is None or key.type != _KEY:
        return True
    grants = grants_of(key.at("KeyPolicy") or BY_DEFAULT[_KEY])
    action = _WRITES if use.action in _WRITING else _READS
    if not grants or is_allowed(Grant(action, EVERYBODY, use.who), grants):
        return True
    if use.is_service:
        return False
    # The key of an account that leaves it to policies of identities: those decide.
    if any(not grant.is_deny and _may_be(grant.principal) for grant in grants):
        role = template.resources[use.who.removeprefix("AWS:${").partition(".")[0]]
        statements = statements_of(template, role)
        return statements is None or may(template, statements, action, {"Fn::GetAtt": [key.logical_id, "Arn"]})
    return False


def _may_be(principal: str) -> bool:
    """Whether a principal of a key's policy is the account, or one that nobody knows by its name."""
    return principal.endswith(":root") or principal == EVERYBODY or bool(re.match(r"AWS:\$\{(?!\w+\.)", principal))
