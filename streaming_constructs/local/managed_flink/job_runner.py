"""What an application asks of a Flink, whichever it is: to run its job, and to stop it with what it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from streaming_constructs.local.managed_flink.application_run import ApplicationRun


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

    def start(self, request: JobRequest) -> None:
        """Starts a job, and waits until it runs; one that cannot run on this machine is only written down.

        Args:
            request: What is to run.

        Raises:
            JobError: If it does not come to run.
        """

    def stop(self, application: str) -> Path | None:
        """Stops a job with a savepoint, and waits until it has stopped.

        Args:
            application: The ARN of its application.

        Returns:
            The savepoint. None: it does not run on this machine.

        Raises:
            JobError: If the savepoint cannot be made; the job goes on.
        """

    def cancel(self, application: str) -> None:
        """Ends a job at once, if there is one; what it holds is lost.

        Args:
            application: The ARN of its application.
        """

    def run_of(self, application: str) -> ApplicationRun | None:
        """What became of the job of an application; None: it was never started.

        Args:
            application: The ARN of the application.
        """

    def look(self, application: str) -> None:
        """Looks how the job of an application is.

        Args:
            application: The ARN of the application.

        Raises:
            JobError: If what ran it is gone.
        """

    def close_windows(self) -> None:
        """Ends all jobs as if no event came any more: windows that are open give what they have."""

    def close(self) -> None:
        """Ends all jobs, and what they run in."""
