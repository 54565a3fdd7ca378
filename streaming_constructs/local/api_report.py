"""What an API answered, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiReport:
    """What an API answered.

    Attributes:
        name: The API.
        url: Where it takes one record.
        answers: How many requests were answered with which status.
    """

    name: str
    url: str
    answers: dict[str, int]

    @property
    def requests(self) -> int:
        """All requests."""
        return sum(self.answers.values())
