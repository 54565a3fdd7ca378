"""Amounts that are written with a unit, such as `5m` or `512MB`, in the unit that the name of their field says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SECONDS: Mapping[str, int | Fraction] = {
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), Fraction(1, 1000)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "week", "weeks"), 7 * _DAY),
}
_BYTES: Mapping[str, int | Fraction] = {
    **dict.fromkeys(("b", "byte", "bytes"), 1),
    **dict.fromkeys(("k", "kb", "kib"), 1024),
    **dict.fromkeys(("m", "mb", "mib"), 1024**2),
    **dict.fromkeys(("g", "gb", "gib"), 1024**3),
    **dict.fromkeys(("t", "tb", "tib"), 1024**4),
}
_COUNTS: Mapping[str, int | Fraction] = {"k": 1000, "m": 1_000_000}
_UNITS: Mapping[str, tuple[int, Mapping[str, int | Fraction]]] = {
    "seconds": (1, _SECONDS),
    "minutes": (_MINUTE, _SECONDS),
    "hours": (_HOUR, _SECONDS),
    "days": (_DAY, _SECONDS),
    "bytes": (1, _BYTES),
    "kb": (1024, _BYTES),
    "mb": (1024**2, _BYTES),
    "gb": (1024**3, _BYTES),
    "records": (1, _COUNTS),
}
"""By the last word of a field's name: how much its unit is, and what else people count in."""
_RATE = "_per_second"
_AMOUNT = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)\s*([A-Za-z]*)(?:/s)?")


def unit_of(field: str) -> str:
    """The unit that the name of a field says, such as `seconds`; empty where it says none.

    Args:
        field: The name of the field.
    """
    unit = field.removesuffix(_RATE).rpartition("_")[2]
    is_count = unit == "records" and not field.endswith(_RATE)
    return unit if unit in _UNITS and not is_count else ""


def amount_in_unit_of(field: str, text: str) -> int | float | None:
    """The number to write into a field; None where the text is no amount with a unit that goes there.

    Args:
        field: The name of the field, such as `timeout_seconds`.
        text: What was written, such as `5m`.
    """
    unit, found = unit_of(field), _AMOUNT.fullmatch(text.strip())
    if not unit or found is None or text.strip() == found[1]:
        return None
    own, known = _UNITS[unit]
    written = known.get(found[2].lower()) if found[2] else own
    if written is None:
        return None
    return plain_number(Fraction(found[1]) * written / own)


def plain_number(amount: Fraction) -> int | float:
    """A number as a file says it: a whole one without a point.

    Args:
        amount: The number.
    """
    return int(amount) if amount.denominator == 1 else float(amount)


@dataclass(frozen=True, slots=True)
class Measure:
    """What the name of a field says that it measures.

    Attributes:
        stem: The name without its unit: `retention` of `retention_hours`.
        quantity: What is measured: time, size or records, and whether it is each second.
        unit: The unit as the name says it, such as `hours` or `KB per second`.
        size: How much one of the unit is, in seconds, bytes or records, each second of a rate.
    """

    stem: str
    quantity: str
    unit: str
    size: Fraction


_EACH = re.compile(r"_per_(sec|second|min|minute|hour|day)$")
_NAMED_BY: tuple[tuple[str, Mapping[str, int | Fraction]], ...] = (("time", _SECONDS), ("size", _BYTES))


def measure_of(field: str) -> Measure | None:
    """What a field measures, by the unit at the end of its name; None where there is none.

    Args:
        field: The name, ours or another, such as `retention_minutes`.
    """
    each = _EACH.search(field)
    name = field[: each.start()] if each else field
    per, rate = (_SECONDS[each[1]], f" per {each[1]}") if each else (1, "")
    stem, _, unit = name.rpartition("_")
    if name == "records" and rate:
        return Measure("records", "records at a rate", f"records{rate}", Fraction(1) / per)
    for quantity, sizes in _NAMED_BY:
        if stem and len(unit) > 1 and unit in sizes:
            told = unit.upper().replace("IB", "iB") if len(unit) in (2, 3) and quantity == "size" else unit
            kind = f"{quantity} at a rate" if rate else quantity
            return Measure(stem.removesuffix("_in"), kind, f"{told}{rate}", Fraction(sizes[unit]) / per)
    return None
