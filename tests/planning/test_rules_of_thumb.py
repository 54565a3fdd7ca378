"""Sums that are often written down for streams, each beside what is worked out here, and why the two differ."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import load_of
from streaming_constructs.planning.costs import kinesis
from streaming_constructs.planning.costs import msk as msk_costs
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.costs.kinesis import Flow
from streaming_constructs.planning.streams.kafka import partitions_for, plan_topic
from streaming_constructs.planning.streams.kinesis import shards_for
from streaming_constructs.planning.workload import Load, peak_load
from streaming_constructs.spec import KafkaTopicSpec, MskClusterSpec, MskServerlessClusterSpec, Workload

HOURS = 720
"""A month of thirty days, in which the sums were written down."""


def usd(charges: Iterable[Charge]) -> float:
    return sum(charge.price.usd(charge.quantity) for charge in charges if charge.price is not None)


def load(mib: float, records: float = 200) -> Load:
    return peak_load(Workload(records_per_second=records, record_bytes=mib * 2**20 / records))


def flow(mib: float, kib: float) -> Flow:
    return Flow(mib * 1024 / kib, kib)


# --- shards


@pytest.mark.parametrize(
    ("write", "read", "consumers", "thumb", "shards"),
    [
        (5, 5, 2, 5, 5),  # exactly full: both agree
        (5, 10, 2, 10, 5),  # what is read was counted twice: 10 is 2 readers of 5 already
        (10, 10, 3, 15, 15),
        (0.1, 0.1, 1, 1, 1),
    ],
)
def test_shards_by_what_all_readers_read(write: float, read: float, consumers: int, thumb: int, shards: int) -> None:
    assert max(math.ceil(write), math.ceil(read * consumers / 2)) == thumb
    assert shards_for(load(write), consumers) == shards


def test_fan_out_readers_ask_for_no_shards() -> None:
    write, read = 5.0, 10.0
    assert max(math.ceil(write), math.ceil(read / 2)) * 1.3 == 6.5  # half a shard, which nobody can have
    assert shards_for(load(write), shared_readers=0, headroom=1.3) == 7


def test_small_records_fill_shards_by_their_number() -> None:
    assert max(math.ceil(1.0), math.ceil(1.0 / 2)) == 1  # by bytes alone
    assert shards_for(load(1.0, records=5000), 1) == 5  # 1,000 records/s a shard


def test_half_a_shard_is_a_whole_one() -> None:
    assert max(1.5, 4.0 / 2) == 2.0
    assert max(2.5, 4.0 / 2) == 2.5  # no shard is half
    assert shards_for(load(2.5), 1) == 3


def test_headroom_is_taken_before_rounding_up() -> None:
    assert math.ceil(math.ceil(4.1) * 1.3) == 7  # rounded up twice
    assert shards_for(load(4.1), 0, 1.3) == 6  # 1.3 x 4.1 = 5.33


# --- partitions and brokers


@pytest.mark.parametrize(("written", "expected"), [(100, 14), (200, 28)])
def test_partitions_by_producer_and_consumer_throughput(written: int, expected: int) -> None:
    producer, consumer = 10, 5
    assert max(written / producer, written / consumer) == written / 5  # and no room to spare
    # A partition carries 10 MiB/s by the guideline, whoever reads; 40 % are to be free.
    assert partitions_for(load(written), 1, MskClusterSpec(brokers=3, instance_type="kafka.m7g.large")) == expected


def test_partitions_of_a_serverless_cluster_follow_what_all_read() -> None:
    written, readers = 20, 3
    assert max(written / 5, written * readers / 10) == 6
    # By the same quotas, with 40 % free: 1.4 x 6 = 8.4.
    assert partitions_for(load(written), readers, MskServerlessClusterSpec()) == 9


def test_what_a_broker_stores_counts_each_replica() -> None:
    written, days, brokers, replicas = 10, 7, 3, 3
    unique = written * 86_400 * days / 1024
    spec: Any = {"workload": Workload(records_per_second=written * 1024, record_kb=1), "retention_days": days}
    cluster = MskClusterSpec(brokers=brokers, instance_type="kafka.m7g.large")
    topic = plan_topic("orders", KafkaTopicSpec(cluster="main", partitions=12, **spec), cluster)
    assert topic.replicas == replicas
    assert float(load_of((topic,)).stored_gib) == pytest.approx(replicas * unique)
    assert float(load_of((topic,)).stored_gib) / brokers == pytest.approx(unique)


def test_partitions_of_a_broker_are_those_of_its_type_and_not_4000() -> None:
    assert msk.STANDARD_BROKERS["kafka.m7g.large"].partitions == 1000


# --- dollars


def test_a_stream_of_5_mb_with_two_fan_out_readers() -> None:
    thumb = 10 * 730 * 0.015 + 5 * 1024 / 25 * 3600 * 730 * 0.014 / 1e6 + 2 * 10 * 730 * 0.015 + 26_280 * 0.015
    assert thumb == pytest.approx(730.23, abs=0.02)
    # Five shards carry it, and a GB that is read by fan-out is 0.013.
    made = usd(kinesis.provisioned(5, flow(5, 25), fan_out_readers=2))
    assert made == pytest.approx(5 * 730 * 0.015 * 3 + 7.54 + 2 * 5 * 3600 * 730 / 1024 * 0.013, abs=0.02)
    assert made < thumb


def test_a_stream_of_5_mb_on_demand_has_hours_and_other_prices() -> None:
    gib = 5 * 3600 * 730 / 1024
    thumb = gib * 0.04 + 2 * gib * 0.013
    made = usd(kinesis.on_demand(flow(5, 25), shared_readers=2))
    assert made == pytest.approx(730 * 0.04 + gib * 0.08 + 2 * gib * 0.04, abs=0.01)
    assert made > 2 * thumb


def test_a_stream_of_10_mb_with_three_fan_out_readers_pays_for_what_they_read() -> None:
    thumb = 10 * HOURS * 0.015 + 10_000 * 3600 * HOURS * 0.014 / 1e6 + 3 * 10 * HOURS * 0.015
    assert thumb == pytest.approx(794.88)
    of_a_kib = Flow(10_000, 1)
    made = usd(kinesis.provisioned(10, of_a_kib, fan_out_readers=3, hours=HOURS))
    assert made == pytest.approx(thumb + 3 * of_a_kib.gib(HOURS) * 0.013)


def test_on_demand_advantage_has_a_least() -> None:
    gib = 10 * 3600 * HOURS / 1024
    thumb = gib * 0.032 + 3 * gib * 0.016
    least = 25 * 3600 * HOURS / 1024
    assert usd(kinesis.advantage(gib, 3 * gib, hours=HOURS)) == pytest.approx(least * 0.032 + 3 * gib * 0.016)
    assert least * 0.032 + 3 * gib * 0.016 > 1.5 * thumb


@pytest.mark.parametrize(
    ("type_", "volume", "thumb", "expected"),
    [
        ("kafka.m5.xlarge", 1000, 3 * 0.42 * 730 + 300, 1219.80),  # right
        ("kafka.m5.large", 0, 200, 459.90),  # a guess, and less than half of it
    ],
)
def test_three_brokers(type_: str, volume: int, thumb: float, expected: float) -> None:
    made = usd(msk_costs.standard(type_, 3, volume))
    assert made == pytest.approx(expected)
    assert thumb <= made


@pytest.mark.parametrize(("partitions", "expected"), [(10, 558.45), (50, 602.25)])
def test_a_serverless_cluster_has_hours_and_partitions(partitions: int, expected: float) -> None:
    gib_in, gib_out, stored = 13_140.0, 26_280.0, 1000.0
    thumb = gib_in * 0.10 + gib_out * 0.05 + stored * 0.10
    made = usd(msk_costs.serverless(partitions, gib_in, gib_out, stored))
    assert thumb == pytest.approx(2728)
    assert made - thumb == pytest.approx(expected)  # 730 x (0.75 + partitions x 0.0015)


def test_two_shards() -> None:
    assert usd(kinesis.provisioned(2)) == pytest.approx(21.90)
