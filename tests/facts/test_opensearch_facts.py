"""Facts about OpenSearch domains agree with cfn-lint's lists and with AWS's own examples."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import pairwise

import pytest

from streaming_constructs.facts import opensearch
from streaming_constructs.facts.opensearch import DomainAlarm

ALARMS = {**opensearch.DOMAIN_ALARMS, **opensearch.KEY_ALARMS, **opensearch.MASTER_ALARMS}


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"])
def test_instance_types_are_known(region: str) -> None:
    kept = (
        files("cfnlint.data.schemas.extensions.aws_opensearchservice_domain") / "clusterconfig_instancetype_enum.json"
    )
    assert set(opensearch.INSTANCE_TYPES) <= set(json.loads(kept.read_text())[region]["enum"])


def test_instances_lie_within_the_ranges() -> None:
    instances, volume = opensearch.INSTANCES, opensearch.VOLUME_GIB
    assert [name for name, one in instances.items() if not volume.minimum < one.volume_gib <= volume.maximum] == []
    assert [name for name, one in instances.items() if not one.source.startswith("https://docs.aws.amazon.com/")] == []
    assert [name for name, one in instances.items() if one.request_mib not in {10, 100}] == []


def test_greater_instances_of_a_family_have_more_of_everything() -> None:
    for family in ("t3", "m7g", "r7g"):
        sizes = [instance for name, instance in opensearch.INSTANCES.items() if name.startswith(family)]
        for less, more in pairwise(sizes):
            assert less.vcpus <= more.vcpus
            assert less.memory_gib < more.memory_gib
            assert less.volume_gib < more.volume_gib


def test_the_greatest_volume_is_some_instances() -> None:
    assert max(instance.volume_gib for instance in opensearch.INSTANCES.values()) == opensearch.VOLUME_GIB.maximum


def test_versions_are_newest_first_and_the_default_is_one() -> None:
    parts = [tuple(map(int, version.split("."))) for version in opensearch.VERSIONS]
    assert parts == sorted(parts, reverse=True)
    assert opensearch.DEFAULT_VERSION in opensearch.VERSIONS
    assert all(re.fullmatch(r"\d+\.\d+", version) for version in opensearch.VERSIONS)


def test_the_storage_factor_is_that_of_its_parts() -> None:
    parts = (1 + opensearch.INDEXING_OVERHEAD.value) / (1 - opensearch.LINUX_RESERVED.value)
    assert round(parts / (1 - opensearch.SERVICE_RESERVED.value), 2) == opensearch.STORAGE_FACTOR.value


def test_shards_of_logs_start_where_those_of_searches_end() -> None:
    assert opensearch.SEARCH_SHARD_GIB.maximum == opensearch.LOG_SHARD_GIB.minimum


def test_masters_are_an_odd_number_and_grow_with_the_domain() -> None:
    assert opensearch.MASTERS.value % 2
    sizes = opensearch.MASTER_SIZES
    for less, more in pairwise(sizes):
        assert more.memory_gib == 2 * less.memory_gib
        assert less.nodes <= more.nodes
        assert less.shards < more.shards


def test_alarms_are_about_domains_and_can_be_made() -> None:
    def can_be_made(alarm: DomainAlarm) -> bool:
        # CloudWatch evaluates at the most a day.
        return alarm.threshold > 0 and alarm.period_minutes * alarm.periods <= 24 * 60

    metrics = {name: (alarm.metric.namespace, alarm.metric.dimensions) for name, alarm in ALARMS.items()}
    assert metrics == dict.fromkeys(ALARMS, ("AWS/ES", ("DomainName", "ClientId")))
    assert [name for name, alarm in ALARMS.items() if not can_be_made(alarm)] == []
    assert [name for name, alarm in ALARMS.items() if not alarm.source.startswith("https://docs.aws.amazon.com/")] == []


def test_percentages_end_at_a_hundred() -> None:
    assert all(alarm.threshold < 100 for alarm in ALARMS.values() if alarm.metric.unit == "Percent")
    assert 0 < opensearch.FREE_STORAGE_SHARE.value < 1
