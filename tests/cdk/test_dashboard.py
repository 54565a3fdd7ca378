"""The dashboard: every graph shows metrics of a resource in the template, with the alarms' thresholds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import yaml

from streaming_constructs import (
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    OnFailure,
    PipelineAlarms,
    PipelineDashboard,
    SqsOnFailure,
)
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.testing import normalised
from tests.cdk.stub_node import CONTROLLERS, CPU_USER, LATENCY, StubNode, StubPlan, alarm


def body(bench: Any) -> dict[str, Any]:
    readable = yaml.safe_load(normalised(bench.template))
    (dashboard,) = [one for one in readable["Resources"].values() if one["Type"] == "AWS::CloudWatch::Dashboard"]
    return dashboard["Properties"]["DashboardBody"]


def build(bench: Any, code: str, *, enhanced_fan_out: bool = False) -> None:
    spec = LambdaConsumerSpec(
        from_="clicks",
        code=code,
        enhanced_fan_out=enhanced_fan_out,
        on_failure=OnFailure(retries=3, max_record_age_seconds=600, destination=SqsOnFailure()),
    )
    clicks = KinesisStream(
        bench.stack,
        "clicks",
        spec=KinesisStreamSpec(shards=2),
        readers=spec.readers("fraud"),
    )
    fraud = LambdaConsumer(bench.stack, "fraud", source=clicks, spec=spec)
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=[clicks, fraud])
    PipelineDashboard(bench.stack, "Dashboard", title="Clicks", nodes=[clicks, fraud], alarms=alarms.plans)


def graphs(bench: Any) -> dict[str, Any]:
    return {one["properties"]["title"]: one for one in body(bench)["widgets"] if one["type"] == "metric"}


def test_rows_stand_below_each_other_without_overlap(bench: Any, code: str) -> None:
    build(bench, code)
    taken: set[tuple[int, int]] = set()
    for widget in body(bench)["widgets"]:
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_graph_shows_the_metric_of_its_resource_and_the_alarms_threshold(bench: Any, code: str) -> None:
    build(bench, code)
    stream = bench.only_id("AWS::Kinesis::Stream")
    graph = graphs(bench)["Bytes written per minute"]["properties"]
    assert graph["metrics"] == [["AWS/Kinesis", "IncomingBytes", "StreamName", f"${{{stream}}}", {"stat": "Sum"}]]
    assert graph["annotations"] == {"horizontal": [{"label": "clicks.incoming_bytes", "value": 100_663_296}]}
    assert graph["region"] == "${AWS::Region}"


def test_fan_out_reader_is_shown_by_its_own_lag(bench: Any, code: str) -> None:
    build(bench, code, enhanced_fan_out=True)
    shown = graphs(bench)
    assert [metric[1] for metric in shown["Lag"]["properties"]["metrics"]] == [
        "IteratorAge",
        "SubscribeToShardEvent.MillisBehindLatest",
    ]
    assert "Iterator age of shared readers" not in shown


def test_headings_name_the_nodes(bench: Any, code: str) -> None:
    build(bench, code)
    texts = [one["properties"]["markdown"] for one in body(bench)["widgets"] if one["type"] == "text"]
    assert texts == [
        "# Clicks",
        "## clicks\n2 shards: 2 MiB/s, 2,000 records/s",
        "## fraud\nreads clicks, shared",
    ]


def test_body_is_json_that_cloudwatch_takes(bench: Any, code: str) -> None:
    build(bench, code)
    parts = bench.only("AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else "name" for part in parts)
    widgets = json.loads(text)["widgets"]
    assert {widget["type"] for widget in widgets} == {"text", "metric"}
    assert all(widget["properties"]["metrics"] for widget in widgets if widget["type"] == "metric")


def drawn(bench: Any, node: StubNode, alarms: Sequence[AlarmPlan]) -> dict[str, dict[str, Any]]:
    PipelineDashboard(bench.stack, "Dashboard", title="Main", nodes=[node], alarms=alarms)
    return {title: graph["properties"] for title, graph in graphs(bench).items()}


def shown(graph: dict[str, Any]) -> list[str]:
    return [metric[1] for metric in graph["metrics"]]


def labels(graph: dict[str, Any]) -> list[tuple[str, float]]:
    return [(line["label"], line["value"]) for line in graph.get("annotations", {}).get("horizontal", ())]


def test_what_is_watched_and_stands_in_no_graph_has_one_of_its_own(bench: Any) -> None:
    plans = (alarm("controllers", CONTROLLERS, 1), alarm("slow", LATENCY, 200))
    found = drawn(bench, StubNode(StubPlan(plans, (Graph("Latency", (LATENCY,)),))), plans)
    assert {title: shown(graph) for title, graph in found.items()} == {
        "Latency": ["ProduceTotalTimeMs"],
        "Also watched": ["ActiveControllerCount"],
    }
    assert labels(found["Latency"]) == [("main.slow", 200)]
    assert labels(found["Also watched"]) == [("main.controllers", 1)]


def test_in_a_full_row_it_joins_the_last_graph(bench: Any) -> None:
    plans = (alarm("controllers", CONTROLLERS, 1),)
    full = tuple(Graph(f"Latency {number}", (LATENCY,)) for number in range(4))
    found = drawn(bench, StubNode(StubPlan(plans, full)), plans)
    assert shown(found["Latency 3"]) == ["ProduceTotalTimeMs", "ActiveControllerCount"]
    assert labels(found["Latency 3"]) == [("main.controllers", 1)]
    assert "Also watched" not in found


def test_a_node_that_is_only_watched_has_a_row_too(bench: Any) -> None:
    plans = (alarm("controllers", CONTROLLERS, 1),)
    assert labels(drawn(bench, StubNode(StubPlan(plans)), plans)["Also watched"]) == [("main.controllers", 1)]


def test_a_node_with_nothing_to_see_has_no_row(bench: Any) -> None:
    assert drawn(bench, StubNode(StubPlan()), ()) == {}
    assert [widget["properties"]["markdown"] for widget in body(bench)["widgets"]] == ["# Main"]


@pytest.mark.parametrize("more", [{"expression": "m * 2"}, {"statistic": "p99"}])
def test_a_threshold_of_another_number_is_no_line_in_the_graph(bench: Any, more: dict[str, Any]) -> None:
    plans = (alarm("slow", LATENCY, 200, **more),)
    found = drawn(bench, StubNode(StubPlan(plans, (Graph("Latency", (LATENCY,)),))), plans)
    assert labels(found["Latency"]) == []


@pytest.mark.parametrize(("statistic", "lines"), [("Sum", []), ("Average", [("main.slow", 200)])])
def test_a_sum_of_another_period_is_on_another_axis(bench: Any, statistic: Any, lines: list[Any]) -> None:
    metric = replace(LATENCY, statistic=statistic)
    plans = (alarm("slow", metric, 200, period_seconds=300),)
    found = drawn(bench, StubNode(StubPlan(plans, (Graph("Latency", (metric,)),))), plans)
    assert labels(found["Latency"]) == lines


def test_parts_of_a_node_are_not_drawn_as_the_node(bench: Any) -> None:
    plans = (alarm("cpu", CPU_USER, 60, instance="1", dimensions={"Broker ID": "1"}),)
    found = drawn(bench, StubNode(StubPlan(plans, (Graph("Latency", (LATENCY,)),))), plans)
    assert {title: shown(graph) for title, graph in found.items()} == {"Latency": ["ProduceTotalTimeMs"]}
