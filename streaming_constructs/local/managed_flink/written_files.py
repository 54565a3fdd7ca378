"""The rows of files that a job writes itself. Flink counts those of its other sinks by table, and these by none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.local.flink.flink_job import JobMetrics, JobStatus

if TYPE_CHECKING:
    from streaming_constructs.local.managed_flink.application_run import Job

_CHUNK = 1 << 20
_END = "end"
"""What Flink calls the sink behind its files: it takes one record with each checkpoint, and no row."""


class JobOfFiles:
    """A job that writes lines into files, as JSON and CSV are, and what it counts with them."""

    def __init__(self, job: Job, folders: Mapping[str, str]) -> None:
        """Counts from now on.

        Args:
            job: The job.
            folders: The folders that it writes into, by their tables.
        """
        self._job = job
        self._folders = {table: Path(folder) for table, folder in folders.items()}
        self._known: dict[tuple[str, int], int] = {}
        self._before = self._lines()

    def status(self) -> JobStatus:
        return self._job.status()

    def metrics(self) -> JobMetrics:
        counted = self._job.metrics()
        rows = {table: max(lines - self._before[table], 0) for table, lines in self._lines().items()}
        others = {table: count for table, count in counted.records_out.items() if table != _END}
        return replace(counted, records_out={**others, **rows})

    def stop(self, with_savepoint: Path, *, drain: bool = False) -> Path:
        return self._job.stop(with_savepoint, drain=drain)

    def cancel(self) -> None:
        self._job.cancel()

    def _lines(self) -> dict[str, int]:
        """The lines of all files, also of those that are not finished, by table."""
        return {
            table: sum(self._lines_of(file) for file in folder.rglob("*") if file.is_file())
            for table, folder in self._folders.items()
        }

    def _lines_of(self, file: Path) -> int:
        try:
            size = file.stat().st_size
            key = str(file), size  # files only grow, until they get another name
            if key not in self._known:
                with file.open("rb") as read:
                    self._known[key] = sum(chunk.count(b"\n") for chunk in iter(lambda: read.read(_CHUNK), b""))
        except FileNotFoundError:
            return 0  # it got its last name meanwhile
        return self._known[key]
