"""What a producer writes to, whichever construct it is: a stream or a delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aws_cdk import Stack
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms

from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.planning.producers.kinesis_agent import Kind
from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    # Firehose is loaded where a system has it.
    from streaming_constructs.cdk.deliveries.firehose import Delivery


@dataclass(frozen=True, slots=True)
class ProducerTarget:
    """A stream or a delivery, as a producer needs to know it.

    Attributes:
        kind: Which of them it is.
        name: Its name.
        arn: Its ARN.
        region: Its region.
        key: The customer managed key that a writer has to use. A delivery uses its own key by itself.
    """

    kind: Kind
    name: str
    arn: str
    region: str
    key: kms.IKey | None


def producer_target(producer: str, target: KinesisStream | Delivery | kinesis.IStream) -> ProducerTarget:
    """What a producer writes to.

    Args:
        producer: The producer's name, for errors.
        target: The construct.

    Raises:
        SpecError: If it is a delivery that reads a stream: it takes no records directly.
    """
    if hasattr(target, "delivery_stream"):
        delivery = cast("Delivery", target)
        if delivery.plan.spec.from_ is not None:
            raise SpecError([_not_direct(delivery).below(producer)])
        name, arn = delivery.delivery_stream.ref, delivery.delivery_stream.attr_arn
        return ProducerTarget("delivery", name, arn, Stack.of(delivery).region, None)
    stream = target.stream if isinstance(target, KinesisStream) else target
    return ProducerTarget("stream", stream.stream_name, stream.stream_arn, stream.env.region, target.encryption_key)


def _not_direct(delivery: Delivery) -> Finding:
    return Finding(
        "FIR711",
        "a delivery from a stream takes no records directly",
        ("writes",),
        note=f"`{delivery.node.id}` reads the stream `{delivery.plan.spec.from_}`",
        help="write to that stream, or take `from` out of the delivery",
    )
