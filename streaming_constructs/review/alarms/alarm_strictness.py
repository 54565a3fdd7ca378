"""When an alarm fires, and whether another fires as early and as often: every comparison by the direction of its operator."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import number

Direction = Literal["above", "below", "both", ""]
_DIRECTIONS: dict[str, Direction] = {
    "GreaterThanOrEqualToThreshold": "above",
    "GreaterThanThreshold": "above",
    "GreaterThanUpperThreshold": "above",
    "LessThanOrEqualToThreshold": "below",
    "LessThanThreshold": "below",
    "LessThanLowerThreshold": "below",
    "LessThanLowerOrGreaterThanUpperThreshold": "both",
}
_WHOLE = ("Sum", "SampleCount")
_MISSING = {"breaching": 3, "missing": 2, "ignore": 1, "notBreaching": 0}
"""How loud an alarm is when there are no data: it fires, says that it does not know, keeps still, says that all is well."""


@dataclass(frozen=True, slots=True)
class Firing:
    """When an alarm fires.

    Attributes:
        operator: Its comparison operator.
        threshold: Its threshold, where it is known.
        periods: Over how many periods it looks.
        datapoints: How many of those must be beyond the threshold.
        missing: What missing data mean to it.
    """

    operator: str
    threshold: float | None
    periods: float | None
    datapoints: float | None
    missing: Any

    @property
    def direction(self) -> Direction:
        """Which way is beyond the threshold; empty where it is not known."""
        return _DIRECTIONS.get(self.operator, "")

    @property
    def is_inclusive(self) -> bool:
        """Whether the threshold itself is beyond it."""
        return "OrEqual" in self.operator

    @property
    def missing_rank(self) -> int | None:
        """How loud it is about missing data; None where that is not known."""
        return _MISSING.get(self.missing) if isinstance(self.missing, str) else None


def firing(alarm: Resource) -> Firing:
    """When an alarm fires.

    Args:
        alarm: The alarm.
    """
    operator = alarm.at("ComparisonOperator")
    periods = number(alarm.at("EvaluationPeriods"))
    datapoints = alarm.at("DatapointsToAlarm")
    return Firing(
        operator if isinstance(operator, str) else "",
        number(alarm.at("Threshold")),
        periods,
        periods if datapoints is None else number(datapoints),
        "missing" if alarm.at("TreatMissingData") is None else alarm.at("TreatMissingData"),
    )


def looser_threshold(old: Firing, new: Firing, *, is_counted: bool) -> bool | None:
    """Whether values that fire today no longer do; None where nobody knows, or the operators look opposite ways.

    Args:
        old: When it fires today.
        new: When it would fire.
        is_counted: Whether all values are whole numbers, so that more than 0 is 1 or more.
    """
    if old.direction != new.direction or old.direction not in ("above", "below"):
        return None
    if old.threshold is None or new.threshold is None:
        return None
    before, after = _bound(old, is_counted=is_counted), _bound(new, is_counted=is_counted)
    return after > before


def same_threshold(old: Firing, new: Firing, *, is_counted: bool) -> bool:
    """Whether the same values fire.

    Args:
        old: When it fires today.
        new: When it would fire.
        is_counted: Whether all values are whole numbers.
    """
    if old.direction != new.direction or old.threshold is None or new.threshold is None:
        return (old.operator, old.threshold) == (new.operator, new.threshold)
    return _bound(old, is_counted=is_counted) == _bound(new, is_counted=is_counted)


def _bound(fires: Firing, *, is_counted: bool) -> tuple[float, int]:
    """How far a value has to go: greater is looser, whichever way."""
    threshold, sign = fires.threshold or 0.0, 1 if fires.direction == "above" else -1
    if is_counted:
        step = 0 if fires.is_inclusive else 1
        nearest = math.ceil(threshold * sign) if fires.is_inclusive else math.floor(threshold * sign)
        return nearest + step, 0
    return threshold * sign, 0 if fires.is_inclusive else 1


def fires_as_soon(old: Firing, new: Firing) -> bool | None:
    """Whether each row of periods that fires today still does; None where the numbers are not known.

    However M of N periods are spread, there are N' in a row that hold so many of them: those of the fullest part, when the N
    are cut into parts of N' periods, and all of a part but the gaps that it must have.

    Args:
        old: When it fires today.
        new: When it would fire.
    """
    numbers = old.periods, old.datapoints, new.periods, new.datapoints
    if any(value is None or value < 1 for value in numbers):
        return None
    before, needed, after, needs = (float(value or 1) for value in numbers)
    if after >= before:
        return needed >= needs
    gaps = before - needed
    fullest = max(math.ceil(needed / math.ceil(before / after)), after - math.floor(gaps / math.floor(before / after)))
    return fullest >= needs


def looser_period(old: float, new: float, statistic: str, direction: str, *, same_counts: bool, later: bool) -> bool:
    """Whether another period makes an alarm later or harder to reach.

    Args:
        old: The period in seconds.
        new: What it would be.
        statistic: The statistic, if there is one for all.
        direction: Which way is beyond the threshold.
        same_counts: Whether as many periods as before have to be beyond it.
        later: Whether those together take longer than before.
    """
    if new > old:
        # What was beyond it in each of several periods is beyond it in all of them together.
        return later or same_counts or (statistic in _WHOLE and direction == "below")
    # A sum over a shorter time is smaller.
    return statistic in _WHOLE and direction == "above"


def looser_statistic(old: str, new: str, direction: str) -> bool | None:
    """Whether another statistic is further from the threshold; None where that depends on the data.

    Args:
        old: The statistic.
        new: What it would be.
        direction: Which way is beyond the threshold.
    """
    before, after = _height(old), _height(new)
    if before is None or after is None or before == after or direction not in ("above", "below"):
        return None
    return after < before if direction == "above" else after > before


def _height(statistic: str) -> float | None:
    """Where a statistic stands among the values of a period, from 0 (the least) to 100 (the greatest)."""
    plain = {"Minimum": 0.0, "Average": 50.0, "Maximum": 100.0}
    if statistic in plain:
        return plain[statistic]
    return number(statistic[1:]) if statistic[:1] == "p" else None
