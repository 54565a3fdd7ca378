"""Loads as people write them: `0.5x,2x,10x`."""

from __future__ import annotations

import re

LEAST, MOST, COUNT = 0.001, 1000.0, 8
_FACTOR = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)x?")


def parse_factors(text: str) -> list[float]:
    """The loads of a list.

    Args:
        text: The list, such as `0.5x,2x,10x`.

    Raises:
        ValueError: If one of them is no load, or there are too many.
    """
    factors = []
    for part in text.split(","):
        found = _FACTOR.fullmatch(part.strip())
        factor = float(found[1]) if found else 0.0
        if not LEAST <= factor <= MOST:
            raise ValueError(
                f"`{part.strip()}` is no load: write times of that of the spec, {LEAST:g} to {MOST:,g}, such as `0.5x,2x,10x`"
            )
        factors.append(factor)
    if len(factors) > COUNT:
        raise ValueError(f"{len(factors)} loads are too many to stand side by side: give {COUNT} or fewer")
    return factors
