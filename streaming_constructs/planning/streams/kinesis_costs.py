"""What a Kinesis data stream of a system costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import cloudwatch, kinesis, kms
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of
from streaming_constructs.planning.numbers import counted

if TYPE_CHECKING:
    from streaming_constructs.planning.streams.kinesis import StreamPlan


def stream_costs(stream: StreamPlan) -> Iterator[Charge]:
    """The charges of a stream; of one that exists those alone that readers of the system add.

    Args:
        stream: The stream with its numbers.
    """
    spec, flow, shards = stream.spec, flow_of(stream.workload), stream.shards
    if spec.arn is not None:
        if shards is not None:
            yield from kinesis.fan_out(shards, flow, stream.fan_out_readers)
        elif stream.fan_out_readers:
            yield unknown("enhanced fan-out", "the shards of the existing stream are not known")
        return
    if spec.is_on_demand:
        yield from kinesis.on_demand(
            flow,
            retention_hours=stream.retention_hours,
            shared_readers=stream.shared_readers,
            fan_out_readers=stream.fan_out_readers,
        )
    elif shards is not None:
        yield from kinesis.provisioned(
            shards, flow, retention_hours=stream.retention_hours, fan_out_readers=stream.fan_out_readers
        )
    else:
        yield unknown("shards", f"their number is not known, as {NO_WORKLOAD}")
    if flow is None:
        yield unknown("records", NO_WORKLOAD)
    if spec.shard_level_metrics and shards is not None:
        working = f"{counted(len(spec.shard_level_metrics), 'metric')} × {counted(shards, 'shard')}"
        yield cloudwatch.custom_metrics(len(spec.shard_level_metrics) * shards, working)
    yield from kms.created_key(spec.encryption)
