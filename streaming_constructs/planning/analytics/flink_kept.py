"""What an application of Flink holds, and what a change of it does to that: its state is in the service, and fits its query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zlib import crc32

from streaming_constructs.facts import flink
from streaming_constructs.planning.analytics.flink_application_findings import MAX_PARALLELISM_KEY
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.kept import Kept, State, is_another

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan

_GOES_ON = "set `restore: {snapshot: latest_snapshot, allow_non_restored_state: true}` for this one update"


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
        _Queries(tuple(" ".join(query.words) for query in queries if query.kind != "set"), accepts=accepts),
        ("sql",),
        "EVO981",
        note="Flink finds state by the operators of the plan, and another query has others: the update fails and is rolled "
        "back, or the state of what was changed begins anew; windows that are open are lost",
        help=_GOES_ON,
        is_broken=_is_other_query,
        is_mild=True,
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
        queries: The words of each statement.
        accepts: Whether the application goes on without state that no operator takes.
    """

    def __init__(self, queries: tuple[str, ...], *, accepts: bool) -> None:
        self.queries = queries
        self.accepts = accepts

    def __str__(self) -> str:
        return f"{len(self.queries)} statements, {crc32(repr(self.queries).encode()):08x}"


def _is_other_query(before: _Queries, after: _Queries | None) -> bool:
    return after is not None and before.queries != after.queries and not after.accepts


def _crosses(before: Any, after: Any) -> bool:
    """Whether a runtime is of another great version of Flink."""
    return after is not None and flink.RUNTIMES[before].is_2 != flink.RUNTIMES[after].is_2
