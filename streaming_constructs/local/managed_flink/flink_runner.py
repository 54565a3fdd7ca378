"""Runs the jobs of applications on a real Flink: one process of Java for each runtime, started when the first job is."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from typing import Protocol, Self
from uuid import uuid4

from streaming_constructs.facts import flink as facts
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.client_environment import client_environment
from streaming_constructs.local.flink.flink_job import JobMetrics
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.managed_flink.application_configuration import flink_settings, property_group
from streaming_constructs.local.managed_flink.application_run import ApplicationRun, Job, log_event
from streaming_constructs.local.managed_flink.deployed_statements import (
    DeployedStatements,
    read_statements,
    rehearsed_jar,
)
from streaming_constructs.local.managed_flink.job_runner import JobError, JobRequest
from streaming_constructs.local.managed_flink.source_records import source_records
from streaming_constructs.local.scratch_folder import ScratchFolder
from streaming_constructs.spec.finding import SpecError

NEEDS_BROKER = "it connects to topics of Kafka, and nobody does to those in memory: `--broker kafka` runs a broker"
"""Why an application is not run whose topics this process keeps."""
OWN_CODE = "it is code of your own; queries of Flink SQL run here"
CHECKPOINT_SECONDS = 1.0
"""How often checkpoints are made here, however seldom on AWS: sinks flush with them, and nobody waits a minute for that."""
_NEVER_SECONDS = 86_400.0
_START_SECONDS = 90.0
_LOOK_SECONDS = 0.05
_CLIENT_OPTIONS = {
    "security.protocol": "KAFKA_SECURITY_PROTOCOL",
    "sasl.mechanism": "KAFKA_SASL_MECHANISM",
}


class Flink(Protocol):
    """A Flink, as `LocalFlink` is one."""

    def __enter__(self) -> Self:
        """Starts it."""

    def __exit__(self, *_: object) -> None:
        """Ends it."""

    def start_job(
        self,
        jar: Path,
        variables: Mapping[str, str],
        *,
        parallelism: int,
        checkpoint_seconds: float,
        restore: Path | None,
    ) -> Job:
        """Starts a job."""


OpenFlink = Callable[[str, Aws], Flink]
"""Gives the Flink of a runtime; raises `SpecError` where something that it takes is missing."""


def local_flink(runtime: str, aws: Aws) -> Flink:
    """The Flink of a runtime that reads and writes an AWS on this machine.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        aws: The AWS.

    Raises:
        SpecError: If there is no Java, or its jars are not there.
    """
    environment = client_environment(aws.endpoint_url, aws.token, aws.region)
    return LocalFlink(runtime, endpoint=aws.endpoint_url, credentials=environment)  # type: ignore[return-value]


class FlinkRunner:
    """Runs the jobs of all applications of one AWS."""

    def __init__(self, aws: Aws, open_flink: OpenFlink = local_flink) -> None:
        """Starts nothing yet.

        Args:
            aws: The AWS that they read and write.
            open_flink: Gives the Flink of a runtime. Left out: the one on this machine.
        """
        self._aws, self._open_flink = aws, open_flink
        self._opening = Lock()
        self._flinks: dict[str, Flink | str] = {}
        self._runs: dict[str, ApplicationRun] = {}
        self._scratch = ScratchFolder()
        self._open = ExitStack()
        self._open.callback(self._scratch.close)
        self._is_closed = False

    def run_of(self, application: str) -> ApplicationRun | None:
        return self._runs.get(application)

    def start(self, request: JobRequest) -> None:
        run = self._runs.setdefault(
            request.application, ApplicationRun(request, lambda table: source_records(table, self._aws.msk))
        )
        run.expect(request)
        variables = property_group(request.configuration, facts.SQL_VARIABLES)
        statements = read_statements(request.code, variables)
        run.not_run = OWN_CODE if statements is None else self._why_no_topics(statements)
        if run.not_run or statements is None:
            return
        flink = self._flink(request.runtime)
        if isinstance(flink, str):
            run.not_run = flink
            return
        try:
            self._submit(run, flink, request, variables, statements)
        except Exception as error:
            self._log(run, str(error))
            raise JobError(str(error)) from error

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
        self._open.close()

    def _stop(self, application: str, *, drain: bool) -> Path | None:
        run = self._runs.get(application)
        job = run.job if run else None
        if run is None or job is None:
            return None
        folder = self._scratch.path / "savepoints" / uuid4().hex
        folder.mkdir(parents=True)
        try:
            savepoint = job.stop(folder, drain=True) if drain else job.stop(folder)
            run.end(job.status(), job.metrics(), savepoint=savepoint, windows_closed=drain)
        except Exception as error:
            raise JobError(str(error)) from error
        return savepoint

    def _flink(self, runtime: str) -> Flink | str:
        """The Flink of a runtime, or why there is none on this machine."""
        with self._opening:
            if runtime not in self._flinks:
                try:
                    opened = self._open_flink(runtime, self._aws)
                except SpecError as error:
                    finding = error.findings[0]
                    self._flinks[runtime] = "; ".join(filter(None, (finding.message, finding.help)))
                else:
                    self._flinks[runtime] = self._open.enter_context(opened)
            return self._flinks[runtime]

    def _submit(
        self,
        run: ApplicationRun,
        flink: Flink,
        request: JobRequest,
        variables: Mapping[str, str],
        statements: DeployedStatements,
    ) -> None:
        code = rehearsed_jar(request.code, self._client_options())
        jar = self._scratch.path / f"{hashlib.sha256(code).hexdigest()}.jar"
        if not jar.is_file():
            jar.write_bytes(code)
        checkpoints = flink_settings(request.configuration, "CheckpointConfiguration")
        parallelism = int(flink_settings(request.configuration, "ParallelismConfiguration")["Parallelism"])
        has_checkpoints = bool(checkpoints["CheckpointingEnabled"])
        job = flink.start_job(
            jar,
            variables,
            parallelism=parallelism,
            checkpoint_seconds=CHECKPOINT_SECONDS if has_checkpoints else _NEVER_SECONDS,
            restore=request.restore,
        )
        version = facts.RUNTIMES[request.runtime].flink.rpartition(".")[0]
        run.begin(job, statements, f"Flink {version}", parallelism, has_checkpoints=has_checkpoints)
        self._await_running(run, job)

    def _await_running(self, run: ApplicationRun, job: Job) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            status = job.status()
            if status.state == "RUNNING":
                return
            if status.has_ended or status.restarts or time.monotonic() > until:
                if not status.has_ended:
                    job.cancel()
                run.end(status, JobMetrics({}, {}, {}, {}))
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
        except Exception as error:
            raise JobError(f"the Flink that ran it is gone: {error}") from error
        for failure in run.failures[known:]:
            self._log(run, failure)

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
