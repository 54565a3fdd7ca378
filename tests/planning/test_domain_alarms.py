"""The alarms of a domain."""

from __future__ import annotations

from typing import Any

from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.stores.opensearch import plan_domain
from streaming_constructs.planning.stores.opensearch_alarms import domain_alarms
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec


def alarms(removal_policy: Any = "retain", **spec: Any) -> dict[str, AlarmPlan]:
    return {one.kind: one for one in domain_alarms(plan_domain("search", OpenSearchDomainSpec(**spec), removal_policy))}


# As https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html lists them: statistic,
# comparison, threshold, seconds of a period, how many in a row.
ALWAYS = {
    "red": ("ClusterStatus.red", "Maximum", ">=", 1, 60, 1),
    "yellow": ("ClusterStatus.yellow", "Maximum", ">=", 1, 60, 5),
    "writes_blocked": ("ClusterIndexWritesBlocked", "Maximum", ">=", 1, 300, 1),
    "snapshot_failure": ("AutomatedSnapshotFailure", "Maximum", ">=", 1, 60, 1),
    "cpu": ("CPUUtilization", "Maximum", ">=", 80, 900, 3),
    "heap": ("JVMMemoryPressure", "Maximum", ">=", 95, 60, 3),
    "old_heap": ("OldGenJVMMemoryPressure", "Maximum", ">=", 80, 60, 3),
    "write_queue": ("ThreadpoolWriteQueue", "Average", ">=", 100, 60, 1),
    "search_queue": ("ThreadpoolSearchQueue", "Average", ">=", 500, 60, 1),
    "free_storage": ("FreeStorageSpace", "Minimum", "<=", 0.25 * 30 * 1024, 60, 1),
}
MASTERS = {
    "master_cpu": ("MasterCPUUtilization", "Maximum", ">=", 50, 900, 3),
    "master_heap": ("MasterJVMMemoryPressure", "Maximum", ">=", 95, 60, 3),
    "master_old_heap": ("MasterOldGenJVMMemoryPressure", "Maximum", ">=", 80, 60, 3),
    "master_unreachable": ("MasterReachableFromNode", "Maximum", "<", 1, 300, 1),
}
KEYS = {
    "key_error": ("KMSKeyError", "Maximum", ">=", 1, 60, 1),
    "key_inaccessible": ("KMSKeyInaccessible", "Maximum", ">=", 1, 60, 1),
}


def nodes(count: int) -> dict[str, tuple[Any, ...]]:
    return {"lost_nodes": ("Nodes", "Minimum", "<", count, 86_400, 1)}


def numbers(found: dict[str, AlarmPlan]) -> dict[str, tuple[Any, ...]]:
    return {
        kind: (
            one.metric.name,
            one.statistic or one.metric.statistic,
            ("<" if one.below else ">") + ("=" if one.inclusive else ""),
            one.threshold,
            one.period_seconds,
            one.periods,
        )
        for kind, one in found.items()
    }


def test_a_domain_that_is_kept_has_the_alarms_that_aws_recommends() -> None:
    assert numbers(alarms()) == ALWAYS | MASTERS | nodes(6)


def test_a_domain_without_masters_has_no_alarms_of_them() -> None:
    assert numbers(alarms("destroy")) == ALWAYS | nodes(1)


def test_a_key_of_its_own_is_watched() -> None:
    found = numbers(alarms("destroy", encryption=CustomerManagedKey()))
    assert found == ALWAYS | KEYS | nodes(1)


def test_free_storage_is_a_quarter_of_the_volume_in_mib() -> None:
    found = alarms(volume_gb=200)["free_storage"]
    assert (found.threshold, found.working) == (51_200, "25% of the 200 GiB of a node, in MiB")


def test_metrics_have_the_domain_and_the_account_as_dimensions() -> None:
    assert {one.metric.dimensions for one in alarms().values()} == {("DomainName", "ClientId")}


def test_every_alarm_says_where_its_threshold_comes_from() -> None:
    found = alarms()
    assert found["red"].working == "any, as AWS recommends"
    assert found["cpu"].working == "80 or more, as AWS recommends, 3 times in a row in 15 min"
    assert found["master_unreachable"].working == "below 1, as AWS recommends, in 5 min"
    assert found["yellow"].working == "any, as AWS recommends, 5 min in a row"
    assert found["red"].title == "The cluster of search is red: a shard and all its copies are missing"
