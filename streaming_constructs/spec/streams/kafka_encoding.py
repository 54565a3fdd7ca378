"""How the values of a topic are written: with the schema registry of the system, or as producers like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.on_failure import KafkaOnFailure

if TYPE_CHECKING:
    from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.streams.kafka import Encoding, KafkaTopicSpec


def encoding_of(name: str, topic: KafkaTopicSpec, spec: PipelineSpec) -> Encoding:
    """How the values of a topic are written.

    Args:
        name: The name of its node.
        topic: The topic.
        spec: The system.
    """
    if topic.encoding is not None:
        return topic.encoding
    for connector in spec.connectors.values():
        if name in connector.targets() and connector.own_encoding is not None:
            return connector.own_encoding
    is_of_failures = any(
        isinstance(destination, KafkaOnFailure) and destination.topic == name
        for destination in (
            consumer.on_failure.destination for consumer in spec.consumers.values() if consumer.on_failure
        )
    )  # Lambda writes JSON there
    return "plain" if spec.schema_registry is None or is_of_failures else "registry"


def has_encoded_topics(connector: KafkaConnectorSpec, spec: PipelineSpec) -> bool:
    """Whether values of the topics of a connector are encoded with the schema registry.

    Args:
        connector: The connector.
        spec: The system.
    """
    topics = connector.topic_nodes(spec).items()
    return any(encoding_of(name, topic, spec) == "registry" for name, topic in topics)


def encoding_findings(name: str, topic: KafkaTopicSpec, spec: PipelineSpec) -> Iterator[Finding]:
    """What of the encoding of a topic does not go with its system; paths are relative to the topic.

    Args:
        name: The name of its node.
        topic: The topic.
        spec: The system.
    """
    if topic.encoding == "registry" and spec.schema_registry is None:
        yield Finding(
            "MSK440",
            "the system has no schema registry",
            ("encoding",),
            note=f"values of `{name}` are to be encoded with one",
            help="add `schema_registry: glue` to the system, or write `encoding: plain`",
            edits=(Edit(("encoding",)),),
        )
