"""How much of Flink an application has: subtasks, KPUs, and what they cost in a month."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from streaming_constructs.facts import flink
from streaming_constructs.facts.prices import flink as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.analytics.flink_application import Capacity
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.workload import peak_load

if TYPE_CHECKING:
    from streaming_constructs.planning.node import Source
    from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec

RECORDS_PER_KPU = 5_000
"""Records a second that a KPU computes on. An assumption, for queries with windows over JSON of about a KB: no page of AWS says
it, and a query may be ten times as heavy or as light. The alarm on the processors says when it does not hold."""


def plan_capacity(spec: FlinkApplicationSpec, sources: Mapping[str, Source], *, is_event_time: bool) -> Capacity:
    """The capacity of an application.

    Args:
        spec: What was asked for.
        sources: What it reads, with their numbers.
        is_event_time: Whether it is SQL that computes over the time of records.
    """
    records = peak_records(sources)
    parallelism, working = _parallelism(spec, sources, records, is_event_time=is_event_time)
    kpus = max(1, math.ceil(records / RECORDS_PER_KPU)) if records is not None else 1
    per_kpu = spec.parallelism_per_kpu
    if per_kpu is not None:
        working.append(f"{counted(per_kpu, 'subtask')} on each KPU, as `parallelism_per_kpu` says")
    else:
        per_kpu = _on_a_kpu(parallelism, kpus)
        load = (
            f"{number(records)} records/s at the peak, of which a KPU is assumed to take {RECORDS_PER_KPU:,}"
            if records is not None
            else "the workload is not known"
        )
        working.append(f"{counted(per_kpu, 'subtask')} on each KPU: {load}")
    capacity = Capacity(parallelism, per_kpu, ())
    working.append(
        f"{counted(capacity.kpus, 'KPU')} and one for orchestration: about {monthly_cost(capacity):,.0f} USD a month by list "
        "prices in us-east-1"
    )
    return Capacity(parallelism, per_kpu, tuple(working))


def _on_a_kpu(parallelism: int, kpus: int) -> int:
    """The subtasks on a KPU: spread over the KPUs that are needed, or fewer where rounding would leave fewer KPUs than that.

    Args:
        parallelism: The subtasks.
        kpus: The KPUs that are needed.
    """
    most = flink.PARALLELISM_PER_KPU.maximum
    spread = min(most, math.ceil(parallelism / kpus))
    if math.ceil(parallelism / spread) >= kpus:
        return spread
    return min(most, max(1, (parallelism - 1) // (kpus - 1)))


def _parallelism(
    spec: FlinkApplicationSpec, sources: Mapping[str, Source], records: float | None, *, is_event_time: bool
) -> tuple[int, list[str]]:
    if spec.parallelism is not None:
        return spec.parallelism, [f"{counted(spec.parallelism, 'subtask')}, as `parallelism` says"]
    counts = {name: source.partitions for name, source in sources.items()}
    shards = {
        name: count
        for name, count in counts.items()
        if is_event_time and sources[name].kind == "kinesis" and count is not None
    }
    if shards:
        name, most = max(shards.items(), key=lambda item: item[1])
        why = "over the time of records each shard has a subtask of its own, or records of a backlog are dropped"
        return most, [f"{counted(most, 'subtask')}, one for each shard of {name}: {why}"]
    needed = max(1, math.ceil(records / RECORDS_PER_KPU)) if records is not None else 1
    known = [count for count in counts.values() if count is not None]
    most = max(known) if known else needed
    if needed > most:
        return most, [f"{counted(most, 'subtask')}: no more than what is read has shards or partitions"]
    return needed, [f"{counted(needed, 'subtask')} for the load"]


def peak_records(sources: Mapping[str, Source]) -> float | None:
    """The records a second that are read in the busiest minute; None where a workload is not known.

    Args:
        sources: What is read, with their numbers.
    """
    if not sources or any(source.workload is None for source in sources.values()):
        return None
    return float(sum(peak_load(source.workload).records for source in sources.values() if source.workload is not None))


def monthly_cost(capacity: Capacity) -> float:
    """A month of an application by list prices, in US dollars, without the storage of its snapshots.

    Source: https://aws.amazon.com/managed-service-apache-flink/pricing/

    Args:
        capacity: Its capacity.
    """
    charged = capacity.kpus + int(flink.ORCHESTRATION_KPUS.value)
    storage = capacity.kpus * flink.RUNNING_STORAGE_GB_OF_A_KPU.value
    return prices.KPU_HOUR.usd(charged * HOURS_A_MONTH) + prices.RUNNING_STORAGE.usd(storage)
