"""Kinesis: consumers with enhanced fan-out. Streams themselves are in `streaming_constructs.local.kinesis.kinesis_hooks`."""

from __future__ import annotations

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType


def _register(aws: Aws, name: str, properties: Properties) -> Created:
    taken = {"StreamARN": properties["StreamARN"], "ConsumerName": properties["ConsumerName"]}
    consumer = aws.call("kinesis", "RegisterStreamConsumer", taken)["Consumer"]
    return Created(
        consumer["ConsumerARN"],
        {
            "ConsumerARN": consumer["ConsumerARN"],
            "ConsumerName": consumer["ConsumerName"],
            "ConsumerStatus": consumer["ConsumerStatus"],
            "ConsumerCreationTimestamp": str(consumer["ConsumerCreationTimestamp"]),
            "StreamARN": properties["StreamARN"],
        },
    )


def _deregister(aws: Aws, physical_id: str, properties: Properties) -> None:
    aws.call("kinesis", "DeregisterStreamConsumer", {"ConsumerARN": physical_id})


KINESIS = (
    ResourceType(
        "AWS::Kinesis::StreamConsumer",
        takes=frozenset({"ConsumerName", "StreamARN"}),
        recorded={"Tags": "moto keeps no tags of consumers"},
        create=_register,
        delete=_deregister,
        name="ConsumerName",
    ),
)
