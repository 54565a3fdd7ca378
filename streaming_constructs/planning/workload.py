"""What a workload is in MiB/s and records/s."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from streaming_constructs.planning.numbers import exact
from streaming_constructs.spec.workload import Workload


@dataclass(frozen=True, slots=True)
class Load:
    """What is written to a stream in its busiest minute, per second.

    Exact, so that a load that fills a shard to the brim needs that shard and no other.
    """

    mib: Fraction
    records: Fraction


def mib_per_second(workload: Workload) -> Fraction:
    """What is written on average."""
    return exact(workload.records_per_second) * exact(workload.kb) / 1024


def peak_load(workload: Workload) -> Load:
    """What is written in the busiest minute."""
    peak = exact(workload.peak_factor)
    return Load(mib=mib_per_second(workload) * peak, records=exact(workload.records_per_second) * peak)
