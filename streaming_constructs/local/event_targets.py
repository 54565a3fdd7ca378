"""Where events of a rehearsal go: a stream of Kinesis, a topic of Kafka, a queue, or a delivery stream without a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from streaming_constructs.local.aws.type_names import DELIVERY_STREAM, EVENT_SOURCE_MAPPING, KINESIS_STREAM, SQS_QUEUE
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.schemas import json_key
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

if TYPE_CHECKING:
    from streaming_constructs.local.aws.cloudformation import Deployed  # moto, which `local put` does without
    from streaming_constructs.spec.node import NodeSpec


_Kind = Literal["stream", "topic", "queue", "delivery"]
_SOURCES = {"KinesisStreamSourceConfiguration", "MSKSourceConfiguration"}


@dataclass(frozen=True, slots=True)
class ApiEntry:
    """An API in front of a stream or a delivery.

    Attributes:
        name: What people call it.
        method: The HTTP method that takes several records.
        path: Its path at the embedded AWS.
        signs: Whether requests are signed.
        key: The API key that callers send; empty: none.
    """

    name: str
    method: str
    path: str
    signs: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class EventTarget:
    """Where events go.

    Attributes:
        kind: A stream, a topic of Kafka, a queue, or a delivery that records are put into directly.
        name: Its name in the spec, or in the template.
        physical_id: Its name in AWS; of a topic the ARN, of a queue the URL.
        key_field: Of a stream or a topic, the key in the JSON of a record that producers key it by; empty: there is none.
        is_entry: Whether events that name no place go there, as the spec has it, or to another one of which that is so.
        api: The API that stands before it, if one does: events are sent there, as its callers would.
    """

    kind: _Kind
    name: str
    physical_id: str
    key_field: str = ""
    is_entry: bool = False
    api: ApiEntry | None = None


def event_targets(deployed: Iterable[Deployed], name_of: Callable[[Deployed], str]) -> list[EventTarget]:
    """Where events can go over the API: streams, queues that a function reads, and delivery streams that read none.

    Args:
        deployed: All that is deployed.
        name_of: What people call a resource.
    """
    targets, resources = [], list(deployed)
    read = {one.properties.get("EventSourceArn") for one in resources if one.type == EVENT_SOURCE_MAPPING}
    for resource in resources:
        name = name_of(resource)
        if resource.type == KINESIS_STREAM:
            targets.append(EventTarget("stream", name, resource.physical_id))
        elif resource.type == SQS_QUEUE and resource.attributes.get("Arn") in read:
            targets.append(EventTarget("queue", name, resource.physical_id))
        elif resource.type == DELIVERY_STREAM and not _SOURCES & resource.properties.keys():
            targets.append(EventTarget("delivery", name, resource.physical_id))
    return targets


def spec_targets(spec: PipelineSpec) -> list[EventTarget]:
    """Where events can go, as a spec says it: streams, topics, queues, and deliveries that read none; none that exists already.

    Args:
        spec: The system.
    """
    entries = entry_names(spec)
    targets = []
    for name in _takers(spec):
        stream = spec.streams.get(name)
        kind: _Kind = "queue" if name in spec.queues else "delivery"
        if stream is not None:
            kind = "topic" if isinstance(stream, KafkaTopicSpec) else "stream"
        targets.append(EventTarget(kind, name, name, is_entry=name in entries))
    return targets


def entry_names(spec: PipelineSpec) -> frozenset[str]:
    """The streams, topics, queues and deliveries by which records come into a system, one of them if that can be told.

    What its own consumers and applications alone write to, or give up records to, is none of them, where another is left. Of
    several those that have a schema are meant. Producers and connectors do not run in a rehearsal: events stand for what they
    would write.

    Args:
        spec: The system.
    """
    takers = _takers(spec)
    writers = (*spec.consumers.values(), *spec.analytics.values())
    written = {edge.target for node in writers for edge in node.edges() if edge.role in ("to", "uses")}
    outside = {edge.target for node in (*spec.producers.values(), *spec.connectors.values()) for edge in node.edges()}
    entries = [name for name in takers if name not in written or name in outside] or takers
    with_schema = [name for name in entries if getattr(spec.streams.get(name), "record_schema", None)]
    return frozenset(entries if len(entries) == 1 else with_schema)


def key_fields(spec: PipelineSpec) -> Mapping[str, str]:
    """By what producers key the records of streams and topics, by their names: the key in the JSON of a record.

    Args:
        spec: The system.
    """
    return {name: _key_in_json(spec, stream) for name, stream in spec.streams.items() if stream.partition_key}


def _key_in_json(spec: PipelineSpec, stream: NodeSpec) -> str:
    name, schema = getattr(stream, "partition_key", ""), getattr(stream, "record_schema", None)
    fields = spec.schemas.get(schema, {}) if schema else {}
    return json_key(name, fields[name]) if name in fields else name


def _takers(spec: PipelineSpec) -> list[str]:
    """What records can be put into."""
    read = {source for consumer in spec.consumers.values() for source in consumer.sources()}
    queues = {name: node for name, node in spec.queues.items() if name in read}
    nodes = {**spec.streams, **queues, **spec.deliveries}
    return [name for name, node in nodes.items() if not node.sources() and not node.physical_id()]


def choose_target(targets: Sequence[EventTarget], name: str | None) -> EventTarget:
    """Where events go, of all the places where they could.

    Args:
        targets: Those places.
        name: What was named, if anything was.

    Raises:
        SpecError: If there is none of that name, or several without one.
    """
    names = [target.name for target in targets]
    if name is not None:
        chosen: Sequence[EventTarget] = [target for target in targets if name in {target.name, target.physical_id}]
        message = f"there is no stream or delivery `{name}` that records are put into"
    else:
        chosen = targets if len(targets) == 1 else [target for target in targets if target.is_entry]
        message = "it is not clear where events go" if targets else "there is nothing that records could be put into"
    if len(chosen) == 1:
        return chosen[0]
    help_ = did_you_mean(name, names) if name else f"name it with `--into`: {', '.join(names)}" if names else ""
    raise SpecError([Finding("LOC958", message, help=help_)])
