"""What a dashboard shows: for each node what flows, what is late and what failed, with the alarm's line in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts import metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import PERIOD_SECONDS, AlarmPlan
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, is_converted
from streaming_constructs.planning.deliveries.firehose_alarms import backup_metric
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.stores.opensearch import DomainPlan
from streaming_constructs.planning.streams.kinesis import StreamPlan
from streaming_constructs.spec.on_failure import destination_kind

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


NodePlan = StreamPlan | ConsumerPlan | DeliveryPlan | DomainPlan
"""What has a row of its own."""


def dashboard_rows(nodes: Iterable[NodePlan], alarms: Sequence[AlarmPlan]) -> Iterator[Row]:
    """The rows of a dashboard, in the order of the nodes.

    Args:
        nodes: What to show.
        alarms: Alarms whose thresholds are drawn.
    """
    for node in nodes:
        if isinstance(node, StreamPlan):
            told, graphs = _capacity(node), _stream(node)
        elif isinstance(node, ConsumerPlan):
            told, graphs = (
                f"reads {node.spec.from_}, {'enhanced fan-out' if node.spec.enhanced_fan_out else 'shared'}",
                _consumer(node),
            )
        elif isinstance(node, DeliveryPlan):
            told, graphs = _route(node), _delivery(node, alarms)
        else:
            told, graphs = _size(node), _domain()
        yield Row(node.name, f"## {node.name}\n{told}", _with_lines(node.name, graphs, alarms))


def _capacity(stream: StreamPlan) -> str:
    if stream.write_mib_per_second is None or stream.write_records_per_second is None:
        return "capacity unknown"
    mode = "on demand" if stream.shards is None else f"{stream.shards:,} shards"
    return f"{mode}: {number(stream.write_mib_per_second)} MiB/s, {number(stream.write_records_per_second)} records/s"


def _stream(stream: StreamPlan) -> tuple[Graph, ...]:
    late = (Graph("Iterator age of shared readers", (metrics.STREAM_ITERATOR_AGE,)),) if stream.shared_readers else ()
    return (
        Graph("Bytes written per minute", (metrics.INCOMING_BYTES,)),
        Graph("Records written per minute", (metrics.INCOMING_RECORDS,)),
        *late,
        Graph("Throttled and failed", (metrics.WRITE_THROTTLED, metrics.READ_THROTTLED, metrics.PUT_RECORDS_FAILED)),
    )


def _consumer(consumer: ConsumerPlan) -> tuple[Graph, ...]:
    fan_out = consumer.spec.enhanced_fan_out
    kept = metrics.QUEUE_DEPTH if destination_kind(consumer.spec.on_failure) == "sqs" else metrics.MAPPING_KEPT_FAILURES
    return (
        Graph(
            "Records read, filtered out, handed over",
            (metrics.MAPPING_POLLED, metrics.MAPPING_FILTERED_OUT, metrics.MAPPING_INVOKED),
        ),
        Graph("Lag", (metrics.FUNCTION_ITERATOR_AGE, *((metrics.FAN_OUT_LAG,) if fan_out else ()))),
        Graph(
            "Errors and throttles", (metrics.FUNCTION_INVOCATIONS, metrics.FUNCTION_ERRORS, metrics.FUNCTION_THROTTLES)
        ),
        Graph("Given up", (kept, metrics.MAPPING_DROPPED, metrics.FUNCTION_DESTINATION_FAILURES)),
    )


def _route(delivery: DeliveryPlan) -> str:
    source = f"reads {delivery.spec.from_}" if delivery.spec.from_ else "takes records directly"
    return f"{source}, writes to {delivery.spec.to.kind} every {delivery.buffer_mb} MiB or {delivery.buffer_seconds} s"


def _delivery(delivery: DeliveryPlan, alarms: Sequence[AlarmPlan]) -> tuple[Graph, ...]:
    kind = delivery.spec.to.kind
    freshness = metrics.DELIVERY_FRESHNESS.get(kind)
    lag = () if delivery.is_direct else (metrics.DELIVERY_SOURCE_LAG,)
    late = [Graph("Age of the oldest record, in seconds", (freshness,))] if freshness else []
    late += [Graph("Behind the stream", lag)] if lag else []
    beside = backup_metric(delivery)
    success = (
        metrics.DELIVERY_SUCCESS[kind],
        *((metrics.TRANSFORM_SUCCESS,) if delivery.spec.transform is not None else ()),
        *((beside,) if beside is not None else ()),
    )
    lost = (
        metrics.DELIVERY_THROTTLED_RECORDS if delivery.is_direct else metrics.DELIVERY_THROTTLED_READS,
        *((metrics.FAILED_CONVERSION_RECORDS,) if is_converted(delivery) else ()),
        *((metrics.DELIVERY_REFUSED[kind],) if kind in metrics.DELIVERY_REFUSED else ()),
    )
    shown = {metric for graph in late for metric in graph.metrics} | {*success, *lost}
    # What else is watched counts failures of one kind or another: keys, partitions, decompression, access.
    watched = [alarm.metric for alarm in alarms if alarm.node == delivery.name and alarm.metric not in shown]
    return (*late, Graph("Share of writes that succeed", success), Graph("Throttled and failed", (*lost, *watched)))


def _size(domain: DomainPlan) -> str:
    return f"{domain.instances} x {domain.instance_type}, {domain.volume_gb:,} GiB each"


def _domain() -> tuple[Graph, ...]:
    return (
        Graph("Free storage on the fullest node, in MiB", (metrics.DOMAIN_FREE_STORAGE,)),
        Graph("Processors and heap, in percent", (metrics.DOMAIN_CPU, metrics.DOMAIN_HEAP)),
        Graph("Cluster status", (metrics.DOMAIN_RED, metrics.DOMAIN_YELLOW, metrics.DOMAIN_WRITES_BLOCKED)),
    )


def _with_lines(node: str, graphs: Iterable[Graph], alarms: Sequence[AlarmPlan]) -> tuple[Graph, ...]:
    return tuple(
        Graph(
            graph.title,
            graph.metrics,
            # A line at zero would only underline the axis.
            tuple(
                (alarm.name, alarm.threshold)
                for alarm in alarms
                if alarm.node == node and alarm.metric in graph.metrics and alarm.threshold > 0
            ),
        )
        for graph in graphs
    )


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
