"""What a delivery reads: a Kinesis stream, or a topic of Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from aws_cdk import aws_kinesis as kinesis
from constructs import IDependable

from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.streams.kinesis import KinesisStream, source_endpoint
from streaming_constructs.planning.deliveries.starting_position import read_from
from streaming_constructs.planning.node import Source

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    # Of a large module, that only a topic needs.
    from streaming_constructs.cdk.streams.kafka import KafkaTopic
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec


class SourceConfiguration(NamedTuple):
    """How a delivery stream is told what it reads.

    Attributes:
        type: Its `DeliveryStreamType`.
        property: The property that says the rest.
        value: What that says.
    """

    type: str
    property: str
    value: dict[str, Any]


def is_topic(source: KinesisStream | KafkaTopic | kinesis.IStream | None) -> TypeGuard[KafkaTopic]:
    """Whether a source is a topic of Kafka.

    Args:
        source: The source.
    """
    return getattr(getattr(source, "plan", None), "kind", "") == "kafka"


def planned(source: KinesisStream | KafkaTopic | kinesis.IStream | None) -> Source | None:
    """The numbers of a source; None where only a live stream is known.

    Args:
        source: The source.
    """
    return source.plan if isinstance(source, KinesisStream) or is_topic(source) else None


def key_of_source(source: KinesisStream | KafkaTopic | kinesis.IStream) -> kms.IKey | None:
    """The key that whoever reads a source has to decrypt with; brokers of Kafka decrypt themselves.

    Args:
        source: The source.
    """
    return None if is_topic(source) else source.encryption_key  # type: ignore[union-attr]


def endpoint_of(source: KinesisStream | KafkaTopic | kinesis.IStream) -> Endpoint:
    """How a source is read.

    Args:
        source: The source.
    """
    return source.read_endpoint(group=None, with_secret=False) if is_topic(source) else source_endpoint(source)  # type: ignore[arg-type]


def configuration(
    source: KinesisStream | KafkaTopic | kinesis.IStream, role_arn: str, spec: DeliverySpec
) -> SourceConfiguration:
    """How a delivery stream is told what it reads; all of it is create-only.

    Args:
        source: The source.
        role_arn: The role that it reads with.
        spec: The delivery.
    """
    if is_topic(source):
        value = {
            "MSKClusterARN": source.cluster.arn,
            "TopicName": source.topic_name,
            "AuthenticationConfiguration": {"Connectivity": "PRIVATE", "RoleARN": role_arn},
        }
        moment = read_from(spec)
        value |= {"ReadFromTimestamp": moment} if moment is not None else {}
        return SourceConfiguration("MSKAsSource", "MSKSourceConfiguration", value)
    arn = endpoint_of(source).arn
    return SourceConfiguration(
        "KinesisStreamAsSource", "KinesisStreamSourceConfiguration", {"KinesisStreamARN": arn, "RoleARN": role_arn}
    )


def needed_before(source: KinesisStream | KafkaTopic | kinesis.IStream | None) -> Iterator[IDependable]:
    """What has to be there before Firehose reads a source, and that nothing in its configuration names.

    Args:
        source: The source.
    """
    if is_topic(source):
        if source.topic is not None:
            yield source.topic
        let_in = source.cluster.let_in_firehose()
        if let_in is not None:
            yield let_in
