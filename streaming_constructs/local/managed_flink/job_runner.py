"""What an application asks of a Flink, whichever it is: to run its job, and to stop it with what it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


class JobError(Exception):
    """A job cannot be started or stopped; it is told as Flink says it."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is to run.

    Attributes:
        application: The ARN of the application.
        name: Its name.
        runtime: The runtime, such as `FLINK-2_3`.
        code: The jar, or the zip.
        configuration: The configuration, as `CreateApplication` takes it.
        restore: The savepoint that it begins with; None: without state.
        logs: The groups and streams of CloudWatch Logs that it writes to.
    """

    application: str
    name: str
    runtime: str
    code: bytes
    configuration: dict[str, Any] = field(repr=False)
    restore: Path | None = None
    logs: tuple[tuple[str, str], ...] = ()


class JobRunner(Protocol):
    """Runs the job of each application; several threads call it, each for an application of its own."""

    def why_not(self, runtime: str) -> str:
        """Why no job of a runtime can run on this machine; empty: it can.

        Args:
            runtime: The runtime, such as `FLINK-2_3`.
        """

    def start(self, request: JobRequest) -> None:
        """Starts a job, and waits until it runs.

        Args:
            request: What is to run.

        Raises:
            JobError: If it does not come to run.
        """

    def stop(self, application: str) -> Path:
        """Stops a job with a savepoint, and waits until it has stopped.

        Args:
            application: The ARN of its application.

        Returns:
            The savepoint.

        Raises:
            JobError: If the savepoint cannot be made; the job goes on.
        """

    def cancel(self, application: str) -> None:
        """Ends a job at once, if there is one; what it holds is lost.

        Args:
            application: The ARN of its application.
        """

    def close(self) -> None:
        """Ends all jobs, and what they run in."""


class NoRunner:
    """Runs nothing: applications go through their statuses, and no job comes of it."""

    def __init__(self, why: str) -> None:
        """Takes the reason.

        Args:
            why: Why nothing runs.
        """
        self._why = why

    def why_not(self, runtime: str) -> str:  # noqa: ARG002 - the same for all
        return self._why

    def start(self, request: JobRequest) -> None:
        """Never called."""
        raise JobError(self._why)

    def stop(self, application: str) -> Path:  # noqa: ARG002
        """Never called."""
        raise JobError(self._why)

    def cancel(self, application: str) -> None:
        """Has nothing to end."""

    def close(self) -> None:
        """Has nothing to end."""
