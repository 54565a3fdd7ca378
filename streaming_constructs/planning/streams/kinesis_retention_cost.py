"""What a Kinesis data stream costs in a month, with its retention apart from all else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from streaming_constructs.facts.prices import kinesis as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.streams.kinesis import StreamPlan

_DAY, _WEEK = 24, 168


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """A month of a stream, in US dollars.

    Attributes:
        stream: What it costs with the least retention, without its readers.
        retention: What keeping records longer costs beside that.
        stored_gb: What is kept beyond seven days, in GB.
    """

    stream: float
    retention: float
    stored_gb: float


def monthly_cost(stream: StreamPlan) -> MonthlyCost | None:
    """A month of a stream by list prices; None where its workload is unknown.

    Sources: https://aws.amazon.com/kinesis/data-streams/pricing/

    Args:
        stream: The stream with its numbers.
    """
    workload, hours = stream.workload, stream.retention_hours
    if workload is None or (stream.shards is None and not stream.spec.is_on_demand):
        return None
    daily_gb = workload.records_per_second * 86_400 * workload.kb / 1_048_576
    stored = daily_gb * max(hours - _WEEK, 0) / _DAY
    if stream.shards is not None:
        shard_hours = stream.shards * HOURS_A_MONTH
        seconds = HOURS_A_MONTH * 3600
        units = workload.records_per_second * seconds * math.ceil(workload.kb / prices.PUT_UNIT_KIB.value)
        base = prices.SHARD_HOUR.usd(shard_hours) + prices.PUT_UNITS.usd(units)
        extended = prices.EXTENDED_RETENTION.usd(shard_hours) if hours > _DAY else 0.0
        return MonthlyCost(base, extended + prices.LONG_TERM_RETENTION.usd(stored), stored)
    base = prices.ON_DEMAND_STREAM_HOUR.usd(HOURS_A_MONTH) + prices.ON_DEMAND_IN.usd(daily_gb * HOURS_A_MONTH / 24)
    week = daily_gb * max(min(hours, _WEEK) - _DAY, 0) / _DAY
    kept = prices.ON_DEMAND_EXTENDED_RETENTION.usd(week) + prices.ON_DEMAND_LONG_TERM_RETENTION.usd(stored)
    return MonthlyCost(base, kept, stored)
