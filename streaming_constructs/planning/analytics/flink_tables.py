"""The tables that an application of SQL needs: which the library writes, and what keeps it from writing one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.planning.analytics.flink_columns import READ_LETTERS, TIME, unread_letters
from streaming_constructs.planning.analytics.flink_ddl import (
    Table,
    attribute_names,
    is_compacted,
    sink_table,
    source_table,
)
from streaming_constructs.planning.analytics.guessed_schema import guessed_schema
from streaming_constructs.planning.analytics.sql_changes import only_adds
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.watermark import watermark_findings

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.schemas import RecordSchema
    from streaming_constructs.spec.watermark import Watermark

_ISO = (None, "iso8601")


@dataclass(frozen=True, slots=True)
class FlinkTables:
    """The tables of an application.

    Attributes:
        written: Those that the library writes, by name.
        own: The names of those that its SQL creates.
        findings: What keeps tables from being written; paths start at the section, as schemas are elsewhere.
    """

    written: Mapping[str, Table]
    own: frozenset[str]
    findings: tuple[Finding, ...]


def flink_tables(
    application: str, spec: FlinkSqlSpec, statements: tuple[Statement, ...], system: PipelineSpec, group: str
) -> FlinkTables:
    """The tables of an application.

    Args:
        application: The name of its node.
        spec: The application.
        statements: Its statements.
        system: The system that it stands in.
        group: The group or fan-out consumer as which it reads.
    """
    own = frozenset(statement.target for statement in statements if statement.kind == "table")
    nodes = {name: (section, node) for section, name, node in system.nodes()}
    written, problems = dict[str, Table](), list[Finding]()
    for place, name in enumerate(spec.from_):
        if name not in own:
            node = nodes[name][1]
            schema = _schema(node, system)
            found = [finding.below("analytics", application) for finding in _source_findings(place, name, system)]
            if schema is None:
                fields = {"user_id": "string", "event_time": "timestamp"}
                found.append(_schemaless(("analytics", application, "from", place), "streams", name, fields))
            elif not found:
                written[name] = source_table(name, node, schema, watermark_of(spec, node, schema), spec, group)
            problems += found
    problems += [finding.below("analytics", application) for finding in _watermark_findings(spec, written, system)]
    for place, name in enumerate(spec.to):
        section, sink = nodes[name][0], nodes[spec.sink_of(name)][1]
        if name not in own and name not in written and getattr(sink, "kind", "") != "opensearch":  # told by the graph
            schema = _schema(sink, system) or _schema(nodes[name][1], system)
            found = [finding.below("analytics", application) for finding in _sink_findings(place, name, sink, system)]
            if schema is None:
                fields = dict(guessed_schema(name, spec, statements, system))
                found.append(_schemaless(("analytics", application, "to", place), section, name, fields))
            elif not any(finding.level == "error" for finding in found):
                adds = only_adds(name, statements, spec.from_)
                written[name] = sink_table(name, sink, schema, only_adds=adds, node_name=spec.sink_of(name))
            problems += found
    return FlinkTables(written, own, tuple(problems))


def _schemaless(path: SpecPath, section: str, name: str, fields: dict[str, str]) -> Finding:
    """The finding of a node of which nothing says what its records are, with a schema to paste."""
    schema = f"{name.replace('-', '_')}_record"
    return Finding(
        "FLK241",
        f"nothing says what the records of `{name}` are",
        path,
        note="the table of what is read or written has the fields of its schema",
        help=f"add `schemas: {in_yaml({schema: fields})}` and `{section}: {in_yaml({name: {'schema': schema}})}`",
        edits=(Edit(("schemas", schema), fields, invented=True), Edit((section, name, "schema"), schema)),
    )


def _schema(node: NodeSpec, system: PipelineSpec) -> RecordSchema | None:
    name = getattr(node, "record_schema", None)
    return None if name is None else system.schemas[name]


def watermark_of(spec: FlinkSqlSpec, node: NodeSpec, schema: RecordSchema) -> Watermark | None:
    """The watermark of a stream: the application's own, where its records have that field, else the stream's.

    Args:
        spec: The application.
        node: The stream.
        schema: The schema of its records.
    """
    for watermark in (spec.watermark, getattr(node, "watermark", None)):
        if watermark is not None and watermark.field in schema and schema[watermark.field].type == "timestamp":
            return watermark
    return None


def _watermark_findings(spec: FlinkSqlSpec, written: Mapping[str, Table], system: PipelineSpec) -> Iterator[Finding]:
    """The application's own watermark, whose field none of its streams has as a time."""
    if spec.watermark is None or not spec.from_:
        return
    if len(written) == len(spec.from_) and all(table.watermark != spec.watermark for table in written.values()):
        schema = _schema(system.streams[spec.from_[0]], system)
        yield from watermark_findings(spec.watermark, schema, spec.from_[0])


