"""Sizes that follow from a load: they carry it, one unit less would not, and more of it never costs less."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.facts import dynamodb, event_source_kafka, flink
from streaming_constructs.planning import plan_stream
from streaming_constructs.planning.analytics.flink_capacity import RECORDS_PER_KPU, monthly_cost, plan_capacity
from streaming_constructs.planning.consumers.lambda_on_kafka import needed_pollers
from streaming_constructs.planning.costs import lambda_function
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.deliveries.firehose import plan_delivery
from streaming_constructs.planning.stores.dynamodb import HEADROOM_PERCENT, plan_table
from streaming_constructs.planning.stores.opensearch import plan_domain
from streaming_constructs.planning.stores.opensearch_cost_findings import month_usd
from streaming_constructs.planning.streams.kafka import plan_topic
from streaming_constructs.spec import (
    DynamoDbTableSpec,
    FlinkAppSpec,
    KafkaTopicSpec,
    KinesisStreamSpec,
    MskClusterSpec,
    OpenSearchDomainSpec,
    Workload,
)
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from tests.strategies import workloads

EXAMPLES = settings(derandomize=True, database=None, max_examples=100)
BROKERS = MskClusterSpec(brokers=3, instance_type="kafka.m7g.large")
loads = workloads.map(lambda data: Workload(**data))


def usd(charges: Iterable[Charge]) -> float:
    return sum(charge.price.usd(charge.quantity) for charge in charges if charge.price is not None)


@EXAMPLES
@given(st.integers(1, 400), st.integers(1, 200_000), st.integers(0, 100_000))
def test_kpus_carry_the_load_and_no_fewer_of_them_would(parallelism: int, records: int, more: int) -> None:
    def capacity(load: int) -> tuple[int, int, float]:
        workload = Workload(records_per_second=load, record_kb=1)
        stream = plan_stream("clicks", KinesisStreamSpec(shards=400, workload=workload))
        spec = FlinkAppSpec(from_="clicks", code="app.jar", parallelism=parallelism)
        made = plan_capacity(spec, {"clicks": stream}, is_event_time=False)
        return made.kpus, made.parallelism_per_kpu, monthly_cost(made)

    kpus, each, cost = capacity(records)
    needed = math.ceil(records / RECORDS_PER_KPU)
    assert kpus == math.ceil(parallelism / each)
    enough = min(needed, parallelism)  # a subtask is on one KPU
    counts = {math.ceil(parallelism / subtasks) for subtasks in range(1, int(flink.PARALLELISM_PER_KPU.maximum) + 1)}
    assert kpus == min(count for count in counts if count >= enough)
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


@EXAMPLES
@given(st.integers(1, 20_000), st.integers(1, 100), st.integers(1, 40))
def test_the_capacity_of_a_table_takes_the_peak_and_one_unit_less_would_not(records: int, kib: int, peak: int) -> None:
    workload = Workload(records_per_second=records, record_kb=kib, peak_factor=peak / 10 + 1)
    spec = DynamoDbTableSpec(partition_key="id", billing="provisioned", read_capacity=1, workload=workload)
    table = plan_table("scores", spec)
    assert table.written is not None
    assert table.write_capacity is not None
    units, share = table.write_capacity.maximum, Fraction(str(HEADROOM_PERCENT)) / 100
    asked = Fraction(records) * Fraction(str(workload.peak_factor)) * kib  # a write unit is a KiB
    assert table.written.peak == asked
    most = dynamodb.CAPACITY_UNITS.maximum
    assert units * share >= asked or units == most  # which a table has at most, and is told where the peak is above it
    assert (units - 1) * share < asked


@EXAMPLES
@given(st.integers(1, 2_000), st.integers(1, 60), st.integers(0, 500))
def test_the_volumes_of_a_domain_hold_what_is_kept_and_more_never_costs_less(
    records: int, days: int, more: int
) -> None:
    def domain(load: int) -> tuple[float, int, int, float]:
        workload = Workload(records_per_second=load, record_kb=1)
        delivery = plan_delivery("logs", DeliverySpec(workload=workload, to=OpenSearchDestination(domain="search")))
        made = plan_domain("search", OpenSearchDomainSpec(retention_days=days), "retain", [delivery])
        assert made.stored_gib is not None
        return made.stored_gib, made.instances, made.volume_gb, month_usd(made)

    stored, instances, volume, cost = domain(records)
    assert instances * volume >= stored
    assert volume == 10 or instances * (volume - 1) < stored
    assert domain(records + more)[3] >= cost
