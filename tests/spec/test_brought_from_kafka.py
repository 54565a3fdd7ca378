"""What users of Kafka write: each is answered with what the language says for it, in one round."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import document_of, edited

TOPIC = {"kind": "kafka", "cluster": "main", "partitions": 6}


def told(spec: Any) -> list[Finding]:
    """What is wrong with a system, or likely to be."""
    _, findings = plan_document(document_of(json.dumps(spec).encode(), "shop.yaml"))
    return [finding for finding in findings if finding.level != "note"]


def mended(spec: Any) -> Any:
    """The system after one round of what is told, of which nothing is left to tell."""
    result = edited(spec, [edit for finding in told(spec) for edit in finding.edits])
    assert told(result) == []
    return result


def system(cluster: dict[str, Any] | None = None, **topic: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "alarms": False,
        "clusters": {"main": {"kind": "msk", **(cluster or {})}},
        "streams": {"orders": {**TOPIC, **topic}},
    }


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ({"kafka_version": 3.9}, "3.9.x.kraft"),
        ({"kafka_version": 3.8}, "3.8.x.kraft"),
        ({"kafka_version": 4}, "4.0.x.kraft"),
        ({"kafka_version": 3.10}, "3.9.x.kraft"),
        ({"kafka_version": "3.9.1"}, "3.9.x.kraft"),
        ({"version": "3.8"}, "3.8.x.kraft"),
        ({"version": 3.9}, "3.9.x.kraft"),
        ({"version": "4.1.x.kraft"}, "4.1.x.kraft"),
        ({"kind": "msk_express", "kafka_version": 4.2}, "4.2.x.kraft"),
        ({"kind": "msk_express", "version": 4.0}, "3.9.x.kraft"),
    ],
)
def test_a_version_is_one_that_is_offered_at_once(cluster: dict[str, Any], expected: str) -> None:
    assert mended(system(cluster))["clusters"]["main"]["kafka_version"] == expected


def test_a_serverless_cluster_has_no_version_to_say() -> None:
    assert mended(system({"kind": "msk_serverless", "version": 3.9}))["clusters"]["main"] == {"kind": "msk_serverless"}


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        ({"orders": {"cluster": "main", "partitions": 6}}, {"orders": TOPIC}),
        ({"orders": {"partitions": 6}}, {"orders": TOPIC}),
        ([{"name": "orders", "partitions": 6}], {"orders": TOPIC}),
        ({"shop.orders": {"partitions": 6}}, {"shop-orders": {**TOPIC, "topic": "shop.orders"}}),
    ],
)
def test_topics_of_a_file_with_clusters_are_streams(topics: Any, expected: Any) -> None:
    spec = {**system(), "streams": {"paid": TOPIC}, "topics": topics}
    assert mended(spec)["streams"] == {"paid": TOPIC, **expected}


def test_topics_that_people_subscribe_to_are_those_of_sns() -> None:
    topics = {"alerts": {"kind": "sns", "subscribers": ["a@example.com"]}}
    assert mended({**system(), "topics": topics})["sns_topics"] == topics


def test_topics_that_look_like_kafka_are_streams_without_clusters_too() -> None:
    made = mended({"name": "shop", "alarms": False, "topics": {"orders": {"cluster": "events", "partitions": 6}}})
    assert made["streams"] == {"orders": {**TOPIC, "cluster": "events"}}
    assert made["clusters"] == {"events": {"kind": "msk"}}


def test_a_cluster_that_is_not_there_is_no_end_of_what_is_told() -> None:
    findings = told({**system(), "topics": {"paid": {"cluster": "other", "partitions": 6}}})
    assert {finding.code for finding in findings} == {"LNG201", "GRF301"}


TIERED = {"storage_mode": "tiered"}


@pytest.mark.parametrize("field", ["config", "topic_config", "properties", "configs"])
@pytest.mark.parametrize(
    ("configs", "expected"),
    [
        ({"cleanup.policy": "compact,delete"}, {"cleanup_policy": "compact,delete"}),
        ({"retention.ms": 604_800_000}, {"retention_hours": 168}),
        ({"retention.ms": "604800000"}, {"retention_hours": 168}),
        (
            {"retention.ms": 86_400_000, "segment.ms": 600_000},
            {"retention_hours": 24, "configs": {"segment.ms": 600_000}},
        ),
        ({"max.message.bytes": 2_097_152}, {"max_message_kb": 2048}),
        ({"min.insync.replicas": "2"}, {"min_insync_replicas": 2}),
        ({"compression.type": "zstd"}, {"compression": "zstd"}),
        ({"remote.storage.enable": True}, {"local_retention_days": 1}),
        ({"remote.storage.enable": "true", "local.retention.ms": 7_200_000}, {"local_retention_hours": 2}),
        ({"remote.storage.enable": False, "segment.ms": 600_000}, {"configs": {"segment.ms": 600_000}}),
        (
            {"retention.ms": -1, "remote.storage.enable": True},
            {"retention_days": "unlimited", "local_retention_days": 1},
        ),
    ],
)
def test_configurations_become_the_fields_that_say_them(field: str, configs: Any, expected: Any) -> None:
    made = mended(system(TIERED, partition_key="id", **{field: configs}))["streams"]["orders"]
    assert {key: value for key, value in made.items() if value != {}} == {**TOPIC, "partition_key": "id", **expected}


@pytest.mark.parametrize("field", ["config", "configs"])
def test_what_a_field_says_already_is_taken_out(field: str) -> None:
    made = mended(system(retention_days=7, **{field: {"retention.ms": 604_800_000}}))["streams"]["orders"]
    assert {key: value for key, value in made.items() if value != {}} == {**TOPIC, "retention_days": 7}


def test_a_value_that_a_field_does_not_take_is_told_with_the_unit() -> None:
    (finding,) = told(system(configs={"retention.ms": 60_000}))
    assert "`retention_hours: 1`: 60,000 ms are" in finding.help


def test_configurations_beside_the_fields_belong_into_configs() -> None:
    made = mended(system(**{"segment.bytes": 134_217_728, "segment_ms": 600_000}))["streams"]["orders"]
    assert made == {**TOPIC, "configs": {"segment.bytes": 134_217_728, "segment.ms": 600_000}}
