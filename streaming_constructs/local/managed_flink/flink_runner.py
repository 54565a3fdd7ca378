"""Runs the jobs of applications on a real Flink: one process of Java for each runtime, started when the first job is."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Protocol
from uuid import uuid4
from zipfile import BadZipFile

from streaming_constructs.facts import flink as facts
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.client_environment import client_environment
from streaming_constructs.local.flink.flink_error import FlinkError, FlinkGoneError
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.local.managed_flink.application_configuration import flink_settings, property_group
from streaming_constructs.local.managed_flink.application_run import ApplicationRun, Job, log_event
from streaming_constructs.local.managed_flink.deployed_statements import (
    DeployedStatements,
    deployed_statements,
    folders_here,
    rehearsed,
)
from streaming_constructs.local.managed_flink.job_runner import JobError, JobRequest
from streaming_constructs.local.managed_flink.kafka_connector import write_kafka_connector
from streaming_constructs.local.managed_flink.source_records import source_records
from streaming_constructs.local.managed_flink.written_files import JobOfFiles
from streaming_constructs.local.scratch_folder import ScratchFolder
from streaming_constructs.spec.finding import SpecError

NEEDS_BROKER = "it connects to topics of Kafka, and nobody does to those in memory: `--broker kafka` runs a broker"
"""Why an application is not run whose topics this process keeps."""
OWN_CODE = "it is code of your own; queries of Flink SQL run here"
CHECKPOINT_SECONDS = 1.0
"""How often checkpoints are made here, however seldom on AWS: sinks flush with them, and nobody waits a minute for that."""
_NEVER_SECONDS = 86_400.0
_START_SECONDS = 90.0
_SAVEPOINT_SECONDS = 15.0
_GONE_SECONDS = 2.0
_LOOK_SECONDS = 0.05
_CLIENT_OPTIONS = {
    "security.protocol": "KAFKA_SECURITY_PROTOCOL",
    "sasl.mechanism": "KAFKA_SASL_MECHANISM",
}


class Flink(Protocol):
    """A Flink, as `LocalFlink` is one."""

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""

    def start(self) -> None:
        """Starts it."""

    def stop(self) -> None:
        """Ends it."""

    def start_job(
        self,
        jar: SqlDocument,
        variables: Mapping[str, str],
        *,
        parallelism: int,
        checkpoint_seconds: float,
        restore: Path | None,
        checkpoints: Path | None,
    ) -> Job:
        """Starts a job."""


OpenFlink = Callable[[str, Sequence[Path], Aws], Flink]
"""Gives the Flink of a runtime, with jars of connectors."""


def local_flink(runtime: str, connectors: Sequence[Path], aws: Aws) -> Flink:
    """The Flink of a runtime that reads and writes an AWS on this machine.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        connectors: Jars of connectors.
        aws: The AWS.
    """
    credentials = client_environment(aws.endpoint_url, aws.token, aws.region)
    flink: Flink = LocalFlink(runtime, connectors=connectors, endpoint=aws.endpoint_url, credentials=credentials)
    return flink


@dataclass(frozen=True, slots=True)
class _Submission:
    """What a job was started with, so that it can be started again.

    Attributes:
        place: The Flink that runs it, by what it is started with.
        document: Its statements.
        variables: What stands for `${name}` in them.
        settings: How it is run.
        checkpoints: Where its checkpoints are.
        files: The folders that it writes files into, by their tables.
    """

    place: tuple[str, Path | None]
    document: SqlDocument
    variables: Mapping[str, str]
    settings: Mapping[str, Any]
    checkpoints: Path
    files: Mapping[str, str]


class FlinkRunner:
    """Runs the jobs of all applications of one AWS: those of a runtime in one Flink, each with topics of Kafka in its own."""

    def __init__(self, aws: Aws, open_flink: OpenFlink = local_flink) -> None:
        """Starts nothing yet.

        Args:
            aws: The AWS that they read and write.
            open_flink: Gives the Flink of a runtime. Left out: the one on this machine.
        """
        self._aws, self._open_flink = aws, open_flink
        self._opening = Lock()
        self._flinks: dict[tuple[str, Path | None], Flink | str] = {}
        self._runs: dict[str, ApplicationRun] = {}
        self._submissions: dict[str, _Submission] = {}
        self._scratch = ScratchFolder()
        self._is_closed = False

    def run_of(self, application: str) -> ApplicationRun | None:
        return self._runs.get(application)

    def start(self, request: JobRequest) -> None:
        run = self._runs.setdefault(
            request.application, ApplicationRun(request, lambda table: source_records(table, self._aws.msk))
        )
        run.expect(request)
        variables = property_group(request.configuration, facts.SQL_VARIABLES)
        jar = self._written(request.code)
        try:
            document = SqlDocument.of_jar(jar)
        except (BadZipFile, FileNotFoundError):
            run.not_run = OWN_CODE
            return
        statements = deployed_statements(document, variables)
        run.not_run = self._why_no_topics(statements)
        if run.not_run:
            return
        place = request.runtime, jar if statements.uses_kafka else None
        checkpoints = flink_settings(request.configuration, "CheckpointConfiguration")
        has_checkpoints = bool(checkpoints["CheckpointingEnabled"])
        parallelism = int(flink_settings(request.configuration, "ParallelismConfiguration")["Parallelism"])
        settings = {
            "parallelism": parallelism,
            "checkpoint_seconds": CHECKPOINT_SECONDS if has_checkpoints else _NEVER_SECONDS,
        }
        folder = self._scratch.path / "checkpoints" / uuid4().hex
        files = folders_here(statements, str(self._scratch.path / "s3"))
        here = rehearsed(document, self._client_options(), files)
        submission = _Submission(place, here, variables, settings, folder, files)
        try:
            job = self._begun(run, submission)
        except Exception as error:
            # What the parser would have taken instead is a list of a hundred lines.
            why = str(error).partition("\nWas expecting")[0]
            self._log(run, why)
            raise JobError(why) from error
        if isinstance(job, str):
            run.not_run = job
            return
        self._submissions[request.application] = submission
        version = facts.RUNTIMES[request.runtime].flink.rpartition(".")[0]
        run.begin(job, statements, f"Flink {version}", parallelism, has_checkpoints=has_checkpoints)

    def stop(self, application: str) -> Path | None:
        return self._stop(application, drain=False)

    def cancel(self, application: str) -> None:
        run = self._runs.get(application)
        job = run.job if run else None
        if run is None or job is None:
            return
        with suppress(Exception):  # it is to end, whatever it says
            status, metrics = job.status(), job.metrics()
            job.cancel()
            run.end(status, metrics)

    def close_windows(self) -> None:
        for application, run in list(self._runs.items()):
            if run.job is not None and not run.is_stuck:
                with suppress(JobError):  # what could not be closed is told as open
                    self._stop(application, drain=True)

    def close(self) -> None:
        self._is_closed = True
        for flink in list(self._flinks.values()):
            if not isinstance(flink, str):
                flink.stop()
        self._scratch.close()

    def _stop(self, application: str, *, drain: bool) -> Path | None:
        run = self._runs.get(application)
        job = run.job if run else None
        if run is None or job is None:
            return None
        folder = self._scratch.path / "savepoints" / uuid4().hex
        folder.mkdir(parents=True)
        try:
            open_windows = job.metrics() if drain else None
            savepoint = _stopped(job, folder, drain=drain)
            run.end(job.status(), job.metrics(), savepoint=savepoint, open_windows=open_windows)
        except Exception as error:
            raise JobError(str(error)) from error
        return savepoint

    def _written(self, code: bytes) -> Path:
        """The file of a jar."""
        jar = self._scratch.path / f"{hashlib.sha256(code).hexdigest()}.jar"
        if not jar.is_file():
            jar.write_bytes(code)
        return jar

    def _flink(self, place: tuple[str, Path | None]) -> Flink | str:
        """The Flink of a runtime, started now if it is not there; or why there is none on this machine."""
        with self._opening:
            known = self._flinks.get(place)
            if known is not None and not isinstance(known, str) and not known.is_alive:
                known.stop()
                del self._flinks[place]
            if place not in self._flinks:
                try:
                    self._flinks[place] = self._opened(place)
                except SpecError as error:
                    finding = error.findings[0]
                    self._flinks[place] = "; ".join(filter(None, (finding.message, finding.help)))
            return self._flinks[place]

    def _opened(self, place: tuple[str, Path | None]) -> Flink:
        runtime, jar = place
        connectors = []
        if jar is not None:
            connectors.append(jar.with_suffix(".kafka.jar"))
            write_kafka_connector(jar, connectors[0])
        flink = self._open_flink(runtime, connectors, self._aws)
        flink.start()
        return flink

    def _begun(self, run: ApplicationRun, submission: _Submission) -> Job | str:
        """Starts a job, once more where its Flink is gone meanwhile; or says why there is none on this machine."""
        restore = run.request.restore
        try:
            flink = self._flink(submission.place)
            return flink if isinstance(flink, str) else self._submit(flink, submission, restore)
        except FlinkGoneError as error:
            self._log(run, f"{error}: it is started again")
            flink = self._flink(submission.place)
            return flink if isinstance(flink, str) else self._submit(flink, submission, restore)

    def _submit(self, flink: Flink, submission: _Submission, restore: Path | None) -> Job:
        """Starts a job, and waits until it runs."""
        submission.checkpoints.mkdir(parents=True, exist_ok=True)
        job: Job = flink.start_job(
            submission.document,
            submission.variables,
            restore=restore,
            checkpoints=submission.checkpoints,
            **submission.settings,
        )
        until = time.monotonic() + _START_SECONDS
        while True:
            status = job.status()
            if status.state == "RUNNING":
                return JobOfFiles(job, submission.files) if submission.files else job
            if status.has_ended or status.restarts or time.monotonic() > until:
                with suppress(Exception):  # it may have ended by itself
                    job.cancel()
                raise JobError(status.failure or f"the job is {status.state}")
            time.sleep(_LOOK_SECONDS)

    def look(self, application: str) -> None:
        """Looks how the job of an application is, and writes into its log what is new.

        Args:
            application: The ARN of the application.

        Raises:
            JobError: If the Flink that runs it is gone.
        """
        run = self._runs.get(application)
        if run is None or self._is_closed:
            return
        known = len(run.failures)
        try:
            run.look(time.monotonic())
        except Exception as error:  # noqa: BLE001 - that of a process that is gone, whatever it is
            self._revive(application, run, error)
        for failure in run.failures[known:]:
            self._log(run, failure)

    def _revive(self, application: str, run: ApplicationRun, error: Exception) -> None:
        """Starts the Flink of a job again, and the job from its last checkpoint, as AWS does where a machine fails."""
        submission = self._submissions[application]
        flink = self._flinks[submission.place]
        if run.was_revived or isinstance(flink, str) or _stays_alive(flink):
            raise JobError(str(error)) from error
        run.lose()
        self._log(run, f"{error}: it is started again, from the last checkpoint")

        def go() -> None:
            try:
                flink = self._flink(submission.place)
                assert not isinstance(flink, str)
                found = any(submission.checkpoints.rglob("_metadata"))
                restore = submission.checkpoints if found else run.request.restore
                run.go_on(self._submit(flink, submission, restore))
            except Exception as again:  # noqa: BLE001 - whatever it is, the next look tells
                run.fail(str(again))

        Thread(target=go, name="flink-revived", daemon=True).start()

    def _log(self, run: ApplicationRun, message: str) -> None:
        """Writes into the log of an application, and into its streams of CloudWatch Logs."""
        run.write(message)
        event = {"timestamp": int(time.time() * 1000), "message": log_event(run.request, "ERROR", message)}
        logs = self._aws.client("logs")
        for group, stream in run.request.logs:
            with suppress(Exception):  # a group that is gone takes nothing, and nothing else depends on it
                logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])

    def _why_no_topics(self, statements: DeployedStatements) -> str:
        if not statements.uses_kafka or self._client_options():
            return ""
        return NEEDS_BROKER

    def _client_options(self) -> dict[str, str]:
        keeper = self._aws.msk.keeper if self._aws.msk is not None else None
        given = keeper.client_variables if keeper is not None else {}
        if not given:
            return {}
        name, password = given["KAFKA_SASL_USERNAME"], given["KAFKA_SASL_PASSWORD"]
        module = "org.apache.kafka.common.security.plain.PlainLoginModule"
        login = f'{module} required username="{name}" password="{password}";'
        return {option: given[variable] for option, variable in _CLIENT_OPTIONS.items()} | {"sasl.jaas.config": login}


def _stopped(job: Job, folder: Path, *, drain: bool) -> Path:
    """Stops a job; one that was started a moment ago has tasks that do not run yet, and makes no savepoint so long."""
    until = time.monotonic() + _SAVEPOINT_SECONDS
    while True:
        try:
            return job.stop(folder, drain=drain)
        except FlinkError:
            if time.monotonic() > until or job.status().state != "RUNNING":
                raise
        time.sleep(_LOOK_SECONDS)


def _stays_alive(flink: Flink) -> bool:
    """Whether a process runs on that did not answer; one that was killed is known as that a moment later."""
    until = time.monotonic() + _GONE_SECONDS
    while flink.is_alive and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    return flink.is_alive
