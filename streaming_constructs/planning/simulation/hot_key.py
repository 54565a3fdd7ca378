"""A stream with a hot key: as two streams, of the shard that the key goes to and of all others, put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.simulation.reader import ReaderModel, ReaderRun, run_readers
from streaming_constructs.planning.simulation.scenario import Outage
from streaming_constructs.planning.simulation.stream import StreamModel, StreamRun, run_stream


def run_hot_stream(model: StreamModel, arriving: list[int], retry_minutes: int, hot_share: float) -> StreamRun:
    """Writes to a stream, with a share of the records to one shard; the rest is spread evenly over all shards.

    Args:
        model: The stream; with one shard all go there anyway.
        arriving: Records that producers write, each minute.
        retry_minutes: For how many further minutes producers try.
        hot_share: The share of the hot key, from 0 to 1.
    """
    if model.shards == 1:
        return run_stream(model, arriving, retry_minutes)
    hot_records = _part(arriving, hot_share + (1 - hot_share) / model.shards)
    others = [all_ - hot for all_, hot in zip(arriving, hot_records, strict=True)]
    hot = run_stream(_hot_shard(model), hot_records, retry_minutes)
    rest = run_stream(_other_shards(model), others, retry_minutes)
    return StreamRun(
        model,
        arriving,
        _sum(hot.accepted, rest.accepted),
        _sum(hot.throttled, rest.throttled),
        _sum(hot.rejected, rest.rejected),
        _sum(hot.capacity, rest.capacity),
        _sum(hot.shards, rest.shards),
        hot.waiting + rest.waiting,
        (hot, rest),
    )


def run_hot_readers(stream: StreamRun, models: Sequence[ReaderModel], outages: Sequence[Outage]) -> list[ReaderRun]:
    """Reads a stream with a hot key; who reads it is as late as with the shard that is behind most.

    Args:
        stream: The stream, with what its shards took.
        models: Who reads it.
        outages: Who is down, and when.
    """
    shards = stream.model.shards
    parts = [
        run_readers(part, [_share_of(model, of / shards) for model in models], outages)
        for part, of in zip(stream.parts, (1, shards - 1), strict=True)
    ]
    return [_together(model, *runs) for model, *runs in zip(models, *parts, strict=True)]


def _part(records: Sequence[int], share: float) -> list[int]:
    """A share of the records of each minute, whole; what is cut off of one comes with the next."""
    part, rest = [], 0.0
    for amount in records:
        wanted = amount * share + rest
        part.append(min(amount, int(wanted)))
        rest = wanted - part[-1]
    return part


def _hot_shard(model: StreamModel) -> StreamModel:
    """One shard; also on demand a key has no more than that."""
    mib, records = kinesis.SHARD_WRITE_MIB_PER_SECOND.value, kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value
    return replace(
        model,
        shards=1,
        write_mib=None if model.write_mib is None else min(mib, model.write_mib),
        write_records=None if model.write_records is None else min(records, model.write_records),
        is_on_demand=False,
    )


def _other_shards(model: StreamModel) -> StreamModel:
    hot = _hot_shard(model)
    return replace(
        model,
        shards=model.shards - 1,
        write_mib=None if model.write_mib is None else model.write_mib - (hot.write_mib or 0),
        write_records=None if model.write_records is None else model.write_records - (hot.write_records or 0),
    )


def _share_of(model: ReaderModel, share: float) -> ReaderModel:
    """A reader of some shards: what it handles altogether is divided, as each shard is read by one of its parts."""
    return model if model.whole is None else replace(model, whole=model.whole * share)


def _together(model: ReaderModel, hot: ReaderRun, rest: ReaderRun) -> ReaderRun:
    return ReaderRun(
        model,
        _sum(hot.handled, rest.handled),
        _sum(hot.kept, rest.kept),
        _sum(hot.expired, rest.expired),
        _sum(hot.backlog, rest.backlog),
        [max(ages) for ages in zip(hot.age, rest.age, strict=True)],
        _sum(hot.capacity, rest.capacity),
        [any(each) for each in zip(hot.crowded, rest.crowded, strict=True)],
        hot.down,
    )


def _sum(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
