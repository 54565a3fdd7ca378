"""What Flink itself has against the SQL of an application: its grammar, or all of it, planned as it would be at its start."""

from __future__ import annotations

import re
from typing import Literal

from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.analytics.sql_statements import Statement
from streaming_constructs.spec.analytics.sql_text import path_of, place_in_words, where
from streaming_constructs.spec.finding import Finding

Level = Literal["parse", "plan"]
"""How far it goes: `parse` looks at the grammar of the spec's statements, `plan` at what all statements are together."""
_PLACE = re.compile(r" at line \d+, column \d+\.?")
_STAND_INS = {"AWS_REGION": "us-east-1"}


def flink_findings(plan: FlinkSqlPlan, flink: LocalFlink, level: Level) -> list[Finding]:
    """What Flink refuses; paths are those of the spec.

    Args:
        plan: The application with its numbers.
        flink: A Flink of its runtime.
        level: How far to go.
    """
    queries = [query for query in plan.queries if query.kind != "set"]
    values = {**{name: _value(name) for name in plan.bindings}, **plan.variables}
    if level == "parse":
        errors = flink.parse([query.text for query in queries], values)
        return [_finding(plan, queries[error.statement or 0], error) for error in errors]
    try:
        flink.validate(plan.statements, values)
    except FlinkError as error:
        written = len(plan.statements) - len(queries)
        index = -1 if error.statement is None else error.statement - written
        return [_finding(plan, queries[index] if index >= 0 else None, error)]
    return []


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
