"""What Flink itself has against the SQL of an application: its parser alone, or Flink, which plans it as its start would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from streaming_constructs.local.flink.flink_error import FlinkError, FlinkGoneError
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.refused_statements import (
    refused_settings,
    refused_statements,
    without_refused,
)
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.local.flink.sql_parser import FlinkSqlParser
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.analytics.sql_statements import Statement
from streaming_constructs.spec.analytics.sql_text import path_of, place_in_words, where
from streaming_constructs.spec.finding import Finding

_LEAST = SqlDocument(
    ("CREATE TABLE `least` (`a` INT) WITH ('connector' = 'blackhole')", "INSERT INTO `least` SELECT 1")
)
"""What each Flink takes: where it is refused, the disk is full, or something of Flink is missing."""
_PLACE = re.compile(r"(?:From line \d+, column \d+ to line \d+, column \d+: )|(?: at line \d+, column \d+\.?)")
_STAND_INS = {"AWS_REGION": "us-east-1"}
_WORD = re.compile(r"""(?:Encountered "|the keyword ')(\w+)""")
_NO_COLUMN, _NO_TABLE = re.compile(r"Column '[^']*' not found"), re.compile(r"Object '[^']*' not found")
_TOLD = re.compile(r"statement (\d+)(?:, line (\d+), column (\d+))?: (.*)", re.DOTALL)
_MESSAGE = "Flink refuses the SQL"


def syntax_findings(plan: FlinkSqlPlan, parser: FlinkSqlParser) -> list[Finding]:
    """What Flink's parser refuses of the statements of the spec; paths are those of the spec.

    Args:
        plan: The application with its numbers.
        parser: The parser of its runtime.

    Raises:
        FlinkGoneError: If its process has ended.
    """
    queries = _queries(plan)
    errors = parser.parse([query.text for query in queries], _values(plan))
    return [_of_query(plan, queries[error.statement or 0], error) for error in errors]


def planning_findings(plan: FlinkSqlPlan, flink: LocalFlink) -> list[Finding]:
    """What Flink refuses when it plans all statements, of the spec and of the tables, with what is set; paths are those of the
    spec.

    Args:
        plan: The application with its numbers.
        flink: A Flink of its runtime.

    Raises:
        FlinkGoneError: If its process has ended, or runs nothing at all.
    """
    values = _values(plan)

    def attempt(document: SqlDocument) -> FlinkError | None:
        try:
            flink.validate(document, values)
        except FlinkGoneError:
            raise
        except FlinkError as error:
            return error
        return None

    document = SqlDocument(plan.statements, plan.config)
    first = attempt(document)
    if first is None:
        return []
    if attempt(_LEAST) is not None:
        raise FlinkGoneError({"causes": [f"Flink does not run on this machine: {first.message}"]})
    refused = refused_statements(document, attempt)
    findings = [_of_statement(plan, error) for error in refused]
    settings = refused_settings(without_refused(document, refused), attempt)
    if settings is not None:
        error, keys = settings
        findings += _of_settings(plan, keys, error)
    return findings


def start_finding(plan: FlinkSqlPlan, said: str) -> Finding:
    """What it means that Flink refused to start an application; paths are those of the spec.

    Args:
        plan: The application with its numbers.
        said: What Flink said, as `FlinkError` writes it.
    """
    said = said.replace("\\n", "\n")  # of what CloudFormation quotes
    found = _TOLD.fullmatch(said)
    inserts = [query for query in _queries(plan) if query.kind == "insert"]
    if found is None and len(inserts) == 1:
        return _of_query(plan, inserts[0], FlinkError({"causes": [said]}))
    if found is None:
        help_ = "`streaming-constructs validate SPEC --sql plan` says which statement it is"
        return Finding(
            "FLK254", _MESSAGE, ("analytics", plan.name), note=f"Flink says: {' '.join(said.split())}", help=help_
        )
    place = {"line": int(found[2]), "column": int(found[3])} if found[2] else {}
    return _of_statement(plan, FlinkError({"causes": [found[4]], "statement": int(found[1]) - 1, **place}))


def _queries(plan: FlinkSqlPlan) -> list[Statement]:
    return [query for query in plan.queries if query.kind != "set"]


