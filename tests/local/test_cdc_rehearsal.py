"""The pattern kafka-cdc, rehearsed: changes of two tables in their topics, and a function that gets one kind of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.app import add_system, new_app, stack_name
from streaming_constructs.local import Rehearsal
from streaming_constructs.local.kafka.planned_topic import planned_topics
from streaming_constructs.local.kafka.topic_keeper import topic_keeper
from streaming_constructs.local.verdict import faults
from streaming_constructs.planning import plan
from streaming_constructs.spec.patterns import find_pattern
from streaming_constructs.spec.read import load

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.topic_keeper import Wanted

pytestmark = [pytest.mark.xdist_group("rehearsal"), pytest.mark.xdist_group("kafka")]
CDC = find_pattern("kafka-cdc")


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(CDC.name)
    app = new_app(folder)
    add_system(app, load(CDC.spec_path), stack_name(CDC.name))
    app.synth()
    return folder


@pytest.mark.parametrize("wanted", ["memory", "kafka"])
def test_changes_go_to_their_topics_and_orders_that_became_paid_are_told(
    assembly: Path, wanted: Wanted, request: pytest.FixtureRequest
) -> None:
    if wanted == "kafka":
        request.getfixturevalue("kafka")  # a broker, where there can be one
    with Rehearsal(topic_keeper=lambda: topic_keeper(wanted)) as rehearsal:
        rehearsal.deploy(assembly, planned_topics(plan(load(CDC.spec_path))))
        assert rehearsal.put(CDC.directory / "events.jsonl").records == 300
        assert rehearsal.drain(60)
        report = rehearsal.report()
        bucket = rehearsal.embedded.aws.client("s3")
        (name,) = [one["Name"] for one in bucket.list_buckets()["Buckets"] if "failurebucket" in one["Name"]]
        kept = [one["Key"] for one in bucket.list_objects_v2(Bucket=name)["Contents"]]
        bodies = [json.loads(bucket.get_object(Bucket=name, Key=key)["Body"].read()) for key in kept]
    assert faults(report) == ()
    (paid,) = report.consumers
    assert (paid.records, paid.handled, paid.filtered, paid.isolated, paid.waiting) == (253, 222, 29, 2, 0)
    put = {topic.name: sum(part.records for part in topic.partitions) for topic in report.kafka_topics}
    assert put == {"customers": 47, "orders": 253}
    assert [(topic.name, topic.messages) for topic in report.topics] == [("paid_orders", 70)]
    conditions = sorted(body["requestContext"]["condition"] for body in bodies)
    assert conditions == ["DESERIALIZATION_ERROR", "RetryAttemptsExhausted"]
    recorded = {one.type for one in report.record_only}
    assert recorded >= {"AWS::KafkaConnect::Connector", "AWS::KafkaConnect::CustomPlugin", "AWS::Glue::Registry"}
