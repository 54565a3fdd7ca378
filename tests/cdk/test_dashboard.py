"""The dashboard: every graph shows metrics of a resource in the template, with the alarms' thresholds."""

from __future__ import annotations

import json
from typing import Any

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
from streaming_constructs.testing import normalised


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
    assert len(json.loads(text)["widgets"]) == 3 + 4 + 4
