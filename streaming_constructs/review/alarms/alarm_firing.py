"""Two alarms on the same metric: whether the second fires later, less often, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.alarms.alarm_metrics import watched_metrics
from streaming_constructs.review.alarms.alarm_strictness import (
    Firing,
    fires_as_soon,
    firing,
    looser_period,
    looser_statistic,
    looser_threshold,
    same_threshold,
)
from streaming_constructs.review.alarms.alarm_watch import lag_limit
from streaming_constructs.review.alarms.metric_math import Signal, signal
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.grade import RANKS
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.spec.codes import find

_WHOLE_UNITS = ("Count", "Milliseconds", "Bytes")
_WHOLE_STATISTICS = ("Sum", "SampleCount", "Maximum", "Minimum")
_SUMS = ("Sum", "SampleCount")
_LONGER_IS_LATER = (
    ("EvaluationInterval",),
    ("EvaluationCriteria", "PromQLCriteria", "PendingPeriod"),
    ("WarmUpConfiguration", "WarmUpPeriodDurationInMinutes"),
)
"""Properties of which a greater number makes an alarm later."""
_OTHERWISE = ("EvaluationCriteria", "EvaluationWindow", "WarmUpConfiguration", "EvaluationInterval")


def firing_meanings(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """What it means that an alarm fires in other cases than it does today.

    Args:
        pair: The two templates.
        old: The alarm as it is.
        new: The alarm as it would be.
    """
    before, after = firing(old), firing(new)
    earlier, later = _signal(old), _signal(new)
    yield from (
        *_threshold(pair, old, new),
        *_duration(new, before, after, earlier, later),
        *_statistic(new, earlier, later, after),
        *_missing(new, before, after),
        *_few_samples(old, new),
        *_units(old, new),
        *_otherwise(old, new),
    )


def is_as_strict(pair: Pair, old: Resource, new: Resource) -> bool:
    """Whether an alarm fires whenever another on the same metric does today.

    Args:
        pair: The two templates.
        old: The other, of the old template.
        new: The alarm, of the new one.
    """
    return all(_rank(meaning) <= RANKS["fine"] for meaning in firing_meanings(pair, old, new))


def _rank(meaning: Meaning) -> int:
    code = find(meaning.code)
    return RANKS[meaning.grade or (code.grade if code else "caution")]


def _signal(alarm: Resource) -> Signal:
    return signal(alarm, lambda metric: str(metric.name))


def _threshold(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    before, after = firing(old), firing(new)
    path = "Properties.Threshold" if before.operator == after.operator else "Properties.ComparisonOperator"
    text = f"{_compared(old, before)} → {_compared(new, after)}"
    if before.direction != after.direction:
        yield _turned(new, before, after, text)
        return
    bands = _signal(old).band, _signal(new).band
    if bands[0] is not None and bands[1] is not None and bands[0] != bands[1]:
        code = "REV513" if bands[1] > bands[0] else "REV518"
        yield Meaning(
            code,
            f"the band that is taken for normal is {bands[1]:g} deviations wide; it was {bands[0]:g}",
            path="Properties.Metrics",
            resource=new,
        )
    counted = _is_counted(old) and _is_counted(new)
    if same_threshold(before, after, is_counted=counted) and same(old.at("Threshold"), new.at("Threshold")):
        return
    if _is_out_of_reach(pair.new, new, after) and not _is_out_of_reach(pair.old, old, before):
        yield Meaning(
            "REV514",
            f"it can never fire: {text}, and a lag cannot grow beyond the retention of the stream",
            "set the threshold well below the retention: half of it at most",
            path=path,
            resource=new,
        )
        return
    looser = looser_threshold(before, after, is_counted=counted)
    if looser and _is_scaled(before, after, _signal(old), _signal(new)):
        looser = False
    if same_threshold(before, after, is_counted=counted):
        if before.threshold is not None:
            return
        looser = None
    if looser is None:
        yield Meaning("REV513", f"its threshold is another: {text}", path=path, resource=new)
    elif looser:
        yield Meaning(
            "REV513", f"it fires later: {text}", "say why in the alarm's description", path=path, resource=new
        )
    else:
        yield Meaning("REV518", f"it fires sooner: {text}", path=path, resource=new)


def _turned(new: Resource, before: Firing, after: Firing, text: str) -> Meaning:
    path = "Properties.ComparisonOperator"
    if after.direction == "both":
        return Meaning("REV518", f"it looks both ways: {text}", path=path, resource=new)
    if before.direction in ("above", "below") and after.direction in ("above", "below"):
        return Meaning(
            "REV514",
            f"it looks the other way: {text}; what it fires for today, it never says again",
            path=path,
            resource=new,
        )
    return Meaning("REV513", f"it compares otherwise: {text}", path=path, resource=new)


def _compared(alarm: Resource, fires: Firing) -> str:
    words = {
        "GreaterThanOrEqualToThreshold": "≥",
        "GreaterThanThreshold": ">",
        "LessThanOrEqualToThreshold": "≤",
        "LessThanThreshold": "<",
    }
    operator = words.get(fires.operator, fires.operator or shown(alarm.at("ComparisonOperator")))
    threshold = alarm.at("Threshold")
    return f"{operator} {shown(threshold)}" if threshold is not None else operator


def _is_counted(alarm: Resource) -> bool:
    """Whether all values of an alarm's one metric are whole numbers."""
    metrics = watched_metrics(alarm)
    return (
        alarm.at("Metrics") is None
        and len(metrics) == 1
        and metrics[0].statistic in _WHOLE_STATISTICS
        and any(fact.unit in _WHOLE_UNITS for fact in metrics[0].known)
    )


