"""What a template itself does with its resources: who delivers to what, who reads what, and who is permitted to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from streaming_constructs.facts.permissions import PUBLISH_TO_SNS, SEND_TO_SQS
from streaming_constructs.review.access.identity_policies import identities
from streaming_constructs.review.access.needed_access import Need, met
from streaming_constructs.review.access.policy_grants import Grant, is_allowed
from streaming_constructs.review.access.policy_texts import covers_text
from streaming_constructs.review.comparing.template import Resource, Template, references, value_at
from streaming_constructs.review.comparing.values import listed

QUEUE, TOPIC, BUCKET = "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"
_DELIVERED = {QUEUE: SEND_TO_SQS[0], TOPIC: PUBLISH_TO_SNS[0]}
_DATA: Mapping[str, tuple[str, ...]] = {
    BUCKET: ("s3:GetObject", "s3:PutObject"),
    QUEUE: ("sqs:ReceiveMessage", "sqs:SendMessage"),
    TOPIC: ("sns:Publish",),
    "AWS::Kinesis::Stream": ("kinesis:GetRecords", "kinesis:PutRecord", "kinesis:PutRecords"),
    "AWS::KMS::Key": ("kms:Decrypt", "kms:GenerateDataKey"),
}
"""Actions by which data is read and written, by the type of what has it.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html,
read 2026-11-29
"""
_DELIVERY = "AWS::KinesisFirehose::DeliveryStream"
_NAMED = re.compile(r"\$\{(\w+)")


class Use(NamedTuple):
    """Something that a template does with one of its resources.

    Attributes:
        by: The logical id of what does it: a subscription, a rule, a bucket, a mapping, a delivery stream, or a role.
        who: The principal that policies see: `Service:sns.amazonaws.com`, `AWS:${Role.Arn}`.
        action: The action.
        on: What it is done to, as policies name it.
        to: The logical id of that.
    """

    by: str
    who: str
    action: str
    on: str
    to: str

    @property
    def is_service(self) -> bool:
        """Whether a service does it as itself, by no role."""
        return self.who.startswith("Service:")


def uses(template: Template) -> Iterator[Use]:
    """What is delivered, read and permitted inside of a template.

    Args:
        template: The template.
    """
    yield from deliveries_by_services(template)
    yield from uses_of(template, sorted(met(template)))
    yield from _permitted(template)


def uses_of(template: Template, needs: Iterable[Need]) -> Iterator[Use]:
    """What readers and deliveries do by their roles, with what stands in the template.

    Args:
        template: The template.
        needs: What they need.
    """
    for need in needs:
        found = _NAMED.match(need.on)
        if found and found[1] in template.resources:
            yield Use(need.by, _principal(need.role), need.action, need.on, found[1])


def _principal(role: str) -> str:
    """A role of the template as policies name it."""
    return f"AWS:${{{role}.Arn}}"


def deliveries_by_services(template: Template) -> Iterator[Use]:
    """What services deliver as themselves: SNS to queues, EventBridge and S3 to queues and topics.

    Args:
        template: The template.
    """
    for resource in template.resources.values():
        for service, value in _targets(resource):
            target = template.target(value)
            action = _DELIVERED.get(target.type) if target is not None else None
            if target is not None and action is not None:
                on = f"${{{target.logical_id}.Arn}}" if target.type == QUEUE else f"${{{target.logical_id}}}"
                yield Use(resource.logical_id, f"Service:{service}.amazonaws.com", action, on, target.logical_id)


def _targets(resource: Resource) -> Iterator[tuple[str, object]]:
    """The services that deliver for a resource, and what names to what."""
    if resource.type == "AWS::SNS::Subscription":
        yield from _to_queues([resource.properties])
    elif resource.type == TOPIC:
        yield from _to_queues(listed(resource.at("Subscription")))
    elif resource.type == "AWS::Events::Rule":
        by_itself = (item for item in listed(resource.at("Targets")) if value_at(item, ("RoleArn",)) is None)
        yield from (("events", value_at(item, ("Arn",))) for item in by_itself)
    elif resource.type == BUCKET:
        for kind, name in (("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic")):
            configurations = listed(resource.at("NotificationConfiguration", kind))
            yield from (("s3", value_at(item, (name,))) for item in configurations)


def _to_queues(subscriptions: list[Any]) -> Iterator[tuple[str, object]]:
    for item in subscriptions:
        if value_at(item, ("Protocol",)) == "sqs":
            yield "sns", value_at(item, ("Endpoint",))


def _permitted(template: Template) -> Iterator[Use]:
    """What the roles may read and write that something in the template acts by."""
    acting = set(_acting_roles(template))
    holding = [resource for resource in template.resources.values() if resource.type in _DATA]
    for who, identity in identities(template).items():
        if who not in acting:
            continue
        for grant in identity.grants:
            found = _NAMED.match(grant.resource)
            for resource in holding:
                if not grant.is_deny and found is not None and found[1] == resource.logical_id:
                    yield from _of_grant(who, grant, resource, identity.grants)


def _of_grant(role: str, grant: Grant, resource: Resource, every: frozenset[Grant]) -> Iterator[Use]:
    for action in _DATA[resource.type]:
        is_on_data = resource.type != BUCKET or "/" in grant.resource
        wanted = Grant(action.lower(), grant.resource)
        if is_on_data and covers_text(grant.action, action.lower()) and is_allowed(wanted, every):
            yield Use(role, _principal(role), action, grant.resource, resource.logical_id)


def _acting_roles(template: Template) -> Iterator[str]:
    """The roles that something acts by of which nobody knows what it does: that anything but a policy refers to."""
    for resource in template.resources.values():
        if not resource.type.startswith(("AWS::IAM::", _DELIVERY)) and not resource.type.endswith("Policy"):
            for name, _ in references(
                {key: resource.properties[key] for key in resource.properties if key != "KeyPolicy"}
            ):
                if name in template.resources and template.resources[name].type == "AWS::IAM::Role":
                    yield name
