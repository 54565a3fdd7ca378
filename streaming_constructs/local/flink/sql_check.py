"""What Flink itself has against the SQL of an application: its parser alone, or Flink, which plans it as its start would."""

from __future__ import annotations

import re

from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_parser import FlinkSqlParser
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.analytics.sql_statements import Statement
from streaming_constructs.spec.analytics.sql_text import path_of, place_in_words, where
from streaming_constructs.spec.finding import Finding

_PLACE = re.compile(r" at line \d+, column \d+\.?")
_STAND_INS = {"AWS_REGION": "us-east-1"}


def syntax_findings(plan: FlinkSqlPlan, parser: FlinkSqlParser) -> list[Finding]:
    """What Flink's parser refuses of the statements of the spec; paths are those of the spec.

    Args:
        plan: The application with its numbers.
        parser: The parser of its runtime.
    """
    queries = _queries(plan)
    errors = parser.parse([query.text for query in queries], _values(plan))
    return [_finding(plan, queries[error.statement or 0], error) for error in errors]


def planning_findings(plan: FlinkSqlPlan, flink: LocalFlink) -> list[Finding]:
    """What Flink refuses first when it plans all statements, of the spec and of the tables; paths are those of the spec.

    Args:
        plan: The application with its numbers.
        flink: A Flink of its runtime.
    """
    queries = _queries(plan)
    try:
        flink.validate(plan.statements, _values(plan))
    except FlinkError as error:
        written = len(plan.statements) - len(queries)
        index = -1 if error.statement is None else error.statement - written
        return [_finding(plan, queries[index] if index >= 0 else None, error)]
    return []


def _queries(plan: FlinkSqlPlan) -> list[Statement]:
    return [query for query in plan.queries if query.kind != "set"]


def _values(plan: FlinkSqlPlan) -> dict[str, str]:
    return {**{name: _value(name) for name in plan.bindings}, **plan.variables}


def _value(name: str) -> str:
    """Something that stands for what is only known once it is deployed."""
    if name.endswith("_ARN"):
        return f"arn:aws:kinesis:us-east-1:123456789012:stream/{name.lower()}"
    return _STAND_INS.get(name, name)


def _finding(plan: FlinkSqlPlan, query: Statement | None, error: FlinkError) -> Finding:
    # What the parser would have taken instead is a list of a hundred lines.
    said = _PLACE.sub("", error.message.partition("\nWas expecting")[0]).strip()
    place = "in what the library writes of its tables" if query is None else _place(query, error)
    path = ("analytics", plan.name, *(path_of(query) if query is not None else ()))
    help_ = "mend it; a name that is a reserved word, such as `at` or `value`, is written between backticks"
    return Finding("FLK254", "Flink refuses the SQL", path, note=f"{place}: {' '.join(said.split())}", help=help_)


def _place(query: Statement, error: FlinkError) -> str:
    line = (error.line or 0) - query.lines_before
    if line > 1 and error.column is not None:
        return place_in_words(query.file, query.line + line - 1, error.column)
    return where(query)  # other statements may stand before it in its first line
