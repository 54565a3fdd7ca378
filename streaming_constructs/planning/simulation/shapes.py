"""How a load runs through the day: presets, each with the share of its busiest minute that every hour has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from streaming_constructs.planning.simulation.clock import DAY, HOUR

_OFFICE: tuple[float, ...] = (0.1, 0.1, 0.1, 0.1, 0.1, 0.12, 0.2, 0.45, 0.75, 1, 1, 0.95)
_OFFICE += (0.8, 0.9, 1, 0.95, 0.85, 0.65, 0.45, 0.3, 0.25, 0.2, 0.15, 0.12)
_EVENING: tuple[float, ...] = (0.4, 0.25, 0.18, 0.15, 0.15, 0.18, 0.25, 0.35, 0.42, 0.45, 0.45, 0.48)
_EVENING += (0.52, 0.5, 0.5, 0.52, 0.55, 0.62, 0.75, 0.9, 1, 1, 0.85, 0.6)
_WEEKEND = 0.3
"""Share of a working day that a Saturday and a Sunday have."""

PRESETS: Mapping[str, tuple[float, ...]] = {
    "flat": (1.0,) * 24,
    "office-hours": _OFFICE,
    "evening": _EVENING,
    "weekly": _OFFICE * 5 + tuple(share * _WEEKEND for share in _OFFICE) * 2,
}
"""The share of the busiest minute at each full hour, of a day or of a week from Monday; between two hours it runs straight.

They are ours: no page of AWS says how a load runs.
"""
_STEPS = 40
_STEEPEST = 64.0


def factors(preset: str, peak_factor: float) -> tuple[float, ...]:
    """How many times the workload's `records_per_second` each minute has.

    The shares of the preset are raised to a power, the one with which the mean is 1 and the busiest minute `peak_factor`. A
    `peak_factor` of 1 says that the numbers are the peak already: then the shares are taken as they are. A flat load is the
    mean.

    Args:
        preset: One of `PRESETS`.
        peak_factor: How many times the average the busiest minute is.

    Returns:
        A factor for each minute of a day, or of a week.
    """
    if preset == "flat":
        return (1.0,) * DAY
    shares = _minutes(PRESETS[preset])
    if peak_factor == 1:
        return shares
    power = _power(preset, peak_factor)
    return tuple(peak_factor * share**power for share in shares)


@lru_cache
def _power(preset: str, peak_factor: float) -> float:
    shares = _minutes(PRESETS[preset])
    low, high = 0.0, _STEEPEST
    for _ in range(_STEPS):
        power = (low + high) / 2
        mean = peak_factor * sum(share**power for share in shares) / len(shares)
        low, high = (power, high) if mean > 1 else (low, power)
    return high


def _minutes(hours: Sequence[float]) -> tuple[float, ...]:
    pairs = zip(hours, (*hours[1:], hours[0]), strict=True)
    return tuple(here + (there - here) * minute / HOUR for here, there in pairs for minute in range(HOUR))
