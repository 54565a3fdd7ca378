"""The dashboard of clusters and topics of Kafka: lines of what MSK publishes there, with the thresholds of the alarms."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.facts import metrics
from streaming_constructs.planning import PipelinePlan, plan
from streaming_constructs.planning.dashboard import Row, dashboard_body, dashboard_rows
from streaming_constructs.spec import PipelineSpec

LOAD = {"records_per_second": 2000, "record_kb": 2}
BOTH = {"CpuUser", "CpuSystem", "BytesInPerSec", "BytesOutPerSec", "PartitionCount", "ConnectionCount"}
BOTH |= {"GlobalPartitionCount"}
STANDARD = BOTH | {"KafkaDataLogsDiskUsed", "HeapMemoryAfterGC", "UnderReplicatedPartitions", "TrafficShaping"}
STANDARD |= {"UnderMinIsrPartitionCount", "OfflinePartitionsCount"}
EXPRESS = BOTH | {"StorageUsed"}
PAID = {"RequestHandlerAvgIdlePercent", "NetworkProcessorAvgIdlePercent", "IAMTooManyConnections"}
SCRAM = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"


def planned(cluster: dict[str, Any], alarms: dict[str, Any] | None = None, **topic: Any) -> PipelinePlan:
    size = {} if cluster["kind"] == "msk_serverless" else {"brokers": 3}
    return plan(
        PipelineSpec.model_validate(
            {
                "name": "shop",
                "clusters": {"main": {**size, **cluster}},
                "streams": {"orders": {"kind": "kafka", "cluster": "main", "workload": LOAD, **topic}},
                "alarms": {"notify": ["oncall@example.com"], **(alarms or {})},
            }
        )
    )


def row(made: PipelinePlan, node: str = "main") -> Row:
    return {one.node: one for one in dashboard_rows(made.nodes.values(), made.alarms)}[node]


def drawn(made: PipelinePlan, node: str = "main", topic: str = "orders") -> dict[str, dict[str, Any]]:
    """The graphs of a node as CloudWatch gets them, by title."""
    dimensions = {
        "main": {metrics.CLUSTER: "shop-main"},
        "orders": {metrics.CLUSTER: "shop-main", metrics.TOPIC: topic},
    }
    body = dashboard_body("Shop", [row(made, node)], dimensions, "eu-west-1")
    shown = [widget["properties"] for widget in body["widgets"] if widget["type"] == "metric"]
    return {one["title"]: one for one in shown}


@pytest.mark.parametrize(
    ("cluster", "shown"),
    [
        ({"kind": "msk"}, STANDARD),
        ({"kind": "msk", "enhanced_monitoring": "per_broker"}, STANDARD | PAID),
        ({"kind": "msk", "storage_mode": "tiered"}, STANDARD),
        (
            {"kind": "msk", "storage_mode": "tiered", "enhanced_monitoring": "per_topic_per_broker"},
            STANDARD | PAID | {"RemoteCopyLagBytes"},
        ),
        (
            {
                "kind": "msk",
                "auth": "sasl_scram",
                "scram_secret_arns": [SCRAM],
                "enhanced_monitoring": "per_broker",
            },
            (STANDARD | PAID) - {"IAMTooManyConnections"},
        ),
        (
            {"kind": "msk", "kafka_version": "3.9.x", "instance_type": "kafka.t3.small"},
            STANDARD | {"CPUCreditBalance", "ActiveControllerCount"},
        ),
        ({"kind": "msk_express"}, EXPRESS),
        (
            {"kind": "msk_express", "enhanced_monitoring": "per_broker"},
            EXPRESS | PAID | {"ProduceThrottleTime", "FetchThrottleTime"},
        ),
    ],
    ids=[
        *("standard", "standard, per broker", "tiered, default", "tiered, per topic", "scram"),
        *("burstable with zookeeper", "express", "express, per broker"),
    ],
)
def test_a_cluster_shows_what_its_brokers_publish_and_no_more(cluster: dict[str, Any], shown: set[str]) -> None:
    graphs = row(planned(cluster)).graphs
    assert {one.name for graph in graphs for one in (*graph.metrics, *graph.variables.values())} == shown


@pytest.mark.parametrize(
    "cluster",
    [
        {"kind": "msk", "storage_mode": "tiered", "enhanced_monitoring": "per_broker"},
        {"kind": "msk", "kafka_version": "3.9.x", "instance_type": "kafka.t3.small"},
        {"kind": "msk_express", "enhanced_monitoring": "per_broker"},
    ],
)
def test_whatever_is_watched_is_shown(cluster: dict[str, Any]) -> None:
    made = planned(cluster)
    watched = {alarm.metric for alarm in made.alarms if alarm.node == "main"}
    assert watched <= {metric for graph in row(made).graphs for metric in graph.metrics}


def test_each_broker_has_a_line() -> None:
    disk = drawn(planned({"kind": "msk"}))["Volume in use, in percent"]
    assert disk["metrics"] == [
        [
            *("AWS/Kafka", "KafkaDataLogsDiskUsed", "Cluster Name", "shop-main", "Broker ID", str(number)),
            {"stat": "Maximum", "label": f"broker {number}"},
        ]
        for number in (1, 2, 3)
    ]


def test_users_and_system_are_one_line_of_each_broker_as_the_alarm_adds_them() -> None:
    cpu = drawn(planned({"kind": "msk_express"}))["CPU, user and system, in percent"]
    place = ("Cluster Name", "shop-main", "Broker ID", "2")
    assert cpu["metrics"][3:6] == [
        [{"expression": "m2 + system2", "label": "broker 2"}],
        ["AWS/Kafka", "CpuUser", *place, {"stat": "Average", "id": "m2", "visible": False}],
        ["AWS/Kafka", "CpuSystem", *place, {"stat": "Average", "id": "system2", "visible": False}],
    ]
    assert len(cpu["metrics"]) == 9


def test_two_metrics_of_a_broker_are_told_apart() -> None:
    lacking = drawn(planned({"kind": "msk"}))["Partitions that lack replicas"]
    assert [one[-1]["label"] for one in lacking["metrics"][:2]] == [
        "broker 1, UnderReplicatedPartitions",
        "broker 1, UnderMinIsrPartitionCount",
    ]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("CPU, user and system, in percent", ("main.cpu", 60)),
        ("Volume in use, in percent", ("main.disk", 85)),
        ("Heap in use after it was collected, in percent", ("main.heap", 60)),
        ("Partitions with replicas", ("main.partitions", 1000)),
        ("Connections", ("main.connections", 2400)),
        ("Idle request handlers, of 1", ("main.request_handlers_idle", 0.3)),
        ("Bytes written per second", None),
        ("Partitions that lack replicas", None),
    ],
)
def test_the_threshold_of_an_alarm_is_one_line_for_all_brokers(title: str, line: tuple[str, float] | None) -> None:
    made = planned({"kind": "msk", "instance_type": "kafka.m7g.large", "enhanced_monitoring": "per_broker"})
    (graph,) = [one for one in row(made).graphs if one.title == title]
    assert graph.lines == ((line,) if line else ())


def test_a_threshold_of_the_spec_is_the_one_that_is_drawn() -> None:
    made = planned({"kind": "msk"}, {"override": {"main.disk": {"threshold": 70}}})
    (disk,) = [one for one in row(made).graphs if one.title == "Volume in use, in percent"]
    assert disk.lines == (("main.disk", 70),)


def test_more_than_four_graphs_stand_in_rows_below_each_other() -> None:
    made = planned({"kind": "msk", "enhanced_monitoring": "per_broker"})
    dimensions = {"main": {metrics.CLUSTER: "m"}, "orders": {metrics.CLUSTER: "m", metrics.TOPIC: "o"}}
    widgets = dashboard_body("Shop", dashboard_rows(made.nodes.values(), made.alarms), dimensions, "eu-west-1")[
        "widgets"
    ]
    cells = [
        (x, y)
        for one in widgets
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23


def test_a_topic_shows_the_lag_of_each_group_that_reads_it() -> None:
    shown = drawn(planned({"kind": "msk"}, topic="shop.orders"), "orders", "shop.orders")
    lag = (
        'SEARCH(\'{AWS/Kafka,"Cluster Name","Consumer Group","Topic"} MetricName="EstimatedMaxTimeLag" '
        '"Cluster Name"="shop-main" "Topic"="shop.orders"\', \'Maximum\', 60)'
    )
    assert shown["Lag of each group, in seconds"]["metrics"] == [[{"expression": lag}]]
    waiting = lag.replace("EstimatedMaxTimeLag", "SumOffsetLag")
    assert shown["Records that wait for each group"]["metrics"] == [[{"expression": waiting}]]


@pytest.mark.parametrize(
    ("cluster", "flow"),
    [
        (
            {"kind": "msk"},
            {("BytesInPerSec", "Broker ID"), ("BytesOutPerSec", "Broker ID")},
        ),
        (
            {"kind": "msk_express", "enhanced_monitoring": "per_topic_per_broker"},
            {("BytesInPerSec", "Broker ID"), ("BytesOutPerSec", "Broker ID"), ("MessagesInPerSec", "Broker ID")},
        ),
        (
            {"kind": "msk_serverless"},
            {("BytesInPerSec", ""), ("BytesOutPerSec", ""), ("MessagesInPerSec", "")},
        ),
    ],
)
def test_a_topic_shows_what_flows_as_its_cluster_publishes_it(cluster: dict[str, Any], flow: set[Any]) -> None:
    graphs = row(planned(cluster), "orders").graphs
    found = {(graph.metrics[0].name, graph.each) for graph in graphs}
    assert found - {("EstimatedMaxTimeLag", "Consumer Group"), ("SumOffsetLag", "Consumer Group")} == flow


def test_the_capacity_of_a_serverless_topic_is_drawn_into_what_is_written() -> None:
    (written,) = [one for one in row(planned({"kind": "msk_serverless"}, partitions=4), "orders").graphs if one.lines]
    assert (written.title, written.lines) == (
        "Bytes written per second",
        (("orders.write_capacity", 0.8 * 4 * 5 * 1024 * 1024),),
    )
