"""An application of Flink that is SQL: its statements, what of Flink is set for them, and its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.flink_connectors import CONNECTORS
from streaming_constructs.planning.analytics.connector_file_findings import connector_file_findings
from streaming_constructs.planning.analytics.flink_application import (
    Bound,
    FlinkApplicationPlan,
    reading_group,
    watched_topics,
)
from streaming_constructs.planning.analytics.flink_capacity import plan_capacity
from streaming_constructs.planning.analytics.flink_columns import columns_of
from streaming_constructs.planning.analytics.flink_ddl import CONSUMER_NAME, REGION, Table
from streaming_constructs.planning.analytics.flink_tables import FlinkTables, flink_tables
from streaming_constructs.planning.analytics.reserved_word_findings import reserved_word_findings
from streaming_constructs.planning.analytics.shard_readers import shard_readers
from streaming_constructs.planning.analytics.sql_connector_findings import connector_findings, connector_of
from streaming_constructs.planning.analytics.sql_file_findings import file_findings
from streaming_constructs.planning.analytics.sql_findings import statement_findings
from streaming_constructs.planning.analytics.sql_key_findings import key_findings
from streaming_constructs.planning.analytics.sql_time_findings import time_findings
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.analytics.sql_statements import Statement, as_insert
from streaming_constructs.spec.analytics.sql_text import read_sql
from streaming_constructs.spec.analytics.sql_tokens import variables
from streaming_constructs.spec.target_variables import endings, target_variable

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.pipeline import PipelineSpec

_MOST_OF_A_CODE = 50


@dataclass(frozen=True, slots=True)
class FlinkSqlPlan(FlinkApplicationPlan):
    """An application of SQL with its numbers.

    Attributes:
        spec: What was asked for.
        statements: All that it runs: tables and views that the library writes, then the statements of the spec. Variables
            stand in them as `${CLICKS_STREAM_ARN}`.
        bindings: What those variables are bound to by what is built, by name, such as `CLICKS_STREAM_ARN`.
        variables: The same for those whose value the spec says.
        config: What of Flink is set before they run.
        connectors: The connectors that jars have to have, by the names that tables call them: `kinesis`, `kafka`,
            `upsert-kafka`, `firehose`, `dynamodb`; none of those that Flink has itself.
        tables: The tables that the library writes, by name.
        queries: The statements of the spec.
        sql_findings: What is wrong with its SQL and its tables.
    """

    spec: FlinkSqlSpec
    statements: tuple[str, ...] = ()
    bindings: Mapping[str, Bound] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)
    connectors: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    queries: tuple[Statement, ...] = ()
    sql_findings: tuple[Finding, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """What the jar has as `statements.json`."""
        return {"config": dict(self.config), "statements": list(self.statements)}

    @property
    def is_event_time(self) -> bool:
        """Whether it computes over the time of records: a table that it reads has a watermark."""
        return _is_event_time(self.tables, self.queries)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.analytics.property_findings import variable_findings

        yield from self.sql_findings
        for finding in variable_findings(len(self.bindings) + len(self.variables), are_said=bool(self.variables)):
            yield finding.below("analytics", self.name)
        # Python's own super() does not know a class with slots.
        yield from FlinkApplicationPlan.findings(self)


def plan_node(name: str, spec: FlinkSqlSpec, neighbours: Neighbours) -> FlinkSqlPlan:
    """Gives an application of SQL its numbers, and writes its tables.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: What it reads, and the system that it stands in.
    """
    system = neighbours.system
    group = reading_group(system.name if system is not None else "", name)
    text = read_sql(spec, system.directory if system is not None else Path())
    queries = tuple(_with_targets(spec, text.statements, system))
    tables, bound, problems = FlinkTables({}, frozenset(), ()), {REGION: Bound("", REGION)}, list(text.findings)
    if system is not None:
        tables = flink_tables(name, spec, queries, system, group)
        bound |= _bound(spec, system)
        problems += statement_findings(spec, queries, tables, bound, system) if not text.findings else ()
        problems += reserved_word_findings(spec, queries)
        problems += connector_findings(spec, queries)
        problems += file_findings(spec, queries)
        problems += time_findings(spec, queries, tables, system)
        problems += key_findings(spec, queries, tables, system)
    statements = _statements(tables, queries)
    used = dict.fromkeys(one for statement in statements for one in variables(statement))
    event_time = _is_event_time(tables.written, queries)
    connectors = _connectors(tables, queries)
    if system is not None:
        problems += connector_file_findings(spec, connectors, system.directory)
    return FlinkSqlPlan(
        name=name,
        spec=spec,
        capacity=plan_capacity(spec, neighbours.sources, is_event_time=event_time),
        bindings={one: bound[one] for one in used if one in bound},
        variables={one: spec.variables[one] for one in used if one in spec.variables and one not in bound},
        sources=neighbours.sources,
        group=group,
        max_lag_seconds=neighbours.max_lag_seconds,
        topics=watched_topics((one for one in spec.from_ if one in tables.written), system),
        shard_readers=shard_readers(name, spec.from_, system),
        statements=statements,
        config=_config(name, spec, queries),
        connectors=connectors,
        tables=tables.written,
        queries=queries,
        sql_findings=(*(finding.below("analytics", name) for finding in _first_of_each(problems)), *tables.findings),
    )


def _first_of_each(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, of each code as many as anybody reads: SQL that is written by a program has thousands of one kind."""
    counts, told = Counter(finding.code for finding in findings), Counter[str]()
    for finding in findings:
        told[finding.code] += 1
        more = counts[finding.code] - _MOST_OF_A_CODE
        if told[finding.code] == _MOST_OF_A_CODE and more > 0:
            yield replace(
                finding, note=f"{finding.note}{'; ' if finding.note else ''}there are {more:,} more of this kind"
            )
        elif told[finding.code] <= _MOST_OF_A_CODE:
            yield finding


