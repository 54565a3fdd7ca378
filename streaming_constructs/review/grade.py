"""How grave a change is, and what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Grade = Literal["none", "fine", "caution", "danger"]
About = Literal[
    "replacement",
    "data-loss",
    "position-reset",
    "retention",
    "schema",
    "partition",
    "scaling",
    "throttle",
    "delivery",
    "iam-widened",
    "encryption",
    "public-access",
    "network",
    "alarm",
    "orphan",
    "sql-state",
    "removal-policy",
    "cost",
    "none",
]

GRADES: tuple[Grade, ...] = ("none", "fine", "caution", "danger")
"""From the least to the gravest: none means the same; fine weakens nothing; caution weakens a guard or makes something work
otherwise; danger loses data, a position or a watch, opens something, or is refused by AWS."""
RANKS = {grade: rank for rank, grade in enumerate(GRADES)}


def worst(grades: Iterable[Grade]) -> Grade:
    """The gravest of several grades; `none` of no grade.

    Args:
        grades: The grades.
    """
    return max(grades, key=RANKS.__getitem__, default="none")
