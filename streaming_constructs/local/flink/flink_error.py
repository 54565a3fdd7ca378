"""What Flink has against statements, or what a job failed of, in Flink's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from streaming_constructs.spec.finding import Finding


class FlinkError(Exception):
    """Flink refused a statement, or a job failed.

    Attributes:
        message: What the root of it says, in Flink's own words.
        causes: What each cause says, the outermost first and the root last.
        statement: Which statement it is about, from 0; None if it is about none of them alone.
        line: The line of the statement, from 1; None if Flink names none. Variables are replaced before Flink counts.
        column: The column in that line, from 1; None if Flink names none.
        trace: The stack trace of Java.
    """

    def __init__(self, failed: Mapping[str, Any]) -> None:
        """Of what the process of Java told.

        Args:
            failed: What it told.
        """
        self.causes = tuple(map(str, failed["causes"]))
        self.message = self.causes[-1]
        self.statement: int | None = failed.get("statement")
        self.line: int | None = failed.get("line")
        self.column: int | None = failed.get("column")
        self.trace: str = failed.get("trace", "")
        super().__init__(self._text())

    def of_statement(self, statement: int) -> Self:
        """The same of another statement.

        Args:
            statement: The statement, from 0.
        """
        place = {"line": self.line, "column": self.column}
        return type(self)({"causes": self.causes, "trace": self.trace, "statement": statement, **place})

    def _text(self) -> str:
        """Where it is, and what Flink says of it; what is around the root only where it says more than that."""
        place = [] if self.statement is None else [f"statement {self.statement + 1}"]
        if self.line is not None and self.column is not None:
            place.append(f"line {self.line}, column {self.column}")
        around = next((cause for cause in reversed(self.causes[:-1]) if "Unable to create a" in cause), "")
        said = f"{around.splitlines()[0]} {self.message}" if around else self.message
        return f"{', '.join(place)}: {said}" if place else said


class FlinkGoneError(FlinkError):
    """The process of Java has ended, or does not answer: of what it was asked nothing is known."""

    @property
    def finding(self) -> Finding:
        """What is told of it, where somebody waits for what Flink says."""
        log = self.trace.strip().splitlines()
        said = f"the last that it wrote is: {log[-1].strip()}; " if log else ""
        return Finding(
            "LOC963",
            self.message,
            note=f"{said}what it was asked is neither refused nor taken",
            help="run it again; it ends where there is too little memory, or no room for temporary files, or somebody ends it",
        )
