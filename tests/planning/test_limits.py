"""How near systems are to limits of AWS, what keys they need, and what larger records save."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs import PipelinePlan, PipelineSpec, plan
from streaming_constructs.planning.limits.advice import Advice, advice
from streaming_constructs.planning.limits.limit import Limit
from streaming_constructs.planning.limits.limits import MODULES, system_limits
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import find_pattern, list_patterns

LOAD = {"records_per_second": 1000, "record_kb": 2, "peak_factor": 2}
FUNCTION = {
    "kind": "lambda",
    "from": "clicks",
    "code": "handlers/fraud",
    "on_failure": {"retries": 1, "max_record_age_seconds": 60, "destination": "sqs"},
}


def system(stream: dict[str, Any], consumers: int = 1, **more: Any) -> PipelinePlan:
    readers = {f"reader{number}": FUNCTION for number in range(consumers)}
    spec = {"name": "shop", "streams": {"clicks": {"kind": "kinesis", **stream}}, "consumers": readers, **more}
    return plan(PipelineSpec.model_validate(spec))


def told(planned: PipelinePlan) -> dict[tuple[str, str], tuple[Any, Any, bool]]:
    return {(limit.node, limit.what): (limit.used, limit.most, limit.grows) for limit in system_limits(planned)}


def advised(planned: PipelinePlan, region: str | None = "us-east-1") -> Advice:
    return advice(planned, region)


def test_limits_of_shards_are_those_of_all_of_them_at_the_peak() -> None:
    found = told(system({"shards": 8, "workload": LOAD}, consumers=2))
    assert found == {
        ("clicks", "bytes written"): (3.90625, 8, False),
        ("clicks", "records written"): (2000, 8000, False),
        ("clicks", "bytes read"): (7.8125, 16, False),
        ("clicks", "reads of a shard"): (2, 5, False),
        ("", "shards"): (8, 1000, False),
        ("", "concurrent executions"): (16, 1000, False),
    }


def test_derived_shards_grow_with_the_load_and_given_ones_do_not() -> None:
    assert told(system({"workload": LOAD}))["clicks", "bytes written"] == (3.90625, 6, True)


@pytest.mark.parametrize(
    ("region", "shards", "mib"), [("us-east-1", 20_000, 10_240), ("eu-central-1", 1000, 200), (None, 1000, 200)]
)
def test_quotas_are_those_of_the_region(region: str | None, shards: int, mib: int) -> None:
    more: dict[str, Any] = {"region": region} if region else {}
    assert told(system({"shards": 2, "workload": LOAD}, **more))["", "shards"][1] == shards
    assert told(system({"mode": "on_demand", "workload": LOAD}, **more))["clicks", "bytes written"][1] == mib


def test_a_direct_put_has_the_quota_of_its_region() -> None:
    delivery = {"from": "direct_put", "workload": LOAD, "to": {"kind": "s3", "format": "json"}}
    spec = {"name": "shop", "region": "eu-west-1", "deliveries": {"raw": delivery}}
    found = told(plan(PipelineSpec.model_validate(spec)))
    assert found == {("raw", "bytes put"): (3.90625, 5, False), ("raw", "records put"): (2000, 500_000, False)}


def test_brokers_topics_and_deliveries_are_told_with_what_they_carry() -> None:
    found = told(load_plan(find_pattern("kafka-tiered-storage").spec_path))
    assert found["main", "bytes written with replicas"] == (pytest.approx(123.046875), 3 * 78.75, True)
    assert found["main", "bytes sent"] == (pytest.approx(160.15625), pytest.approx(3 * 117.1), True)
    assert found["main", "partitions with replicas"] == (21, 3000, True)
    assert found["main", "kept on volumes"] == (pytest.approx(2521.362, abs=0.001), 3 * 1177, True)
    assert found["main", "brokers"] == (3, 60, False)
    assert found["readings", "bytes written"] == (39.0625, 60, True)
    assert found["lake", "bytes read"] == (39.0625, 60, True)


def test_serverless_clusters_and_applications_have_their_quotas() -> None:
    serverless = told(load_plan(find_pattern("kafka-serverless").spec_path))
    assert serverless["main", "bytes written"] == (19.53125, 200, False)
    assert serverless["orders", "bytes read"] == (19.53125, 60, True)
    assert told(load_plan(find_pattern("flink-analytics").spec_path))["clickstream", "KPUs"] == (1, 64, False)


def test_a_table_has_its_capacity_and_the_quota_of_tables() -> None:
    table = {
        "kind": "dynamodb",
        "partition_key": "id",
        "workload": LOAD,
        "billing": "provisioned",
        "read_capacity": {"minimum": 1, "maximum": 1},
    }
    found = told(system({"shards": 8}, consumers=0, stores={"scores": table}))
    assert found["scores", "write units"] == (4000, 40_000, False)
    used, most, grows = found["scores", "write capacity"]
    assert (used, grows) == (4000, True)
    assert most >= 4000 / 0.7


def test_the_nearest_stands_first_and_room_is_how_much_more_load_fits() -> None:
    limits = system_limits(system({"shards": 4, "workload": LOAD}))
    assert [limit.share for limit in limits] == sorted((limit.share for limit in limits), reverse=True)
    assert (limits[0].what, limits[0].share, limits[0].room) == ("bytes written", 3.90625 / 4, 4 / 3.90625)
    (reads,) = (limit for limit in limits if limit.what == "reads of a shard")
    assert (reads.room, reads.by_load) == (None, False)


def test_every_limit_has_a_page_of_aws() -> None:
    limits: list[Limit] = [
        limit for pattern in list_patterns() for limit in system_limits(load_plan(pattern.spec_path))
    ]
    assert {limit.source.split("/")[2] for limit in limits} <= {"docs.aws.amazon.com", "aws.amazon.com"}
    assert all(limit.most > 0 and limit.used >= 0 for limit in limits)


def test_limits_are_loaded_for_the_kinds_that_there_are() -> None:
    from streaming_constructs.kinds import KINDS

    assert set(MODULES) <= {row.module for row in KINDS}


def test_keys_are_ten_a_shard_and_none_has_more_than_a_shard_takes() -> None:
    (keys,) = advised(system({"shards": 8, "workload": LOAD, "partition_key": "user_id"})).keys
    assert (keys.keys, keys.field) == (80, "user_id")
    assert keys.share == pytest.approx(1 / 3.90625)
    assert keys.command == "streaming-constructs keys EVENTS --field user_id --shards 8"
    (topic,) = advised(load_plan(find_pattern("kafka-serverless").spec_path)).keys
    assert (topic.noun, topic.keys) == ("partition", 60)
    assert topic.share == pytest.approx(5 / 19.53125)


def test_one_shard_and_a_stream_without_keys_need_no_guidance() -> None:
    assert advised(system({"shards": 1})).keys == ()
    spread = {"mode": "on_demand", "record_distribution": "auto", "workload": LOAD}
    assert advised(system(spread)).keys == ()


def test_a_light_load_may_have_one_key() -> None:
    (keys,) = advised(system({"shards": 2, "workload": {"records_per_second": 10, "record_kb": 1}})).keys
    assert keys.share == 1


def test_small_records_are_told_with_shards_and_dollars_before_and_after() -> None:
    planned = system({"workload": {"records_per_second": 5000, "record_bytes": 205}}, consumers=0)
    (saved,) = advised(planned).small_records
    # Before: ceil(1.3 × 5,000 ÷ 1,000) shards, and a unit of 25 KiB for each record. After: ceil(1.3 × 0.978 MiB/s).
    assert (saved.records, saved.shards, saved.shards_then) == (124, 7, 2)
    assert saved.usd == pytest.approx(7 * 730 * 0.015 + 5000 * 2_628_000 * 0.014 / 1e6)
    assert saved.usd_then == pytest.approx(2 * 730 * 0.015 + 5000 / 124 * 2_628_000 * 0.014 / 1e6)


def test_on_demand_a_small_record_is_paid_for_as_a_kib() -> None:
    workload = {"records_per_second": 5000, "record_bytes": 256}
    (saved,) = advised(system({"mode": "on_demand", "workload": workload}, consumers=0)).small_records
    assert (saved.shards, saved.shards_then, saved.records) == (None, None, 100)
    stream_hours = 730 * 0.04
    assert (saved.usd - stream_hours) == pytest.approx(4 * (saved.usd_then - stream_hours))


def test_given_shards_do_not_become_more() -> None:
    workload = {"records_per_second": 20_000, "record_kb": 1}
    (saved,) = advised(system({"shards": 5, "workload": workload}, consumers=0)).small_records
    assert (saved.shards, saved.shards_then) == (5, 5)


@pytest.mark.parametrize(
    "stream",
    [
        {"workload": {"records_per_second": 1000, "record_kb": 30}},
        {"workload": {"records_per_second": 1, "record_kb": 1}},
        {"shards": 2},
    ],
)
def test_what_saves_little_is_not_told(stream: dict[str, Any]) -> None:
    assert advised(system(stream, consumers=0)).small_records == ()


def test_without_prices_nothing_is_saved() -> None:
    assert advised(system({"workload": LOAD}), None).small_records == ()


@given(records=st.integers(1, 100_000), size=st.floats(0.05, 100), factor=st.floats(1, 20))
def test_putting_records_together_never_costs_more(records: int, size: float, factor: float) -> None:
    workload = {"records_per_second": records, "record_kb": round(size, 2), "peak_factor": round(factor, 2)}
    for saved in advised(system({"workload": workload}, consumers=0)).small_records:
        assert saved.usd_then < saved.usd
        assert saved.shards is not None
        assert saved.shards_then is not None
        assert saved.shards_then <= saved.shards
