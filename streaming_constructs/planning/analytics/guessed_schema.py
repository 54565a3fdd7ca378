"""The schema that a query seems to write: a piece to paste, where nothing says what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.spec.analytics.sql_tokens import Token

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.pipeline import PipelineSpec

_OF_FUNCTIONS = {"COUNT": "bigint", "SUM": "double", "AVG": "double", "CAST": "string", "CONCAT": "string"}
_OF_WINDOWS = {"window_start": "timestamp", "window_end": "timestamp", "window_time": "timestamp"}
_FALLBACK = {"id": "string", "window_start": "timestamp", "records": "bigint"}


def guessed_schema(
    name: str, spec: FlinkSqlSpec, statements: Sequence[Statement], system: PipelineSpec
) -> Mapping[str, str]:
    """The fields that a query seems to write to a node: an example where it cannot be told.

    Args:
        name: The node.
        spec: The application.
        statements: Its statements; a bare SELECT is one that inserts already.
        system: The system.
    """
    query = next((one for one in statements if one.kind == "insert" and one.target == name), None)
    if query is None or not query.selected or any(not column for column, _ in query.selected):
        return _FALLBACK
    known = {
        field: column.type
        for source in spec.from_
        for schema in [getattr(system.streams[source], "record_schema", None)]
        if schema is not None
        for field, column in system.schemas[schema].items()
    }
    return {column: _type_of(column, tokens, known) for column, tokens in query.selected}


def _type_of(column: str, tokens: Sequence[Token], known: Mapping[str, str]) -> str:
    if len(tokens) <= 3 or (len(tokens) > 1 and tokens[-2].upper == "AS" and len(tokens) <= 5):
        # The column itself, perhaps of a table and under another name: `c.page AS page`.
        said = [token.value for token in tokens if token.form in {"word", "name"}]
        for word in (*said, column):
            if word in _OF_WINDOWS or word in known:
                return _OF_WINDOWS.get(word) or known[word]
    return _OF_FUNCTIONS.get(tokens[0].upper, "string")
