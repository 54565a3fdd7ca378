"""Systems at other loads: what they are and cost then, where they stop fitting, and which mode is cheaper."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs import PipelinePlan, PipelineSpec, plan
from streaming_constructs.planning.costs.system_costs import system_costs
from streaming_constructs.planning.loads.at_load import at_load, has_load, scaled
from streaming_constructs.planning.loads.factors import parse_factors
from streaming_constructs.planning.loads.report import loads_of, row_at
from streaming_constructs.planning.loads.stops import stops
from streaming_constructs.planning.loads.stream_modes import MODES, break_evens, created_streams, mode_usd
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import find_pattern, list_patterns

PATTERNS = [pattern.name for pattern in list_patterns()]
FUNCTION = {
    "kind": "lambda",
    "from": "clicks",
    "code": "handlers/none",
    "on_failure": {"retries": 1, "max_record_age_seconds": 60, "destination": "sqs"},
}


@cache
def pattern(name: str) -> PipelinePlan:
    return load_plan(find_pattern(name).spec_path)


def system(readers: int = 0, **stream: Any) -> PipelinePlan:
    spec = {
        "name": "shop",
        "streams": {"clicks": {"kind": "kinesis", **stream}},
        "consumers": {f"reader{number}": FUNCTION for number in range(readers)},
    }
    return plan(PipelineSpec.model_validate(spec))


def load(records: float, kb: float = 1, peak: float = 1) -> dict[str, float]:
    return {"records_per_second": records, "record_kb": kb, "peak_factor": peak}


@pytest.mark.parametrize("name", PATTERNS)
def test_at_its_own_load_a_system_is_what_was_planned(name: str) -> None:
    planned = pattern(name)
    again = at_load(planned, 1)
    assert (again.sections, again.alarms, again.spec) == (planned.sections, planned.alarms, planned.spec)
    assert system_costs(again).lines == system_costs(planned).lines


def test_every_workload_is_scaled_and_nothing_else() -> None:
    spec = pattern("flink-analytics").spec
    twice = scaled(spec, 2)
    workloads = [there.streams["clicks"].workload for there in (twice, spec)]
    assert [workload.records_per_second for workload in workloads if workload is not None] == [4000, 2000]
    assert scaled(twice, 0.5) == spec


def test_twice_a_load_that_fills_its_shards_needs_twice_as_many() -> None:
    planned = system(workload=load(2000, 0.5), headroom=1)
    assert [at_load(planned, factor).streams["clicks"].shards for factor in (0.5, 1, 1.5, 2, 10)] == [1, 2, 3, 4, 20]


@settings(max_examples=60)
@given(name=st.sampled_from(PATTERNS), factor=st.floats(0.01, 100), more=st.floats(1, 10))
def test_more_load_never_costs_less(name: str, factor: float, more: float) -> None:
    factor, more = round(factor, 3), round(more, 3)
    less, then = (system_costs(at_load(pattern(name), times)) for times in (factor, factor * more))
    assert then.usd >= less.usd - 1e-6
    assert then.usage_usd >= less.usage_usd - 1e-6


@given(
    records=st.floats(0.1, 1e5),
    kb=st.floats(0.05, 500),
    readers=st.integers(0, 3),
    mode=st.sampled_from(list(MODES)),
    factor=st.floats(0.01, 100),
)
def test_more_load_never_makes_a_mode_cheaper(
    records: float, kb: float, readers: int, mode: Any, factor: float
) -> None:
    (stream,) = created_streams(system(readers, workload=load(round(records, 2), round(kb, 3))))
    usd = [mode_usd(stream, mode, "us-east-1", round(times, 4)) for times in (factor, 2 * factor)]
    assert usd[0] <= usd[1] + 1e-6


def test_given_shards_stop_fitting_where_the_load_fills_them() -> None:
    (stop,) = [stop for stop in stops(system(shards=5, workload=load(1000, 1, 2))) if stop.code == "KIN407"]
    # 5,000 records/s and 2,000 at the peak.
    assert (stop.node, stop.level) == ("clicks", "warning")
    assert 2.5 < stop.factor < 2.5 * 1.005
    assert stop.note.startswith("5 shards; the peak needs 6")


def test_derived_shards_stop_at_the_quota_of_the_account_and_are_told_once() -> None:
    found = stops(system(workload=load(10_000), headroom=1))
    assert [(stop.code, stop.level) for stop in found] == [("KIN412", "warning")]
    assert found[0].factor == pytest.approx(100, rel=0.006)


def test_shards_of_several_streams_pass_the_quota_together_before_any_does() -> None:
    stream = {"kind": "kinesis", "workload": load(10_000), "headroom": 1}
    planned = plan(PipelineSpec.model_validate({"name": "shop", "streams": {"a": stream, "b": stream}}))
    together, *each = stops(planned)
    assert (together.node, together.what, together.code) == ("", "shards: more than the limit", "")
    assert together.factor == pytest.approx(50, rel=0.006)
    assert {(stop.node, stop.code) for stop in each} == {("a", "KIN412"), ("b", "KIN412")}


def test_serverless_kafka_stops_at_its_quota() -> None:
    first = stops(pattern("kafka-serverless"))[0]
    # 19.53125 MiB/s of 200.
    assert (first.code, first.level) == ("MSK470", "error")
    assert first.factor == pytest.approx(200 / 19.53125, rel=0.006)


def test_what_is_found_already_does_not_stop_anything() -> None:
    assert "KIN407" not in {stop.code for stop in stops(system(shards=1, workload=load(5000)))}


def test_a_stop_is_where_it_is_told_and_not_much_below() -> None:
    planned = pattern("flink-analytics")
    for stop in stops(planned):
        if stop.code:
            found, below = (
                {(finding.code, finding.level) for finding in at_load(planned, factor).findings}
                for factor in (stop.factor, stop.factor / 1.006)
            )
            assert (stop.code, stop.level) in found
            assert (stop.code, stop.level) not in below


def test_advantage_is_cheaper_above_ten_mib_a_second_for_one_reader() -> None:
    """As AWS says: https://aws.amazon.com/blogs/big-data/ of 2025-11."""
    evens = break_evens(system(1, mode="on_demand", workload=load(1024)), "us-east-1")
    (above,) = [even for even in evens if even.other == "advantage"]
    # The stream's hours, which Advantage has none of, are 29.20 USD: a tenth of a MiB/s.
    assert (above.is_above, above.now) == (True, "on_demand")
    assert above.mib_per_second == pytest.approx((25 * 0.048 - 0.04 * 1024 / 3600) / 0.12, rel=0.002)


