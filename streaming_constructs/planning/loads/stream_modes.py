"""A Kinesis stream in each of the ways that AWS charges for one, and the loads at which another way becomes cheaper."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs import kinesis
from streaming_constructs.planning.costs.cost_line import CostLine, cost_lines, usd_of
from streaming_constructs.planning.costs.flows import flow_of
from streaming_constructs.planning.loads.at_load import times
from streaming_constructs.planning.streams.kinesis import StreamPlan, plan_stream
from streaming_constructs.planning.workload import mib_per_second

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.pipeline import PipelinePlan

StreamMode = Literal["provisioned", "on_demand", "advantage"]
MODES: dict[StreamMode, str] = {
    "provisioned": "provisioned",
    "on_demand": "on demand",
    "advantage": "on demand with Advantage",
}
"""The modes, as people call them. Advantage is of an account in a region, and of all its streams on demand there."""
LEAST, MOST, STEPS = 0.001, 1000.0, 120
"""Between which factors of the load a crossing is looked for, and in how many steps."""
_NEAR = 1.001


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From where on another mode of a stream costs less.

    Attributes:
        stream: The name of the stream.
        now: The mode that it has.
        other: The mode that costs less.
        is_above: Whether it costs less above that load, and not below it.
        factor: At how many times the load of the spec.
        mib_per_second: What is written then on average, in MiB/s.
    """

    stream: str
    now: StreamMode
    other: StreamMode
    is_above: bool
    factor: float
    mib_per_second: float


def mode_of(stream: StreamPlan) -> StreamMode:
    """The mode that a stream has; that an account has Advantage no spec says.

    Args:
        stream: The stream with its numbers.
    """
    return "on_demand" if stream.spec.is_on_demand else "provisioned"


def created_streams(plan: PipelinePlan) -> Iterator[StreamPlan]:
    """The Kinesis streams of a system that it creates, and whose load is known.

    Args:
        plan: The system with its numbers.
    """
    for stream in plan.sections["streams"].values():
        if isinstance(stream, StreamPlan) and stream.workload is not None and stream.spec.arn is None:
            yield stream


def in_mode(stream: StreamPlan, mode: StreamMode, factor: float = 1.0) -> StreamPlan:
    """A stream in another mode and at another load, with as many shards as that needs.

    Args:
        stream: The stream with its numbers; its workload is known.
        mode: The mode.
        factor: How many times its load.
    """
    assert stream.workload is not None
    on_demand = mode != "provisioned"
    changed = {
        "workload": times(stream.workload, factor),
        "mode": "on_demand" if on_demand else "provisioned",
        "shards": None,
        "record_distribution": stream.spec.record_distribution if on_demand else None,
        "warm_throughput_mb_per_second": stream.spec.warm_throughput_mb_per_second if on_demand else None,
    }
    then = plan_stream(stream.name, stream.spec.model_copy(update=changed), stream.readers)
    return replace(then, region=stream.region)


def mode_lines(stream: StreamPlan, mode: StreamMode, region: str, factor: float = 1.0) -> tuple[CostLine, ...]:
    """What a stream costs in a month in a mode, line by line; with Advantage as if no other stream on demand were there.

    Args:
        stream: The stream with its numbers.
        mode: The mode.
        region: The region.
        factor: How many times its load.

    Raises:
        UnknownRegionError: If no prices of the region are known.
    """
    other = in_mode(stream, mode, factor)
    charges = _advantage(other) if mode == "advantage" else other.costs()
    return tuple(cost_lines(stream.name, charges, region))


def mode_usd(stream: StreamPlan, mode: StreamMode, region: str, factor: float = 1.0) -> float:
    """What a stream costs in a month in a mode; with Advantage as if it were the only stream on demand of its account.

    Args:
        stream: The stream with its numbers.
        mode: The mode.
        region: The region.
        factor: How many times its load.

    Raises:
        UnknownRegionError: If no prices of the region are known.
    """
    return usd_of(mode_lines(stream, mode, region, factor))


def _advantage(stream: StreamPlan) -> Iterator[Charge]:
    flow = flow_of(stream.workload)
    assert flow is not None
    hours = HOURS_A_MONTH
    kept = kinesis.kept_gib(flow, kinesis.DAY, stream.retention_hours)
    yield from kinesis.advantage(flow.gib(hours, 1), len(stream.readers) * flow.gib(hours), kept)


def break_evens(plan: PipelinePlan, region: str) -> list[BreakEven]:
    """The loads from which on another mode of a stream costs less, stream by stream.

    Args:
        plan: The system with its numbers.
        region: The region whose prices are told.

    Raises:
        UnknownRegionError: If no prices of the region are known.
    """
    return [even for stream in created_streams(plan) for other in MODES for even in _crossings(stream, other, region)]


def _crossings(stream: StreamPlan, other: StreamMode, region: str) -> Iterator[BreakEven]:
    now = mode_of(stream)
    if other == now:
        return

    def is_cheaper(factor: float) -> bool:
        return mode_usd(stream, other, region, factor) < mode_usd(stream, now, region, factor)

    factors = [LEAST * (MOST / LEAST) ** (step / STEPS) for step in range(STEPS + 1)]
    cheaper = [is_cheaper(factor) for factor in factors]
    turns = [step for step, (low, high) in enumerate(pairwise(cheaper)) if low != high]
    # Shards come one by one, so that costs may cross several times: told is from where on it stays so.
    told = ([(turns[0], False)] if turns and cheaper[0] else []) + (
        [(turns[-1], True)] if turns and cheaper[-1] else []
    )
    for step, is_above in told:
        low, high = factors[step], factors[step + 1]
        while high / low > _NEAR:
            middle = math.sqrt(low * high)
            low, high = (low, middle) if is_cheaper(middle) == is_above else (middle, high)
        assert stream.workload is not None
        yield BreakEven(stream.name, now, other, is_above, high, high * float(mib_per_second(stream.workload)))
