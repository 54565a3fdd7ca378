"""A job that runs until it is ended: how it is, what it counted, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

Ask = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job is.

    Attributes:
        state: The word of Flink, such as `RUNNING`, `RESTARTING`, `FAILED` or `FINISHED`.
        failure: What Flink said when it last failed, the root of it; empty if it never did.
        restarts: How often it was started anew since it was submitted.
        checkpoints: How many checkpoints are complete.
    """

    state: str
    failure: str
    restarts: int
    checkpoints: int

    @property
    def has_ended(self) -> bool:
        """Whether nothing will come of it any more."""
        return self.state in ("FINISHED", "FAILED", "CANCELED")


@dataclass(frozen=True, slots=True)
class JobMetrics:
    """What a job counted since it was started. What Flink reads again after a failure is counted again.

    Attributes:
        records_in: Rows that came out of each source, by the name of its table: without the records that it skipped.
        records_out: Records that went into each sink, by the name of its table.
        late_records_dropped: `numLateRecordsDropped`, by the name of the operator; those of more than none alone.
        watermarks: `currentOutputWatermark` of each subtask, in milliseconds since 1970, by the name of the operator that makes
            watermarks; None while a subtask has none.
    """

    records_in: Mapping[str, int]
    records_out: Mapping[str, int]
    late_records_dropped: Mapping[str, int]
    watermarks: Mapping[str, tuple[int | None, ...]]


class FlinkJob:
    """A job, started by `LocalFlink.start_job`.

    Attributes:
        id: The id that Flink gave it.
    """

    def __init__(self, job_id: str, ask: Ask) -> None:
        """Use `LocalFlink.start_job`.

        Args:
            job_id: Its id.
            ask: What asks the process of Java.
        """
        self.id = job_id
        self._ask = ask

    def status(self) -> JobStatus:
        """How it is now."""
        return JobStatus(**self._ask("status", job=self.id))

    def metrics(self) -> JobMetrics:
        """What it has counted so far; of a job that has ended, what it had counted then."""
        said = self._ask("metrics", job=self.id)
        watermarks = {name: tuple(each) for name, each in said["watermarks"].items()}
        return JobMetrics(said["records_in"], said["records_out"], said["late_records_dropped"], watermarks)

    def stop(self, with_savepoint: Path, *, drain: bool = False) -> Path:
        """Stops it as an update of the application does: sources end, what is open is kept in a savepoint.

        Args:
            with_savepoint: The folder to write the savepoint into.
            drain: Whether time comes to its end first, so that all windows give what they have; nothing goes on from there.

        Returns:
            The savepoint, for `restore` of `LocalFlink.start_job`.

        Raises:
            FlinkError: If the savepoint cannot be made; the job goes on.
        """
        said = self._ask("stop", job=self.id, folder=with_savepoint.absolute().as_uri(), drain=drain)
        return Path(unquote(urlsplit(said["savepoint"]).path))

    def cancel(self) -> None:
        """Ends it at once; what is open is lost. Of a job that has ended, nothing."""
        self._ask("cancel", job=self.id)
