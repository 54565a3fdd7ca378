"""The time of a rehearsal: it starts at the wall's, may run faster, and can skip what nobody would watch."""

from __future__ import annotations

import threading
import time


class Clock:
    """Tells the time of a rehearsal, in seconds since 1970.

    Everything that waits asks it: buffers, batching windows, ages of records, throughput of shards. So a buffer of 15 minutes
    is 15 minutes to a record and an instant to whoever looks on.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Starts at the wall's time.

        Args:
            speed: How many seconds pass in one of the wall's.

        Raises:
            ValueError: If time would stand still or run backwards.
        """
        if not speed > 0:
            raise ValueError(f"a clock runs forward: its speed is greater than 0, not {speed}")
        self.speed = speed
        self._lock = threading.Lock()
        self._begin = time.monotonic()
        self._offset = time.time()
        self.skipped = 0.0

    def now(self) -> float:
        """The time, in seconds since 1970."""
        return self._offset + self.skipped + (time.monotonic() - self._begin) * self.speed

    def skip_to(self, moment: float) -> float:
        """Goes ahead to a moment; one that is past changes nothing.

        Args:
            moment: Seconds since 1970.

        Returns:
            How many seconds were skipped.
        """
        with self._lock:
            seconds = max(moment - self.now(), 0.0)
            self.skipped += seconds
            return seconds

    def wall_seconds(self, seconds: float) -> float:
        """How long seconds of this clock take on the wall's."""
        return seconds / self.speed
