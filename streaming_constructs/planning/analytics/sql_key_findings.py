"""Keys of tables of DynamoDB and of compacted topics that a query fills from a field which a record may lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.planning.analytics.flink_columns import columns_of
from streaming_constructs.planning.analytics.flink_ddl import attribute_names, is_compacted
from streaming_constructs.spec.analytics.sql_text import path_of, where
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_tables import FlinkTables
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.analytics.sql_tokens import Token
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.pipeline import PipelineSpec

_CLAUSES = frozenset({"SELECT", "FROM", "WHERE", "ON", "HAVING", "GROUP", "ORDER", "PARTITION", "WINDOW", "UNION"})
_JUDGING = frozenset({"WHERE", "ON", "HAVING"})


def key_findings(
    spec: FlinkSqlSpec, statements: Sequence[Statement], tables: FlinkTables, system: PipelineSpec
) -> Iterator[Finding]:
    """What may stop the application; paths are relative to it.

    Args:
        spec: The application.
        statements: Its statements.
        tables: Its tables.
        system: The system that it stands in.
    """
    for statement in statements:
        table = _keyed(spec.sink_of(statement.target), system) if statement.kind == "insert" else None
        if table is None or statement.target not in tables.written:
            continue
        read = {name for name, _ in statement.reads}
        if len(read) != 1 or statement.own_names or not read <= {*spec.from_} & {*tables.written}:
            continue
        for field, key in _filled(statement, table, system):
            if _may_lack(field, system.streams[min(read)], system) and not _is_judged(statement, field):
                yield Finding(
                    "FLK268",
                    f"a record without `{field}` would stop the application",
                    path_of(statement),
                    note=f"{where(statement)}: `{key}` is a key of {_refused_without(statement.target, table)}; the "
                    "application starts again from its last checkpoint, and reads the record again",
                    help=f"add `{field} IS NOT NULL` to its WHERE, or select `COALESCE({field}, 'unknown')` in its place",
                )


def _keyed(name: str, system: PipelineSpec) -> NodeSpec | None:
    """What is written to, where it refuses what has no key: a table of DynamoDB, or a compacted topic."""
    table = system.stores.get(name)
    if getattr(table, "kind", "") == "dynamodb":
        return table
    topic = system.streams.get(name)
    return topic if topic is not None and is_compacted(topic) else None


def _key_names(node: NodeSpec) -> list[str]:
    return [getattr(node, "partition_key", None) or ""] if is_compacted(node) else attribute_names(node)


def _refused_without(name: str, node: NodeSpec) -> str:
    if is_compacted(node):
        return f"the compacted topic `{name}`, whose primary key Flink lets never be NULL"
    return f"the table `{name}`, and DynamoDB refuses items without their whole key"


def _filled(statement: Statement, table: NodeSpec, system: PipelineSpec) -> Iterator[tuple[str, str]]:
    """The plain columns that fill keys of a table or a topic, each with the key."""
    schema = getattr(table, "record_schema", None)
    if schema is None:
        return
    columns = columns_of(system.schemas[schema])
    keys = {column.key for column in columns if column.name in _key_names(table)}
    into = statement.named_columns or tuple(column.key for column in columns)
    for column, (_, tokens) in zip(into, statement.selected, strict=False):
        field = _plain(tokens)
        if field and column in keys:
            yield field, column


def _plain(tokens: Sequence[Token]) -> str:
    """The column that an item of a SELECT is, under whatever name; empty where it is computed."""
    if len(tokens) > 2 and tokens[-2].upper == "AS":
        tokens = tokens[:-2]
    is_one = len(tokens) == 1 or (len(tokens) == 3 and tokens[1].text == ".")
    return tokens[-1].value if is_one and tokens[-1].form in {"word", "name"} else ""


def _may_lack(field: str, stream: NodeSpec, system: PipelineSpec) -> bool:
    """Whether it is a field of the stream that records may lack: each has what it is keyed by, but in a topic that takes those
    without a key.
    """
    schema = getattr(stream, "record_schema", None)
    if schema is None or field not in system.schemas[schema]:
        return False
    takes_any = getattr(stream, "kind", "") == "kafka" and not is_compacted(stream)
    return takes_any or field != getattr(stream, "partition_key", None)


def _is_judged(statement: Statement, field: str) -> bool:
    """Whether a condition names the field: of most conditions nothing that is NULL gets through."""
    clause = ""
    for token in statement.tokens:
        clause = token.upper if token.form == "word" and token.upper in _CLAUSES else clause
        if clause in _JUDGING and token.form in {"word", "name"} and token.value == field:
            return True
    return False
