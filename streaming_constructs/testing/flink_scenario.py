"""A scenario of a Flink application: its SQL, events into its sources, and the rows that come out of its sinks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from streaming_constructs.local.flink.local_flink import FlinkRun, Given, LocalFlink


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
        self._statements: Given = ()
        self._variables: dict[str, str] = {}
        self._events: dict[str, list[Mapping[str, Any] | str]] = {}

    def load(self, given: Given, variables: Mapping[str, str] | None = None) -> None:
        """Takes statements, in place of those before.

        Args:
            given: The jar that is deployed, which is an asset of the synthesized app; or a list of statements.
            variables: What `${name}` stands for in them: the property group `sql.variables`.
        """
        self._statements, self._variables = given, dict(variables or {})

    def validate(self) -> tuple[str, ...]:
        """Plans all statements, as the start of the application would.

        Returns:
            The tables whose connector is not there, so that their options were not judged.

        Raises:
            FlinkError: What Flink says of the first statement that it refuses, with its line and column.
        """
        return self._flink.validate(self._statements, self._variables)

    def given(self, table: str, events: Iterable[Mapping[str, Any] | str]) -> None:
        """Gives events to a source, after those that it has.

        Args:
            table: The table.
            events: The events, in the order in which they come; a text is what comes as it is.
        """
        self._events.setdefault(table, []).extend(events)

    def run(self) -> dict[str, list[Any]]:
        """Runs the statements on the events, to their end: all windows close.

        Returns:
            The rows of each sink table. Those of a sink that takes changes (`upsert-kafka`, `dynamodb`) are pairs of `+` or `-`
            and the row, in their order; all others are sorted.

        Raises:
            FlinkError: What Flink says of a statement that it refuses, or of which the job fails.
        """
        self.last = self._flink.run(self._statements, self._variables, self._events)
        return dict(self.last.rows)
