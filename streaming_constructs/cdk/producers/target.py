"""What a producer writes to: a stream of ours, a live stream, or a delivery that records are put into directly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_kinesis as kinesis

from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.streams.kinesis import KinesisStream, source_endpoint
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
        region: Its region.
        endpoint: How it is written to.
    """

    kind: Kind
    name: str
    region: str
    endpoint: Endpoint

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.endpoint.arn


def producer_target(producer: str, target: KinesisStream | Delivery | kinesis.IStream) -> ProducerTarget:
    """What a producer writes to.

    Args:
        producer: The producer's name, for errors.
        target: The construct.

    Raises:
        SpecError: If it is a delivery that reads a stream: it takes no records directly.
    """
    if isinstance(target, KinesisStream):
        return ProducerTarget("stream", target.stream.stream_name, target.stream.env.region, target.endpoint)
    from streaming_constructs.cdk.deliveries.firehose import Delivery

    if not isinstance(target, Delivery):
        return ProducerTarget("stream", target.stream_name, target.env.region, source_endpoint(target))
    if target.plan.spec.from_ is not None:
        raise SpecError([_not_direct(target).below(producer)])
    return ProducerTarget("delivery", target.delivery_stream.ref, Stack.of(target).region, target.endpoint)


def _not_direct(delivery: Delivery) -> Finding:
    return Finding(
        "FIR711",
        "a delivery from a stream takes no records directly",
        ("to",),
        note=f"`{delivery.node.id}` reads the stream `{delivery.plan.spec.from_}`",
        help="write to that stream, or take `from` out of the delivery",
    )
