"""The applications of Managed Flink in a rehearsal: what each API call does with one, and what follows in the background."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock, RLock
from typing import Any
from uuid import uuid4

from streaming_constructs.facts import flink
from streaming_constructs.local.managed_flink.api_error import ApiError
from streaming_constructs.local.managed_flink.application import (
    FORCE_STOPS,
    Application,
    Operation,
    Snapshot,
    Status,
    Version,
)
from streaming_constructs.local.managed_flink.application_configuration import (
    code_location,
    flink_settings,
    rollback_enabled,
    snapshots_enabled,
    updated,
)
from streaming_constructs.local.managed_flink.job_runner import JobError, JobRequest, JobRunner

Code = Callable[[str, str, str], bytes]
"""Gives an object by bucket, key and version; of no version, the latest."""
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")
_RUNNING: tuple[Status, ...] = ("RUNNING", "ROLLED_BACK")
_SETTLED: tuple[Status, ...] = ("READY", *_RUNNING)
_AT_ONCE = 8
"""Applications that are started or stopped at the same time."""


class EmbeddedFlink:
    """All applications, for as long as the AWS is there that they are in.

    Requests are answered at once, as AWS does; what takes a while follows in a thread of its own, one thing after the other for
    each application.
    """

    def __init__(self, runner: Callable[[], JobRunner], code: Code, now: Callable[[], float]) -> None:
        """Starts nothing yet.

        Args:
            runner: Gives what runs jobs; asked when the first application is started.
            code: Gives the code of applications.
            now: The time of the rehearsal, in seconds since 1970.
        """
        self._choose, self._code, self._now = runner, code, now
        self._runner: JobRunner | None = None
        self._lock = RLock()
        self._turns: dict[str, Lock] = defaultdict(Lock)
        self._applications: dict[str, Application] = {}
        self._background = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="flink")

    @property
    def runner(self) -> JobRunner:
        """What runs jobs."""
        with self._lock:
            if self._runner is None:
                self._runner = self._choose()
            return self._runner

    @property
    def has_run(self) -> bool:
        """Whether an application was ever started."""
        return self._runner is not None

    def close(self) -> None:
        """Ends all jobs."""
        if self._runner is not None:
            self._runner.close()  # first: what starts or stops waits for it
        self._background.shutdown(wait=True, cancel_futures=True)

    def applications(self) -> list[Application]:
        """All applications, in the order in which they were created."""
        with self._lock:
            return list(self._applications.values())

    def application(self, name: str) -> Application:
        """An application.

        Args:
            name: Its name.

        Raises:
            ApiError: If there is none.
        """
        with self._lock:
            if name not in self._applications:
                raise ApiError("ResourceNotFoundException", f"there is no application {name}")
            return self._applications[name]

    def by_arn(self, arn: str) -> Application:
        """An application.

        Args:
            arn: Its ARN.

        Raises:
            ApiError: If there is none.
        """
        return self.application(arn.rpartition("/")[2])

    # --- what requests do

    def create(self, name: str, arn: str, version: Version, description: str, tags: Mapping[str, str]) -> Application:
        """Creates an application, which is READY: nothing starts it.

        Args:
            name: Its name.
            arn: Its ARN.
            version: Its first version.
            description: What somebody wrote about it.
            tags: Its tags.

        Raises:
            ApiError: If it cannot be called that, there is one of that name, or its runtime is not one that runs here.
        """
        with self._lock:
            if not _NAME.fullmatch(name):
                raise ApiError("InvalidArgumentException", f"an application cannot be called {name!r}")
            if name in self._applications:
                raise ApiError("ResourceInUseException", f"there is an application {name} already")
            _check(version)
            made = Application(name, arn, self._now(), description, {version.number: version}, tags=dict(tags))
            self._applications[name] = made
            return made

    def start(self, name: str, run: Mapping[str, Any]) -> Operation:
        """Starts an application: READY, STARTING, RUNNING; where its job does not come to run, READY again.

        Args:
            name: Its name.
            run: The `RunConfiguration`.

        Raises:
            ApiError: If it is not READY, or there is no such snapshot.
        """
        with self._lock:
            application = self.application(name)
            application.require("start", "READY")
            restore = _restored(application, run)
            application.run = {
                "ApplicationRestoreConfiguration": {"ApplicationRestoreType": "RESTORE_FROM_LATEST_SNAPSHOT"},
                **run,
            }
            application.status = "STARTING"
            operation = application.begin("StartApplication", self._now())
        self._follow(application, lambda: self._start(application, operation, restore))
        return operation

    def stop(self, name: str, *, force: bool) -> Operation:
        """Stops an application, with a snapshot unless it is forced or they are switched off.

        Args:
            name: Its name.
            force: Whether it ends at once, without a snapshot.

        Raises:
            ApiError: If it does not run.
        """
        with self._lock:
            application = self.application(name)
            application.require("stop", *(FORCE_STOPS if force else _RUNNING))
            for one in application.operations:
                one.cancel(self._now())
            application.status = "FORCE_STOPPING" if force else "STOPPING"
            operation = application.begin("StopApplication", self._now())
        if force:
            self.runner.cancel(application.arn)  # what starts or stops in the background is not waited for
        self._follow(application, lambda: self._stop(application, operation, force=force))
        return operation

    def update(
        self,
        name: str,
        change: Mapping[str, Any],
        *,
        run: Mapping[str, Any],
        runtime: str = "",
        role: str = "",
        logging: Mapping[str, str] | None = None,
        kind: str = "UpdateApplication",
    ) -> Operation:
        """Changes an application; one that runs is stopped with a snapshot and started again with it.

        Args:
            name: Its name.
            change: The `ApplicationConfigurationUpdate`.
            run: The `RunConfigurationUpdate`, which only counts for one that runs.
            runtime: Another runtime. Empty: it keeps its own.
            role: Another role. Empty: it keeps its own.
            logging: Other streams of CloudWatch Logs, all of them. Left out: it keeps its own.
            kind: The API's name of the request.

        Raises:
            ApiError: If it is in the middle of something, or what is to be changed is not there.
        """
        with self._lock:
            application = self.application(name)
            application.require("update", *_SETTLED)
            before = application.version
            after = Version(
                before.number + 1,
                self._now(),
                runtime or before.runtime,
                role or before.role,
                updated(before.configuration, change),
                dict(before.logging if logging is None else logging),
                updated_from=before.number,
            )
            _check(after)
            _restored(application, run)
            application.add_version(after)
            operation = application.begin(kind, self._now())
            operation.versions = before.number, after.number
            if application.status == "READY":
                operation.end(self._now())
                return operation
            application.status = "UPDATING"
            application.run = {**application.run, **run}
        self._follow(application, lambda: self._restart(application, operation, before, after, run))
        return operation

    def roll_back(self, name: str) -> Operation:
        """Takes the latest update of an application back, with the state of its latest snapshot.

        Args:
            name: Its name.

        Raises:
            ApiError: If it does not run, was never updated, or has no snapshot.
        """
        with self._lock:
            application = self.application(name)
            application.require("roll back", *_RUNNING, "UPDATING")
            now = application.version
            before = application.versions.get(now.updated_from)
            if before is None or not application.snapshots:
                missing = "version before" if before is None else "snapshot"
                raise ApiError("InvalidRequestException", f"the application {name} has no {missing}")
            for one in application.operations:
                one.cancel(self._now())
            application.status = "ROLLING_BACK"
            operation = application.begin("RollbackApplication", self._now())

        def go() -> None:
            self.runner.cancel(application.arn)
            self._go_back(application, operation, now, before, _latest(application))

        self._follow(application, go)
        return operation

    def delete(self, name: str) -> None:
        """Ends an application, with its snapshots.

        Args:
            name: Its name.

        Raises:
            ApiError: If it is in the middle of something.
        """
        with self._lock:
            application = self.application(name)
            application.require("delete", *_SETTLED)
            is_running = application.status in _RUNNING
            application.status = "DELETING"
        with self._turns[application.arn]:
            if is_running:
                self.runner.cancel(application.arn)
        with self._lock:
            del self._applications[name]

    def create_snapshot(self, name: str, snapshot: str) -> None:
        """Makes a snapshot of an application that runs; the job is stopped with a savepoint for it, and goes on from there.

        Args:
            name: The application.
            snapshot: The name of the snapshot.

        Raises:
            ApiError: If it does not run, it makes none, or there is one of that name.
        """
        with self._lock:
            application = self.application(name)
            application.require("make a snapshot of", *_RUNNING)
            if not snapshots_enabled(application.version.configuration):
                message = f"snapshots of the application {name} are switched off"
                raise ApiError("InvalidApplicationConfigurationException", message)
            if snapshot in application.snapshots:
                raise ApiError("ResourceInUseException", f"there is a snapshot {snapshot} already")
            operation = application.begin("CreateApplicationSnapshot", self._now())

        def go() -> None:
            try:
                made = self._snapshot(application, snapshot)
                self._run(application, application.version, made.path)
            except JobError as error:
                self._end(application, operation, "RUNNING", str(error))
            else:
                self._end(application, operation, "RUNNING")

        self._follow(application, go)

    def delete_snapshot(self, name: str, snapshot: str) -> None:
        """Deletes a snapshot.

        Args:
            name: The application.
            snapshot: The name of the snapshot.

        Raises:
            ApiError: If there is none.
        """
        with self._lock:
            application = self.application(name)
            if snapshot not in application.snapshots:
                raise ApiError("ResourceNotFoundException", f"the application {name} has no snapshot {snapshot}")
            del application.snapshots[snapshot]

    # --- what follows in the background

    def _follow(self, application: Application, work: Callable[[], None]) -> None:
        def in_turn() -> None:
            with self._turns[application.arn]:
                work()

        self._background.submit(in_turn)

    def _start(self, application: Application, operation: Operation, restore: Path | None) -> None:
        if operation.status != "IN_PROGRESS":
            return  # it was stopped by force meanwhile
        try:
            self._run(application, application.version, restore)
        except JobError as error:
            self._end(application, operation, "READY", str(error))
        else:
            self._end(application, operation, "RUNNING")

    def _stop(self, application: Application, operation: Operation, *, force: bool) -> None:
        try:
            if force or not snapshots_enabled(application.version.configuration):
                self.runner.cancel(application.arn)
            else:
                self._snapshot(application)
        except JobError as error:
            self._end(application, operation, "RUNNING", str(error))
        else:
            self._end(application, operation, "READY")

    def _restart(
        self, application: Application, operation: Operation, before: Version, after: Version, run: Mapping[str, Any]
    ) -> None:
        if operation.status != "IN_PROGRESS":
            return
        try:
            if snapshots_enabled(before.configuration):
                self._snapshot(application, version=before)
            else:
                self.runner.cancel(application.arn)
        except JobError as error:
            self._keep(application, operation, before, str(error))
            return
        try:
            self._run(application, after, _restored(application, run))
        except JobError as error:
            if not rollback_enabled(after.configuration):
                self._end(application, operation, "READY", str(error))
                return
            with self._lock:
                if operation.status != "IN_PROGRESS":
                    return
                operation.end(self._now(), str(error))
                application.status = "ROLLING_BACK"
                rollback = application.begin("RollbackApplication", self._now())
                operation.rollback = rollback.id
            self._go_back(application, rollback, after, before, _latest(application))
        else:
            self._end(application, operation, "RUNNING")

    def _go_back(
        self, application: Application, operation: Operation, now: Version, before: Version, restore: Path | None
    ) -> None:
        again = _again(before, now, self._now())
        with self._lock:
            application.add_version(again)
            operation.versions = now.number, again.number
        try:
            self._run(application, again, restore)
        except JobError as error:
            self._end(application, operation, "READY", str(error))
        else:
            self._end(application, operation, "RUNNING")

    def _keep(self, application: Application, operation: Operation, before: Version, why: str) -> None:
        """Goes on as before, because no snapshot could be made for an update."""
        with self._lock:
            application.add_version(_again(before, application.version, self._now()))
        self._end(application, operation, "RUNNING", why)

    def _snapshot(self, application: Application, name: str = "", version: Version | None = None) -> Snapshot:
        """Stops the job with a savepoint."""
        version = version or application.version
        path = None if self.runner.why_not(version.runtime) else self.runner.stop(application.arn)
        made = Snapshot(name or str(uuid4()), self._now(), version.number, version.runtime, path)
        with self._lock:
            application.snapshots[made.name] = made
        return made

    def _run(self, application: Application, version: Version, restore: Path | None) -> None:
        """Runs the job of a version, where this machine can."""
        if self.runner.why_not(version.runtime):
            return
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

    def _end(self, application: Application, operation: Operation, status: Status, error: str = "") -> None:
        with self._lock:
            if operation.status == "IN_PROGRESS":  # one that was cancelled decides nothing
                operation.end(self._now(), error)
                application.status = status


def _check(version: Version) -> None:
    if version.runtime not in flink.RUNTIMES:
        known = ", ".join(flink.RUNTIMES)
        raise ApiError("InvalidArgumentException", f"the runtime is one of {known} here, not {version.runtime}")
    settings = flink_settings(version.configuration, "ParallelismConfiguration")
    for name, allowed in (("Parallelism", flink.PARALLELISM), ("ParallelismPerKPU", flink.PARALLELISM_PER_KPU)):
        if int(settings[name]) not in allowed:
            raise ApiError(
                "InvalidArgumentException",
                f"{name} is {allowed.minimum} to {allowed.maximum}, not {settings[name]}",
            )


def _again(before: Version, now: Version, at: float) -> Version:
    """An older version, as the next one."""
    return replace(
        before,
        number=now.number + 1,
        created=at,
        updated_from=now.number,
        rolled_back_from=now.number,
        rolled_back_to=before.number,
    )


def _latest(application: Application) -> Path | None:
    return next((one.path for one in reversed(application.snapshots.values())), None)


def _restored(application: Application, run: Mapping[str, Any]) -> Path | None:
    """What an application begins with; without a word about it the latest snapshot, if there is one."""
    restore = run.get("ApplicationRestoreConfiguration", {})
    match restore.get("ApplicationRestoreType", "RESTORE_FROM_LATEST_SNAPSHOT"):
        case "SKIP_RESTORE_FROM_SNAPSHOT":
            return None
        case "RESTORE_FROM_CUSTOM_SNAPSHOT":
            name = restore.get("SnapshotName", "")
            if name not in application.snapshots:
                message = f"the application {application.name} has no snapshot {name}"
                raise ApiError("ResourceNotFoundException", message)
            return application.snapshots[name].path
    return _latest(application)


def _log_stream(arn: str) -> tuple[str, str]:
    """The group and the stream of the ARN of a stream of CloudWatch Logs."""
    _, _, rest = arn.partition(":log-group:")
    group, _, stream = rest.partition(":log-stream:")
    return group, stream
