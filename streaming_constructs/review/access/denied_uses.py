"""What a template does with its resources, and their policies deny: conditions are asked as far as a template answers them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, read 2026-11-29
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.access.own_uses import Use, uses
from streaming_constructs.review.access.policy_grants import Condition, Grant
from streaming_constructs.review.access.policy_texts import covers_text, policy_text
from streaming_constructs.review.access.resource_policies import guarded
from streaming_constructs.review.comparing.template import Template

_ABSENT = None
_UNKNOWN = "?"
_ACCOUNT = "${AWS::AccountId}"
_ENCRYPTION = "s3:x-amz-server-side-encryption"
_DELIVERY = "AWS::KinesisFirehose::DeliveryStream"
_ALWAYS_HIGHER = "s3:tlsversion"
"""AWS's services and SDKs speak TLS 1.2 or later."""


def denied(template: Template) -> dict[Use, bool]:
    """What a template does, and a policy of what it does it to denies: surely, or as far as one can see.

    Args:
        template: The template.
    """
    denials: dict[str, list[Grant]] = {}
    for has in guarded(template).values():
        if has.owner is not None:
            denials.setdefault(has.owner.logical_id, []).extend(grant for grant in has.grants if grant.is_deny)
    found: dict[Use, bool] = {}
    for use in uses(template) if any(denials.values()) else ():
        answers = [_hits(template, deny, use) for deny in denials.get(use.to, ()) if _is_about(deny, use)]
        if True in answers or None in answers:
            found[use] = True in answers
    return found


def _is_about(deny: Grant, use: Use) -> bool:
    wanted = Grant(use.action.lower(), use.on, use.who, is_deny=True)
    if deny.covers_but_conditions(wanted):
        return True
    # The root of an account stands for all that is in the account.
    is_account = deny.principal == f"AWS:arn:aws:iam::{_ACCOUNT}:root" and not use.is_service
    return is_account and deny.covers_but_conditions(
        Grant(wanted.action, wanted.resource, deny.principal, is_deny=True)
    )


def _hits(template: Template, deny: Grant, use: Use) -> bool | None:
    """Whether the conditions of a denial hold for a use; None where nobody knows."""
    answers = [_holds(condition, _value(template, condition.key, use)) for condition in deny.conditions]
    return False if False in answers else None if None in answers else True


def _holds(condition: Condition, value: str | None) -> bool | None:
    if condition.key == _ALWAYS_HIGHER:
        return False
    if value == _UNKNOWN or condition.operator.startswith("for"):
        return None
    if condition.operator == "null":
        return ("true" in condition.values) == (value is _ABSENT)
    if value is _ABSENT:
        return condition.is_negative or condition.operator.endswith("ifexists")
    return any(covers_text(each, value) for each in condition.values) != condition.is_negative


def _value(template: Template, key: str, use: Use) -> str | None:
    """What a key of a condition is when something is done: `None` where it is not there."""
    if key == "aws:securetransport":
        return "true"
    if key == "aws:principalisawsservice":
        return "true" if use.is_service else "false"
    if key.startswith(_ENCRYPTION):
        return _encrypted_with(template, key, use)
    if key in ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"):
        return _UNKNOWN if any(_joins_vpc(template, use)) else _ABSENT
    if use.is_service:
        return _ABSENT if key.startswith("aws:principal") else _ACCOUNT if key == "aws:sourceaccount" else _UNKNOWN
    known = {"aws:principalarn": use.who.removeprefix("AWS:"), "aws:principalaccount": _ACCOUNT}
    return known.get(key, _UNKNOWN)


def _encrypted_with(template: Template, key: str, use: Use) -> str | None:
    """What the request of a delivery stream says of the encryption of an object: nothing, unless it names a key."""
    delivery = template.resources[use.by]
    if delivery.type != _DELIVERY:
        return _UNKNOWN
    named = delivery.at(
        "ExtendedS3DestinationConfiguration", "EncryptionConfiguration", "KMSEncryptionConfig", "AWSKMSKeyARN"
    )
    if named is None:
        return _ABSENT
    return "aws:kms" if key == _ENCRYPTION else policy_text(named)


def _joins_vpc(template: Template, use: Use) -> Iterator[bool]:
    """Whether what acts by a role may be in a VPC: what only services do is not."""
    for resource in template.resources.values() if template.resources[use.by].type == "AWS::IAM::Role" else ():
        if template.target(resource.at("Role")) is template.resources[use.by]:
            yield resource.at("VpcConfig") is not None
        elif template.target(resource.at("TaskRoleArn")) is template.resources[use.by]:
            yield True
