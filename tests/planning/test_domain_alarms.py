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


ALWAYS = {
    "red": ("ClusterStatus.red", 0, 1, False),
    "yellow": ("ClusterStatus.yellow", 0, 5, False),
    "writes_blocked": ("ClusterIndexWritesBlocked", 0, 5, False),
    "snapshot_failure": ("AutomatedSnapshotFailure", 0, 1, False),
    "cpu": ("CPUUtilization", 80, 45, False),
    "heap": ("JVMMemoryPressure", 95, 3, False),
    "old_heap": ("OldGenJVMMemoryPressure", 80, 3, False),
    "write_queue": ("ThreadpoolWriteQueue", 100, 1, False),
    "search_queue": ("ThreadpoolSearchQueue", 500, 1, False),
    "free_storage": ("FreeStorageSpace", 0.25 * 30 * 1024, 1, True),
}
MASTERS = {
    "master_cpu": ("MasterCPUUtilization", 50, 45, False),
    "master_heap": ("MasterJVMMemoryPressure", 95, 3, False),
    "master_old_heap": ("MasterOldGenJVMMemoryPressure", 80, 3, False),
    "master_unreachable": ("MasterReachableFromNode", 1, 5, True),
}
KEYS = {"key_error": ("KMSKeyError", 0, 1, False), "key_inaccessible": ("KMSKeyInaccessible", 0, 1, False)}


def numbers(found: dict[str, AlarmPlan]) -> dict[str, tuple[Any, ...]]:
    return {kind: (one.metric.name, one.threshold, one.minutes, one.below) for kind, one in found.items()}


def test_a_domain_that_is_kept_has_the_alarms_that_aws_recommends() -> None:
    assert numbers(alarms()) == ALWAYS | MASTERS | {"lost_nodes": ("Nodes", 6, 1440, True)}


def test_a_domain_without_masters_has_no_alarms_of_them() -> None:
    assert numbers(alarms("destroy")) == ALWAYS | {"lost_nodes": ("Nodes", 1, 1440, True)}


def test_a_key_of_its_own_is_watched() -> None:
    found = numbers(alarms("destroy", encryption=CustomerManagedKey()))
    assert found == ALWAYS | KEYS | {"lost_nodes": ("Nodes", 1, 1440, True)}


def test_free_storage_is_a_quarter_of_the_volume_in_mib() -> None:
    found = alarms(volume_gb=200)["free_storage"]
    assert (found.threshold, found.working) == (51_200, "25% of the 200 GiB of a node, in MiB")


def test_metrics_have_the_domain_and_the_account_as_dimensions() -> None:
    assert {one.metric.dimensions for one in alarms().values()} == {("DomainName", "ClientId")}


def test_every_alarm_says_where_its_threshold_comes_from() -> None:
    found = alarms()
    assert found["red"].working == "any, as AWS recommends"
    assert found["cpu"].working == "80, as AWS recommends, 45 min in a row"
    assert found["master_unreachable"].working == "below 1, as AWS recommends, 5 min in a row"
    assert found["red"].title == "The cluster of search is red: a shard and all its copies are missing"
