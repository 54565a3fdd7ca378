"""The numbers of an application of Flink that stands alone: those that it would have in a system of what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import Token
from constructs import IConstruct

from streaming_constructs.cdk.adopt import is_kafka_topic
from streaming_constructs.cdk.analytics.application_edges import Source, Target
from streaming_constructs.cdk.warning import add_warning
from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan
from streaming_constructs.planning.node import Neighbours, plan_node
from streaming_constructs.planning.streams.kinesis import plan_stream
from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.schemas import RecordField, RecordSchema, record_schema
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec

Schemas = Mapping[str, Mapping[str, str | RecordField]]


def plan_alone(
    name: str,
    spec: FlinkApplicationSpec,
    sources: Mapping[str, Source],
    targets: Mapping[str, Target],
    schemas: Schemas,
    directory: Path | None,
) -> FlinkApplicationPlan:
    """Plans an application from live constructs.

    Args:
        name: What alarms and dashboards call it by.
        spec: What is asked for.
        sources: What it reads, by the names of the spec.
        targets: What it writes to, by the names of the spec.
        schemas: The schemas of their records, by the same names.
        directory: The folder that paths of the spec are relative to. None: the working directory.

    Raises:
        SpecError: If something is not there that the spec names, or cannot be built.
    """
    findings = [
        *_missing("from", spec.from_, sources, "sources"),
        *_missing("to", spec.to, targets, "targets"),
        *spec.findings(),
        *spec.system_findings(),
    ]
    if findings:
        raise SpecError([finding.below(name) for finding in findings])
    known = _known(name, schemas)
    system = _system(name, spec, {**sources, **targets}, known).read_from((directory or Path()).absolute())

    errors = [finding for finding in spec.graph_findings(name, system) if finding.level == "error"]
    if errors:
        raise SpecError([finding.below(name) for finding in errors])
    planned: Any = plan_node(
        "analytics",
        name,
        spec,
        Neighbours(
            system=system,
            sources={node: _numbers(node, source) for node, source in sources.items()},
            schema=next((known[node] for node in spec.from_ if node in known), None),
        ),
    )
    # Of a system they start at the section; here the construct is all there is.
    errors = [finding for finding in planned.findings() if finding.level == "error"]
    if errors:
        raise SpecError(errors)
    plan: FlinkApplicationPlan = planned
    return plan


def _known(name: str, schemas: Schemas) -> dict[str, RecordSchema]:
    """The schemas, or all that is wrong with them."""
    known, findings = dict[str, RecordSchema](), list[Finding]()
    for node, fields in schemas.items():
        try:
            known[node] = record_schema(fields)
        except SpecError as error:
            findings += [finding.below(name, "schemas", node) for finding in error.findings]
    if findings:
        raise SpecError(findings)
    return known


def _system(
    name: str, spec: FlinkApplicationSpec, nodes: Mapping[str, Any], schemas: Mapping[str, RecordSchema]
) -> PipelineSpec:
    """A system of these nodes, as far as their specs are known; it is never built."""
    sections: dict[str, Any] = {
        "streams": {},
        "deliveries": {},
        "stores": {},
        "clusters": {},
        "analytics": {name: spec},
    }
    for node, construct in nodes.items():
        section, described = _described(construct)
        if node in schemas and "record_schema" in type(described).model_fields:
            described = described.model_copy(update={"record_schema": node})
        sections[section][node] = described
        if is_kafka_topic(construct):
            sections["clusters"][described.cluster] = construct.cluster.spec
    return PipelineSpec.model_construct(None, name="", schemas=schemas, **sections)


def _described(construct: IConstruct) -> tuple[str, Any]:
    """The section that a construct would stand in, and its spec; of a live stream, all that is known."""
    own: Any = getattr(construct, "plan", None)
    if own is None:
        return "streams", _live_stream(construct)
    if isinstance(own.spec, DeliverySpec):
        return "deliveries", own.spec
    return ("stores" if own.spec.kind == "dynamodb" else "streams"), own.spec


def _numbers(node: str, source: Any) -> Any:
    """What is read, with its numbers; of a live stream, those that its template has."""
    return source.plan if hasattr(source, "plan") else plan_stream(node, _live_stream(source))


def _live_stream(stream: IConstruct) -> KinesisStreamSpec:
    """A live stream: as its template has it, or one that exists, of which nothing is known but its ARN."""
    resource: Any = stream.node.default_child
    if resource is None:
        return KinesisStreamSpec.model_construct(arn="*")
    hours = resource.retention_period_hours
    kept: dict[str, Any] = {} if hours is None or Token.is_unresolved(hours) else {"retention_hours": int(hours)}
    shards = resource.shard_count
    if shards is None:
        return KinesisStreamSpec(mode="on_demand", **kept)
    if Token.is_unresolved(shards):
        return KinesisStreamSpec.model_construct(arn="*", **kept)
    return KinesisStreamSpec(shards=int(shards), **kept)


def tell_of(construct: IConstruct, plan: FlinkApplicationPlan) -> None:
    """Tells at an application that stands alone what is likely to go wrong with it.

    Args:
        construct: The application.
        plan: Its numbers.
    """
    for finding in plan.findings():
        if finding.level == "warning":
            add_warning(construct, finding)


def _missing(field: str, wanted: tuple[str, ...], given: Mapping[str, Any], argument: str) -> list[Finding]:
    lacking = [
        Finding("GRF301", f"nothing was brought as `{name}`", (field,), help=f"give it in `{argument}=`")
        for name in wanted
        if name not in given
    ]
    unused = [
        Finding(
            "GRF301",
            f"`{name}` of `{argument}=` is not named",
            (field,),
            help=did_you_mean(name, wanted) or f"name it in `{field}`",
        )
        for name in given
        if name not in wanted
    ]
    return [*lacking, *unused]
