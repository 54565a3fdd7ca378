"""How many findings of one code people are shown: of a large file that is wrong throughout, the first are enough."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_OF_A_KIND = 50
"""How many findings of a code people are shown; programs get all."""

T = TypeVar("T")


def most_of_a_kind(found: Iterable[T], code_of: Callable[[T], str]) -> tuple[list[T], list[str]]:
    """The first findings of each code, and what is to be said of the rest: `… and 1,450 more of GRF301`.

    Args:
        found: What was found.
        code_of: The code of each.
    """
    seen: Counter[str] = Counter()
    shown = []
    for one in found:
        seen[code_of(one)] += 1
        if seen[code_of(one)] <= MOST_OF_A_KIND:
            shown.append(one)
    more = {code: count - MOST_OF_A_KIND for code, count in seen.items()}
    return shown, [f"… and {count:,} more of {code}" for code, count in more.items() if count > 0]
