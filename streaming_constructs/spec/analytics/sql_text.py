"""The SQL of an application as it is given: statements in the spec, or in files beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.spec.analytics.sql_statements import Statement, statements
from streaming_constructs.spec.analytics.sql_tokens import OpenQuoteError, Token, line_and_column
from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.regular_file import read_regular_file

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec

MOST_BYTES = 500_000
"""Of a file with SQL, as of SQL in the spec."""
FILE_ENDING = ".sql"


@dataclass(frozen=True, slots=True)
class SqlText:
    """What an application is to run.

    Attributes:
        statements: Its statements, in order, as far as they could be read.
        findings: What could not be read; paths are relative to the application.
    """

    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]


def is_file(text: str) -> bool:
    """Whether an item of `sql` is the path of a file, and not SQL itself.

    Args:
        text: The item.
    """
    return text.rstrip().endswith(FILE_ENDING) and len(text.split()) == 1


def read_sql(spec: FlinkSqlSpec, directory: Path) -> SqlText:
    """Reads the SQL of an application.

    Args:
        spec: The application.
        directory: The folder that paths are relative to.
    """
    found, problems = list[Statement](), list[Finding]()
    for item, text in enumerate(spec.sql):
        file = text.strip() if is_file(text) else ""
        sql = _of_file(file, item, directory) if file else text
        if isinstance(sql, Finding):
            problems.append(sql)
            continue
        try:
            # What stands before an open quote may be a part of what it ought to be: all of it, or nothing.
            found += list(statements(sql, item, file))
        except OpenQuoteError as error:
            line, column = line_and_column(sql, error.start)
            problems.append(
                Finding(
                    "FLK222",
                    f"{error.what} in the SQL is not closed",
                    ("sql", item),
                    note=f"it opens at {place_in_words(file, line, column)}: `{_shown(sql, error.start)}`",
                    help="close it with `'`; a quote within a text is written twice, as in 'it''s'"
                    if error.what == "a text"
                    else "close it with a backtick"
                    if error.what == "a name"
                    else "close it with `*/`",
                )
            )
    return SqlText(tuple(found), tuple(problems))


def place_in_words(file: str, line: int, column: int) -> str:
    """A place in SQL: that of an editor in a file, else line and column of the text in the spec.

    Args:
        file: The file; empty where the spec has the SQL.
        line: The line, from 1.
        column: The column, from 1.
    """
    return f"{file}:{line}:{column}" if file else f"line {line}, column {column} of the SQL"


def path_of(statement: Statement) -> SpecPath:
    """Where the spec says a statement, seen from its application.

    Args:
        statement: The statement.
    """
    return ("sql", statement.item)


def where(statement: Statement, token: Token | None = None) -> str:
    """Where a statement begins, or where a token of it stands, in words.

    Args:
        statement: The statement.
        token: The token. Left out: the statement as a whole.
    """
    if token is not None:
        return place_in_words(statement.file, token.line, token.column)
    return f"{statement.file}:{statement.line}" if statement.file else f"line {statement.line} of the SQL"


def _shown(sql: str, start: int) -> str:
    return sql[start : start + 40].partition("\n")[0]


def _of_file(file: str, item: int, directory: Path) -> str | Finding:
    def problem(note: str, help_: str) -> Finding:
        return Finding("FLK223", f"the SQL of `{file}` cannot be read", ("sql", item), note=note, help=help_)

    path = os.path.join(directory, file)  # noqa: PTH118 - takes a name that no file can have for one that does not exist
    if "\x00" in file or not os.path.exists(path):  # noqa: PTH110
        return problem("it is looked up beside the spec's own file", "create it, or correct the path")
    try:
        raw = read_regular_file(path, MOST_BYTES + 1)
    except OSError as error:
        return problem(error.strerror or "it cannot be opened", "name a file of text that ends in .sql")
    if len(raw) > MOST_BYTES:
        return problem(f"it is larger than {MOST_BYTES:,} bytes", "split it, and list the parts")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return problem(f"byte {error.start:,} is none of UTF-8", "save it as UTF-8")
