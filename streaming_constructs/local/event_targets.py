"""Where events of a rehearsal go: a Kinesis stream, a topic of Kafka, or a Firehose delivery stream that takes direct puts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from streaming_constructs.local.aws.type_names import DELIVERY_STREAM, KINESIS_STREAM
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec

if TYPE_CHECKING:
    from streaming_constructs.local.aws.cloudformation import Deployed  # moto, which `local put` does without


_SOURCES = {"KinesisStreamSourceConfiguration", "MSKSourceConfiguration"}


@dataclass(frozen=True, slots=True)
class EventTarget:
    """Where events go.

    Attributes:
        kind: A stream, a topic of Kafka, or a delivery that records are put into directly.
        name: Its name in the spec, or in the template.
        physical_id: Its name in AWS; of a topic the ARN.
        key_field: Of a topic, the field of a record that is its key; empty: there is none.
    """

    kind: Literal["stream", "topic", "delivery"]
    name: str
    physical_id: str
    key_field: str = ""


def event_targets(deployed: Iterable[Deployed], name_of: Callable[[Deployed], str]) -> list[EventTarget]:
    """Where events can go over the API: streams, and delivery streams that read none.

    Args:
        deployed: All that is deployed.
        name_of: What people call a resource.
    """
    targets = []
    for resource in deployed:
        name = name_of(resource)
        if resource.type == KINESIS_STREAM:
            targets.append(EventTarget("stream", name, resource.physical_id))
        elif resource.type == DELIVERY_STREAM and not _SOURCES & resource.properties.keys():
            targets.append(EventTarget("delivery", name, resource.physical_id))
    return targets


def choose_target(targets: Sequence[EventTarget], name: str | None, spec: PipelineSpec | None = None) -> EventTarget:
    """Where events go, of all the places where they could.

    Args:
        targets: Those places.
        name: What was named, if anything was.
        spec: The system, if it is known: of several streams it tells which have a schema.

    Raises:
        SpecError: If there is none of that name, or several without one.
    """
    names = [target.name for target in targets]
    if name is not None:
        chosen: Sequence[EventTarget] = [target for target in targets if name in {target.name, target.physical_id}]
        message = f"there is no stream or delivery `{name}` that records are put into"
    else:
        streams = spec.streams if spec else {}
        with_schema = [
            target
            for target in targets
            if target.kind != "delivery" and getattr(streams.get(target.name), "record_schema", None)
        ]
        chosen = targets if len(targets) == 1 else with_schema
        message = "it is not clear where events go" if targets else "there is nothing that records could be put into"
    if len(chosen) == 1:
        return chosen[0]
    help_ = did_you_mean(name, names) if name else f"name it with `--into`: {', '.join(names)}" if names else ""
    raise SpecError([Finding("LOC958", message, help=help_)])
