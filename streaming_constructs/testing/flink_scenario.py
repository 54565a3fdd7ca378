"""A scenario of a Flink application: its SQL, events into its sources, and the rows that come out of its sinks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from streaming_constructs.local.flink.local_flink import FlinkRun, Given, LocalFlink
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.planning.analytics.flink_application import Bound
from streaming_constructs.planning.analytics.flink_ddl import RAW, STREAM_ARN
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.analytics.sql_statements import statements
from streaming_constructs.spec.analytics.sql_tokens import quoted
from streaming_constructs.spec.finding import nearest

_REGION, _ACCOUNT = "us-east-1", "111122223333"
_NOTHING_LOADED = "no statements are loaded: call `flink.load(…)` first"


class FlinkScenario:
    """A scenario, on a Flink that other scenarios use as well; nothing of one is seen by another.

    Attributes:
        last: What the last `run` gave, with what was counted; None before the first.
    """

    def __init__(self, flink: LocalFlink) -> None:
        """A scenario without statements.

        Args:
            flink: Where it runs.
        """
        self.last: FlinkRun | None = None
        self._flink = flink
        self._document = SqlDocument(())
        self._variables: dict[str, str] = {}
        self._events: dict[str, list[Mapping[str, Any] | str]] = {}

    def load(self, given: Given | FlinkSqlPlan, variables: Mapping[str, str] | None = None) -> None:
        """Takes statements, in place of those before.

        Args:
            given: An application of a spec, as `plan(spec).nodes["clickstream"]` has it; or the jar that is deployed, which is
                an asset of the synthesized app; or a list of statements.
            variables: What `${name}` stands for in them: the property group `sql.variables`. Those of an application of a spec
                have the values that the spec gives them, and names of streams and tables that stand for the deployed ones.
        """
        own: dict[str, str] = {}
        if isinstance(given, FlinkSqlPlan):
            own = {name: _stands_for(bound) for name, bound in given.bindings.items()} | dict(given.variables)
            given = SqlDocument(given.statements, given.config)
        self._document, self._variables = SqlDocument.of(given), own | dict(variables or {})

    def validate(self) -> tuple[str, ...]:
        """Plans all statements, as the start of the application would.

        Returns:
            The tables whose connector is not there, so that their options were not judged.

        Raises:
            FlinkError: What Flink says of the first statement that it refuses, with its line and column.
        """
        return self._flink.validate(self._document, self._variables)

    def given(self, table: str, events: Iterable[Mapping[str, Any] | str]) -> None:
        """Gives events to a source, after those that it has.

        Args:
            table: The table, by the name of its node where a view shows what the records of its table say.
            events: The events, in the order in which they come; a text is what comes as it is.

        Raises:
            ValueError: If nothing is loaded, or the statements have no table of that name that they read.
        """
        self._require(table)
        self._events.setdefault(table, []).extend(events)

    def run(self) -> dict[str, list[Any]]:
        """Runs the statements on the events, to their end: all windows close.

        Returns:
            The rows of each sink table, as they are written: times are texts of ISO 8601, where the table says nothing else.
            Those of a sink that takes changes (`upsert-kafka`, `dynamodb`) are pairs of `+` or `-` and the row, such as
            `("+", {"page": "/home", "views": 1})`, in their order: the last of a key is what stays. All others are the rows
            alone, sorted.

        Raises:
            ValueError: If nothing is loaded.
            FlinkError: What Flink says of a statement that it refuses, or of which the job fails.
        """
        if not self._document.statements:
            raise ValueError(_NOTHING_LOADED)
        events = {self._table(name): each for name, each in self._events.items()}
        self.last = self._flink.run(self._document, self._variables, events)
        return dict(self.last.rows)

    def _require(self, table: str) -> None:
        """Refuses a name that no table has, with those that there are."""
        if not self._document.statements:
            raise ValueError(_NOTHING_LOADED)
        found = [statement for text in self._document.statements for statement in statements(text)]
        created = [one.target for one in found if one.kind == "table"]
        written = {one.target for one in found if one.kind == "insert"}
        known = [name for name in dict.fromkeys(map(_of_node, created)) if name not in written]
        if table in {*known, *created} - written or any("${" in name for name in created):
            return
        there = ", ".join(f"`{name}`" for name in known) or "none"
        close = nearest(table, known)
        meant = f"; did you mean `{close}`?" if close else ""
        message = f"there is no table `{table}` to give events to: there are {there}{meant}"
        raise ValueError(message)

    def _table(self, name: str) -> str:
        """The table whose records a view shows; the name itself, where it is no such view."""
        raw = name + RAW
        created = f"CREATE TABLE {quoted(raw)} "
        return raw if any(statement.startswith(created) for statement in self._document.statements) else name


def _of_node(table: str) -> str:
    return table.removesuffix(RAW)


def _stands_for(bound: Bound) -> str:
    """What stands for something that is deployed, of which no scenario knows the name."""
    if bound.ending == STREAM_ARN:
        return f"arn:aws:kinesis:{_REGION}:{_ACCOUNT}:stream/{bound.node}"
    return bound.node or _REGION
