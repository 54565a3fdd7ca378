"""What the size of a system asks for: its limits, how its keys have to spread, and what larger records would save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from streaming_constructs.planning.limits.limit import Limit
from streaming_constructs.planning.limits.limits import system_limits
from streaming_constructs.planning.partition_keys.key_guidance import KeyGuidance, key_guidance

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan
    from streaming_constructs.planning.streams.kinesis import StreamPlan
    from streaming_constructs.planning.streams.kinesis_aggregation import Aggregation


@dataclass(frozen=True, slots=True)
class Advice:
    """What the size of a system asks for.

    Attributes:
        limits: Its limits, the nearest first.
        keys: What the keys of its streams have to be like.
        small_records: Where larger records would save something.
    """

    limits: tuple[Limit, ...]
    keys: tuple[KeyGuidance, ...]
    small_records: tuple[Aggregation, ...]


def advice(plan: PipelinePlan, region: str | None) -> Advice:
    """What the size of a system asks for.

    Args:
        plan: The system with its numbers.
        region: The region whose prices are told; None where none are known.
    """
    return Advice(tuple(system_limits(plan)), tuple(key_guidance(plan)), _small_records(plan, region))


def _small_records(plan: PipelinePlan, region: str | None) -> tuple[Aggregation, ...]:
    streams = [node for node in plan.sections["streams"].values() if getattr(node, "kind", "") == "kinesis"]
    if region is None or not streams:
        return ()
    from streaming_constructs.planning.streams.kinesis_aggregation import aggregation

    told = (aggregation(cast("StreamPlan", stream), region) for stream in streams)
    return tuple(saved for saved in told if saved is not None)
