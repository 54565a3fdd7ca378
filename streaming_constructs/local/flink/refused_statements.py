"""Which statements Flink refuses, and which settings: it tells one alone, and of what fails while it plans not even which."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.sql_document import SqlDocument

Attempt = Callable[[SqlDocument], FlinkError | None]
"""What Flink has against a document; None: nothing."""


def refused_statements(document: SqlDocument, attempt: Attempt) -> list[FlinkError]:
    """Each INSERT that Flink refuses; or the first of what else it refuses, as nothing that follows can be judged then.

    Settings that make it refuse what it takes without them are not looked for here.

    Args:
        document: What Flink refuses.
        attempt: What asks Flink.
    """
    others = [place for place, text in enumerate(document.statements) if not is_insert(text)]
    bare = SqlDocument(document.statements)

    def judged(inserts: Sequence[int]) -> FlinkError | None:
        kept = sorted((*others, *inserts))
        error = attempt(_only(document, kept)) and attempt(_only(bare, kept))
        return error if error is None or error.statement is None else error.of_statement(kept[error.statement])

    def refused(inserts: Sequence[int]) -> list[FlinkError]:
        error = judged(inserts)
        if error is None:
            return []
        if error.statement in others:
            return [error]
        if len(inserts) <= 1:
            return [error.of_statement(inserts[0])] if inserts else [error]
        middle = len(inserts) // 2
        return [*refused(inserts[:middle]), *refused(inserts[middle:])] or [error]

    found = refused([place for place in range(len(document.statements)) if place not in {*others}])
    return list({(error.statement, error.message): error for error in found}.values())


def refused_settings(document: SqlDocument, attempt: Attempt) -> tuple[FlinkError, tuple[str, ...]] | None:
    """Which settings make Flink refuse what it takes without them; None if there are none.

    Args:
        document: Statements that Flink takes without settings.
        attempt: What asks Flink.

    Returns:
        What Flink says, and the keys: those that each alone are to blame, or all.
    """
    error = attempt(document)
    if error is None or not document.config or attempt(SqlDocument(document.statements)) is not None:
        return None
    alone = tuple(key for key in document.config if attempt(_without(document, key)) is None)
    return error, alone or tuple(document.config)


def without_refused(document: SqlDocument, refused: Sequence[FlinkError]) -> SqlDocument:
    """A document without the INSERTs that are refused.

    Args:
        document: The document.
        refused: What Flink has against it.
    """
    gone = {error.statement for error in refused}
    return _only(document, [place for place in range(len(document.statements)) if place not in gone])


def is_insert(statement: str) -> bool:
    """Whether a statement is an INSERT.

    Args:
        statement: The statement, without comments before it.
    """
    return statement[:6].upper() == "INSERT"


def _only(document: SqlDocument, places: Sequence[int]) -> SqlDocument:
    return SqlDocument(tuple(document.statements[place] for place in places), document.config)


def _without(document: SqlDocument, key: str) -> SqlDocument:
    return SqlDocument(document.statements, {name: value for name, value in document.config.items() if name != key})
