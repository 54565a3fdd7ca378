"""From a plan to what the arithmetic needs of it: how large streams are, and how fast their readers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.facts import event_source, firehose
from streaming_constructs.planning.numbers import counted, duration, number
from streaming_constructs.planning.simulation.reader import ReaderModel
from streaming_constructs.planning.simulation.scenario import Takes
from streaming_constructs.planning.simulation.stream import MIB, StreamModel
from streaming_constructs.planning.streams.kinesis_quotas import on_demand_quota
from streaming_constructs.spec.on_failure import destination_kind

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
    from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
    from streaming_constructs.planning.pipeline import PipelinePlan

RECORD_SECONDS = 0.002
"""How long a function takes for a record where nobody says. An assumption: it is in its code, and no page of AWS says it."""
_BASE64 = 4 / 3
GIVEN_UP = {
    "s3": "kept in S3 with their records",
    "sqs": "their position in SQS: read them again before they expire",
    "sns": "their position sent to SNS: read them again before they expire",
    "kafka": "written to another topic",
}
"""What becomes of what a function gives up."""


@dataclass(frozen=True, slots=True)
class Models:
    """A system, as far as the arithmetic goes.

    Attributes:
        streams: Its streams, by name.
        readers: Who reads them.
        left_out: What of it is not looked at, and why, line by line.
    """

    streams: Mapping[str, StreamModel]
    readers: Sequence[ReaderModel]
    left_out: Sequence[str]


def models_of(plan: PipelinePlan, takes: Sequence[Takes]) -> Models:
    """What the arithmetic needs of a system.

    Args:
        plan: The system with its numbers.
        takes: How long functions take, as far as somebody says.
    """
    left_out: list[str] = []
    streams: dict[str, StreamModel] = {}
    for name, node in plan.streams.items():
        model = _stream_model(name, node, plan.spec.region)
        if isinstance(model, str):
            left_out.append(model)
        else:
            streams[name] = model
    said = {take.node: take for take in takes}
    readers: list[ReaderModel] = []
    for consumer in plan.consumers.values():
        if consumer.spec.from_ in streams:
            stream = streams[consumer.spec.from_]
            readers.append(_lambda_model(consumer, stream, said.get(consumer.name)))
    for delivery in plan.deliveries.values():
        if delivery.spec.from_ in streams:
            readers.append(_delivery_model(delivery, streams[delivery.spec.from_]))
        elif delivery.is_direct:
            left_out.append(f"deliveries.{delivery.name}: what is put into it directly goes through no stream")
    for application in plan.sections["analytics"].values():
        readers += _flink_models(cast("FlinkApplicationPlan", application), streams)
    looked_at = {reader.name for reader in readers} | set(streams) | set(plan.deliveries)
    left_out += _others(plan, looked_at)
    return Models(streams, readers, left_out)


def _others(plan: PipelinePlan, looked_at: set[str]) -> Iterator[str]:
    for section, name, node in plan.spec.nodes():
        if section != "streams" and name not in looked_at and any(source in plan.streams for source in node.sources()):
            yield f"{section}.{name}: its stream is not looked at, or how fast it reads is not known"


def _stream_model(name: str, node: Any, region: str | None) -> StreamModel | str:
    workload, shards, spec = node.workload, node.partitions, node.spec
    if workload is None:
        piece = "`workload: {records_per_second: 1000, record_kb: 1}`"
        return f"streams.{name}: its workload is not known; give it {piece}"
    size, retention = workload.kb * 1024, node.retention_hours * 60
    if node.kind != "kinesis":
        if shards is None:
            return f"streams.{name}: its number of partitions is not known; give `partitions`"
        return StreamModel(name, node.kind, size, retention, shards)
    if not spec.is_on_demand and shards is None:
        return f"streams.{name}: its number of shards is not known; give `shards`"
    mib, records = node.write_mib_per_second, node.write_records_per_second
    most = on_demand_quota(region)
    first = shards if shards is not None else math.ceil(mib)
    return StreamModel(name, "kinesis", size, retention, first, mib, records, spec.is_on_demand, most.value)


def batch_records(batch_size: int, record_bytes: float) -> int:
    """The records of a full batch: as many as were asked for, or as fit into the event of an invocation.

    Args:
        batch_size: How many were asked for.
        record_bytes: The size of one; as base64 it is a third larger.
    """
    return max(1, min(batch_size, int(event_source.PAYLOAD_MIB.value * MIB / (record_bytes * _BASE64))))


def _lambda_model(consumer: ConsumerPlan, stream: StreamModel, take: Takes | None) -> ReaderModel:
    spec = consumer.spec
    batch = batch_records(spec.batch_size, stream.record_bytes)
    take = take or Takes(consumer.name, RECORD_SECONDS, "record")
    # Whoever takes longer is ended.
    seconds = min(take.seconds * (batch if take.per == "record" else 1), spec.timeout_seconds or math.inf)
    a_lane = batch * 60 / seconds
    working = f"{counted(batch, 'record')} in {duration(seconds)} of each batch at once"
    age = spec.on_failure.max_record_age_seconds
    gives_up = math.ceil(age / 60) if consumer.gives_up and age else None
    given_up = GIVEN_UP[destination_kind(spec.on_failure)]
    if stream.kind == "kafka":
        at_once = consumer.concurrency or stream.shards
        working = f"{counted(at_once, 'batch')} at once, {working}"
        return ReaderModel(
            consumer.name,
            "lambda",
            stream.name,
            working,
            whole=at_once * a_lane,
            gives_up_minutes=gives_up,
            given_up=given_up,
        )
    factor = spec.parallelization_factor
    return ReaderModel(
        consumer.name,
        "lambda",
        stream.name,
        f"{counted(factor, 'batch')} of each shard at once, {working}",
        per_shard=factor * a_lane,
        fan_out=spec.enhanced_fan_out,
        gives_up_minutes=gives_up,
        given_up=given_up,
    )


def _delivery_model(delivery: DeliveryPlan, stream: StreamModel) -> ReaderModel:
    to = delivery.spec.to
    retry = getattr(to, "retry_seconds", None)
    is_s3, of_kafka = to.kind == "s3", stream.kind == "kafka"
    gives_up = None if is_s3 or retry is None else max(1, math.ceil((delivery.buffer_seconds + retry) / 60))
    return ReaderModel(
        delivery.name,
        "firehose",
        stream.name,
        "as fast as it may read",
        per_shard=firehose.MSK_PARTITION_MIB_PER_SECOND.value * MIB * 60 / stream.record_bytes if of_kafka else None,
        reads=2 if to.copies_all_records else 1,
        gives_up_minutes=gives_up,
        gives_up_when_down=True,
        given_up="written to its backup in S3",
    )


def _flink_models(application: FlinkApplicationPlan, streams: Mapping[str, StreamModel]) -> Iterator[ReaderModel]:
    from streaming_constructs.planning.analytics.flink_capacity import RECORDS_PER_KPU

    kpus = application.capacity.kpus
    read = {name: source for name, source in application.sources.items() if name in streams}
    for name, source in read.items():
        assert source.workload is not None
        total = sum(each.workload.records_per_second for each in read.values() if each.workload is not None)
        share = source.workload.records_per_second / total
        working = f"{counted(kpus, 'KPU')} × {RECORDS_PER_KPU:,} records/s"
        yield ReaderModel(
            application.name,
            "flink",
            name,
            working if len(read) == 1 else f"{working}, of which {number(100 * share)} % are for {name}",
            whole=kpus * RECORDS_PER_KPU * 60 * share,
            fan_out=bool(getattr(application.spec, "enhanced_fan_out", False)),
        )
