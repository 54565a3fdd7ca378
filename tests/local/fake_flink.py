"""A Flink that does what a test says: jobs in its place, with the interface of the real one."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.flink.flink_error import FlinkGoneError
from streaming_constructs.local.flink.flink_job import JobMetrics, JobStatus
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.spec.finding import Finding, SpecError


class FakeJob:
    """A job; a test sets what it says."""

    def __init__(
        self, flink: FakeFlink, jar: SqlDocument, variables: Mapping[str, str], settings: Mapping[str, Any]
    ) -> None:
        self.flink, self.document, self.variables, self.settings = flink, jar, dict(variables), dict(settings)
        self.state = "RUNNING"
        self.failure = ""
        self.restarts = self.checkpoints = 0
        self.records_in: dict[str, int] = {}
        self.records_out: dict[str, int] = {}
        self.at_end: dict[str, int] = {}
        self.late: dict[str, int] = {}
        self.watermarks: dict[str, tuple[int | None, ...]] = {}
        self.stops: list[bool] = []

    def status(self) -> JobStatus:
        self.flink.check()
        self.checkpoints += self.state == "RUNNING"
        return JobStatus(self.state, self.failure, self.restarts, self.checkpoints)

    def metrics(self) -> JobMetrics:
        self.flink.check()
        return JobMetrics(dict(self.records_in), dict(self.records_out), dict(self.late), dict(self.watermarks))

    def stop(self, with_savepoint: Path, *, drain: bool = False) -> Path:
        self.flink.check()
        if self.flink.no_savepoint:
            raise RuntimeError(self.flink.no_savepoint)
        self.stops.append(drain)
        if drain:
            for table, rows in self.at_end.items():
                self.records_out[table] = self.records_out.get(table, 0) + rows
        self.state = "FINISHED"
        return with_savepoint / "savepoint-1"

    def cancel(self) -> None:
        self.flink.check()
        self.state = "CANCELED"


class FakeFlink:
    """Starts jobs that run at once, unless it is told otherwise.

    Attributes:
        jobs: All that it started.
        refuses: What it says of the next job; empty: it takes it.
        missing: What is missing on the machine; empty: nothing.
        ends_at_start: How often it ends when a job is to be started.
        no_savepoint: Why it makes no savepoint; empty: it does.
        gate: Cleared, a start waits until it is set.
    """

    def __init__(self) -> None:
        self.jobs: list[FakeJob] = []
        self.runtimes: list[str] = []
        self.refuses = self.no_savepoint = self.missing = ""
        self.connectors: list[Path] = []
        self.ends_at_start = 0
        self.is_gone = self.is_closed = False
        self.gate = threading.Event()
        self.gate.set()

    def open(self, runtime: str, connectors: Sequence[Path], aws: Aws) -> FakeFlink:
        """What a `FlinkRunner` is given."""
        self.runtimes.append(runtime)
        self.connectors = list(connectors)
        self.is_gone = False
        return self

    @property
    def is_alive(self) -> bool:
        return not self.is_gone

    def start(self) -> None:
        if self.missing:
            raise SpecError([Finding("LOC991", self.missing, help="install it")])

    def stop(self) -> None:
        self.is_closed = True
        self.gate.set()

    def check(self) -> None:
        if self.is_gone:
            raise FlinkGoneError({"causes": ["the process of Java has ended with 137"]})

    def start_job(self, jar: SqlDocument, variables: Mapping[str, str], **settings: Any) -> FakeJob:
        assert self.gate.wait(30)
        if self.ends_at_start:
            self.ends_at_start -= 1
            self.is_gone = True
        self.check()
        if self.refuses:
            raise RuntimeError(self.refuses)
        self.jobs.append(FakeJob(self, jar, variables, settings))
        return self.jobs[-1]


CLICKS = (
    "CREATE TABLE `clicks` (`page` STRING, `at` TIMESTAMP_LTZ(3), WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND) "
    "WITH ('connector' = 'kinesis', 'stream.arn' = '${clicks_arn}', 'source.init.position' = 'TRIM_HORIZON', 'format' = 'json')"
)
PAGES = (
    "CREATE TABLE `pages` (`page` STRING, `views` BIGINT) "
    "WITH ('connector' = 'kinesis', 'stream.arn' = '${pages_arn}', 'format' = 'json')"
)
INSERT = "INSERT INTO `pages` SELECT `page`, COUNT(*) FROM `clicks` GROUP BY `page`"


def jar_of(*statements: str, config: Mapping[str, str] | None = None) -> bytes:
    """A deployed jar with statements, and without the rest."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        archive.writestr("statements.json", json.dumps({"config": dict(config or {}), "statements": list(statements)}))
    return packed.getvalue()