def _is_encoded(name: str, node: NodeSpec, system: PipelineSpec) -> bool:
    """Whether it is a topic whose values a schema registry encodes."""
    if getattr(node, "kind", "") != "kafka":
        return False
    # Of systems with topics alone.
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
    from streaming_constructs.spec.streams.kafka_encoding import encoding_of

    return isinstance(node, KafkaTopicSpec) and encoding_of(name, node, system) == "registry"


def _source_findings(place: int, name: str, system: PipelineSpec) -> Iterator[Finding]:
    node = system.streams[name]
    path: SpecPath = ("from", place)
    if _is_encoded(name, node, system):
        yield _encoded(path, name, "read")
    for field, column in (_schema(node, system) or {}).items():
        unread = unread_letters(column.timestamp_format or "") if _is_pattern(column.timestamp_format) else ""
        if unread:
            yield Finding(
                "FLK242",
                f"Flink cannot read the times of `{field}`",
                path,
                note=f"the pattern `{column.timestamp_format}` of the schema of `{name}` has `{unread}`; of Joda-Time's "
                f"letters Flink reads {', '.join(READ_LETTERS)}",
                help=f"create the table `{name}` in `sql` yourself, with `{field}` as a STRING; or have records written with "
                "times that are iso8601 or epoch_millis",
            )


def _is_pattern(written: str | None) -> bool:
    return written not in {None, "iso8601", "epoch_millis", "epoch_seconds"}


def _encoded(path: SpecPath, name: str, verb: str) -> Finding:
    return Finding(
        "FLK243",
        f"Flink's JSON cannot {verb} what is encoded with a schema registry",
        path,
        note=f"values of `{name}` begin with the id of their schema, and Flink SQL has no format for the Glue Schema Registry",
        help=f"write `encoding: plain` for `streams.{name}`, and let its writers write JSON; or read it with code of your own "
        "(`kind: flink_app`)",
    )


def _sink_findings(place: int, name: str, node: NodeSpec, system: PipelineSpec) -> Iterator[Finding]:
    path: SpecPath = ("to", place)
    if _is_encoded(name, node, system):
        yield _encoded(path, name, "write")
    schema = _schema(node, system)
    if schema is None:
        return
    keys = attribute_names(node) if getattr(node, "kind", "") == "dynamodb" else []
    for key in keys:
        if key not in schema:
            yield Finding(
                "FLK244",
                f"the schema of `{name}` lacks the key `{key}`",
                path,
                note="DynamoDB refuses items without their whole key",
                help=f"add `{key}` to `schemas.{getattr(node, 'record_schema', '')}`",
            )
    if is_compacted(node) and getattr(node, "partition_key", None) not in schema:
        yield Finding(
            "FLK244",
            f"the compacted topic `{name}` has no key that Flink could write",
            path,
            note="of a compacted topic the last record of each key stays, and records without one are refused",
            help=f"add `partition_key: {next(iter(schema))}` to `streams.{name}`: the field of its schema that records are "
            "kept by",
        )
    for field, column in schema.items():
        if column.type == "timestamp" and column.timestamp_format not in _ISO:
            number = column.timestamp_format in {"epoch_millis", "epoch_seconds"}
            factor = " * 1000" if column.timestamp_format == "epoch_millis" else ""
            yield Finding(
                "FLK248",
                f"`{field}` of `{name}` is written as it stands: as a {'BIGINT' if number else 'STRING'}",
                path,
                note=f"its schema says {column.timestamp_format}, and Flink writes times as ISO 8601 ({TIME})",
                help="select `CAST(TIMESTAMPDIFF(SECOND, TIMESTAMP '1970-01-01 00:00:00', window_start) AS BIGINT)"
                f"{factor} AS {field}`"
                if number
                else f"select `DATE_FORMAT(window_start, '{column.timestamp_format}') AS {field}`",
            )
