"""The whole system with its numbers: what will be built, why so large, and what is likely to go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan, plan_consumer
from streaming_constructs.planning.consumers.lambda_function_alarms import consumer_alarms
from streaming_constructs.planning.consumers.lambda_function_findings import consumer_findings
from streaming_constructs.planning.streams.kinesis import Reader, StreamPlan, plan_stream
from streaming_constructs.planning.streams.kinesis_alarms import stream_alarms
from streaming_constructs.planning.streams.kinesis_findings import stream_findings
from streaming_constructs.spec.alarms import AlarmsSpec
from streaming_constructs.spec.finding import Finding, SpecPath, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    # Loaded where a system has them, below.
    from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
    from streaming_constructs.planning.stores.opensearch import DomainPlan
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec
    from streaming_constructs.spec.schemas import RecordSchema


@dataclass(frozen=True, slots=True)
class PipelinePlan:
    """A system with its numbers.

    Attributes:
        spec: What was asked for.
        streams: Its streams, by name.
        consumers: Its consumers, by name.
        deliveries: Its deliveries, by name.
        stores: Its stores, by name.
        alarms: Its alarms, silenced ones left out.
        findings: What is likely to go wrong, acknowledged warnings left out.
    """

    spec: PipelineSpec
    streams: Mapping[str, StreamPlan]
    consumers: Mapping[str, ConsumerPlan]
    deliveries: Mapping[str, DeliveryPlan]
    stores: Mapping[str, DomainPlan]
    alarms: tuple[AlarmPlan, ...]
    findings: tuple[Finding, ...]


def plan(spec: PipelineSpec) -> PipelinePlan:
    """Gives a system its numbers, and judges it.

    Args:
        spec: The system.
    """
    streams = _streams(spec)
    consumers = {name: plan_consumer(name, one, streams[one.from_]) for name, one in spec.consumers.items()}
    deliveries = _deliveries(spec, streams)
    stores = _stores(spec, deliveries)
    computed = [alarm for stream in streams.values() for alarm in stream_alarms(stream)]
    computed += [alarm for consumer in consumers.values() for alarm in consumer_alarms(consumer)]
    computed += _further_alarms(deliveries, stores)
    findings = [
        *_node_findings(spec, streams, consumers),
        *_further_findings(spec, deliveries, stores),
        *alarm_findings(spec.alarms, computed, spec.removal_policy),
    ]
    return PipelinePlan(
        spec,
        streams,
        consumers,
        deliveries,
        stores,
        tuple(chosen_alarms(spec.alarms, computed)),
        tuple(_acknowledged(spec, findings)),
    )


def _streams(spec: PipelineSpec) -> dict[str, StreamPlan]:
    readers: dict[str, list[Reader]] = {name: [] for name in spec.streams}
    for name, consumer in spec.consumers.items():
        readers[consumer.from_].append(Reader.of(name, consumer))
    for name, delivery in spec.deliveries.items():
        from streaming_constructs.planning.deliveries.firehose import delivery_readers

        if delivery.from_ is not None:
            readers[delivery.from_] += delivery_readers(name, delivery)
    return {name: plan_stream(name, stream, readers[name]) for name, stream in spec.streams.items()}


def _deliveries(spec: PipelineSpec, streams: Mapping[str, StreamPlan]) -> dict[str, DeliveryPlan]:
    if not spec.deliveries:
        return {}
    from streaming_constructs.planning.deliveries.firehose import plan_delivery

    return {
        name: plan_delivery(name, one, streams[one.from_] if one.from_ else None, delivered_schema(spec, one))
        for name, one in spec.deliveries.items()
    }


def _stores(spec: PipelineSpec, deliveries: Mapping[str, DeliveryPlan]) -> dict[str, DomainPlan]:
    if not spec.stores:
        return {}
    from streaming_constructs.planning.stores.opensearch import plan_domain

    return {
        name: plan_domain(name, one, spec.removal_policy, _written_by(name, deliveries.values()))
        for name, one in spec.stores.items()
    }


def _further_alarms(deliveries: Mapping[str, DeliveryPlan], stores: Mapping[str, DomainPlan]) -> Iterator[AlarmPlan]:
    if deliveries:
        from streaming_constructs.planning.deliveries.firehose_alarms import delivery_alarms, has_own_key

        for delivery in deliveries.values():
            yield from delivery_alarms(delivery, own_key=has_own_key(delivery))
    if stores:
        from streaming_constructs.planning.stores.opensearch_alarms import domain_alarms

        for store in stores.values():
            yield from domain_alarms(store)


def _further_findings(
    spec: PipelineSpec, deliveries: Mapping[str, DeliveryPlan], stores: Mapping[str, DomainPlan]
) -> Iterator[Finding]:
    if deliveries:
        from streaming_constructs.planning.deliveries.firehose_findings import delivery_findings

        for name, delivery in deliveries.items():
            yield from (found.below("deliveries", name) for found in delivery_findings(delivery))
    if stores:
        from streaming_constructs.planning.stores.opensearch import domain_findings, index_findings

        for name, store in stores.items():
            yield from (found.below("stores", name) for found in domain_findings(store))
            yield from index_findings(store)
    if spec.producers:
        from streaming_constructs.planning.producers.cloudwatch_logs import subscription_findings

        yield from subscription_findings(spec)


def _written_by(store: str, deliveries: Iterable[DeliveryPlan]) -> list[DeliveryPlan]:
    """The deliveries that write to a store."""
    return [one for one in deliveries if getattr(one.spec.to, "domain", None) == store]


def delivered_schema(spec: PipelineSpec, delivery: DeliverySpec) -> RecordSchema | None:
    """The schema of the records that a delivery writes: its own, else that of its stream.

    Args:
        spec: The system.
        delivery: One of its deliveries.
    """
    name = delivery.record_schema or (spec.streams[delivery.from_].record_schema if delivery.from_ else None)
    return spec.schemas[name] if name else None


def chosen_alarms(spec: AlarmsSpec, computed: Iterable[AlarmPlan]) -> Iterator[AlarmPlan]:
    """The computed alarms with the spec's overrides, without those that it silences."""
    for alarm in computed:
        if alarm.name not in spec.silence:
            yield alarm.overridden_by(spec.override.get(alarm.name))


def alarm_findings(spec: AlarmsSpec, computed: Iterable[AlarmPlan], removal_policy: RemovalPolicy) -> Iterator[Finding]:
    """What is wrong with what a spec says about its alarms."""
    names = [alarm.name for alarm in computed]
    for field in ("override", "silence"):
        for name in getattr(spec, field):
            if name not in names:
                yield Finding(
                    "ALM601",
                    f"there is no alarm `{name}`",
                    ("alarms", field, name),
                    help=did_you_mean(name, names),
                )
    if removal_policy == "retain" and not spec.notify and names:
        yield Finding(
            "ALM603",
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
                "LNG604",
                f"nothing to acknowledge under `{name}`",
                ("acknowledge", name),
                note="there is no such warning now; errors cannot be acknowledged",
                help="take it out",
                level="warning",
            )


def _node(path: SpecPath) -> str:
    """What a finding is acknowledged under: its node, or else its section; `alarms` for a missing section of alarms."""
    if path[:1] and path[0] in NODE_SECTIONS:
        return str(path[1])
    return str(path[0]) if path else "alarms"
