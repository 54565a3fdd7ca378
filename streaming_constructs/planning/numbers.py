"""Exact numbers, and numbers as people read them."""

from __future__ import annotations

from fractions import Fraction


def exact(number: float) -> Fraction:
    """The number as it was written: 1.3 is thirteen tenths, not the nearest binary fraction."""
    return Fraction(str(number))


def number(value: Fraction | float) -> str:
    """A number as people read it: thousands apart, at most three decimals, no trailing zeros."""
    return f"{float(value):,.3f}".rstrip("0").rstrip(".")


def rounded(value: Fraction | float, digits: int = 2) -> float:
    """A number by its first digits: 0.0123 by two is 0.012.

    Args:
        value: The number.
        digits: How many.
    """
    return float(f"{float(value):.{digits}g}")


def counted(count: int, noun: str) -> str:
    """A number of things: `1 shard`, `2,000 shards`, `3 deliveries`.

    Args:
        count: How many.
        noun: What one of them is called.
    """
    is_short = noun.endswith("y") and not noun.endswith(("ay", "ey", "oy"))
    plural = f"{noun.removesuffix('y')}ies" if is_short else f"{noun}es" if noun.endswith("ch") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def duration(seconds: float) -> str:
    """A length of time in the units that people use: `1 d 12 h`, `30 min`, `1.5 s`.

    Args:
        seconds: The time.
    """
    parts = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{number(amount)} {unit}")
    if seconds or not parts:
        parts.append(f"{number(seconds)} s")
    return " ".join(parts)
