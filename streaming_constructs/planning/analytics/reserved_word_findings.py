"""Reserved words of Flink SQL that stand where a name is meant, without backticks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts.flink_reserved import RESERVED_WORDS, VALUES
from streaming_constructs.spec.analytics.sql_text import path_of, where
from streaming_constructs.spec.analytics.sql_tokens import quoted
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.analytics.sql_tokens import Token

_CASTS = frozenset({"CAST", "TRY_CAST", "SAFE_CAST"})
_BEHIND_ALIAS = frozenset(
    {"FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT"}
    | {"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "ON"}
)
_STARTS_TABLE = frozenset({"TABLE", "UNNEST", "LATERAL", "VALUES", "SELECT", "ONLY"})


def reserved_word_findings(spec: FlinkSqlSpec, statements: Sequence[Statement]) -> Iterator[Finding]:
    """Words that Flink's parser refuses as names; paths are relative to the application.

    Args:
        spec: The application.
        statements: Its statements.
    """
    reserved = RESERVED_WORDS[spec.runtime]
    for statement in statements:
        for place in sorted({*_names(statement, reserved)}):
            token, before = statement.tokens[place], _before(statement, place)
            yield Finding(
                "FLK298",
                f"`{token.text}` is a reserved word of Flink SQL, and no name",
                path_of(statement),
                note=f"{where(statement, token)}: `{before}{token.text}`; Flink refuses the statement, and the application "
                "does not start",
                help=f"write it between backticks: {before}{quoted(token.text)}",
            )


def _before(statement: Statement, place: int) -> str:
    before = statement.tokens[place - 1] if place else None
    if before is None or before.form != "word":
        return "" if before is None or before.text != "." else f"{statement.tokens[place - 2].text}."
    return f"{before.text} "


def _names(statement: Statement, reserved: frozenset[str]) -> Iterator[int]:
    """Where a reserved word stands in the place of a name, as far as tokens tell."""
    if statement.kind not in {"insert", "select", "table", "view"}:
        return
    tokens, words = statement.tokens, statement.words

    def is_reserved(place: int) -> bool:
        if place >= len(tokens) or tokens[place].form != "word" or words[place] not in reserved:
            return False
        # `${variable}` may be the end of a name; what a `-` follows is told as a name that ends there.
        return not any(_touches(tokens[place], behind) for behind in tokens[place + 1 : place + 2])

    for place in _defined(statement):
        if is_reserved(place):
            yield place
    read = {id(token) for _, token in statement.reads}
    for place, token in enumerate(tokens):
        is_table = id(token) in read and words[place] not in _STARTS_TABLE
        is_field = place > 0 and words[place - 1] == "." and token.start == tokens[place - 1].end
        if (is_table or is_field) and is_reserved(place):
            yield place
    yield from (place for place in _aliases(words) if is_reserved(place))
    for _, column in statement.selected:
        if (
            len(column) == 1
            and column[0].upper not in VALUES
            and (place := tokens.index(column[0]))
            and is_reserved(place)
        ):
            yield place


def _touches(token: Token, behind: Token) -> bool:
    return token.end == behind.start and (behind.text == "-" or behind.text.startswith("${"))


def _defined(statement: Statement) -> Iterator[int]:
    """Where the name of what a statement writes to or creates begins."""
    if statement.kind == "insert":
        yield 2
    elif statement.kind in {"table", "view"}:
        place = statement.words.index(statement.kind.upper()) + 1
        yield place + 3 if statement.words[place : place + 3] == ("IF", "NOT", "EXISTS") else place


def _aliases(words: Sequence[str]) -> Iterator[int]:
    """What stands behind an AS that names a column or a table: none of a CAST, and none of a pattern."""
    functions = [""]
    for place, word in enumerate(words):
        if word == "(":
            functions.append(words[place - 1] if place else "")
        elif word == ")" and len(functions) > 1:
            functions.pop()
        elif word == "AS" and functions[-1] not in _CASTS and "MATCH_RECOGNIZE" not in functions:
            behind = words[place + 2] if place + 2 < len(words) else ")"
            if behind in {",", ")"} or behind in _BEHIND_ALIAS:
                yield place + 1
