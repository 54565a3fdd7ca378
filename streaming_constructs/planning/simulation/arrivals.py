"""How many records are written to a stream in each minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from streaming_constructs.planning.simulation.scenario import Burst, Load
from streaming_constructs.planning.simulation.shapes import factors

if TYPE_CHECKING:
    from streaming_constructs.spec.workload import Workload

_NOTHING = 0.01
"""What a sum of shares may lack of a whole record, as its mean is 1 but for some billionths."""


def arrivals(workload: Workload, load: Load, bursts: Sequence[Burst], minutes: int) -> list[int]:
    """The records of each minute, whole; what is cut off of one comes with the next.

    Args:
        workload: What the spec says of the stream.
        load: How it runs through the day.
        bursts: When there is more; where two overlap, both count.
        minutes: How many minutes.
    """
    points = load.points or factors(load.name, workload.peak_factor)
    each = 60.0 if load.is_absolute else workload.records_per_second * 60
    wanted = [points[minute % len(points)] * each for minute in range(minutes)]
    for burst in bursts:
        for minute in range(burst.start, min(burst.start + burst.minutes, minutes)):
            wanted[minute] *= burst.factor
    records, rest = [], 0.0
    for amount in wanted:
        whole = int(amount + rest + _NOTHING)
        rest += amount - whole
        records.append(whole)
    return records
