"""Exact numbers, and numbers as people read them."""

from __future__ import annotations

from fractions import Fraction


def exact(number: float) -> Fraction:
    """The number as it was written: 1.3 is thirteen tenths, not the nearest binary fraction."""
    return Fraction(str(number))


def number(value: Fraction | float) -> str:
    """A number as people read it: thousands apart, at most three decimals, no trailing zeros."""
    return f"{float(value):,.3f}".rstrip("0").rstrip(".")
