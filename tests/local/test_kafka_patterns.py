"""The documented patterns of Kafka, rehearsed: in memory and with a broker, each with its own events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.app import add_system, new_app, stack_name
from streaming_constructs.local import Rehearsal
from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog
from streaming_constructs.local.kafka.local_configs import configs_here
from streaming_constructs.local.kafka.planned_topic import PlannedTopic, planned_topics
from streaming_constructs.local.kafka.topic_keeper import topic_keeper
from streaming_constructs.local.kafka.topic_log import NewRecord
from streaming_constructs.local.verdict import faults
from streaming_constructs.planning import plan
from streaming_constructs.spec.patterns import find_pattern
from streaming_constructs.spec.read import load
from tests.local.test_kafka_broker import until

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.broker import KafkaBroker
    from streaming_constructs.local.kafka.topic_keeper import Wanted
    from streaming_constructs.local.rehearsal_report import Report

pytestmark = [pytest.mark.xdist_group("rehearsal"), pytest.mark.xdist_group("kafka")]
TIERED, SERVERLESS = find_pattern("kafka-tiered-storage"), find_pattern("kafka-serverless")


@pytest.fixture(scope="module")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for pattern in (TIERED, SERVERLESS):
        found[pattern.name] = tmp_path_factory.mktemp(pattern.name)
        app = new_app(found[pattern.name])
        add_system(app, load(pattern.spec_path), stack_name(pattern.name))
        app.synth()
    return found


@pytest.fixture(params=["memory", "kafka"])
def wanted(request: pytest.FixtureRequest) -> Wanted:
    """Who keeps the topics; a broker where there can be one."""
    if request.param == "kafka":
        request.getfixturevalue("kafka")
    keeper: Wanted = request.param
    return keeper


def topics_of(pattern: Any) -> dict[str, PlannedTopic]:
    return {topic.stream: topic for topic in planned_topics(plan(load(pattern.spec_path)))}


def rehearsed(rehearsal: Rehearsal, assembly: Path, pattern: Any) -> Report:
    rehearsal.deploy(assembly, list(topics_of(pattern).values()))
    target = rehearsal.target(None, load(pattern.spec_path))
    assert rehearsal.put(pattern.directory / "events.jsonl", target).records == 300
    assert rehearsal.drain(60)
    return rehearsal.report()


def test_readings_are_judged_and_archived_and_dead_letters_keep_their_keys(
    assemblies: dict[str, Path], wanted: Wanted
) -> None:
    with Rehearsal(topic_keeper=lambda: topic_keeper(wanted)) as rehearsal:
        report = rehearsed(rehearsal, assemblies[TIERED.name], TIERED)
        letters = rehearsal.msk.topic_of(
            next(topic.arn for topic in rehearsal.msk.topics() if topic.name == "failed-readings")
        ).log.read("failed-readings", 0, 0, 10)
    kept = "memory" if wanted == "memory" else "Apache Kafka"
    assert report.headline.startswith(
        f"300 records in, 297 archived as Parquet, 3 poison records isolated, topics in {kept}"
    )
    assert faults(report) == ()
    (watch,), (lake,) = report.consumers, report.deliveries
    assert (watch.handled, watch.isolated, watch.waiting, watch.failures) == (297, 3, 0, ())
    assert (lake.rows, lake.failed, lake.waiting) == (297, {"format-conversion-failed": 3}, 0)
    assert {letter.key for letter in letters} == {b"press-08", b"lathe-04", b"mill-02"}
    assert {json.loads(letter.value or b"")["requestContext"]["condition"] for letter in letters} == {
        "RetriesExhausted"
    }
    readings = next(topic for topic in report.kafka_topics if topic.name == "readings")
    assert [partition.records > 0 for partition in readings.partitions] == [True] * 6
    assert {group.reader: group.total_lag for group in readings.groups} == {"watch": 0, "lake": 0}


def test_orders_are_judged_on_a_topic_that_no_template_creates(assemblies: dict[str, Path], wanted: Wanted) -> None:
    template = next(assemblies[SERVERLESS.name].glob("*.template.json"))
    assert "AWS::MSK::Topic" not in template.read_text()
    with Rehearsal(topic_keeper=lambda: topic_keeper(wanted)) as rehearsal:
        report = rehearsed(rehearsal, assemblies[SERVERLESS.name], SERVERLESS)
    assert report.headline.startswith("300 records in, 297 handled, 3 poison records isolated, topics in ")
    assert faults(report) == ()
    (orders,) = report.kafka_topics
    assert (orders.name, orders.records, len(orders.partitions)) == ("orders", 300, 6)
    (audit,) = report.consumers
    assert {poison.partition_key for poison in audit.poison} == {"cust-013", "cust-027", "cust-037"}


def test_closed_segments_of_the_pattern_go_to_the_tier(kafka_broker: KafkaBroker) -> None:
    readings = topics_of(TIERED)["readings"]
    assert readings.configs["remote.storage.enable"] == "true"
    log = BrokerTopicLog(kafka_broker.access)
    log.create_topic(readings.topic, readings.partitions, configs_here(readings.configs))
    log.put_all(NewRecord(readings.topic, b"press-01", b"x" * 2000) for _ in range(2000))
    log.close()
    tier = kafka_broker.tier
    assert tier is not None
    assert until(lambda: any("readings-" in str(path) for path in tier.rglob("*.log"))), "no segment was moved"
