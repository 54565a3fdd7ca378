"""What a Kinesis data stream costs in a month, with its retention apart from all else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from streaming_constructs.facts import prices
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
    seconds = prices.HOURS_A_MONTH * 3600
    daily_gb = workload.records_per_second * 86_400 * workload.kb / 1_048_576
    stored = daily_gb * max(hours - _WEEK, 0) / _DAY
    long_term = stored * prices.LONG_TERM_RETENTION.value
    if stream.shards is not None:
        units = workload.records_per_second * seconds * math.ceil(workload.kb / prices.PUT_UNIT_KIB.value)
        base = stream.shards * prices.HOURS_A_MONTH * prices.SHARD_HOUR.value + units / 1e6 * prices.PUT_UNITS.value
        extended = stream.shards * prices.HOURS_A_MONTH * prices.EXTENDED_RETENTION_SHARD_HOUR.value
        return MonthlyCost(base, (extended if hours > _DAY else 0.0) + long_term, stored)
    base = prices.HOURS_A_MONTH * prices.ON_DEMAND_STREAM_HOUR.value
    base += daily_gb * prices.HOURS_A_MONTH / 24 * prices.ON_DEMAND_IN.value
    days = max(min(hours, _WEEK) - _DAY, 0) / _DAY
    return MonthlyCost(base, daily_gb * days * prices.ON_DEMAND_EXTENDED_RETENTION.value + long_term, stored)
