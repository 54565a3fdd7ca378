"""The limits of a Kinesis data stream: those of its shards, or of a stream on demand, and of its readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source, kinesis
from streaming_constructs.planning.limits.limit import Limit, limit_of
from streaming_constructs.planning.streams.kinesis_quotas import on_demand_quota

if TYPE_CHECKING:
    from streaming_constructs.planning.streams.kinesis import StreamPlan


def limits(stream: StreamPlan, region: str | None) -> Iterator[Limit]:
    """The limits of a stream at the peak.

    Args:
        stream: The stream with its numbers.
        region: Its region; None where nothing says it.
    """
    if stream.spec.is_on_demand:
        yield from _on_demand(stream, region)
    elif stream.shards is not None:
        yield from _shards(stream, stream.shards)
    polls = stream.shared_readers * event_source.POLLS_PER_SECOND_PER_SHARD.value
    for what, used, most, unit, code in (
        ("reads of a shard", polls, kinesis.SHARD_GET_RECORDS_PER_SECOND, " calls/s", "KIN409"),
        ("enhanced fan-out readers", stream.fan_out_readers, kinesis.FAN_OUT_CONSUMERS, "", "KIN410"),
    ):
        if used:
            yield replace(limit_of(stream.name, what, used, most, unit=unit, code=code), by_load=False)


def _shards(stream: StreamPlan, shards: int) -> Iterator[Limit]:
    load, name, grows = stream.load, stream.name, stream.spec.shards is None
    if load is None:
        return
    for what, used, each, unit in (
        ("bytes written", load.mib, kinesis.SHARD_WRITE_MIB_PER_SECOND, " MiB/s"),
        ("records written", load.records, kinesis.SHARD_WRITE_RECORDS_PER_SECOND, " records/s"),
        ("bytes read", stream.shared_readers * load.mib, kinesis.SHARD_READ_MIB_PER_SECOND, " MiB/s"),
    ):
        if used:
            yield limit_of(name, what, float(used), each, times=shards, unit=unit, grows=grows, code="KIN407")


def _on_demand(stream: StreamPlan, region: str | None) -> Iterator[Limit]:
    if stream.load is None:
        return
    quota, written = on_demand_quota(region), float(stream.load.mib)
    yield limit_of(stream.name, "bytes written", written, quota, unit=" MiB/s", code="KIN408")