def _with_targets(
    spec: FlinkSqlSpec, statements: Sequence[Statement], system: PipelineSpec | None
) -> Iterator[Statement]:
    """The statements, with a bare SELECT writing to the one node that it can mean: by the names of columns, where it has
    them.
    """
    for statement in statements:
        if statement.kind != "select" or len(spec.to) != 1:
            yield statement
            continue
        keys = _keys_of(spec.sink_of(spec.to[0]), system)
        names = [name for name, _ in statement.selected]
        is_named = bool(names) and len({*names}) == len(names) and all(name in keys for name in names)
        yield as_insert(statement, spec.to[0], [keys[name] for name in names] if is_named else ())


def _keys_of(target: str, system: PipelineSpec | None) -> Mapping[str, str]:
    """The columns of what is written to, by the names of their fields."""
    nodes = {name: node for _, name, node in system.nodes()} if system is not None else {}
    schema = getattr(nodes.get(target), "record_schema", None)
    if system is None or schema is None:
        return {}
    return {column.name: column.key for column in columns_of(system.schemas[schema])}


def _bound(spec: FlinkSqlSpec, system: PipelineSpec) -> dict[str, Bound]:
    """The variables of all that it reads and writes."""
    nodes = {name: (section, getattr(node, "kind", "")) for section, name, node in system.nodes()}
    fan_out = [name for name in spec.from_ if spec.enhanced_fan_out and nodes[name][1] == "kinesis"]
    return {
        target_variable(name, ending): Bound(name, ending)
        for name in (*spec.from_, *map(spec.sink_of, spec.to))
        if nodes[name][0] != "stores" or nodes[name][1] == "dynamodb"
        for ending in (*endings(*nodes[name]), *((CONSUMER_NAME,) if name in fan_out else ()))
    }


def _statements(tables: FlinkTables, queries: Sequence[Statement]) -> tuple[str, ...]:
    """All that is run: views are read when they are created, so tables come first."""
    written = [statement for table in tables.written.values() for statement in table.statements]
    written.sort(key=lambda statement: statement.startswith("CREATE VIEW"))
    return (*written, *(query.text for query in queries if query.kind != "set"))


def _config(name: str, spec: FlinkSqlSpec, queries: Sequence[Statement]) -> dict[str, str]:
    set_in_sql = dict(query.assignment for query in queries if query.assignment is not None)
    idle = {"table.exec.source.idle-timeout": f"{spec.idle_timeout_seconds} s"} if spec.idle_timeout_seconds else {}
    return {"pipeline.name": name, "table.local-time-zone": "UTC", **idle, **set_in_sql, **spec.config}


def _connectors(tables: FlinkTables, queries: Sequence[Statement]) -> tuple[str, ...]:
    names = [table.connector for table in tables.written.values()]
    names += [connector_of(query) for query in queries if query.kind == "table"]
    return tuple(
        dict.fromkeys(name for name in names if name and (name not in CONNECTORS or CONNECTORS[name].needs_jar))
    )


def _is_event_time(tables: Mapping[str, Table], queries: Sequence[Statement]) -> bool:
    return any(table.watermark is not None for table in tables.values()) or any(
        query.kind == "table" and "WATERMARK" in query.words for query in queries
    )
