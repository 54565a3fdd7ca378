"""The applications of Managed Flink in a rehearsal, and what each request does with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from streaming_constructs.local.managed_flink.api_error import ApiError
from streaming_constructs.local.managed_flink.application import FORCE_STOPS, Application, Operation, Status, Version
from streaming_constructs.local.managed_flink.application_configuration import snapshots_enabled, updated
from streaming_constructs.local.managed_flink.application_rules import check_version, latest, restored
from streaming_constructs.local.managed_flink.application_transitions import Code, Transitions
from streaming_constructs.local.managed_flink.job_runner import JobError, JobRunner

_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")
_RUNNING: tuple[Status, ...] = ("RUNNING", "ROLLED_BACK")
_SETTLED: tuple[Status, ...] = ("READY", *_RUNNING)


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
        self._transitions, self._now = Transitions(runner, code, now), now
        self._lock = self._transitions.lock
        self._applications: dict[str, Application] = {}

    @property
    def runner(self) -> JobRunner | None:
        """What runs jobs; None as long as no application was started."""
        return self._transitions.chosen_runner

    def close(self) -> None:
        """Ends all jobs."""
        self._transitions.close()

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
            check_version(version)
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
            restore = restored(application, run)
            application.run = {
                "ApplicationRestoreConfiguration": {"ApplicationRestoreType": "RESTORE_FROM_LATEST_SNAPSHOT"},
                **run,
            }
            application.status = "STARTING"
            operation = application.begin("StartApplication", self._now())
        self._transitions.follow(application, lambda: self._transitions.start(application, operation, restore))
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
            self._transitions.runner.cancel(application.arn)  # what starts or stops in the background is not waited for
        self._transitions.follow(application, lambda: self._transitions.stop(application, operation, force=force))
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
            check_version(after)
            restored(application, run)
            application.add_version(after)
            operation = application.begin(kind, self._now())
            operation.versions = before.number, after.number
            if application.status == "READY":
                operation.end(self._now())
                return operation
            application.status = "UPDATING"
            application.run = {**application.run, **run}
        self._transitions.follow(
            application, lambda: self._transitions.restart(application, operation, before, after, run)
        )
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
            self._transitions.runner.cancel(application.arn)
            self._transitions.go_back(application, operation, now, before, latest(application))

        self._transitions.follow(application, go)
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
        if is_running:
            self._transitions.cancel(application)
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
                made = self._transitions.snapshot(application, snapshot)
                self._transitions.run(application, application.version, made.path)
            except JobError as error:
                self._transitions.end(application, operation, "RUNNING", str(error))
            else:
                self._transitions.end(application, operation, "RUNNING")

        self._transitions.follow(application, go)

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