def _is_out_of_reach(template: Template, alarm: Resource, fires: Firing) -> bool:
    metrics = watched_metrics(alarm)
    if fires.direction != "above" or fires.threshold is None or len(metrics) != 1 or alarm.at("Metrics") is not None:
        return False
    limit = lag_limit(template, metrics[0])
    return limit is not None and fires.threshold >= limit


def _is_scaled(before: Firing, after: Firing, old: Signal, new: Signal) -> bool:
    """Whether a threshold of a sum grew no more than the time that is summed."""
    if old.statistic not in _SUMS or new.statistic != old.statistic or not old.period or not new.period:
        return False
    if before.threshold is None or after.threshold is None:
        return False
    rates = before.threshold / old.period, after.threshold / new.period
    return rates[1] <= rates[0] if before.direction == "above" else rates[1] >= rates[0]


def _duration(new: Resource, before: Firing, after: Firing, old: Signal, later: Signal) -> Iterator[Meaning]:
    told = _spell(before, old), _spell(after, later)
    if told[0] == told[1]:
        return
    as_soon = fires_as_soon(before, after)
    if as_soon is None or (old.period != later.period and None in (old.period, later.period)):
        yield Meaning(
            "REV515",
            f"it fires at another time: {told[0]} → {told[1]}",
            path="Properties.EvaluationPeriods",
            resource=new,
        )
        return
    is_later = not as_soon
    path = "Properties.EvaluationPeriods"
    if before.datapoints != after.datapoints and before.periods == after.periods:
        path = "Properties.DatapointsToAlarm"
    if old.period is not None and later.period is not None and old.period != later.period:
        path = "Properties.Period"
        total = (before.datapoints or 1) * old.period, (after.datapoints or 1) * later.period
        lasts = total[1] > total[0]
        is_later = looser_period(
            old.period,
            later.period,
            "" if _is_scaled(before, after, old, later) else old.statistic,
            after.direction,
            same_counts=before.datapoints == after.datapoints,
            later=lasts,
        ) or (not as_soon and (lasts or later.period < old.period))
    if is_later:
        yield Meaning(
            "REV515",
            f"it fires later, or only after more of it: {told[1]} in place of {told[0]}",
            path=path,
            resource=new,
        )
    else:
        yield Meaning("REV518", f"it fires sooner: {told[1]} in place of {told[0]}", path=path, resource=new)


