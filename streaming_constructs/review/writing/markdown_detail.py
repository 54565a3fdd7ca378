"""How much of a review a comment has: less and less, until it fits; dangers go last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from streaming_constructs.planning.numbers import counted
from streaming_constructs.review.reading.places import Placed
from streaming_constructs.review.writing.markdown_text import LONGEST

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a review a comment has.

    Attributes:
        fine: Whether what is fine is listed, and not just counted.
        places: Whether it says where changes are written, and what to do about cautions.
        helps_dangers: Whether it says what to do in place of dangers.
        cautions: How many cautions it has at most.
        dangers: How many dangers it has at most.
        accepted: How many of what was accepted, and of assumptions.
        longest: Characters of each text.
        cut: What is left out, in words.
    """

    fine: bool = True
    places: bool = True
    helps_dangers: bool = True
    cautions: int = _ALL
    dangers: int = _ALL
    accepted: int = _ALL
    longest: int = LONGEST
    cut: tuple[str, ...] = ()

    def chosen(self, remarks: Sequence[Placed]) -> tuple[list[Placed], list[str]]:
        """The remarks that are shown, and in words how many are not.

        Args:
            remarks: Dangers and cautions.
        """
        shown, left_out = [], []
        for grade, most in (("danger", self.dangers), ("caution", self.cautions)):
            of_grade = [placed for placed in remarks if placed.remark.grade == grade]
            shown += of_grade[:most]
            if len(of_grade) > most:
                left_out.append(f"{counted(len(of_grade) - most, grade)} more")
        return shown, left_out


def _details() -> tuple[Detail, ...]:
    steps = [Detail()]
    steps.append(replace(steps[-1], fine=False, cut=("what is fine",)))
    steps.append(replace(steps[-1], places=False, cut=("what is fine", "where it is written")))
    steps.append(replace(steps[-1], cautions=50, accepted=50, longest=300))
    steps.append(replace(steps[-1], cautions=10, accepted=10))
    steps.append(replace(steps[-1], cautions=0, helps_dangers=False, cut=(*steps[-1].cut, "what to do instead")))
    steps += [replace(steps[-1], dangers=most, longest=100, accepted=5) for most in (200, 100, 50, 20, 5)]
    return tuple(steps)


DETAILS = _details()
"""From all to the least."""
