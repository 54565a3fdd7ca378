"""Amazon Athena's place taken by DuckDB: SQL over what was archived.

Columns, types, partitions and JSON are those of the tables in the catalog. The dialect is DuckDB's, which is not that of Athena
(https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html): the queries that our templates save run in both. There is
no `"$path"`. A partition that Athena could not list, or only with a condition, is read as any other; and a file whose column
has another type than the table's is converted, where Athena would refuse.
"""

from __future__ import annotations

import atexit
import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow.parquet
from botocore.exceptions import ClientError

from streaming_constructs.local.athena.glue_table import GlueTable, glue_tables
from streaming_constructs.local.athena.openx_json import INVALID
from streaming_constructs.local.athena.table_files import TableFile, UnreadableObjectError, table_files
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean

# Loading CDK freezes what is loaded (`streaming_constructs.loading`). Frozen, DuckDB's classes outlive the interpreter's last
# collection, and its binding prints each of them as leaked behind the last line of the process.
atexit.register(gc.unfreeze)

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_CATALOG = """
    ATTACH ':memory:' AS awsdatacatalog;
    USE awsdatacatalog;
    SET TimeZone = 'UTC';
    CREATE MACRO date_format(moment, form) AS
        strftime(moment, replace(replace(replace(form, '%M', '%B'), '%i', '%M'), '%s', '%S'));
    CREATE MACRO get_current_timestamp() AS TIMESTAMP '{now}';
    CREATE MACRO now() AS TIMESTAMP '{now}';
"""
"""Athena's name of the catalog, and what our saved queries call by Athena's name; the time has no zone, as columns have none.

Sources: https://docs.aws.amazon.com/athena/latest/ug/understanding-tables-databases-and-the-data-catalog.html and
https://trino.io/docs/current/functions/datetime.html, to which Athena refers
"""
_NO_WAY_OUT = """
    SET temp_directory = '{folder}/spilled';
    SET allowed_directories = ['{folder}'];
    SET enable_external_access = false;
    SET lock_configuration = true;
"""
"""A query is about the archive: not about other files of this machine, or other machines."""
_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_UNKNOWN = re.compile(r'Catalog Error: Table with name "?([^\s"]+)"? does not exist')
_FILE = "?file"
"""The column that says which file a row is from; no column of a table is called so."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The rows of a query.

    Attributes:
        columns: The names of its columns.
        rows: Its rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def query(aws: Aws, sql: str) -> QueryResult:
    """Answers a query over the tables of the catalog.

    Each is visible as `"database"."table"`, and by its name, unless tables of several databases share it.

    Args:
        aws: The API that the catalog and the objects are read from.
        sql: One query that reads.

    Raises:
        SpecError: If it cannot be answered.
    """
    tables = glue_tables(aws)
    try:
        with _connected(aws, tables, sql) as connection:
            answered = connection.execute(sql)
            columns = tuple(column[0] for column in answered.description)
            return QueryResult(columns, tuple(map(tuple, answered.fetchall())))
    except (duckdb.Error, UnreadableObjectError, ClientError, OSError) as error:  # the last: a disk that is full
        raise _refused(str(error), tables) from None


def check_query(sql: str) -> None:
    """Looks whether a text is one query that reads; what it names is not looked at.

    Args:
        sql: The query.

    Raises:
        SpecError: If it is none.
    """
    try:
        with duckdb.connect(config=_CONFIG) as connection:
            _check(connection, sql)
    except duckdb.Error as error:
        raise _refused(str(error)) from None


def _check(connection: duckdb.DuckDBPyConnection, sql: str, tables: Sequence[GlueTable] | None = None) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in _READS:
        raise _refused("one query that reads is expected", tables)


@contextmanager
def _connected(aws: Aws, tables: Sequence[GlueTable], sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database that has a view for each table, and reaches nothing else."""
    with TemporaryDirectory(prefix="streaming-constructs-") as root, duckdb.connect(config=_CONFIG) as connection:
        _check(connection, sql, tables)
        connection.execute(_CATALOG.format(now=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"))
        named = _names(tables)
        for number, table in enumerate(tables):
            folder = Path(root, str(number))
            folder.mkdir()
            # A query that does not name a table does not read it.
            files = table_files(aws, table, folder) if table.name in sql.lower() else ()
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_name(table.database)}")
            connection.execute(_view(connection, table, files, folder / "empty"))
            if table.name in named and table.database != "main":
                connection.execute(f"CREATE VIEW main.{_name(table.name)} AS FROM {_full_name(table)}")
        connection.execute(_NO_WAY_OUT.format(folder=root.replace("'", "''")))
        yield connection


def _view(connection: duckdb.DuckDBPyConnection, table: GlueTable, files: Iterable[TableFile], empty: Path) -> str:
    """What makes the view of a table over its files.

    A file without rows has all columns of the table, which older objects may not; and is there when no object is.
    """
    pyarrow.parquet.write_table(table.schema.append(INVALID).empty_table(), empty)
    described = connection.execute("DESCRIBE FROM read_parquet(?)", [str(empty)]).fetchall()
    types = {column[0]: column[1] for column in described}
    columns = [_column(table, name, types[name]) for name, _ in table.columns]
    keys = [f"CAST(folder.{_name(name)} AS {types[name]}) AS {_name(name)}" for name, _ in table.partition_keys]
    found = [(str(file.path), *file.partition) for file in files]
    folders = [(str(empty), *[None] * len(keys)), *found]
    values = ", ".join(f"({', '.join(map(_text, folder))})" for folder in folders)
    paths = ", ".join(_text(folder[0]) for folder in folders)
    names = ", ".join(map(_name, (_FILE, *(name for name, _ in table.partition_keys))))
    return (  # names and texts are quoted
        f"CREATE VIEW {_full_name(table)} AS SELECT {', '.join((*columns, *keys))} "  # noqa: S608
        f"FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false, filename = {_text(_FILE)}) AS object "
        f"JOIN (VALUES {values}) AS folder({names}) USING ({_name(_FILE)})"
    )


def _column(table: GlueTable, name: str, type_: str) -> str:
    value = f"CAST(object.{_name(name)} AS {type_})"
    if table.format == "json":
        wrong = f"object.{_name(INVALID.name)}[{_text(name)}]"
        value = f"CASE WHEN {wrong} IS NULL THEN {value} ELSE error({wrong}) END"
    return f"{value} AS {_name(name)}"


def _names(tables: Sequence[GlueTable]) -> list[str]:
    """What tables are called: a name that several have is none without its database."""
    count = Counter(table.name for table in tables)
    return [table.name if count[table.name] == 1 else f"{table.database}.{table.name}" for table in tables]


def _full_name(table: GlueTable) -> str:
    return f"{_name(table.database)}.{_name(table.name)}"


def _name(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _text(value: str | None) -> str:
    return "NULL" if value is None else "'{}'".format(value.replace("'", "''"))


def _refused(why: str, tables: Sequence[GlueTable] | None = None) -> SpecError:
    """What cannot be answered.

    Args:
        why: Why.
        tables: The tables that there are. Left out: it is no matter of tables.
    """
    names = _names(tables or ())
    unknown = _UNKNOWN.match(why)
    if tables is None:
        help_ = "write one query in the dialect of DuckDB, such as `SELECT count(*) FROM a_table`"
    elif not names:
        help_ = "there are no tables: deploy a system with an archive that has a schema"
    elif unknown:
        help_ = did_you_mean(unknown[1], names)
    else:
        help_ = f"there are the tables {', '.join(names)}"
    return SpecError([Finding("LOC959", "the query cannot be answered", note=why.splitlines()[0], help=help_)])