def _spell(fires: Firing, watched: Signal) -> str:
    """How long something has to last until an alarm fires, in words."""
    period = f"{watched.period:g} s" if watched.period is not None else "a time known at deployment"
    return f"{_number(fires.datapoints)} of {_number(fires.periods)} periods of {period}"


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _statistic(new: Resource, old: Signal, later: Signal, after: Firing) -> Iterator[Meaning]:
    if old.statistic == later.statistic or not (old.statistic and later.statistic):
        return
    looser = looser_statistic(old.statistic, later.statistic, after.direction)
    text = f"it looks at the {later.statistic} of each period; it was the {old.statistic}"
    yield Meaning(
        "REV518" if looser is False else "REV516",
        f"{text}, which hides what only a part of the values say" if looser else text,
        path="Properties.Metrics" if new.at("Metrics") is not None else "Properties.Statistic",
        resource=new,
    )


def _missing(new: Resource, before: Firing, after: Firing) -> Iterator[Meaning]:
    if same(before.missing, after.missing):
        return
    ranks = before.missing_rank, after.missing_rank
    louder = ranks[0] is not None and ranks[1] is not None and ranks[1] > ranks[0]
    yield Meaning(
        "REV518" if louder else "REV517",
        f"missing data are taken as {shown(after.missing)}; they were {shown(before.missing)}",
        path="Properties.TreatMissingData",
        resource=new,
    )


def _few_samples(old: Resource, new: Resource) -> Iterator[Meaning]:
    before, after = (alarm.at("EvaluateLowSampleCountPercentile") or "evaluate" for alarm in (old, new))
    if not same(before, after):
        yield Meaning(
            "REV518" if after == "evaluate" else "REV517",
            f"while there are few samples, they are taken as: {shown(after)}; it was {shown(before)}",
            path="Properties.EvaluateLowSampleCountPercentile",
            resource=new,
        )


def _units(old: Resource, new: Resource) -> Iterator[Meaning]:
    before, after = (sorted({metric.unit for metric in watched_metrics(alarm)}) for alarm in (old, new))
    if before == after or len(after) != 1:
        return
    unit = after[0]
    known = {fact.unit for metric in watched_metrics(new) for fact in metric.known}
    place = "Properties.Metrics" if new.at("Metrics") is not None else "Properties.Unit"
    if not unit or unit in known:
        yield Meaning("REV518", f"it takes data in {unit or 'any unit'}", path=place, resource=new)
    elif known:
        yield Meaning(
            "REV505",
            f"it watches nothing then: it takes data in {unit} alone, and they are in {', '.join(sorted(known))}",
            "leave out the unit",
            path=place,
            resource=new,
        )
    else:
        yield Meaning("REV520", f"it takes data in {unit} alone", path=place, resource=new)


def _otherwise(old: Resource, new: Resource) -> Iterator[Meaning]:
    """What else decides when an alarm fires."""
    for name in _OTHERWISE:
        before, after = old.at(name), new.at(name)
        if same(before, after):
            continue
        yield Meaning(
            "REV518" if _is_only_sooner(old, new, name) else "REV520",
            f"{name} is {shown(after)}; it was {shown(before)}",
            path=f"Properties.{name}",
            resource=new,
        )


def _is_only_sooner(old: Resource, new: Resource, name: str) -> bool:
    """Whether all that differs below a property is a number that is smaller."""
    for path in _LONGER_IS_LATER:
        if path[0] == name:
            before, after = number(old.at(*path)), number(new.at(*path))
            if before is not None and after is not None and after < before:
                return same(_with(old.at(name), path[1:], 0), _with(new.at(name), path[1:], 0))
    return False


def _with(value: Any, path: tuple[str, ...], inner: Any) -> Any:
    """A value with another one at a path in it."""
    if not path or not isinstance(value, dict):
        return inner
    return {**value, path[0]: _with(value.get(path[0]), path[1:], inner)}
