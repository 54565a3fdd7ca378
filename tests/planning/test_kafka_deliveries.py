"""The alarms, notes and limits of deliveries that read topics, and of clusters that Firehose connects to."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.facts import metrics
from streaming_constructs.planning import plan
from streaming_constructs.planning.pipeline import PipelinePlan
from streaming_constructs.spec import PipelineSpec

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
LOAD = {"records_per_second": 1200, "record_kb": 1, "peak_factor": 1}


def made(topic: dict[str, Any] | None = None, cluster: dict[str, Any] | None = None, **lake: Any) -> PipelinePlan:
    data = {
        "name": "shop",
        "clusters": {"main": cluster or {"kind": "msk"}},
        "streams": {"orders": {"kind": "kafka", "cluster": "main", **({"partitions": 6} if topic is None else topic)}},
        "deliveries": {"lake": {"from": "orders", "to": {"kind": "s3"}, **lake}},
        "alarms": {"notify": ["oncall@example.com"]},
    }
    return plan(PipelineSpec.model_validate(data))


def alarms(planned: PipelinePlan) -> dict[str, Any]:
    return {alarm.kind: alarm for alarm in planned.deliveries["lake"].alarms()}


def told(planned: PipelinePlan) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, one.dotted_path) for one in planned.findings]


def test_lag_is_counted_in_records_of_a_partition() -> None:
    found = alarms(made({"partitions": 6, "workload": LOAD}, max_lag_seconds=600))
    assert (found["source_lag"].metric, found["source_lag"].threshold) == (metrics.DELIVERY_OFFSET_LAG, 600 * 1200 / 6)
    assert found["source_lag"].working == "600 s, as `max_lag_seconds` says, of 1,200 records/s in 6 partitions"


@pytest.mark.parametrize("topic", [{"partitions": 6}])
def test_without_a_workload_nothing_is_said_of_lag_in_records(topic: dict[str, Any]) -> None:
    found = alarms(made(topic))
    assert "source_lag" not in found
    assert found["backpressured"].metric == metrics.DELIVERY_BACKPRESSURED
    assert (found["invalid_records"].metric, found["invalid_records"].threshold) == (
        metrics.DELIVERY_INVALID_RECORDS,
        0,
    )


def test_what_firehose_publishes_of_kinesis_is_not_alarmed_on() -> None:
    planned = made({"partitions": 6, "workload": LOAD})
    kinesis = {metrics.DELIVERY_SOURCE_LAG, metrics.DELIVERY_THROTTLED_READS, metrics.DELIVERY_THROTTLED_RECORDS}
    assert kinesis.isdisjoint(alarm.metric for alarm in planned.deliveries["lake"].alarms())
    shown = {metric for graph in planned.deliveries["lake"].graphs() for metric in graph.metrics}
    assert kinesis.isdisjoint(shown)
    assert {metrics.DELIVERY_OFFSET_LAG, metrics.DELIVERY_BACKPRESSURED, metrics.DELIVERY_INVALID_RECORDS} <= shown


@pytest.mark.parametrize(("partitions", "is_told"), [(7, True), (8, False)])
def test_firehose_reads_ten_mib_a_second_of_a_partition(partitions: int, is_told: bool) -> None:
    load = {"records_per_second": 80 * 1024, "record_kb": 1, "peak_factor": 1}
    planned = made({"partitions": partitions, "workload": load}, {"kind": "msk_express"})
    found = [one for one in planned.findings if one.code == "FIR754"]
    assert [one.dotted_path for one in found] == (["deliveries.lake.from"] if is_told else [])
    assert not is_told or "`partitions: 8`" in found[0].help


@pytest.mark.parametrize(
    ("message_kb", "lake", "is_told"),
    [
        (10_240, {}, False),
        (10_241, {}, True),
        (4608, {"transform": {"code": "handlers/mend"}}, False),
        (4609, {"transform": {"code": "handlers/mend"}}, True),
    ],
)
def test_the_largest_records_of_a_topic(message_kb: int, lake: dict[str, Any], is_told: bool) -> None:
    found = [
        one for one in made({"partitions": 6, "max_message_kb": message_kb}, **lake).findings if one.code == "FIR708"
    ]
    assert bool(found) is is_told
    assert not is_told or "`max_message_kb` of the topic" in found[0].help


def test_reading_cannot_begin_in_the_future() -> None:
    planned = made(starting_position={"at_timestamp": "2099-01-01T00:00:00Z"})
    assert ("FIR755", "warning", "deliveries.lake.starting_position.at_timestamp") in told(planned)


def test_the_first_deployment_is_told_to_take_long_and_why() -> None:
    planned = made(cluster={"kind": "msk", "brokers": 6})
    (note,) = [one for one in planned.findings if one.code == "MSK468"]
    assert (note.level, note.dotted_path) == ("note", "clusters.main")
    assert "MSK refuses to create a cluster with them" in note.note
    assert "waits up to 1 h 30 min for 6 brokers" in note.note


def test_a_cluster_without_private_connections_says_nothing_of_them() -> None:
    data = {"name": "shop", "clusters": {"main": {"kind": "msk"}}, "alarms": False}
    assert plan(PipelineSpec.model_validate(data)).findings == ()


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ({"kind": "msk", "arn": ARN}, [("MSK477", "note", "clusters.main.arn")]),
        ({"kind": "msk", "arn": ARN, "multi_vpc": True}, []),
    ],
)
def test_an_existing_cluster_is_told_what_it_has_to_have(cluster: dict[str, Any], expected: list[Any]) -> None:
    planned = made(cluster=cluster)
    assert told(planned) == expected
    for one in planned.findings:
        assert '"Principal": {"Service": "firehose.amazonaws.com"}' in one.note
        assert '"Action": ["kafka:CreateVpcConnection"]' in one.note


def test_an_existing_serverless_cluster_too() -> None:
    cluster = {"kind": "msk_serverless", "arn": f"{ARN[:-2]}-s1"}
    topic = {"arn": "arn:aws:kafka:eu-west-1:111122223333:topic/main/12345678-1234-1234-1234-123456789012-s1/orders"}
    assert told(made({**topic, "partitions": 6}, cluster)) == [("MSK477", "note", "clusters.main.arn")]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ({}, ["FIR756"]),
        ({"arn": "arn:aws:kafka:eu-west-1:111122223333:topic/main/12345678-1234-1234-1234-123456789012-s1/orders"}, []),
    ],
)
def test_a_topic_that_a_client_creates_later_is_not_there_yet(topic: dict[str, Any], expected: list[str]) -> None:
    planned = made({**topic, "partitions": 6}, {"kind": "msk_serverless"})
    assert [one.code for one in planned.findings if one.level == "warning"] == expected


def test_who_connects_privately_is_in_the_plan() -> None:
    cluster = {"kind": "msk", "multi_vpc": True, "shared_with": ["444455556666"]}
    summary = made(cluster=cluster).sections["clusters"]["main"].summary()
    assert "private connections: account 444455556666, lake" in summary.lines
    assert summary.values["multi_vpc"] is True


def test_a_buffer_is_kept_of_each_partition() -> None:
    lake = made({"partitions": 6, "workload": LOAD}).deliveries["lake"]
    assert lake.working[1].startswith("1.172 MiB/s ÷ 6 partitions fills it in ")
