"""What became of the job of one application, through all its starts: what it read and wrote, and how it failed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Protocol

from streaming_constructs.local.application_report import ApplicationReport, ApplicationSink, ApplicationSource
from streaming_constructs.local.flink.flink_job import JobMetrics, JobStatus
from streaming_constructs.local.managed_flink.deployed_statements import DeployedStatements, Table
from streaming_constructs.local.managed_flink.job_runner import JobRequest
from streaming_constructs.local.managed_flink.level import QUIET_SECONDS, LevelWatch

GIVES_UP_RESTARTS = 3
"""After so many restarts a job is taken for one that fails again and again. On AWS it would go on for ever."""
_NOTHING = JobMetrics({}, {}, {}, {})
_NO_WATERMARK = -(2**63)
_MAX_WATERMARK = 2**63 - 1


class Job(Protocol):
    """A job of a Flink, as `FlinkJob` has it."""

    def status(self) -> JobStatus:
        """How it is now."""

    def metrics(self) -> JobMetrics:
        """What it has counted so far."""

    def stop(self, with_savepoint: Path, *, drain: bool = False) -> Path:
        """Stops it with a savepoint; drained, all windows give what they have first."""

    def cancel(self) -> None:
        """Ends it at once."""


class ApplicationRun:
    """The job of an application. Several threads may ask it at the same time.

    Attributes:
        not_run: Why it does not run here; empty: it does.
        was_revived: Whether what ran it was gone once, and was started again.
    """

    not_run = ""

    def __init__(self, request: JobRequest, records_of: Callable[[Table], int | None]) -> None:
        """Has not begun.

        Args:
            request: What is to run.
            records_of: Tells how many records the source of a table has.
        """
        self._lock = RLock()
        self._request, self._records_of = request, records_of
        self._job: Job | None = None
        self._statements = DeployedStatements({}, ())
        self._watch = LevelWatch(QUIET_SECONDS)
        self._status = JobStatus("", "", 0, 0)
        self._metrics = _NOTHING
        self._first: dict[str, int] = {}
        self._looked_for: dict[str, int] = {}
        self._read: Counter[str] = Counter()
        self._read_at: dict[Path, Counter[str]] = {}
        self._rows: Counter[str] = Counter()
        self._at_end: Counter[str] = Counter()
        self._late: Counter[str] = Counter()
        self._restarts = self._checkpoints = 0
        self._failures: dict[str, None] = {}
        self._log: list[str] = []
        self._flink, self._parallelism = "", 1
        self._windows_closed = self._is_lost = False
        self.was_revived = False

    @property
    def job(self) -> Job | None:
        """The job that runs; None: none does."""
        return self._job

    @property
    def request(self) -> JobRequest:
        """What runs, or is to."""
        return self._request

    @property
    def failures(self) -> tuple[str, ...]:
        """Why it failed, in Flink's words, each once."""
        return tuple(self._failures)

    @property
    def is_stuck(self) -> bool:
        """Whether it fails again and again, or has ended by a failure."""
        return self._status.restarts >= GIVES_UP_RESTARTS or self._status.state == "FAILED"

    @property
    def is_busy(self) -> bool:
        """Whether it has something left to do, or may have."""
        with self._lock:
            # Since the last look more may have been put.
            is_level = self._watch.is_level and self._expected() == self._looked_for
            return ((self._job is not None and not is_level) or self._is_lost) and not self.is_stuck

    def expect(self, request: JobRequest) -> None:
        """Takes what is to run next.

        Args:
            request: What is to run.
        """
        with self._lock:
            self._request, self.not_run = request, ""

    def begin(
        self, job: Job, statements: DeployedStatements, flink: str, parallelism: int, *, has_checkpoints: bool = True
    ) -> None:
        """Takes the job that runs now.

        Args:
            job: The job.
            statements: Its statements.
            flink: What runs it.
            parallelism: How many subtasks each operator has.
            has_checkpoints: Whether checkpoints are made.
        """
        with self._lock:
            self._statements, self._flink, self._parallelism = statements, flink, parallelism
            restored = self._read_at.get(self._request.restore) if self._request.restore else None
            self._read = Counter(restored or {})
            if restored is None:  # it begins where its tables say, else where it was
                self._first = {
                    table.name: (self._records_of(table) or 0) if table.begins_at_the_end else 0
                    for table in self._sources()
                }
            # A subtask that is idle has to see its shards empty before it takes the time of others over.
            self._watch = LevelWatch(QUIET_SECONDS + 1.5 * statements.idle_seconds, has_checkpoints)
            self._status, self._metrics = JobStatus("CREATED", "", 0, 0), _NOTHING
            self._job = job

    def look(self, at: float) -> None:
        """Looks how the job is.

        Args:
            at: The time, in seconds of any clock that the wall's runs.

        Raises:
            Exception: If what runs it is gone.
        """
        job = self._job
        if job is None:
            return
        try:
            status, metrics = job.status(), job.metrics()
        except Exception:
            if self._job is not job:
                return  # it was stopped meanwhile
            raise
        with self._lock:
            if self._job is job:
                self._take(status, metrics)
                self._looked_for = self._expected()
                self._watch.look(status, metrics, self._looked_for, at)

    def end(
        self,
        status: JobStatus,
        metrics: JobMetrics,
        *,
        savepoint: Path | None = None,
        open_windows: JobMetrics | None = None,
    ) -> None:
        """Writes down what the job had counted when it was stopped.

        Args:
            status: How it was.
            metrics: What it had counted.
            savepoint: What it was stopped with. Left out: nothing.
            open_windows: What it had counted before windows that were open gave what they had. Left out: they did not.
        """
        with self._lock:
            if open_windows is not None:
                before = open_windows.records_out
                self._windows_closed = True
                self._at_end.update(
                    {table: max(count - before.get(table, 0), 0) for table, count in metrics.records_out.items()}
                )
                metrics = replace(metrics, watermarks=open_windows.watermarks)
            self._take(status, metrics)
            self._add_up()
            if savepoint is not None:
                self._read_at[savepoint] = Counter(self._read)

    def lose(self) -> None:
        """Writes down that what ran the job is gone, with what was seen of it last."""
        with self._lock:
            self._add_up()
            self._restarts += 1
            self._is_lost = self.was_revived = True

    def go_on(self, job: Job) -> None:
        """Takes the job that goes on from the last checkpoint.

        Args:
            job: The job.
        """
        with self._lock:
            self._watch = LevelWatch(self._watch.quiet_seconds, self._watch.has_checkpoints)
            self._job, self._is_lost = job, False

    def fail(self, why: str) -> None:
        """Writes down that it does not go on.

        Args:
            why: Why.
        """
        with self._lock:
            self._failures[why] = None
            self._is_lost = False

    def write(self, line: str) -> None:
        """Writes a line of the log.

        Args:
            line: The line.
        """
        self._log.append(line)

    def report(
        self, name: str, status: str, name_of: Callable[[Table], str], rows_of: Callable[[Table], tuple[str, ...]]
    ) -> ApplicationReport:
        """What it did so far.

        Args:
            name: What people call the application.
            status: How the application is, in AWS's words.
            name_of: What people call the source or the sink of a table.
            rows_of: Gives a few rows of a sink.
        """
        with self._lock:
            tables = [table for table in self._statements.tables if table.is_sink]
            watermark, without = _watermark(self._metrics)
            if not any(table.has_watermark for table in self._statements.tables):
                without = 0  # none of them waits for one
            return ApplicationReport(
                name,
                status,
                flink=self._flink,
                parallelism=self._parallelism,
                sources=tuple(self._source(table, name_of) for table in self._sources()),
                sinks=tuple(
                    ApplicationSink(
                        table.name, name_of(table), self._rows_of(table.name), self._at_end[table.name], rows_of(table)
                    )
                    for table in tables
                ),
                late_dropped=dict(self._late + Counter(self._metrics.late_records_dropped)),
                watermark=watermark,
                subtasks_without_watermark=without,
                restarts=self._restarts + self._status.restarts,
                checkpoints=self._checkpoints + self._status.checkpoints,
                failures=tuple(self._failures),
                is_stuck=self.is_stuck,
                is_busy=self.is_busy,
                windows_closed=self._windows_closed,
                not_run=self.not_run,
                log="\n".join(self._log),
            )

    # --- inside

    def _add_up(self) -> None:
        """Adds what the job counted to what those before it did; there is none then."""
        status, metrics = self._status, self._metrics
        self._read.update(metrics.records_in)
        self._rows.update(metrics.records_out)
        self._late.update(metrics.late_records_dropped)
        self._restarts += status.restarts
        self._checkpoints += status.checkpoints
        self._status, self._metrics = JobStatus(status.state, "", 0, 0), JobMetrics({}, {}, {}, metrics.watermarks)
        self._job = None

    def _sources(self) -> list[Table]:
        return [table for table in self._statements.tables if not table.is_sink]

    def _source(self, table: Table, name_of: Callable[[Table], str]) -> ApplicationSource:
        total = self._records_of(table)
        there = None if total is None else total - self._first.get(table.name, 0)
        read = self._read[table.name] + self._metrics.records_in.get(table.name, 0)
        if there is not None:
            read = min(read, there)  # after a failure records are read again, and counted again
        return ApplicationSource(table.name, name_of(table), there, read, table.skips_invalid)

    def _rows_of(self, table: str) -> int:
        return self._rows[table] + self._metrics.records_out.get(table, 0)

    def _expected(self) -> dict[str, int]:
        counts = {table.name: self._records_of(table) for table in self._sources()}
        return {
            name: max(count - self._first.get(name, 0) - self._read[name], 0)
            for name, count in counts.items()
            if count is not None
        }

    def _take(self, status: JobStatus, metrics: JobMetrics) -> None:
        self._status, self._metrics = status, metrics
        if status.failure and status.failure not in self._failures:
            self._failures[status.failure] = None


def _watermark(metrics: JobMetrics) -> tuple[int | None, int]:
    """The time that all subtasks have come to, and how many have none."""
    each = [
        None if one is None or one <= _NO_WATERMARK else one for some in metrics.watermarks.values() for one in some
    ]
    known = [one for one in each if one is not None and one < _MAX_WATERMARK]
    return min(known, default=None), sum(one is None for one in each)


def log_event(request: JobRequest, level: str, message: str) -> str:
    """A line of an application's log, in the form that Managed Flink has for it.

    Source: https://docs.aws.amazon.com/managed-flink/latest/java/cloudwatch-logs-writing.html

    Args:
        request: What runs.
        level: Such as `ERROR`.
        message: The message.
    """
    told = {
        "applicationARN": request.application,
        "message": message,
        "messageSchemaVersion": "1",
        "messageType": level,
    }
    return json.dumps(told)
