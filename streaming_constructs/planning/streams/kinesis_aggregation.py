"""What it saves to put several small records into one, as the Kinesis Producer Library does: shards and dollars.

Shards take a number of records a second, and records are charged rounded up, to 25 KiB with shards and to 1 KiB on demand:
small ones are paid for many times over.
Source: https://docs.aws.amazon.com/streams/latest/dev/kinesis-kpl-concepts.html
"""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.facts.prices.kinesis import PUT_UNIT_KIB
from streaming_constructs.planning.costs.cost_line import cost_lines, mark_of, usd_of
from streaming_constructs.planning.streams.kinesis import StreamPlan, plan_stream
from streaming_constructs.spec.workload import Workload

WORTH_USD, WORTH_SHARE = 5.0, 0.1
"""How many dollars a month, and how much of what the stream costs, it has to save before it is told."""


@dataclass(frozen=True, slots=True)
class Aggregation:
    """A stream as it is, and with several records in one.

    Attributes:
        stream: The name of the stream.
        records: How many records are in one.
        shards: Its shards now; None on demand.
        shards_then: Its shards then.
        usd: What it costs in a month.
        usd_then: What it costs then.
        mark: How far these dollars can be relied on, as `mark_of` says.
    """

    stream: str
    records: int
    shards: int | None
    shards_then: int | None
    usd: float
    usd_then: float
    mark: str = ""


def aggregation(stream: StreamPlan, region: str) -> Aggregation | None:
    """What putting records together to 25 KiB saves; None where that is little, or the workload is not known.

    Args:
        stream: The stream with its numbers.
        region: The region whose prices it is reckoned by.

    Raises:
        UnknownRegionError: If no prices of it are known.
    """
    workload = stream.workload
    if workload is None or stream.spec.arn is not None:
        return None
    records = int(PUT_UNIT_KIB.value / workload.kb)
    if records < 2:
        return None
    then = _with(stream, _together(workload, records))
    lines = tuple(cost_lines(stream.name, stream.costs(), region))
    usd, usd_then = usd_of(lines), usd_of(cost_lines(then.name, then.costs(), region))
    if usd - usd_then < max(WORTH_USD, WORTH_SHARE * usd):
        return None
    return Aggregation(stream.name, records, stream.shards, then.shards, usd, usd_then, mark_of(lines))


def _together(workload: Workload, records: int) -> Workload:
    size = {"record_kb": workload.kb * records, "record_bytes": None}
    return workload.model_copy(update={"records_per_second": workload.records_per_second / records, **size})


def _with(stream: StreamPlan, workload: Workload) -> StreamPlan:
    """The stream with another workload; shards that were given are derived from it, and are never more."""
    spec = stream.spec.model_copy(update={"workload": workload, "shards": None})
    then = plan_stream(stream.name, spec, stream.readers)
    if stream.shards is None or then.shards is None or then.shards <= stream.shards:
        return then
    return plan_stream(stream.name, spec.model_copy(update={"shards": stream.shards}), stream.readers)