def test_on_demand_is_cheaper_than_a_shard_for_next_to_nothing_never() -> None:
    """A stream hour costs more than a shard hour: little load is no reason for it."""
    assert [even.other for even in break_evens(system(workload=load(10)), "us-east-1")] == []


def test_a_peaky_load_is_cheaper_on_demand_above() -> None:
    evens = break_evens(system(workload=load(1000, 1, 50)), "us-east-1")
    (above,) = [even for even in evens if even.other == "on_demand"]
    (stream,) = created_streams(system(workload=load(1000, 1, 50)))
    assert above.is_above
    for factor, is_cheaper in ((above.factor * 1.05, True), (above.factor / 1.5, False)):
        usd = [mode_usd(stream, mode, "us-east-1", factor) for mode in ("on_demand", "provisioned")]
        assert (usd[0] < usd[1]) is is_cheaper


def test_streams_that_exist_or_have_no_load_have_no_break_even() -> None:
    arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
    assert break_evens(system(arn=arn, shards=2, workload=load(1000)), "eu-west-1") == []
    assert break_evens(system(shards=2), "eu-west-1") == []
    assert has_load(system(shards=2)) is False


def test_rows_are_in_order_and_have_the_load_of_the_spec_among_them() -> None:
    loads = loads_of(system(workload=load(1000)), [10, 0.5, 10])
    assert [row.factor for row in loads.rows] == [0.5, 1, 10]
    assert [row.sizes()["clicks", "shards"] for row in loads.rows] == [1, 2, 13]


def test_without_prices_sizes_are_told_alone() -> None:
    spec = PipelineSpec.model_validate(
        {"name": "shop", "region": "cn-north-1", "streams": {"clicks": {"kind": "kinesis", "workload": load(1000)}}}
    )
    loads = loads_of(plan(spec), [2])
    assert (loads.rows[1].costs, loads.break_evens) == (None, ())
    assert row_at(plan(spec), 2).sizes()["clicks", "shards"] == 3


def test_loads_are_read_as_people_write_them() -> None:
    assert parse_factors("0.5x, 2,10x") == [0.5, 2, 10]


@pytest.mark.parametrize(
    "text", ["", "0", "0x", "-1x", "x", "2xx", "nan", "1e3", "1001x", "2x,,3x", "\x1b[2J", "9" * 50]
)
def test_what_is_no_load_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no load: write times of that of the spec"):
        parse_factors(text)


def test_more_loads_than_can_stand_side_by_side_are_refused() -> None:
    with pytest.raises(ValueError, match="9 loads are too many"):
        parse_factors(",".join("2x" for _ in range(9)))
