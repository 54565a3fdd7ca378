"""What the readers and deliveries of a template need of their roles: whether a permission that goes is missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from streaming_constructs.facts.permissions import (
    FIREHOSE_READS_KINESIS,
    LAMBDA_POLLS,
    LAMBDA_READS_KINESIS,
    PUBLISH_TO_SNS,
    PUT_S3_OBJECTS,
    SEND_TO_SQS,
)
from streaming_constructs.review.access.identity_policies import Identity, identities
from streaming_constructs.review.access.policy_grants import Grant, is_allowed
from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.comparing.template import Resource, Template, references
from streaming_constructs.review.settings.flink_application import CONFIGURATION, V2

_ALSO = ("AWS::Kinesis::StreamConsumer", "AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster")
_POLLS: Mapping[str, tuple[str, ...]] = {
    "AWS::Kinesis::Stream": LAMBDA_READS_KINESIS,
    "AWS::DynamoDB::Table": ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
    "AWS::SQS::Queue": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    **{kind: LAMBDA_POLLS[kind] for kind in _ALSO},
}
"""What Lambda needs to poll a source, by its type.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html and
https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html, read 2026-11-29
"""
_SENDS: Mapping[str, tuple[str, ...]] = {
    "AWS::SQS::Queue": SEND_TO_SQS,
    "AWS::SNS::Topic": PUBLISH_TO_SNS,
    "AWS::S3::Bucket": PUT_S3_OBJECTS,
}
_FUNCTION = ("AWS::Lambda::Function", "AWS::Serverless::Function")


class Need(NamedTuple):
    """A permission that something in a template needs.

    Attributes:
        by: The logical id of the mapping or delivery stream.
        role: The logical id of the role.
        action: The action.
        on: The resource, as policies name it.
    """

    by: str
    role: str
    action: str
    on: str


def unmet(template: Template) -> set[Need]:
    """What readers and deliveries of a template need, and their roles do not allow.

    Args:
        template: The template.
    """
    return _split(template, identities(template))[1]


def met(template: Template) -> set[Need]:
    """What readers and deliveries of a template need, and their roles allow.

    Args:
        template: The template.
    """
    return _split(template, identities(template))[0]


def _split(template: Template, who: Mapping[str, Identity]) -> tuple[set[Need], set[Need]]:
    found: tuple[set[Need], set[Need]] = (set(), set())
    for need in needs(template):
        if need.role in who:
            wanted = Grant(need.action.lower(), need.on)
            found[0 if is_allowed(wanted, who[need.role].grants) else 1].add(need)
    return found


def needs(template: Template) -> Iterator[Need]:
    """What readers and deliveries of a template need, allowed or not.

    Args:
        template: The template.
    """
    for mapping in template.of_type("AWS::Lambda::EventSourceMapping"):
        role = _role_of_function(template, mapping)
        if role is not None:
            source = template.target(mapping.at("EventSourceArn"))
            if source is not None:
                on = policy_text(mapping.at("EventSourceArn"))
                yield from (Need(mapping.logical_id, role, action, on) for action in _POLLS.get(source.type, ()))
            failed = mapping.at("DestinationConfig", "OnFailure", "Destination")
            target = template.target(failed)
            if target is not None:
                on = policy_text(failed) + ("/aws/lambda/x" if target.type == "AWS::S3::Bucket" else "")
                yield from (Need(mapping.logical_id, role, action, on) for action in _SENDS.get(target.type, ()))
    for delivery in template.of_type("AWS::KinesisFirehose::DeliveryStream"):
        source = delivery.at("KinesisStreamSourceConfiguration", "KinesisStreamARN")
        role = _role(template, delivery.at("KinesisStreamSourceConfiguration", "RoleARN"))
        if role is not None and source is not None:
            yield from (Need(delivery.logical_id, role, each, policy_text(source)) for each in FIREHOSE_READS_KINESIS)
        bucket = delivery.at("ExtendedS3DestinationConfiguration", "BucketARN")
        role = _role(template, delivery.at("ExtendedS3DestinationConfiguration", "RoleARN"))
        if role is not None and bucket is not None:
            on = f"{policy_text(bucket)}/{_folder(delivery)}"
            yield from (Need(delivery.logical_id, role, each, on) for each in PUT_S3_OBJECTS)

    yield from _of_applications(template)


def _of_applications(template: Template) -> Iterator[Need]:
    """What applications of Flink may do with the streams that they are told of."""
    for application in template.of_type(V2):
        role = _role(template, application.at("ServiceExecutionRole"))
        for name in dict.fromkeys(name for name, _ in references(application.at(CONFIGURATION))):
            stream = template.resources.get(name)
            if role is not None and stream is not None and stream.type == "AWS::Kinesis::Stream":
                yield from (Need(application.logical_id, role, each, f"${{{name}.Arn}}") for each in _FLINK)


_FLINK = ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:SubscribeToShard", "kinesis:PutRecords")
"""What an application that names a stream may do with it; which of these it needs, its code decides.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/how-iam.html, read 2026-11-29
"""


def stops_without(need: Need) -> bool:
    """Whether nothing is read or delivered without a permission: AWS lists some that many do without.

    Args:
        need: The permission.
    """
    return need.action not in _NOT_ALWAYS


_NOT_ALWAYS = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:ListShards",
    "sqs:GetQueueAttributes",
)


def _folder(delivery: Resource) -> str:
    """An object that a delivery stream writes, as far as its prefix says so."""
    prefix = delivery.at("ExtendedS3DestinationConfiguration", "Prefix")
    return (prefix.partition("!{")[0] if isinstance(prefix, str) else "") + "x"


def _role_of_function(template: Template, mapping: Resource) -> str | None:
    function = template.target(mapping.at("FunctionName"))
    if function is not None and function.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
        function = template.target(function.at("FunctionName"))
    if function is None or function.type not in _FUNCTION:
        return None
    return _role(template, function.at("Role"))


def _role(template: Template, reference: object) -> str | None:
    target = template.target(reference)
    return target.logical_id if target is not None and target.type == "AWS::IAM::Role" else None
