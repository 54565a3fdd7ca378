"""The axis of a graph: where it ends, and how amounts on it are written."""

from __future__ import annotations

import math


def rounded_up(value: float) -> float:
    """The end of an axis: one, two or five times a power of ten.

    Args:
        value: The greatest value on it.
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 2, 5, 10) if value <= step * power * (1 + 1e-9)))


def amount_label(value: float) -> str:
    """An amount on an axis, short: `2.5 k`.

    Args:
        value: The amount.
    """
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
