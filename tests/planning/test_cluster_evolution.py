"""What a deployment over an earlier version does to clusters of Kafka, and to deliveries of their topics."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.planning.evolution import evolved
from streaming_constructs.spec.document import Document, read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import edited

MAIN = {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large", "volume_gb": 100}
EXPRESS = {"kind": "msk_express", "brokers": 3, "instance_type": "express.m7g.large"}
SCRAM = {
    "auth": ["iam", "sasl_scram"],
    "scram_secret_arns": ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"],
}


def document(main: dict[str, Any], **delivery: Any) -> Document:
    system: dict[str, Any] = {"name": "shop", "clusters": {"main": main}, "alarms": False}
    if delivery:
        system["streams"] = {"orders": {"kind": "kafka", "cluster": "main", "partitions": 6}}
        system["deliveries"] = {"lake": {"from": "orders", "to": {"kind": "s3"}, **delivery}}
    return read_document(yaml.safe_dump(system, sort_keys=False), "pipeline.yaml")


def found(before: dict[str, Any], after: dict[str, Any]) -> list[Finding]:
    return evolved(document(after), document(before))


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, one.dotted_path) for one in found(before, after)]


@pytest.mark.parametrize(
    ("base", "change", "path"),
    [
        (MAIN, {"brokers": 6, "instance_type": "kafka.m7g.xlarge"}, "brokers"),
        (MAIN, {"volume_gb": 200, "brokers": 6}, "volume_gb"),
        (MAIN, {"storage_mode": "tiered", "enhanced_monitoring": "per_broker"}, "storage_mode"),
        (MAIN, {**SCRAM, "open_monitoring": True}, "auth"),
        (MAIN, {"server_properties": {"log.retention.hours": 24}, "brokers": 6}, "brokers"),
        (
            {**MAIN, "kafka_version": "3.8.x.kraft"},
            {"kafka_version": "3.9.x.kraft", "brokers": 6, "server_properties": {"num.partitions": 3}},
            "brokers",
        ),
        (EXPRESS, {"rebalancing": "paused", "brokers": 6}, "brokers"),
    ],
)
def test_two_kinds_of_change_in_one_update_are_an_error(
    base: dict[str, Any], change: dict[str, Any], path: str
) -> None:
    assert told(base, base | change) == [("EVO978", "error", f"clusters.main.{path}")]


@pytest.mark.parametrize(
    "change",
    [
        {"brokers": 6},
        {"instance_type": "kafka.m7g.xlarge"},
        {"volume_gb": 200},
        {"storage_mode": "tiered"},
        {"enhanced_monitoring": "per_broker", "open_monitoring": True},
        {"server_properties": {"log.retention.hours": 24}},
        SCRAM,
        {"multi_vpc": True, "brokers": 6},
        {"log_retention_days": 7, "brokers": 6},
        {"max_volume_gb": 1000, "brokers": 6},
    ],
)
def test_one_kind_of_change_is_fine(change: dict[str, Any]) -> None:
    assert told(MAIN, MAIN | change) == []


def test_a_new_version_brings_its_configuration_along() -> None:
    before = {**MAIN, "kafka_version": "3.8.x.kraft"}
    assert told(before, {**MAIN, "kafka_version": "3.9.x.kraft", "server_properties": {"num.partitions": 3}}) == []


def test_the_order_is_named_and_the_edits_leave_the_first_change() -> None:
    before, after = (
        document(MAIN),
        document(MAIN | {"brokers": 6, "instance_type": "kafka.m7g.xlarge", "volume_gb": 200}),
    )
    (finding,) = evolved(after, before)
    assert finding.help == (
        "deploy them one after the other: first the volumes, then the number of brokers, then the type of brokers"
    )
    assert isinstance(after.data, dict)
    main = edited(after.data, finding.edits)["clusters"]["main"]
    assert main == MAIN | {"volume_gb": 200}
    assert evolved(document(main), before) == []


def test_what_follows_from_the_workload_counts_like_what_is_given() -> None:
    def system(records: int) -> Document:
        topic = {"kind": "kafka", "cluster": "main", "workload": {"records_per_second": records, "record_kb": 1}}
        data = {"name": "shop", "clusters": {"main": {"kind": "msk"}}, "streams": {"orders": topic}, "alarms": False}
        return read_document(yaml.safe_dump(data), "pipeline.yaml")

    findings = {one.code: one for one in evolved(system(400_000), system(1000))}
    assert "the volumes" in findings["EVO978"].message
    assert "the number of brokers" in findings["EVO978"].message


def test_a_cluster_that_is_replaced_is_told_of_once() -> None:
    vpc = {"vpc_id": "vpc-11111111", "subnet_ids": ["subnet-11111111", "subnet-22222222", "subnet-33333333"]}
    after = MAIN | {"vpc": vpc, "brokers": 6, "instance_type": "kafka.m7g.xlarge"}
    assert told(MAIN, after) == [("EVO973", "error", "clusters.main.vpc")]


@pytest.mark.parametrize("change", [{"volume_gb": 200}, {"volume_throughput_mb_per_second": 300}])
def test_volumes_that_grow_by_themselves_and_are_given_a_size_are_a_warning(change: dict[str, Any]) -> None:
    grows = MAIN | {"max_volume_gb": 1000, "instance_type": "kafka.m7g.4xlarge"}
    assert told(grows, grows | change) == [("EVO979", "warning", "clusters.main.volume_gb")]


def test_volumes_that_do_not_grow_may_be_given_a_size() -> None:
    assert told(MAIN, MAIN | {"volume_gb": 200, "max_volume_gb": 1000}) == []


# --- deliveries of topics


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ({}, {"starting_position": "latest"}, "EVO973"),
        ({"starting_position": "latest"}, {}, "EVO973"),
        ({}, {"starting_position": {"at_timestamp": "2026-01-15T00:00:00Z"}}, "EVO973"),
        ({}, {"starting_position": "earliest"}, ""),
    ],
)
def test_where_reading_began_is_there_to_stay(before: dict[str, Any], after: dict[str, Any], code: str) -> None:
    findings = evolved(document(MAIN, to={"kind": "s3"}, **after), document(MAIN, to={"kind": "s3"}, **before))
    assert [one.code for one in findings] == ([code] if code else [])


@pytest.mark.parametrize("base", [MAIN, EXPRESS], ids=lambda base: str(base["kind"]))
def test_brokers_are_added_and_taken_away_only_when_they_are_empty(base: dict[str, Any]) -> None:
    more = base | {"brokers": 6}
    assert told(base, more) == []
    assert told(more, base) == [("EVO980", "warning", "clusters.main.brokers")]


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        ("3.9.x", "3.9.x.kraft", False),
        ("3.8.x", "3.9.x", False),
        ("3.8.x.kraft", "3.9.x.kraft", False),
        ("3.8.x", "3.9.x.kraft", True),
        ("3.8.x", "3.8.x.kraft", True),
        ("3.9.x", "4.0.x.kraft", True),
        ("3.9.x.kraft", "3.9.x", True),
        ("3.9.x", "3.8.x", True),
    ],
)
def test_a_version_goes_up_and_to_kraft_from_the_last_with_zookeeper(before: str, after: str, is_refused: bool) -> None:
    expected = [("EVO971", "error", "clusters.main.kafka_version")] if is_refused else []
    assert told({**MAIN, "kafka_version": before}, {**MAIN, "kafka_version": after}) == expected
