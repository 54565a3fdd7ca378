"""The whole system with its numbers: what will be built, why so large, and what is likely to go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from streaming_constructs.planning.alarms import AlarmPlan, consumer_alarms, stream_alarms
from streaming_constructs.planning.capacity import Reader, StreamPlan, plan_stream
from streaming_constructs.planning.concurrency import ConsumerPlan, plan_consumer
from streaming_constructs.planning.judgement import consumer_findings, stream_findings
from streaming_constructs.spec.alarms import AlarmsSpec
from streaming_constructs.spec.finding import Finding, SpecPath, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec


@dataclass(frozen=True, slots=True)
class PipelinePlan:
    """A system with its numbers.

    Attributes:
        spec: What was asked for.
        streams: Its streams, by name.
        consumers: Its consumers, by name.
        alarms: Its alarms, silenced ones left out.
        findings: What is likely to go wrong, acknowledged warnings left out.
    """

    spec: PipelineSpec
    streams: Mapping[str, StreamPlan]
    consumers: Mapping[str, ConsumerPlan]
    alarms: tuple[AlarmPlan, ...]
    findings: tuple[Finding, ...]


def plan(spec: PipelineSpec) -> PipelinePlan:
    """Gives a system its numbers, and judges it.

    Args:
        spec: The system.
    """
    readers: dict[str, list[Reader]] = {name: [] for name in spec.streams}
    for name, consumer in spec.consumers.items():
        readers[consumer.from_].append(Reader.of(name, consumer))
    streams = {name: plan_stream(name, stream, readers[name]) for name, stream in spec.streams.items()}
    consumers = {name: plan_consumer(name, one, streams[one.from_]) for name, one in spec.consumers.items()}
    computed = [alarm for stream in streams.values() for alarm in stream_alarms(stream)]
    computed += [alarm for consumer in consumers.values() for alarm in consumer_alarms(consumer)]
    findings = [
        *_node_findings(spec, streams, consumers),
        *alarm_findings(spec.alarms, computed, spec.environment),
    ]
    return PipelinePlan(
        spec,
        streams,
        consumers,
        tuple(chosen_alarms(spec.alarms, computed)),
        tuple(_acknowledged(spec, findings)),
    )


def chosen_alarms(spec: AlarmsSpec, computed: Iterable[AlarmPlan]) -> Iterator[AlarmPlan]:
    """The computed alarms with the spec's overrides, without those that it silences."""
    for alarm in computed:
        if alarm.name not in spec.silence:
            yield alarm.overridden_by(spec.override.get(alarm.name))


def alarm_findings(spec: AlarmsSpec, computed: Iterable[AlarmPlan], environment: str) -> Iterator[Finding]:
    """What is wrong with what a spec says about its alarms."""
    names = [alarm.name for alarm in computed]
    for field in ("override", "silence"):
        for name in getattr(spec, field):
            if name not in names:
                yield Finding(
                    "SC601",
                    f"there is no alarm `{name}`",
                    ("alarms", field, name),
                    help=did_you_mean(name, names),
                )
    if environment == "prod" and not spec.notify and names:
        yield Finding(
            "SC603",
            "the alarms tell nobody",
            ("alarms", "notify") if spec.model_fields_set else (),
            note="they change colour in the console, and no one is woken",
            help="add `alarms: {notify: [{email: …}]}`, or `{topic_arn: …}`",
            level="warning",
        )


def _node_findings(
    spec: PipelineSpec, streams: Mapping[str, StreamPlan], consumers: Mapping[str, ConsumerPlan]
) -> Iterator[Finding]:
    for name, stream in streams.items():
        for finding in stream_findings(stream):
            yield finding.below("streams", name)
    for name, consumer in consumers.items():
        schema_name = spec.streams[consumer.spec.from_].record_schema
        schema = spec.schemas[schema_name] if schema_name else None
        for finding in consumer_findings(consumer, schema):
            yield finding.below("consumers", name)


def _acknowledged(spec: PipelineSpec, findings: Iterable[Finding]) -> Iterator[Finding]:
    used = set()
    for finding in findings:
        name = f"{_node(finding.path)}.{finding.code}"
        if finding.level != "error" and name in spec.acknowledge:
            used.add(name)
        else:
            yield finding
    for name in spec.acknowledge:
        if name not in used:
            yield Finding(
                "SC604",
                f"nothing to acknowledge under `{name}`",
                ("acknowledge", name),
                note="there is no such warning now; errors cannot be acknowledged",
                help="take it out",
                level="warning",
            )


def _node(path: SpecPath) -> str:
    """What a finding is acknowledged under: its node, or else its section; `alarms` for a missing section of alarms."""
    if path[:1] in (("streams",), ("consumers",)):
        return str(path[1])
    return str(path[0]) if path else "alarms"
