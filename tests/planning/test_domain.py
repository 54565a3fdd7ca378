"""The size of a domain, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, plan_delivery
from streaming_constructs.planning.stores.opensearch import (
    DomainPlan,
    domain_findings,
    plan_domain,
)
from streaming_constructs.planning.stores.opensearch_index import index_findings, index_name, primary_shards
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec
from streaming_constructs.spec.vpc import VpcPlacement
from streaming_constructs.spec.workload import Workload

DAY_GIB = 1_048_576 / 86_400
"""Records of 1 KiB a second that make 1 GiB a day."""


def delivery(gib_a_day: float | None = None, name: str = "logs", **to: Any) -> DeliveryPlan:
    workload = Workload(records_per_second=gib_a_day * 1024, record_kb=1024 / 86_400) if gib_a_day else None
    return plan_delivery(name, DeliverySpec(workload=workload, to=OpenSearchDestination(**{"domain": "search", **to})))


def planned(*deliveries: DeliveryPlan, removal_policy: Any = "retain", **spec: Any) -> DomainPlan:
    return plan_domain("search", OpenSearchDomainSpec(**spec), removal_policy, deliveries)


def found(plan: DomainPlan) -> list[tuple[str, str, str, str]]:
    return [(one.code, one.level, one.dotted_path, one.note) for one in domain_findings(plan)]


def size(plan: DomainPlan) -> tuple[int, str, int]:
    return plan.instances, plan.instance_type, plan.volume_gb


@pytest.mark.parametrize(
    ("rotation", "days"), [("hourly", 14 + 1 / 24), ("daily", 15), ("weekly", 21), ("monthly", 45), ("none", 14)]
)
def test_an_index_is_kept_for_the_retention_and_the_time_that_it_is_written_to(rotation: str, days: float) -> None:
    plan = planned(delivery(10, index_rotation=rotation), replicas=0)
    assert plan.stored_gib == pytest.approx(10 * days * 1.45)


def test_storage_is_data_times_copies_times_the_overhead_of_aws() -> None:
    plan = planned(delivery(10), retention_days=29, replicas=1)
    assert (plan.daily_gib, plan.stored_gib) == (pytest.approx(10), pytest.approx(10 * 30 * 2 * 1.45))
    assert plan.working == (
        "logs: 10 GiB a day x (29 + 1 days until its index goes) = 300 GiB",
        "logs: 1 primary shard an index, of 30 GiB at most",
        "storage: 300 GiB x 2 copies x 1.45 = 870 GiB",
        "shards: 60 kept, 2 written to, which take 3 vCPU",
        "data nodes: 3 x m7g.large.search in 3 zones, the smallest that carry it",
        "volumes: 3 x 290 GiB = 870 GiB for 870 GiB",
    )


def test_deliveries_add_up_each_with_its_own_rotation() -> None:
    plan = planned(delivery(1, "a"), delivery(2, "b", index_rotation="weekly"), replicas=0)
    assert plan.daily_gib == pytest.approx(3)
    assert plan.stored_gib == pytest.approx((1 * 15 + 2 * 21) * 1.45)
    assert plan.shards == {"a": 1, "b": 1}


def test_average_counts_and_not_the_peak() -> None:
    spec = DeliverySpec(
        workload=Workload(records_per_second=1024, record_kb=1, peak_factor=10),
        to=OpenSearchDestination(domain="search"),
    )
    plan = plan_domain("search", OpenSearchDomainSpec(), "retain", [plan_delivery("logs", spec)])
    assert plan.daily_gib == pytest.approx(86_400 / 1024)


@pytest.mark.parametrize(
    ("gib_a_day", "rotation", "shards"),
    [(1, "daily", 1), (27, "daily", 1), (28, "daily", 2), (28, "weekly", 8), (28, "hourly", 1), (None, "daily", 1)],
)
def test_shards_of_an_index_are_of_30_gib_at_most(gib_a_day: float | None, rotation: str, shards: int) -> None:
    assert primary_shards(delivery(gib_a_day, index_rotation=rotation)) == shards


def test_a_disposable_domain_is_one_small_burstable_node() -> None:
    plan = planned(delivery(1), removal_policy="destroy")
    assert size(plan) == (1, "t3.small.search", 22)
    assert (plan.zones, plan.replicas, plan.masters, plan.master_type) == (1, 0, 0, None)
    assert found(plan) == []


@pytest.mark.parametrize(
    ("gib_a_day", "expected"),
    [(4, (1, "t3.small.search", 87)), (9, (1, "t3.medium.search", 196)), (20, (1, "m7g.large.search", 435))],
)
def test_a_disposable_domain_grows_with_what_is_kept(gib_a_day: float, expected: tuple[int, str, int]) -> None:
    assert size(planned(delivery(gib_a_day), removal_policy="destroy")) == expected


def test_a_domain_that_is_kept_has_three_zones_a_copy_and_three_masters() -> None:
    plan = planned(delivery(10))
    assert size(plan) == (3, "m7g.large.search", 145)
    assert (plan.zones, plan.replicas, plan.masters, plan.master_type) == (3, 1, 3, "m7g.large.search")


def test_more_data_takes_memory_and_processors_in_multiples_of_the_zones() -> None:
    plan = planned(delivery(1000))
    # 1000 x 15 x 2 x 1.45 = 43,500 GiB; 37 shards x 2 copies x 1.5 = 111 vCPU
    assert size(plan) == (9, "m7g.4xlarge.search", 4834)
    assert found(plan) == []


def test_many_small_indices_take_heap() -> None:
    plan = planned(delivery(1, index_rotation="hourly"), retention_days=60, removal_policy="destroy")
    # 60 x 24 + 1 shards; 25 a GiB of heap, which is half of the memory: 115.28 GiB
    assert size(plan) == (2, "r7g.2xlarge.search", 44)


def test_beyond_ten_nodes_they_are_as_few_as_can_be() -> None:
    plan = planned(delivery(2000))
    # 87,000 GiB; 74 shards x 2 copies x 1.5 = 222 vCPU: 14 nodes of 16
    assert size(plan) == (15, "m7g.4xlarge.search", 5800)


def test_requests_have_to_be_smaller_than_the_type_takes() -> None:
    assert planned(delivery(1, buffer_mb=9)).instance_type == "m7g.large.search"
    assert planned(delivery(1, buffer_mb=10)).instance_type == "r7g.large.search"


def test_masters_grow_with_the_shards_that_they_manage() -> None:
    small, large = planned(delivery(10)), planned(delivery(20_000, index_rotation="daily"))
    assert (small.master_type, large.master_type) == ("m7g.large.search", "r7g.xlarge.search")


@pytest.mark.parametrize("deliveries", [(), (delivery(),), (delivery(1, "a"), delivery(None, "b"))])
def test_what_is_not_known_is_planned_as_the_least_and_says_so(deliveries: tuple[DeliveryPlan, ...]) -> None:
    plan = planned(*deliveries)
    assert size(plan) == (3, "m7g.large.search", 30)
    assert (plan.daily_gib, plan.stored_gib) == (None, None)
    assert plan.working[0] == "what is delivered is not known: the least is planned"


def test_given_sizes_are_kept() -> None:
    given = {"instance_type": "r7g.xlarge.search", "instances": 6, "volume_gb": 500, "replicas": 2, "zones": 2}
    plan = planned(delivery(1), dedicated_masters=False, **given)
    assert (*size(plan), plan.replicas, plan.zones) == (6, "r7g.xlarge.search", 500, 2, 2)
    assert (plan.masters, found(plan)) == (0, [])


def test_a_given_type_gets_as_many_nodes_as_it_takes() -> None:
    plan = planned(delivery(100), instance_type="m7g.large.search")
    # 100 x 15 x 2 x 1.45 = 4350 GiB; 4 shards x 2 x 1.5 = 12 vCPU
    assert size(plan) == (6, "m7g.large.search", 725)


def test_zones_follow_the_subnets() -> None:
    subnets = ("subnet-01234567", "subnet-01234568")
    plan = planned(vpc=VpcPlacement(subnet_ids=subnets, security_group_ids=("sg-01234567",)))
    assert (plan.zones, plan.instances, found(plan)) == (2, 4, [])


@pytest.mark.parametrize(("instances", "zones"), [(2, 2), (3, 3), (4, 2), (5, 1), (6, 3), (7, 1)])
def test_zones_are_as_many_as_divide_the_nodes(instances: int, zones: int) -> None:
    plan = planned(instances=instances)
    assert (plan.instances, plan.zones, found(plan)) == (instances, zones, [])


IN_THREE = VpcPlacement(
    subnet_ids=("subnet-01234567", "subnet-01234568", "subnet-01234569"), security_group_ids=("sg-01234567",)
)


@pytest.mark.parametrize(
    ("spec", "finding"),
    [
        (
            {"instances": 1, "zones": 1},
            ("OSD802", "error", "instances", "1 copies beside the first; 1 nodes have room for 0"),
        ),
        ({"instances": 4, "vpc": IN_THREE}, ("OSD803", "error", "instances", "4 nodes, 3 zones")),
        (
            {"instance_type": "m7g.large.search", "volume_gb": 769},
            ("OSD804", "error", "volume_gb", "769 GiB; m7g.large.search takes 768 GiB"),
        ),
        (
            {"instance_type": "t3.medium.search"},
            (
                "OSD808",
                "warning",
                "instance_type",
                "t3.medium.search is for trials; steady indexing uses up its credits",
            ),
        ),
    ],
)
def test_what_does_not_go_together_is_found(spec: dict[str, Any], finding: tuple[str, ...]) -> None:
    assert found(planned(**spec)) == [finding]


@pytest.mark.parametrize(
    ("spec", "path", "note"),
    [
        ({"volume_gb": 100}, "volume_gb", "4,350 GiB are kept, and 6 x 100 GiB are 600 GiB"),
        (
            {"instances": 3, "instance_type": "m7g.large.search"},
            "instances",
            "4,350 GiB are kept, and 3 x 768 GiB are 2,304 GiB; what is written to takes 12 vCPU, and there are 6",
        ),
    ],
)
def test_a_given_size_that_is_too_small_is_a_warning_with_the_numbers(
    spec: dict[str, Any], path: str, note: str
) -> None:
    plan = planned(delivery(100), **({"instances": 6, "instance_type": "r7g.xlarge.search"} | spec))
    assert found(plan) == [("OSD806", "warning", path, note)]


def test_requests_that_a_given_type_refuses_are_found() -> None:
    plan = planned(delivery(1, buffer_mb=100), instance_type="m7g.xlarge.search")
    note = "a request of 100 MiB arrives, and m7g.xlarge.search takes less than 100 MiB"
    assert found(plan) == [("OSD806", "warning", "instance_type", note)]


def test_burstable_nodes_are_ten_at_most() -> None:
    plan = planned(removal_policy="destroy", instance_type="t3.small.search", instances=11)
    assert found(plan) == [("OSD806", "warning", "instances", "a domain of t3.small.search has 10 nodes at most")]


def test_more_than_a_domain_can_hold_is_found_although_nothing_was_given() -> None:
    plan = planned(delivery(20_000))
    assert size(plan)[:2] == (78, "r7g.4xlarge.search")
    assert [one[:3] for one in found(plan)] == [("OSD806", "warning", "")]


def test_retention_deletes_nothing_without_rotation() -> None:
    plan = planned(delivery(1, "kept", index_rotation="none"), delivery(1, "rotated"))
    assert [
        (one.code, one.level, one.dotted_path) for one in index_findings(plan.spec.retention_days, plan.deliveries)
    ] == [("OSD801", "error", "deliveries.kept.to.index_rotation")]


def test_an_index_belongs_to_one_delivery() -> None:
    plan = planned(delivery(1, "a", index="events"), delivery(1, "events"), delivery(1, "c"))
    (finding,) = index_findings(plan.spec.retention_days, plan.deliveries)
    assert (finding.code, finding.level, finding.dotted_path) == ("OSD809", "error", "deliveries.events.to.index")
    assert finding.note.startswith("`events` is that of `a`")


def test_index_is_named_after_the_delivery_in_small_letters() -> None:
    assert (index_name(delivery(name="Search")), index_name(delivery(index="events"))) == ("search", "events")
