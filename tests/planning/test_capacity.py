"""How many shards a load needs: every limit holds with them, and one is broken with one less."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.planning import Reader, StreamPlan, plan_stream
from streaming_constructs.spec import KinesisStreamSpec, Workload
from tests.strategies import workloads

ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
EXAMPLES = settings(derandomize=True, database=None, max_examples=200)
loads = workloads.map(lambda data: Workload(**data))
readers = st.integers(0, 8)
headrooms = st.integers(100, 300).map(lambda number: number / 100)


def planned(workload: Workload, shared: int = 0, fan_out: int = 0, headroom: float = 1.0) -> StreamPlan:
    spec = KinesisStreamSpec(arn=None, workload=workload, max_record_kb=10_240, headroom=headroom)
    who = [Reader(f"s{i}") for i in range(shared)] + [Reader(f"f{i}", "enhanced_fan_out") for i in range(fan_out)]
    return plan_stream("clicks", spec, who)


def carries(shards: int, workload: Workload, shared: int, headroom: float) -> bool:
    """Whether a number of shards keeps within every limit of AWS: an independent, exact restatement."""
    records = Fraction(str(workload.records_per_second)) * Fraction(str(workload.peak_factor)) * Fraction(str(headroom))
    size = (
        Fraction(str(workload.record_kb)) if workload.record_bytes is None else Fraction(workload.record_bytes) / 1024
    )
    kib = records * size
    return records <= 1000 * shards and kib <= 1024 * shards and shared * kib <= 2048 * shards


@EXAMPLES
@given(loads, readers, headrooms)
def test_every_limit_holds_and_with_one_shard_less_one_is_broken(
    workload: Workload, shared: int, headroom: float
) -> None:
    shards = planned(workload, shared, headroom=headroom).shards
    assert isinstance(shards, int)
    assert carries(shards, workload, shared, headroom)
    assert shards == 1 or not carries(shards - 1, workload, shared, headroom)


@EXAMPLES
@given(loads, readers, headrooms, st.integers(1, 300))
def test_more_of_anything_never_needs_fewer_shards(
    workload: Workload, shared: int, headroom: float, percent: int
) -> None:
    shards = planned(workload, shared, headroom=headroom).shards or 0
    more = workload.model_copy(update={"records_per_second": workload.records_per_second * (1 + percent / 100)})
    assert (planned(more, shared, headroom=headroom).shards or 0) >= shards
    assert (planned(workload, shared + 1, headroom=headroom).shards or 0) >= shards
    assert (planned(workload, shared, headroom=headroom + 0.5).shards or 0) >= shards


@EXAMPLES
@given(loads, readers, st.integers(1, 20))
def test_fan_out_readers_cost_no_shards(workload: Workload, shared: int, fan_out: int) -> None:
    with_fan_out = planned(workload, shared, fan_out)
    assert with_fan_out.shards == planned(workload, shared).shards
    assert (with_fan_out.shared_readers, with_fan_out.fan_out_readers) == (shared, fan_out)


@EXAMPLES
@given(loads, readers, headrooms)
def test_the_last_line_of_the_working_ends_in_the_number(workload: Workload, shared: int, headroom: float) -> None:
    plan = planned(workload, shared, headroom=headroom)
    assert int(re.findall(r"[\d,]+", plan.working[-1])[-1].replace(",", "")) == plan.shards


@pytest.mark.parametrize(
    ("records", "kib", "peak", "shared", "headroom", "shards"),
    [
        # By hand: 5,000/s x 2 = 10,000 records/s and 9.77 MiB/s; records decide: 1.3 x 10 = 13.
        (5000, 1.0, 2.0, 1, 1.3, 13),
        # AWS's own formula: max(write KiB/s ÷ 1024, write KiB/s x readers ÷ 2048) = max(20, 30) for 3 readers of 20 MiB/s.
        (1024, 20.0, 1.0, 3, 1.0, 30),
        (1024, 20.0, 1.0, 2, 1.0, 20),
        (1024, 20.0, 1.0, 0, 1.0, 20),
        # Brim-full shards take no other one; 1.1 x 10 is 11 and not 11.000000000000002.
        (10_000, 0.1, 1.0, 1, 1.1, 11),
        (10_000, 0.1, 1.1, 1, 1.0, 11),
        (3000, 0.1, 1.1, 0, 1.0, 4),
        (100, 10.24, 1.0, 0, 1.0, 1),
        (700, 0.001, 3.0, 0, 1.1, 3),
        (0.01, 0.01, 1.0, 8, 1.0, 1),
        (1000, 1.024, 1.0, 2, 1.0, 1),
        (1000, 1.025, 1.0, 2, 1.0, 2),
    ],
)
def test_shards_worked_out_by_hand(
    records: float, kib: float, peak: float, shared: int, headroom: float, shards: int
) -> None:
    workload = Workload(records_per_second=records, record_kb=kib, peak_factor=peak)
    assert planned(workload, shared, headroom=headroom).shards == shards


def test_the_working_says_every_number() -> None:
    plan = planned(Workload(records_per_second=5000, record_kb=1.5, peak_factor=2), shared=3, headroom=1.3)
    assert plan.working == (
        "peak load: 5,000 records/s × 2 = 10,000 records/s",
        "peak load: 10,000 records/s × 1.5 KiB ÷ 1,024 = 14.648 MiB/s",
        "bytes written: 14.648 MiB/s ÷ 1 MiB/s a shard = 14.648",
        "records written: 10,000 records/s ÷ 1,000 records/s a shard = 10",
        "bytes read: 3 shared readers × 14.648 MiB/s ÷ 2 MiB/s a shard = 21.973",
        "headroom 1.3 × 21.973 = 28.564 → 29 shards",
    )
    assert (plan.shards, plan.needed_shards) == (29, 22)
    assert (plan.write_mib_per_second, plan.write_records_per_second) == (29, 29_000)


def test_bytes_are_counted_as_kb_of_1024() -> None:
    by_bytes = planned(Workload(records_per_second=1000, record_bytes=1536))
    assert by_bytes == replace(planned(Workload(records_per_second=1000, record_kb=1.5)), spec=by_bytes.spec)
    assert by_bytes.shards == 2
    # A shard takes a thousand records of 1,000 bytes, which are 0.95 MiB; and not quite as many of 1,049.
    assert planned(Workload(records_per_second=1000, record_bytes=1048)).shards == 1
    assert planned(Workload(records_per_second=1000, record_bytes=1049)).shards == 2


@pytest.mark.parametrize(
    ("given", "hours"),
    [({}, 24), ({"retention_hours": 48}, 48), ({"retention_days": 1}, 24), ({"retention_days": 365}, 8760)],
)
def test_retention_is_given_in_hours_or_days(given: dict[str, int], hours: int) -> None:
    plan = plan_stream("clicks", KinesisStreamSpec(arn=ARN, **given))
    assert (plan.retention_hours, plan.retention_is_known) == (hours, bool(given))
    assert plan_stream("clicks", KinesisStreamSpec(shards=1, **given)).retention_is_known


def test_given_shards_stay_and_what_is_needed_is_said_without_headroom() -> None:
    spec = KinesisStreamSpec(shards=3, workload=Workload(records_per_second=9999, record_kb=0.1))
    plan = plan_stream("clicks", spec)
    assert (plan.shards, plan.needed_shards) == (3, 10)
    assert (plan.write_mib_per_second, plan.write_records_per_second) == (3, 3000)
    assert plan.working[-1] == "3 shards, as given"


@pytest.mark.parametrize("workload", [None, Workload(records_per_second=2500, record_kb=1)])
def test_an_existing_stream_that_does_not_tell_its_shards_has_none(workload: Workload | None) -> None:
    plan = plan_stream("clicks", KinesisStreamSpec(arn=ARN, workload=workload))
    assert (plan.shards, plan.write_mib_per_second, plan.write_records_per_second) == (None, None, None)
    assert plan.needed_shards == (3 if workload else None)


@pytest.mark.parametrize(
    ("workload", "warm", "mib", "records"),
    [
        (None, None, 4, 4000),  # what a new stream takes
        (None, 3, 4, 4000),
        (None, 100, 100, 100_000),
        ((1024, 1.0), None, 4, 4000),  # twice 1 MiB/s is less than the start
        ((5120, 1.0), None, 10, 10_240),  # twice the peak of 5 MiB/s
        ((5120, 1.0), 25, 25, 25_000),
        ((6000, 0.1), None, 4, 12_000),  # many small records: twice the peak of records
    ],
)
def test_on_demand_takes_the_greatest_of_start_twice_the_peak_and_warm(
    workload: tuple[float, float] | None, warm: int | None, mib: float, records: float
) -> None:
    load = Workload(records_per_second=workload[0], record_kb=workload[1]) if workload else None
    spec = KinesisStreamSpec(workload=load, mode="on_demand", warm_throughput_mb_per_second=warm)
    plan = plan_stream("clicks", spec)
    assert plan.shards is None
    assert (plan.write_mib_per_second, plan.write_records_per_second) == (mib, records)
    assert plan.working[-1].endswith(f"→ {mib:,} MiB/s, {records:,} records/s")


def test_large_numbers_are_written_out() -> None:
    plan = plan_stream("clicks", KinesisStreamSpec(mode="on_demand", warm_throughput_mb_per_second=10_240))
    (line,) = plan.working
    assert line == (
        "on demand takes the greatest of 4 MiB/s at the start, warm throughput 10,240 MiB/s → "
        "10,240 MiB/s, 10,240,000 records/s"
    )
