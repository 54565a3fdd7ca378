"""What a rehearsal ends with: its report, the answers to queries, and why it is red, if it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import click

from streaming_constructs.planning.numbers import counted
from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.local.athena.duckdb_query import QueryResult
    from streaming_constructs.local.rehearsal_report import Report


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query.

    Attributes:
        sql: The query.
        result: Its rows; None where it has no answer.
        findings: Why it has none.
    """

    sql: str
    result: QueryResult | None
    findings: Sequence[Finding] = ()

    @classmethod
    def of(cls, sql: str, query: Callable[[str], QueryResult]) -> Self:
        """Asks, and takes a refusal for an answer.

        Args:
            sql: The query.
            query: Answers queries.
        """
        try:
            return cls(sql, query(sql))
        except SpecError as error:
            return cls(sql, None, error.findings)

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        from streaming_constructs.cli.local.render_rehearsal import query_result_object
        from streaming_constructs.cli.report import finding_object

        if self.result is not None:
            return query_result_object(self.sql, self.result)
        return {"sql": self.sql, "findings": [finding_object(finding) for finding in self.findings]}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rehearsal ends with.

    Attributes:
        report: What came out where.
        drained: Whether every record came out somewhere in time.
        answers: What came of queries.
        faults: Why its report is red.
        progress: How long it took.
    """

    report: Report
    drained: bool
    answers: Sequence[Answer]
    faults: Sequence[str]
    progress: Progress

    @property
    def reasons(self) -> list[str]:
        """Why the command fails; none: it is green."""
        reasons = list(self.faults)
        if not self.drained:
            on_their_way = f"{counted(self.report.waiting, 'record')} still on their way" if self.report.waiting else ""
            reasons.append(on_their_way or "it was still at work when its time was up")
        without = sum(answer.result is None for answer in self.answers)
        return [*reasons, f"{counted(without, 'query')} without an answer"] if without else reasons

    def tell(self, form: str, *, skew: bool, logs: bool) -> None:
        """Prints it.

        Args:
            form: `json` for programs, else for people.
            skew: Whether to show each shard.
            logs: Whether with what functions wrote.
        """
        if form == "json":
            self.show_json(logs=logs)
        else:
            self.show(skew=skew, logs=logs)

    def show_json(self, *, logs: bool) -> None:
        """Prints it for programs.

        Args:
            logs: Whether with what functions wrote.
        """
        from streaming_constructs.cli.console import show_json

        shown = {"faults": self.reasons, **self.report.as_dict(logs=logs), "drained": self.drained}
        shown |= {**self.progress.as_dict(), "queries": [answer.as_dict() for answer in self.answers]}
        show_json(shown)

    def show(self, *, skew: bool, logs: bool) -> None:
        """Prints it for people; queries without an answer follow on stderr.

        Args:
            skew: Whether to show each shard.
            logs: Whether with what functions wrote.
        """
        from streaming_constructs.cli.console import show_findings
        from streaming_constructs.cli.local.render_flink import findings_of_flink
        from streaming_constructs.cli.local.render_logs import show_logs
        from streaming_constructs.cli.local.render_rehearsal import show_faults, show_query_result, show_report

        click.echo("", err=True)
        show_report(self.report, skew=skew)
        if logs:
            show_logs(self.report)
        for answer in self.answers:
            if answer.result is not None:
                show_query_result(answer.sql, answer.result)
        click.echo("")
        show_faults(self.reasons)
        click.echo(f"{self.report.headline} · {self.progress.total_seconds:.1f} s")
        show_findings(self._not_rehearsed())
        show_findings(findings_of_flink(self.report))
        for answer in self.answers:
            show_findings(answer.findings)

    def _not_rehearsed(self) -> Iterator[Finding]:
        for name, why in self.report.not_rehearsed.items():
            yield Finding("LOC962", f"`{name}` is deployed, and not rehearsed", note=why)
