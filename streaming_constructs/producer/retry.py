"""Retries: exponential backoff with full jitter, until a deadline or a number of attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_DOUBLINGS = 60
"""More of them tell nothing: every cap is reached, and a float would overflow in the end."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How long, and how often, a record is tried.

    A pause is anything between nothing and `first_seconds`, doubled with each attempt, up to `most_seconds`: full jitter, so
    that producers that were refused together do not come back together.
    Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, read 2026-11-29

    Attributes:
        first_seconds: The longest pause after the first attempt.
        most_seconds: The longest pause of all.
        deadline_seconds: From acceptance. What is not delivered by then is given up.
        max_attempts: How often a record is sent. None: until the deadline.
    """

    first_seconds: float = 0.1
    most_seconds: float = 5.0
    deadline_seconds: float = 300.0
    max_attempts: int | None = None

    def __post_init__(self) -> None:
        if min(self.first_seconds, self.most_seconds) < 0 or self.deadline_seconds <= 0:
            raise ValueError("pauses are not negative, and a deadline is later than now")
        if self.max_attempts is not None and self.max_attempts < 1:
            raise ValueError("max_attempts is 1 or more, or None")

    def pause(self, attempts: int, random: Callable[[], float]) -> float:
        """How long to wait before the next attempt, in seconds.

        Args:
            attempts: How often it was sent already.
            random: Gives a number from 0 to 1.
        """
        return random() * min(self.most_seconds, self.first_seconds * 2.0 ** min(attempts - 1, _DOUBLINGS))
