"""What an application of Flink holds, and what a change of it does to that: its state is in the service, and fits its query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts import flink
from streaming_constructs.planning.analytics.flink_application_findings import MAX_PARALLELISM_KEY
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.kept import Kept, State, Told, is_another

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.analytics.sql_tokens import Token

_GOES_ON = (
    "deploy it: where Flink refuses the state, the update is rolled back, and nothing is lost; then set "
    "`restore: {snapshot: latest_snapshot, allow_non_restored_state: true}` for one update"
)
_NOT_KNOWN = "whether the plan has the same operators, by which Flink finds state, only Flink knows when it plans"
_ALIKE = f"{_NOT_KNOWN}; here values alone changed, and no window: as a rule they are the same, and the state goes on"
_OTHERWISE = (
    f"{_NOT_KNOWN}; where they are others the update fails and is rolled back, or the state of what was changed begins anew, "
    "and windows that are open are lost"
)
_NOTHING = "nothing"


def application_state(application: FlinkApplicationPlan) -> State:
    """What becomes of an application that leaves the stack, and what of it is there to stay.

    Args:
        application: The application with its numbers.
    """
    told = "the application is deleted with its snapshots; one of its name begins with no state"
    return State(stays=told, goes=told, kept=tuple(_kept(application)))


def _kept(application: FlinkApplicationPlan) -> Iterator[Kept]:
    spec = application.spec
    yield Kept(
        "its runtime",
        spec.runtime,
        ("runtime",),
        "EVO981",
        note="state of Flink 1 is read by Flink 2 where types allow, without a promise; what it then writes Flink 1 does not "
        "read, so the way back is the snapshot of before",
        help="make a snapshot first, and try the new runtime beside the old one, as another application",
        is_broken=_crosses,
        is_mild=True,
    )
    if not isinstance(spec, FlinkSqlSpec):
        return
    queries = tuple(getattr(application, "queries", ()))
    accepts = spec.restore.allow_non_restored_state or spec.restore.snapshot == "nothing"
    yield Kept(
        "its SQL",
        _Queries(tuple(query for query in queries if query.kind != "set"), accepts=accepts),
        ("sql",),
        "EVO981",
        note=_OTHERWISE,
        help=_GOES_ON,
        is_broken=_is_other_query,
        is_mild=True,
        tell=_told,
    )
    yield Kept(
        "its greatest parallelism",
        spec.config.get(MAX_PARALLELISM_KEY, f"{flink.MAX_PARALLELISM.value:g}"),
        ("config",),
        "EVO981",
        note="state is split by it, and cannot be read with another",
        is_broken=is_another,
        is_mild=True,
    )


class _Queries:
    """The queries of an application, and whether the loss of their state is accepted.

    Attributes:
        statements: The statements.
        queries: The words of each.
        accepts: Whether the application goes on without state that no operator takes.
    """

    def __init__(self, statements: Sequence[Statement], *, accepts: bool) -> None:
        self.statements = statements
        self.queries = tuple(" ".join(statement.words) for statement in statements)
        self.accepts = accepts


def _told(before: _Queries, after: _Queries) -> Told:
    """The first line that changed, and what that may do."""
    pairs = zip_longest(before.statements, after.statements)
    was, now = next(pair for pair in pairs if _words(pair[0]) != _words(pair[1]))
    changed = [
        (one, other)
        for earlier, later in zip_longest(before.statements, after.statements)
        for one, other in _changed_tokens(earlier, later)
    ]
    note = _ALIKE if all(map(_is_value, changed)) else _OTHERWISE
    return Told(*_first_other_line(was, now), note, _GOES_ON)


def _words(statement: Statement | None) -> tuple[str, ...]:
    return statement.words if statement is not None else ()


def _first_other_line(was: Statement | None, now: Statement | None) -> tuple[str, str]:
    """The first line in which two statements differ, of each; of one that is not there, that."""
    if was is None or now is None:
        return _NOTHING if was is None else was.text.strip().split("\n")[0], (
            _NOTHING if now is None else now.text.strip().split("\n")[0]
        )
    one, other = next(pair for pair in zip_longest(was.tokens, now.tokens) if _word(pair[0]) != _word(pair[1]))
    return _line_of(was, one), _line_of(now, other)


def _word(token: Token | None) -> str:
    return token.upper if token is not None else ""


def _line_of(statement: Statement, token: Token | None) -> str:
    """The line of a statement that a token stands in, without what is too long."""
    if token is None:
        return _NOTHING
    line = token.line - statement.line + statement.lines_before
    return statement.text.split("\n")[line].strip() if 0 <= line < statement.text.count("\n") + 1 else token.text


def _changed_tokens(
    was: Statement | None, now: Statement | None
) -> Iterator[tuple[tuple[str, Token] | None, tuple[str, Token] | None]]:
    """The tokens that changed at their places, each with the word before it."""
    each = (_with_words_before(was), _with_words_before(now))
    for one, other in zip_longest(*each):
        if one is None or other is None or one[1].upper != other[1].upper:
            yield one, other


def _with_words_before(statement: Statement | None) -> Iterator[tuple[str, Token]]:
    tokens = statement.tokens if statement is not None else ()
    return zip(("", *(token.upper for token in tokens)), tokens, strict=False)


def _is_value(changed: tuple[tuple[str, Token] | None, tuple[str, Token] | None]) -> bool:
    """Whether a value became another, and is none of an interval, as that of a window."""
    return all(one is not None and one[1].form in {"text", "number"} and one[0] != "INTERVAL" for one in changed)


def _is_other_query(before: _Queries, after: _Queries | None) -> bool:
    return after is not None and before.queries != after.queries and not after.accepts


def _crosses(before: Any, after: Any) -> bool:
    """Whether a runtime is of another great version of Flink."""
    return after is not None and flink.RUNTIMES[before].is_2 != flink.RUNTIMES[after].is_2
