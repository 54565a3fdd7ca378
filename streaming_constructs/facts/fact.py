"""How a fact is written down: a value, its unit, where it was read and when."""

from __future__ import annotations

from dataclasses import dataclass

CHECKED = "2026-11-21"
"""The day on which the sources below were last read, unless a fact says otherwise."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One number about AWS.

    Attributes:
        value: The number, in `unit`.
        unit: The unit, as AWS writes it.
        source: The page that states it.
        checked: The day the page was read (ISO 8601).
    """

    value: float
    unit: str
    source: str
    checked: str = CHECKED


@dataclass(frozen=True, slots=True)
class Range:
    """The values that AWS accepts for a property: `minimum` and `maximum` are both allowed.

    Attributes:
        minimum: The least value.
        maximum: The greatest value.
        unit: The unit, as AWS writes it.
        source: The page that states it.
        checked: The day the page was read (ISO 8601).
    """

    minimum: int
    maximum: int
    unit: str
    source: str
    checked: str = CHECKED

    def __contains__(self, value: float) -> bool:
        """Whether AWS accepts a value."""
        return self.minimum <= value <= self.maximum
