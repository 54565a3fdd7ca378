"""What follows a request in the background: jobs are started and stopped, one thing after the other for each application."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock, RLock
from typing import Any
from uuid import uuid4

from streaming_constructs.local.managed_flink.application import Application, Operation, Snapshot, Status, Version
from streaming_constructs.local.managed_flink.application_configuration import (
    code_location,
    rollback_enabled,
    snapshots_enabled,
)
from streaming_constructs.local.managed_flink.application_rules import again, latest, restored
from streaming_constructs.local.managed_flink.job_runner import JobError, JobRequest, JobRunner

Code = Callable[[str, str, str], bytes]
"""Gives an object by bucket, key and version; of no version, the latest."""
_AT_ONCE = 8
"""Applications that are started or stopped at the same time."""


class Transitions:
    """Brings applications from one status to another.

    Attributes:
        lock: Held by whoever reads or changes an application.
    """

    def __init__(self, runner: Callable[[], JobRunner], code: Code, now: Callable[[], float]) -> None:
        """Starts nothing yet.

        Args:
            runner: Gives what runs jobs; asked when the first application is started.
            code: Gives the code of applications.
            now: The time of the rehearsal, in seconds since 1970.
        """
        self.lock = RLock()
        self._choose, self._code, self._now = runner, code, now
        self._runner: JobRunner | None = None
        self._turns: dict[str, Lock] = defaultdict(Lock)
        self._background = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="flink")

    @property
    def runner(self) -> JobRunner:
        """What runs jobs."""
        with self.lock:
            if self._runner is None:
                self._runner = self._choose()
            return self._runner

    @property
    def chosen_runner(self) -> JobRunner | None:
        """What runs jobs; None as long as no application was started."""
        return self._runner

    def close(self) -> None:
        """Ends all jobs."""
        if self._runner is not None:
            self._runner.close()  # first: what starts or stops waits for it
        self._background.shutdown(wait=True, cancel_futures=True)

    def follow(self, application: Application, work: Callable[[], None]) -> None:
        """Does something in the background, once all that was to be done before for an application is.

        Args:
            application: The application.
            work: What to do.
        """

        def in_turn() -> None:
            with self._turns[application.arn]:
                work()

        self._background.submit(in_turn)

    def cancel(self, application: Application) -> None:
        """Ends the job of an application, once all that was to be done before for it is.

        Args:
            application: The application.
        """
        with self._turns[application.arn]:
            self.runner.cancel(application.arn)

    def start(self, application: Application, operation: Operation, restore: Path | None) -> None:
        """Starts an application: RUNNING, or READY where its job does not come to run.

        Args:
            application: The application.
            operation: What it is part of.
            restore: The savepoint that it begins with.
        """
        if operation.status != "IN_PROGRESS":
            return  # it was stopped by force meanwhile
        try:
            self.run(application, application.version, restore)
        except JobError as error:
            self.end(application, operation, "READY", str(error))
        else:
            self.end(application, operation, "RUNNING")

    def stop(self, application: Application, operation: Operation, *, force: bool) -> None:
        """Stops an application: READY, or RUNNING where no snapshot can be made.

        Args:
            application: The application.
            operation: What it is part of.
            force: Whether it ends without a snapshot.
        """
        try:
            if force or not snapshots_enabled(application.version.configuration):
                self.runner.cancel(application.arn)
            else:
                self.snapshot(application)
        except JobError as error:
            self.end(application, operation, "RUNNING", str(error))
        else:
            self.end(application, operation, "READY")

    def restart(
        self, application: Application, operation: Operation, before: Version, after: Version, run: Mapping[str, Any]
    ) -> None:
        """Stops an application with a snapshot, and starts it as it is to be from there; where that fails, as it was.

        Args:
            application: The application.
            operation: What it is part of.
            before: How it was.
            after: How it is to be.
            run: The `RunConfigurationUpdate`.
        """
        if operation.status != "IN_PROGRESS":
            return
        try:
            if snapshots_enabled(before.configuration):
                self.snapshot(application, version=before)
            else:
                self.runner.cancel(application.arn)
        except JobError as error:
            self._keep(application, operation, before, str(error))
            return
        try:
            self.run(application, after, restored(application, run))
        except JobError as error:
            if not rollback_enabled(after.configuration):
                self.end(application, operation, "READY", str(error))
                return
            with self.lock:
                if operation.status != "IN_PROGRESS":
                    return
                operation.end(self._now(), str(error))
                application.status = "ROLLING_BACK"
                rollback = application.begin("RollbackApplication", self._now())
                operation.rollback = rollback.id
            self.go_back(application, rollback, after, before, latest(application))
        else:
            self.end(application, operation, "RUNNING")

    def go_back(
        self, application: Application, operation: Operation, now: Version, before: Version, restore: Path | None
    ) -> None:
        """Runs an older version again, in the place of the current one.

        Args:
            application: The application.
            operation: What it is part of.
            now: The current version.
            before: The older one.
            restore: The savepoint that it begins with.
        """
        version = again(before, now, self._now())
        with self.lock:
            application.add_version(version)
            operation.versions = now.number, version.number
        try:
            self.run(application, version, restore)
        except JobError as error:
            self.end(application, operation, "READY", str(error))
        else:
            self.end(application, operation, "RUNNING")

    def _keep(self, application: Application, operation: Operation, before: Version, why: str) -> None:
        """Goes on as before, because no snapshot could be made for an update."""
        with self.lock:
            application.add_version(again(before, application.version, self._now()))
        self.end(application, operation, "RUNNING", why)

    def snapshot(self, application: Application, name: str = "", version: Version | None = None) -> Snapshot:
        """Stops the job of an application with a savepoint.

        Args:
            application: The application.
            name: The name of the snapshot. Left out: one of its own.
            version: The version that runs. Left out: the current one.

        Raises:
            JobError: If none can be made; the job goes on.
        """
        version = version or application.version
        path = self.runner.stop(application.arn)
        made = Snapshot(name or str(uuid4()), self._now(), version.number, version.runtime, path)
        with self.lock:
            application.snapshots[made.name] = made
        return made

    def run(self, application: Application, version: Version, restore: Path | None) -> None:
        """Runs the job of a version.

        Args:
            application: The application.
            version: The version.
            restore: The savepoint that it begins with.

        Raises:
            JobError: If it does not come to run.
        """
        bucket, key, of = code_location(version.configuration)
        try:
            code = self._code(bucket, key, of)
        except Exception as error:
            raise JobError(f"the code s3://{bucket}/{key} cannot be had: {error}") from error
        self.runner.start(
            JobRequest(
                application.arn,
                application.name,
                version.runtime,
                code,
                version.configuration,
                restore,
                tuple(map(_log_stream, version.logging.values())),
            )
        )

    def end(self, application: Application, operation: Operation, status: Status, error: str = "") -> None:
        """Ends an operation, and says how the application is then.

        Args:
            application: The application.
            operation: The operation; one that was cancelled decides nothing.
            status: How the application is.
            error: Why it failed. Left out: it succeeded.
        """
        with self.lock:
            if operation.status == "IN_PROGRESS":
                operation.end(self._now(), error)
                application.status = status


def _log_stream(arn: str) -> tuple[str, str]:
    """The group and the stream of the ARN of a stream of CloudWatch Logs."""
    _, _, rest = arn.partition(":log-group:")
    group, _, stream = rest.partition(":log-stream:")
    return group, stream
