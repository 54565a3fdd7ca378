"""Sizes that follow from a load: they carry it, one unit less would not, and more of it never costs less."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.facts import event_source_kafka, flink
from streaming_constructs.planning import plan_stream
from streaming_constructs.planning.analytics.flink_capacity import RECORDS_PER_KPU, monthly_cost, plan_capacity
from streaming_constructs.planning.consumers.lambda_on_kafka import needed_pollers
from streaming_constructs.planning.costs import lambda_function
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.streams.kafka import plan_topic
from streaming_constructs.spec import (
    FlinkAppSpec,
    KafkaTopicSpec,
    KinesisStreamSpec,
    MskClusterSpec,
    Workload,
)
from tests.strategies import workloads

EXAMPLES = settings(derandomize=True, database=None, max_examples=100)
BROKERS = MskClusterSpec(brokers=3, instance_type="kafka.m7g.large")
loads = workloads.map(lambda data: Workload(**data))


def usd(charges: Iterable[Charge]) -> float:
    return sum(charge.price.usd(charge.quantity) for charge in charges if charge.price is not None)


@EXAMPLES
@given(st.integers(1, 400), st.integers(1, 200_000), st.integers(0, 100_000))
def test_kpus_carry_the_load_and_with_a_subtask_more_on_each_they_would_not(
    parallelism: int, records: int, more: int
) -> None:
    def capacity(load: int) -> tuple[int, int, float]:
        workload = Workload(records_per_second=load, record_kb=1)
        stream = plan_stream("clicks", KinesisStreamSpec(shards=400, workload=workload))
        spec = FlinkAppSpec(from_="clicks", code="app.jar", parallelism=parallelism)
        made = plan_capacity(spec, {"clicks": stream}, is_event_time=False)
        return made.kpus, made.parallelism_per_kpu, monthly_cost(made)

    kpus, each, cost = capacity(records)
    needed = math.ceil(records / RECORDS_PER_KPU)
    assert kpus == math.ceil(parallelism / each)
    assert kpus >= min(needed, parallelism)  # a subtask is on one KPU
    assert each in {flink.PARALLELISM_PER_KPU.maximum, parallelism} or math.ceil(parallelism / (each + 1)) < needed
    assert capacity(records + more)[2] >= cost


@EXAMPLES
@given(loads)
def test_pollers_carry_the_peak_and_one_less_would_not(workload: Workload) -> None:
    topic = plan_topic("orders", KafkaTopicSpec(cluster="main", workload=workload, partitions=1), BROKERS)
    pollers = needed_pollers(topic)
    assert pollers is not None
    records = Fraction(str(workload.records_per_second)) * Fraction(str(workload.peak_factor))
    size = (
        Fraction(str(workload.record_kb)) * 1024
        if workload.record_bytes is None
        else Fraction(str(workload.record_bytes))
    )
    carries = Fraction(str(event_source_kafka.POLLER_MB_PER_SECOND.value)) * 10**6
    assert records * size <= pollers * carries
    assert pollers == 1 or records * size > (pollers - 1) * carries
    assert usd([lambda_function.poller_units(pollers + 1)]) >= usd([lambda_function.poller_units(pollers)])
