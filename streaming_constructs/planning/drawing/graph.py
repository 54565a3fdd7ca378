"""What of a plan is drawn: a box for each node and for what it makes or needs outside, and an arrow for each way of records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from streaming_constructs.planning.drawing.told_costs import told_costs
from streaming_constructs.planning.node import NodePlan, Source, kind_of
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.pipeline import PipelinePlan

Group = Literal["stream", "compute", "delivery", "store", "outside"]
"""What a box is, which its colour says."""

SERVICES: dict[str, tuple[str, Group]] = {
    "streams.kinesis": ("Kinesis stream", "stream"),
    "streams.kafka": ("Kafka topic", "stream"),
    "queues.sqs": ("SQS queue", "stream"),
    "clusters.msk": ("MSK cluster", "stream"),
    "clusters.msk_express": ("MSK Express cluster", "stream"),
    "clusters.msk_serverless": ("MSK Serverless cluster", "stream"),
    "replicators.msk": ("MSK Replicator", "delivery"),
    "connectors.source": ("MSK Connect source", "delivery"),
    "connectors.sink": ("MSK Connect sink", "delivery"),
    "consumers.lambda_function": ("Lambda function", "compute"),
    "analytics.flink_sql": ("Managed Flink, SQL", "compute"),
    "analytics.flink_app": ("Managed Flink", "compute"),
    "deliveries.firehose": ("Firehose stream", "delivery"),
    "stores.opensearch": ("OpenSearch domain", "store"),
    "stores.dynamodb": ("DynamoDB table", "store"),
    "sns_topics.sns": ("SNS topic", "store"),
    "apis.lambda_function": ("API Gateway, Lambda", "compute"),
    "producers.cloudwatch_logs": ("CloudWatch Logs", "outside"),
    "producers.kinesis_agent": ("Kinesis Agent", "outside"),
    "producers.fluent_bit": ("Fluent Bit", "outside"),
    "producers.api_gateway": ("API Gateway", "outside"),
    "deliveries.s3": ("S3 bucket", "store"),
    "deliveries.opensearch": ("OpenSearch domain", "store"),
    "deliveries.opensearch_serverless": ("OpenSearch Serverless", "store"),
    "deliveries.redshift": ("Redshift", "store"),
    "deliveries.splunk": ("Splunk", "store"),
    "deliveries.http_endpoint": ("HTTP endpoint", "store"),
    "deliveries.snowflake": ("Snowflake", "store"),
    "deliveries.iceberg": ("Iceberg tables", "store"),
}
"""What each kind is called on a picture, by its module."""

_FAILURES = {"s3": "S3 bucket", "sqs": "SQS queue", "sns": "SNS topic"}
_NOT_DRAWN = {"cluster", "schema"}
"""Fields whose edges are no way of records: a topic says in words which cluster it is in."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node of the picture.

    Attributes:
        name: Its name in the system.
        service: What it is, as AWS calls it.
        group: What it does.
        lines: What else is told of it.
        path: Where the spec says it, such as `consumers.fraud`; of what is no node of its own, the field that leads there:
            `consumers.fraud.on_failure`.
    """

    name: str
    service: str
    group: Group
    lines: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way that records take.

    Attributes:
        start: The place of the box that they leave.
        end: The place of the box that they go to.
        label: What is told of it; may be empty.
        dead_letters: Whether they are records that were given up.
    """

    start: int
    end: int
    label: str = ""
    dead_letters: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn.

    Attributes:
        title: The name of the system.
        boxes: The boxes.
        arrows: The arrows between them.
        costs: What all of it costs; empty where that is not known.
    """

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    costs: str = ""


def graph_of(plan: PipelinePlan) -> Graph:
    """The boxes and arrows of a system.

    Args:
        plan: The system.
    """
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    places: dict[tuple[str, str], int] = {}
    costs, whole = told_costs(plan)
    for section, nodes in plan.sections.items():
        for name, node in nodes.items():
            places[section, name] = len(boxes)
            boxes.append(_box(section, node, costs.get(name, "")))
    for (section, name), place in list(places.items()):
        node = plan.sections[section][name]
        arrows += _edges(plan, node, place, places)
        for box, label, dead_letters in _outside(section, node):
            arrows.append(Arrow(place, len(boxes), label, dead_letters))
            boxes.append(box)
    return Graph(plan.spec.name, tuple(boxes), tuple(dict.fromkeys(arrows)), whole)


def _box(section: str, node: NodePlan, cost: str) -> Box:
    service, group = SERVICES[kind_of(section, node.spec).module]
    lines = (*_lines(section, node), *([cost] if cost else []))
    return Box(node.name, service, group, lines, f"{section}.{node.name}")


def _lines(section: str, node: NodePlan) -> Iterator[str]:
    """What is told of a node: its size, in the words of its plan."""
    title = node.summary().title
    said = SERVICES[kind_of(section, node.spec).module][0].split(",")[0]
    if section in {"streams", "clusters"}:
        yield from title.removeprefix(f"{said}, ").split(", ") if title != "MSK Serverless" else ()
    elif section == "analytics":
        yield from (part for part in title.split(", ") if part != "SQL")
    elif section in {"connectors", "stores"}:
        yield from (
            title.removeprefix(f"{said}, ")
            .removeprefix(f"Kafka Connect {getattr(node.spec, 'kind', '')}, ")
            .split(", ")
        )
    cluster = next((edge.target for edge in node.spec.edges() if edge.path == ("cluster",)), "")
    if cluster:
        yield f"on {cluster}"


def _edges(plan: PipelinePlan, node: NodePlan, place: int, places: dict[tuple[str, str], int]) -> Iterator[Arrow]:
    """The arrows of what a node names."""
    for edge in node.spec.edges():
        other = next((places[key, edge.target] for key in edge.accepts if (key, edge.target) in places), None)
        if other is None or other == place or edge.path[0] in _NOT_DRAWN:
            continue
        if edge.role == "from":
            yield Arrow(other, place, _flow(plan.nodes[edge.target]))
        elif edge.role in {"to", "uses"}:
            is_dead = edge.path[0] == "on_failure"
            label = "dead letters" if is_dead else _buffer(node) if edge.role == "uses" else ""
            yield Arrow(place, other, label, is_dead)


def _flow(source: NodePlan | Source) -> str:
    """What flows out of a source, where that is known."""
    workload = source.workload if isinstance(source, Source) else None
    if workload is None:
        return ""
    return f"{number(workload.records_per_second)} record{'s' * (workload.records_per_second != 1)}/s"


def _buffer(node: NodePlan) -> str:
    """How long a delivery gathers records."""
    mib, seconds = getattr(node, "buffer_mb", None), getattr(node, "buffer_seconds", None)
    return f"{mib} MiB or {seconds} s" if mib and seconds else ""


def _outside(section: str, node: NodePlan) -> Iterator[tuple[Box, str, bool]]:
    """Where records go that is no node of its own: the destination of a delivery, and of what is given up."""
    spec: Any = node.spec
    drawn = {edge.path[0] for edge in spec.edges() if edge.role != "from"}
    if section == "deliveries" and "to" not in drawn:
        from streaming_constructs.kinds import kinds_of

        service, group = SERVICES[kinds_of("destinations")[spec.to.kind].module]
        said = node.summary().title
        yield (
            Box(
                node.name,
                service,
                group,
                (said.rpartition(" as ")[2],) if " as " in said else (),
                f"{section}.{node.name}.to",
            ),
            _buffer(node),
            False,
        )
    if section == "queues" and spec.makes_dead_letters:
        yield Box(f"{node.name} failures", _FAILURES["sqs"], "store"), "dead letters", True
    on_failure = getattr(spec, "on_failure", None)
    destination: Any = getattr(on_failure, "destination", None)
    if destination is not None and "on_failure" not in drawn:
        kind = destination if isinstance(destination, str) else destination.kind
        service, path = _FAILURES.get(kind, "destination"), f"{section}.{node.name}.on_failure"
        yield Box(f"{node.name} failures", service, "store", path=path), "dead letters", True
