"""SQL over what was archived: DuckDB in the place of Athena.

Columns, types, partitions and JSON are those of the tables in the catalog. The dialect is DuckDB's, which is not that of Athena
(https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html): the queries that our templates save run in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from streaming_constructs.local.archive_table import ArchiveTable, archive_tables
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.spec.finding import Finding, SpecError

_FUNCTIONS = """
    CREATE MACRO date_format(moment, form) AS strftime(moment, form);
    CREATE MACRO get_current_timestamp() AS TIMESTAMP '{now}';
    CREATE MACRO now() AS TIMESTAMP '{now}';
"""
"""What our saved queries call by Athena's name; and the time without a zone, because columns have none."""
_NO_WAY_OUT = "SET enable_external_access = false; SET lock_configuration = true"
"""A query is about the archive: not about files of this machine, or other machines."""
_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query.

    Attributes:
        columns: The names of its columns.
        rows: Its rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def query(aws: Aws, sql: str) -> Answer:
    """Answers a query over the tables of the catalog, each visible by its name, and as `"database"."table"`.

    Args:
        aws: The API that the catalog and the objects are read from.
        sql: One query that reads.

    Raises:
        SpecError: If it cannot be answered.
    """
    tables = list(archive_tables(aws))
    if not tables:
        raise _refused("there are no tables", tables)
    with duckdb.connect(":memory:") as connection:
        for number, table in enumerate(tables):
            rows = f"rows_{number}"
            connection.register(rows, table.rows(aws))
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{table.database}"')
            for schema in (table.database, "main"):
                name = f'"{schema}"."{table.name}"'
                connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS FROM {rows}")
            connection.unregister(rows)
        connection.execute(_FUNCTIONS.format(now=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"))
        connection.execute(_NO_WAY_OUT)
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READS:
                raise _refused("one query that reads is expected", tables)
            answered = connection.execute(statements[0])
            columns = tuple(column[0] for column in answered.description)
            return Answer(columns, tuple(map(tuple, answered.fetchall())))
        except duckdb.Error as error:
            raise _refused(str(error).splitlines()[0], tables) from None


def _refused(why: str, tables: list[ArchiveTable]) -> SpecError:
    named = ", ".join(dict.fromkeys(one.name for one in tables))
    help_ = f"there are the tables {named}" if named else "deploy a system with an archive that has a schema"
    return SpecError([Finding("SC959", "the query cannot be answered", note=why, help=help_)])
