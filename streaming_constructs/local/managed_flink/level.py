"""Whether a job has nothing left to do with the records that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.local.flink.flink_job import JobMetrics, JobStatus

QUIET_SECONDS = 1.0
"""How long nothing may have changed, beside the time that windows wait for a subtask without records."""
_CHECKPOINTS = 2
"""Of those that were completed since something changed, the second began after that: a sink has flushed what it held then."""
_PATIENT = 3
"""How much longer it waits where a source gave less than its stream has: records may be skipped, or still to come."""


@dataclass(slots=True)
class LevelWatch:
    """Looks at a job from time to time.

    A job is level when it has read all that its streams have, what it counts has stood still for a while, and checkpoints
    since then have made its sinks flush.

    Attributes:
        quiet_seconds: How long it has to stand still.
        has_checkpoints: Whether checkpoints are made.
        is_level: What was seen last.
    """

    quiet_seconds: float
    has_checkpoints: bool = True
    is_level: bool = False
    _seen: object = None
    _since: float = 0.0
    _checkpoints: int = 0

    def look(self, status: JobStatus, metrics: JobMetrics, expected: Mapping[str, int], at: float) -> bool:
        """Whether the job is level.

        Args:
            status: How it is.
            metrics: What it counted.
            expected: Records that each source should have read, by its table; a source that is not named is not waited for.
            at: The time, on any clock of seconds that the wall's runs.
        """
        seen = (
            status.state,
            status.restarts,
            dict(metrics.records_in),
            dict(metrics.records_out),
            dict(metrics.late_records_dropped),
            dict(metrics.watermarks),
            dict(expected),
        )
        if seen != self._seen:
            self._seen, self._since, self._checkpoints = seen, at, status.checkpoints
        has_read = all(metrics.records_in.get(table, 0) >= count for table, count in expected.items())
        factor = 1 if has_read else _PATIENT
        is_quiet = at - self._since >= self.quiet_seconds * factor
        made = status.checkpoints - self._checkpoints
        is_flushed = not self.has_checkpoints or made >= _CHECKPOINTS * factor
        self.is_level = status.state == "RUNNING" and is_quiet and is_flushed
        return self.is_level
