"""What SQL reads: the names in its lists of tables, wherever they stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streaming_constructs.spec.analytics.sql_tokens import Token

_WITH_FROM = frozenset({"EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "OVERLAY", "CEIL", "FLOOR", "POSITION"})
_PARENTHESES = frozenset("()[]")
_ENDS_TABLES = frozenset(
    {
        "SELECT",
        "WITH",
        "VALUES",
        "WHERE",
        "GROUP",
        "HAVING",
        "WINDOW",
        "QUALIFY",
        "ORDER",
        "LIMIT",
        "OFFSET",
        "FETCH",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "MINUS",
    }
)


@dataclass(slots=True)
class _Level:
    """What stands between two parentheses, or outside of all.

    Attributes:
        function: The word before the parenthesis.
        in_tables: Whether it is a list of tables: a comma goes on with it.
        expects: Whether what comes next is a table.
    """

    function: str = ""
    in_tables: bool = False
    expects: bool = False


def read_tables(tokens: Sequence[Token], words: Sequence[str], first: int = 0) -> Iterator[tuple[str, Token]]:
    """The names after FROM, JOIN and TABLE, each with its token; those of views and of WITH are among them.

    Args:
        tokens: The tokens of a statement.
        words: The same with words in capitals.
        first: Where to begin.
    """
    for place in _places(tokens, words, first):
        name, behind = name_at(tokens, place)
        if name and words[behind : behind + 1] != ("(",):
            yield name, tokens[place]


def _places(tokens: Sequence[Token], words: Sequence[str], first: int) -> Iterator[int]:
    """Where a table stands, or something that may be one."""
    levels = [_Level()]
    for place in range(first, len(words)):
        level, word = levels[-1], words[place]
        if word in _PARENTHESES:
            _nest(levels, word, words[place - 1] if place else "")
        elif word == ",":
            level.expects = level.in_tables
        elif word in _ENDS_TABLES:
            level.in_tables = level.expects = False
        elif word == "JOIN" or (word == "FROM" and _is_of_query(level, words, place)):
            level.in_tables = level.expects = place + 1 < len(tokens) and _may_be_table(tokens[place + 1])
        elif word == "TABLE":
            level.expects = False
            yield place + 1
        elif level.expects and tokens[place].form != "hint" and word != "LATERAL":
            level.expects = False
            yield place


def _nest(levels: list[_Level], word: str, before: str) -> None:
    """Goes on within a parenthesis, or behind it."""
    level = levels[-1]
    if word in {"(", "["}:
        # In the place of a table, it is tables that are joined, or a query.
        levels.append(_Level(before, level.expects, level.expects))
        level.expects = False
    elif len(levels) > 1:
        levels.pop()


def _is_of_query(level: _Level, words: Sequence[str], place: int) -> bool:
    """Whether a FROM is one of a query: none of `EXTRACT(DAY FROM …)` and its like, and none of `IS DISTINCT FROM`."""
    return level.function not in _WITH_FROM and (place == 0 or words[place - 1] != "DISTINCT")


def _may_be_table(token: Token) -> bool:
    return token.form in {"word", "name", "hint"} or token.text == "(" or token.text.startswith("${")


def name_at(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    """The last part of the name that begins at a token, with the variables in it, and the token behind it.

    Args:
        tokens: Tokens.
        place: Where the name begins; there may be none.
    """
    name = ""
    while place < len(tokens) and tokens[place].form in {"word", "name"}:
        name, place = tokens[place].value, place + 1
        # `${variable}` may stand in a name, as its end.
        while place < len(tokens) and _goes_on(tokens[place - 1], tokens[place]):
            name, place = name + tokens[place].text, place + 1
        if place >= len(tokens) or tokens[place].text != ".":
            break
        place += 1
    return name, place


def _goes_on(before: Token, token: Token) -> bool:
    """Whether a token belongs to the name before it: a variable that stands at its end, or what stands at the variable's."""
    if before.end != token.start:
        return False
    return token.text.startswith("${") or (before.text.startswith("${") and token.form in {"word", "number"})