def _values(plan: FlinkSqlPlan) -> dict[str, str]:
    return {**{name: _value(name) for name in plan.bindings}, **plan.variables}


def _value(name: str) -> str:
    """Something that stands for what is only known once it is deployed."""
    if name.endswith("_ARN"):
        return f"arn:aws:kinesis:us-east-1:123456789012:stream/{name.lower()}"
    return _STAND_INS.get(name, name)


def _of_statement(plan: FlinkSqlPlan, error: FlinkError) -> Finding:
    path, queries = ("analytics", plan.name), _queries(plan)
    if error.statement is None:
        note = f"it takes each statement by itself, and not all together: {_said(error)}"
        return Finding("FLK254", _MESSAGE, path, note=note, help="leave out one INSERT after the other to see which")
    written = len(plan.statements) - len(queries)
    if error.statement >= written:
        return _of_query(plan, queries[error.statement - written], error)
    text = plan.statements[error.statement]
    table = next((name for name, table in plan.tables.items() if text in table.statements), "")
    help_ = "this is a fault of `streaming-constructs`: report it with the spec; until then create the table in `sql`"
    return Finding(
        "FLK254", _MESSAGE, path, note=f"in what the library writes of `{table}`: {_said(error)}", help=help_
    )


def _of_query(plan: FlinkSqlPlan, query: Statement, error: FlinkError) -> Finding:
    path = ("analytics", plan.name, *path_of(query))
    note = f"{_place(plan, query, error)}: {_said(error)}"
    return Finding("FLK254", _MESSAGE, path, note=note, help=_help(plan, query, error))


def _of_settings(plan: FlinkSqlPlan, keys: Sequence[str], error: FlinkError) -> Iterator[Finding]:
    path = ("analytics", plan.name)
    for key in keys:
        set_by = next((query for query in plan.queries if (query.assignment or ("",))[0] == key), None)
        if key in plan.spec.config:
            steps: tuple[str | int, ...] = ("config", key)
            place = ""
        elif set_by is not None:
            steps, place = path_of(set_by), f"{where(set_by)}: "
        else:
            continue  # what the library sets is fine by itself
        yield Finding(
            "FLK254",
            f"Flink refuses `{key}`",
            (*path, *steps),
            note=f"{place}it is {plan.config[key]!r}; Flink says: {_said(error)}",
            help="correct it, or take it out: without it Flink takes the SQL",
        )


def _said(error: FlinkError) -> str:
    # What the parser would have taken instead is a list of a hundred lines.
    return " ".join(_PLACE.sub("", error.message.partition("\nWas expecting")[0]).split())


def _place(plan: FlinkSqlPlan, query: Statement, error: FlinkError) -> str:
    """Where it is in the SQL of the spec; where the statement begins, if Flink does not say it or counts otherwise."""
    line = (error.line or 0) - query.lines_before
    if line < 1 or error.column is None or any("\n" in plan.variables.get(name, "") for name in query.variables):
        return where(query)
    column = error.column + (query.column - 1 if line == 1 else 0)
    place = place_in_words(query.file, query.line + line - 1, column)
    if "${" in query.text.split("\n")[line + query.lines_before - 1]:
        # Flink counts the columns of what stands for it.
        return place.rpartition(":")[0] if query.file else f"line {query.line + line - 1} of the SQL"
    return place


def _help(plan: FlinkSqlPlan, query: Statement, error: FlinkError) -> str:
    if word := _WORD.search(error.message):
        return (
            f"mend it; where `{word[1]}` is meant as a name, it is written between backticks, as each reserved word is"
        )
    tables = [plan.tables[name] for name in dict.fromkeys(name for name, _ in query.reads) if name in plan.tables]
    if _NO_COLUMN.search(error.message) and tables:
        has = ("`{}` has {}".format(one.name, ", ".join(column.key for column in one.columns)) for one in tables)
        return f"write one of the columns that there are: {'; '.join(has)}"
    if _NO_TABLE.search(error.message):
        return (
            f"write one of the tables that there are: {', '.join(plan.tables)}; or list more nodes in `from` and `to`"
        )
    return "change this statement: the application would not start, and Flink would say the same on AWS"
