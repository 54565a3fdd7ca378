"""Whether queries only add rows to what they write to, or change what they wrote."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.analytics.sql_tokens import Token

WINDOW_COLUMNS = frozenset({"WINDOW_START", "WINDOW_END"})
_GROUP_FUNCTIONS = frozenset({"TUMBLE", "HOP", "SESSION"})
_MAY_CHANGE = frozenset({"EXCEPT", "INTERSECT", "JOIN", "RANK", "DENSE_RANK", "ROW_NUMBER"})


def is_windowed(group: Sequence[str]) -> bool:
    """Whether a GROUP BY is over windows, so that each group is written once.

    Args:
        group: The words of what it groups by, in capitals.
    """
    return bool(WINDOW_COLUMNS & {*group}) or bool(_GROUP_FUNCTIONS & {*group})


def only_adds(target: str, statements: Sequence[Statement], streams: Collection[str]) -> bool:
    """Whether all that is written to a table is new rows, as far as words tell; False where they do not.

    Such a table needs no primary key. Flink 2.3 refuses one whose columns are not the key that it sees in the query, and of a
    window whose bounds are written as another type it sees none.

    Source: https://nightlies.apache.org/flink/flink-docs-release-2.3/docs/dev/table/config/, `require-on-conflict`

    Args:
        target: The table.
        statements: All statements.
        streams: What is read whose records are new rows.
    """
    views = {one.target: one for one in statements if one.kind == "view"}
    left = [one for one in statements if one.kind == "insert" and one.target == target]
    seen = set[str]()
    while left:
        statement = left.pop()
        if not _adds(statement):
            return False
        for source, _ in statement.reads:
            if source in views and source not in seen:
                seen.add(source)
                left.append(views[source])
            elif source not in views and source not in streams and source not in statement.own_names:
                return False
    return True


def _adds(statement: Statement) -> bool:
    """Whether a statement only adds rows, if what it reads does."""
    words = statement.words
    if _MAY_CHANGE & {*words} or any(not is_windowed(group) for group in statement.groups):
        return False
    return telling_rows_apart(statement) is None


def telling_rows_apart(statement: Statement) -> Token | None:
    """Where each row is given once, whatever is read twice; None where it is not. Of `COUNT(DISTINCT …)` no row is.

    Args:
        statement: The statement.
    """
    for place, pair in enumerate(pairwise(statement.words)):
        if pair == ("SELECT", "DISTINCT") or (pair[0] == "UNION" and pair[1] != "ALL"):
            return statement.tokens[place]
    return None
