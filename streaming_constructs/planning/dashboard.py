"""What a dashboard shows: for each node what flows, what is late and what failed, with the alarm's line in the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import PERIOD_SECONDS, AlarmPlan
from streaming_constructs.planning.node import NodePlan

GRID_WIDTH = 24
GRAPH_WIDTH, GRAPH_HEIGHT = 6, 6
"""Four graphs stand beside each other in CloudWatch's grid of 24 columns; more of a node stand below them."""
BESIDE = GRID_WIDTH // GRAPH_WIDTH


class Part(NamedTuple):
    """A part of a node that has metrics of its own, such as a broker.

    Attributes:
        label: What its lines are called.
        dimensions: Its dimensions, beside those of the node.
    """

    label: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Graph:
    """One graph.

    Attributes:
        title: What it shows.
        metrics: The metrics in it, all of one node.
        lines: Thresholds drawn into it, each with its label.
        parts: Parts of the node, each of which has lines of its own. Empty: the node itself has.
        expression: Metric math that is drawn in place of the metrics, as an alarm has it: over the first of them, called `m`.
        variables: Further metrics, by the names that `expression` calls them by.
        each: A dimension that neither the node nor its parts have: there is a line for each of its values.
    """

    title: str
    metrics: tuple[Metric, ...]
    lines: tuple[tuple[str, float], ...] = ()
    parts: tuple[Part, ...] = ()
    expression: str = ""
    variables: Mapping[str, Metric] = field(default_factory=dict)
    each: str = ""


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
    return (*graphs[:-1], replace(last, metrics=(*last.metrics, *watched)))


def _with_lines(graphs: Iterable[Graph], alarms: Sequence[AlarmPlan]) -> tuple[Graph, ...]:
    return tuple(replace(graph, lines=tuple(_lines(graph, alarms))) for graph in graphs)


def _lines(graph: Graph, alarms: Iterable[AlarmPlan]) -> Iterator[tuple[str, float]]:
    """The thresholds of a graph; alarms of a node's parts have one name, and one line together."""
    yield from dict.fromkeys(
        (alarm.name, alarm.threshold)
        for alarm in alarms
        if alarm.metric in graph.metrics and bool(alarm.instance) == bool(graph.parts) and _is_drawn(alarm, graph)
    )


def _is_drawn(alarm: AlarmPlan, graph: Graph) -> bool:
    """Whether a threshold is a number on the axis of a graph: of its metric, or of the same expression.

    A line at zero would only underline the axis, and so would one at the first of what is counted. A sum is of its period; a
    greatest, a least and an average have the same axis whatever the period.
    """
    summed = alarm.metric.statistic == "Sum" and alarm.period_seconds != PERIOD_SECONDS
    nothing = 1 if alarm.inclusive and not alarm.below and alarm.metric.unit == "Count" else 0
    same = (alarm.expression, dict(alarm.metrics)) == (graph.expression, dict(graph.variables))
    return alarm.threshold > nothing and same and not (alarm.statistic or summed)


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
            below, beside = divmod(position, BESIDE)
            place = (beside * GRAPH_WIDTH, top + below * GRAPH_HEIGHT)
            widgets.append(_graph(graph, place, dimensions[row.node], region))
        top += -(-len(row.graphs) // BESIDE) * GRAPH_HEIGHT
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


def _graph(graph: Graph, place: tuple[int, int], dimensions: Mapping[str, str], region: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "title": graph.title,
        "region": region,
        "period": PERIOD_SECONDS,
        "metrics": list(_drawn(graph, dimensions)),
        "yAxis": {"left": {"min": 0}},
    }
    if graph.lines:
        properties["annotations"] = {"horizontal": [{"label": label, "value": value} for label, value in graph.lines]}
    return {
        "type": "metric",
        "x": place[0],
        "y": place[1],
        "width": GRAPH_WIDTH,
        "height": GRAPH_HEIGHT,
        "properties": properties,
    }


def _drawn(graph: Graph, dimensions: Mapping[str, str]) -> Iterator[list[Any]]:
    """What is drawn in a graph, in CloudWatch's words."""
    if graph.each:
        yield from ([{"expression": _search(metric, dimensions)}] for metric in graph.metrics)
        return
    for number, part in enumerate(graph.parts or (Part("", {}),), start=1):
        own = {**dimensions, **part.dimensions}
        if graph.expression:
            yield from _calculated(graph, own, part.label, number)
            continue
        for metric in graph.metrics:
            label = part.label if len(graph.metrics) == 1 else f"{part.label}, {metric.name}"
            yield [*_named(metric, own), {"stat": metric.statistic, **({"label": label} if part.label else {})}]


def _named(metric: Metric, dimensions: Mapping[str, str]) -> list[str]:
    return [
        metric.namespace,
        metric.name,
        *(word for pair in metric.dimensions_of(dimensions).items() for word in pair),
    ]


def _calculated(graph: Graph, dimensions: Mapping[str, str], label: str, number: int) -> Iterator[list[Any]]:
    """An expression, and the metrics that it is over, whose names are those of one part alone."""
    ids = {name: f"{name}{number}" for name in ("m", *graph.variables)}
    expression = re.sub(r"\w+", lambda found: ids.get(found[0], found[0]), graph.expression)
    yield [{"expression": expression, **({"label": label} if label else {})}]
    for name, metric in {"m": graph.metrics[0], **graph.variables}.items():
        yield [*_named(metric, dimensions), {"stat": metric.statistic, "id": ids[name], "visible": False}]


def _search(metric: Metric, dimensions: Mapping[str, str]) -> str:
    """All of a metric that has the dimensions of a node, and any value of the others.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    """
    schema = ",".join(f'"{name}"' for name in metric.dimensions)
    known = " ".join(f'"{name}"="{dimensions[name]}"' for name in metric.dimensions if name in dimensions)
    sought = f'{{{metric.namespace},{schema}}} MetricName="{metric.name}" {known}'
    return f"SEARCH('{sought}', '{metric.statistic}', {PERIOD_SECONDS})"
