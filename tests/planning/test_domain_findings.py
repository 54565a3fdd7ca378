"""What a domain that keeps its data does not survive, what is kept for long, and indices that look alike."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs import PipelineSpec
from streaming_constructs.planning import plan
from streaming_constructs.planning.stores.opensearch import DomainPlan
from streaming_constructs.planning.stores.opensearch_cost_findings import month_usd


def planned(indices: tuple[str, ...] = ("logs",), policy: str = "retain", **store: Any) -> tuple[DomainPlan, Any]:
    deliveries = {
        f"d{number}": {"from": "events", "to": {"kind": "opensearch", "domain": "search", "index": index}}
        for number, index in enumerate(indices)
    }
    spec = {
        "name": "shop",
        "removal_policy": policy,
        "alarms": False,
        "streams": {"events": {"kind": "kinesis", "workload": {"records_per_second": 1024, "record_kb": 1}}},
        "deliveries": deliveries,
        "stores": {"search": {"kind": "opensearch", **store}},
    }
    system = plan(PipelineSpec.model_validate(spec))
    codes = ("OSD810", "OSD811", "OSD812")
    found = [(one.code, one.level, one.dotted_path) for one in system.findings if one.code in codes]
    return system.stores["search"], found


SUBNETS = {"subnet_ids": ["subnet-00000000000000001"], "security_group_ids": ["sg-00000000000000001"]}


@pytest.mark.parametrize(
    ("store", "fields"),
    [
        ({}, []),
        ({"replicas": 1, "zones": 2, "instances": 4}, []),
        ({"replicas": 0}, ["replicas"]),
        ({"instances": 1, "replicas": 0, "zones": 1}, ["replicas", "instances"]),
        ({"zones": 1}, ["zones"]),
        ({"instances": 5}, ["instances"]),
        ({"dedicated_masters": False}, ["dedicated_masters"]),
        ({"vpc": SUBNETS}, ["vpc"]),
    ],
)
def test_a_domain_that_is_kept_survives_a_node_and_a_zone(store: Any, fields: list[str]) -> None:
    assert planned(**store)[1] == [("OSD811", "warning", f"stores.search.{field}") for field in fields]
    assert planned(removal_policy="destroy", **store)[1] == []
    assert planned(**store, removal_policy="destroy")[1] == []


def test_price_is_that_of_nodes_masters_and_volumes() -> None:
    domain, _ = planned(retention_days=30, instances=3, instance_type="r7g.large.search", volume_gb=100)
    assert (domain.master_type, domain.masters) == ("m7g.large.search", 3)
    assert month_usd(domain) == pytest.approx(730 * (3 * 0.176 + 3 * 0.134) + 3 * 100 * 0.122)
    bare, _ = planned(policy="destroy", instances=1, instance_type="t3.small.search", volume_gb=10)
    assert month_usd(bare) == pytest.approx(730 * 0.036 + 10 * 0.122)


@pytest.mark.parametrize(
    ("store", "found"),
    [
        ({"retention_days": 365}, True),
        ({"retention_days": 3650}, True),
        ({"retention_days": 30}, False),
        ({"retention_days": 14}, False),
        # Sizes that were given do not follow from the retention.
        ({"retention_days": 365, "instances": 30, "instance_type": "r7g.4xlarge.search", "volume_gb": 3000}, False),
    ],
)
def test_what_is_kept_for_long_is_told_with_its_price(store: Any, found: bool) -> None:
    expected = [("OSD810", "warning", "stores.search.retention_days")] if found else []
    assert planned(**store)[1] == expected


@pytest.mark.parametrize(
    ("indices", "found"),
    [
        (("logs", "logs-2"), ["deliveries.d1.to.index"]),
        (("logs-2", "logs"), ["deliveries.d0.to.index"]),
        (("logs", "logs-2026"), ["deliveries.d1.to.index"]),
        (("a-2b", "a-2b-2c"), ["deliveries.d1.to.index"]),
        (("logs", "logs-v2", "logs-audit", "logs2", "other-2"), []),
    ],
)
def test_no_index_looks_like_that_of_a_year_of_another(indices: tuple[str, ...], found: list[str]) -> None:
    assert planned(indices)[1] == [("OSD812", "warning", path) for path in found]
