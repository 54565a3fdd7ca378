"""What a dashboard shows: for each node what flows, what is late and what failed, with the alarm's line in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import PERIOD_SECONDS, AlarmPlan
from streaming_constructs.planning.node import NodePlan

GRID_WIDTH = 24
GRAPH_WIDTH, GRAPH_HEIGHT = 6, 6
"""Four graphs in a row of CloudWatch's grid of 24 columns."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One graph.

    Attributes:
        title: What it shows.
        metrics: The metrics in it, all of one node.
        lines: Thresholds drawn into it, each with its label.
    """

    title: str
    metrics: tuple[Metric, ...]
    lines: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The graphs of one node.

    Attributes:
        node: The node, whose dimensions the metrics take.
        heading: What the row says about it.
        graphs: Its graphs.
    """

    node: str
    heading: str
    graphs: tuple[Graph, ...]


def dashboard_rows(nodes: Iterable[NodePlan], alarms: Sequence[AlarmPlan]) -> Iterator[Row]:
    """The rows of a dashboard, in the order of the nodes.

    What is watched and stands in no graph of its node has one of its own, or joins the last where a row is full: no alarm is
    without a line.

    Args:
        nodes: What to show.
        alarms: Alarms whose thresholds are drawn.
    """
    for node in nodes:
        own = [alarm for alarm in alarms if alarm.node == node.name]
        graphs = _with_watched(node.graphs(), own)
        if graphs:
            yield Row(node.name, f"## {node.name}\n{node.heading()}", _with_lines(graphs, own))


def _with_watched(graphs: tuple[Graph, ...], alarms: Iterable[AlarmPlan]) -> tuple[Graph, ...]:
    shown = {metric for graph in graphs for metric in graph.metrics}
    watched = tuple(
        dict.fromkeys(alarm.metric for alarm in alarms if alarm.metric not in shown and not alarm.dimensions)
    )
    if not watched:
        return graphs
    if len(graphs) * GRAPH_WIDTH < GRID_WIDTH:
        return (*graphs, Graph("Also watched", watched))
    last = graphs[-1]
    return (*graphs[:-1], Graph(last.title, (*last.metrics, *watched), last.lines))


def _with_lines(graphs: Iterable[Graph], alarms: Sequence[AlarmPlan]) -> tuple[Graph, ...]:
    return tuple(
        Graph(
            graph.title,
            graph.metrics,
            tuple(
                (alarm.key, alarm.threshold) for alarm in alarms if alarm.metric in graph.metrics and _is_drawn(alarm)
            ),
        )
        for graph in graphs
    )


def _is_drawn(alarm: AlarmPlan) -> bool:
    """Whether a threshold is a number on the axis of the metric's own graph.

    A line at zero would only underline the axis, and so would one at the first of what is counted. A sum is of its period; a
    greatest, a least and an average have the same axis whatever the period.
    """
    summed = alarm.metric.statistic == "Sum" and alarm.period_seconds != PERIOD_SECONDS
    nothing = 1 if alarm.inclusive and not alarm.below and alarm.metric.unit == "Count" else 0
    return alarm.threshold > nothing and not (alarm.expression or alarm.statistic or summed)


def dashboard_body(
    title: str, rows: Iterable[Row], dimensions: Mapping[str, Mapping[str, str]], region: str
) -> dict[str, Any]:
    """The body of an `AWS::CloudWatch::Dashboard`.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

    Args:
        title: The heading of the whole.
        rows: What it shows.
        dimensions: The dimensions of each node's metrics, by node.
        region: The region that the metrics are in.
    """
    widgets: list[dict[str, Any]] = [_text(f"# {title}", 0, 1)]
    top = 1
    for row in rows:
        widgets.append(_text(row.heading, top, 2))
        top += 2
        for position, graph in enumerate(row.graphs):
            widgets.append(_graph(graph, position * GRAPH_WIDTH, top, dimensions[row.node], region))
        top += GRAPH_HEIGHT
    return {"widgets": widgets}


def _text(markdown: str, top: int, height: int) -> dict[str, Any]:
    return {
        "type": "text",
        "x": 0,
        "y": top,
        "width": GRID_WIDTH,
        "height": height,
        "properties": {"markdown": markdown},
    }


def _graph(graph: Graph, left: int, top: int, dimensions: Mapping[str, str], region: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "title": graph.title,
        "region": region,
        "period": PERIOD_SECONDS,
        "metrics": [
            [
                metric.namespace,
                metric.name,
                *(part for name in metric.dimensions for part in (name, dimensions[name])),
                {"stat": metric.statistic},
            ]
            for metric in graph.metrics
        ],
        "yAxis": {"left": {"min": 0}},
    }
    if graph.lines:
        properties["annotations"] = {"horizontal": [{"label": label, "value": value} for label, value in graph.lines]}
    return {
        "type": "metric",
        "x": left,
        "y": top,
        "width": GRAPH_WIDTH,
        "height": GRAPH_HEIGHT,
        "properties": properties,
    }
