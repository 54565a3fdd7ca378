"""An application: its versions, its status, what was done with it, and its snapshots."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from streaming_constructs.local.managed_flink.api_error import ApiError

Status = Literal[
    "DELETING",
    "FORCE_STOPPING",
    "READY",
    "ROLLED_BACK",
    "ROLLING_BACK",
    "RUNNING",
    "STARTING",
    "STOPPING",
    "UPDATING",
]
"""Source: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_ApplicationDetail.html; AUTOSCALING and MAINTENANCE never
come here."""
OperationStatus = Literal["CANCELLED", "FAILED", "IN_PROGRESS", "SUCCESSFUL"]
FORCE_STOPS = ("STARTING", "UPDATING", "STOPPING", "RUNNING")
"""Source: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_StopApplication.html, which adds AUTOSCALING."""


@dataclass(frozen=True, slots=True)
class Version:
    """What an application is in one of its versions.

    Attributes:
        number: Its number, from 1.
        created: When it was made, in seconds since 1970.
        runtime: The runtime, such as `FLINK-2_3`.
        role: The role that it has.
        configuration: Its configuration, as `CreateApplication` takes it.
        logging: The streams of CloudWatch Logs that it writes to, by the ids of their options.
        updated_from: The version before; 0: it is the first.
        rolled_back_from: The version that it took the place of when that was taken back; 0: it did not.
        rolled_back_to: The version that it is as; 0: it is not an older one again.
    """

    number: int
    created: float
    runtime: str
    role: str
    configuration: dict[str, Any]
    logging: dict[str, str]
    updated_from: int = 0
    rolled_back_from: int = 0
    rolled_back_to: int = 0


@dataclass(slots=True)
class Operation:
    """Something that takes a while.

    Attributes:
        kind: The API's name of it, such as `StartApplication`.
        started: When it began, in seconds since 1970.
        status: How it is.
        ended: When it ended; None: it has not.
        error: Why it failed; empty: it did not.
        versions: From which version to which it led; None: it changed none.
        rollback: The operation that took it back; empty: none did.
        id: Its id.
    """

    kind: str
    started: float
    status: OperationStatus = "IN_PROGRESS"
    ended: float | None = None
    error: str = ""
    versions: tuple[int, int] | None = None
    rollback: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))

    def end(self, now: float, error: str = "") -> None:
        """Ends it, unless it was cancelled.

        Args:
            now: The time.
            error: Why it failed. Left out: it succeeded.
        """
        if self.status == "IN_PROGRESS":
            self.status, self.error, self.ended = ("FAILED" if error else "SUCCESSFUL"), error, now

    def cancel(self, now: float) -> None:
        """Ends it in the middle, if it has not ended."""
        if self.status == "IN_PROGRESS":
            self.status, self.ended = "CANCELLED", now


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of an application at one time.

    Attributes:
        name: Its name.
        created: When it was made, in seconds since 1970.
        version: The version of the application.
        runtime: Its runtime.
        path: The savepoint; None where no Flink ran.
    """

    name: str
    created: float
    version: int
    runtime: str
    path: Path | None


@dataclass(slots=True)
class Application:
    """An application.

    Attributes:
        name: Its name.
        arn: Its ARN.
        created: When it was created, in seconds since 1970.
        description: What somebody wrote about it.
        versions: Its versions, by their numbers.
        status: How it is.
        run: What it was started with last.
        operations: What was done with it, the latest last.
        snapshots: Its snapshots, by name, the latest last.
        tags: Its tags.
        token: What has to be given for an update where the version is not.
        window: When its window for maintenance begins.
    """

    name: str
    arn: str
    created: float
    description: str
    versions: dict[int, Version]
    status: Status = "READY"
    run: dict[str, Any] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: uuid4().hex)
    window: str = "06:00"

    @property
    def version(self) -> Version:
        """What it is now."""
        return self.versions[max(self.versions)]

    def add_version(self, version: Version) -> None:
        """Makes a version the one that it is.

        Args:
            version: The version, with the next number.
        """
        assert version.number == self.version.number + 1
        self.versions[version.number] = version
        self.token = uuid4().hex

    def begin(self, kind: str, now: float) -> Operation:
        """Writes down that something begins.

        Args:
            kind: The API's name of it.
            now: The time.
        """
        operation = Operation(kind, now)
        self.operations.append(operation)
        return operation

    def require(self, what: str, *statuses: Status) -> None:
        """Refuses what can be done in some statuses alone.

        Args:
            what: What is to be done with it, such as `start`.
            statuses: In which it can be.

        Raises:
            ApiError: If it is in none of them.
        """
        if self.status not in statuses:
            allowed = " or ".join(statuses)
            message = f"cannot {what} the application {self.name} while it is {self.status}; it has to be {allowed}"
            raise ApiError("ResourceInUseException", message)

    def require_current(self, version: int | None, token: str | None) -> None:
        """Refuses a change of what is not the application any more.

        Args:
            version: The version that is to be changed.
            token: What stands for it.

        Raises:
            ApiError: If both are missing, or what is given is not the current one.
        """
        if version is None and token is None:
            message = "either CurrentApplicationVersionId or ConditionalToken has to be given"
            raise ApiError("InvalidArgumentException", message)
        if token is not None and token != self.token:
            raise ApiError(
                "ConcurrentModificationException", f"the application {self.name} has another ConditionalToken"
            )
        if version is not None and version != self.version.number:
            message = f"the application {self.name} is at version {self.version.number}, not {version}"
            raise ApiError("ConcurrentModificationException", message)
