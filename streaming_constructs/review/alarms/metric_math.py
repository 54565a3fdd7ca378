"""Metric math by its meaning: the ids of its metrics are names that nobody sees, and their order says nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.alarms.alarm_metrics import WatchedMetric, metric_queries, watched_metrics
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, listed, number

_WORD = re.compile(r'"[^"]*"|\b[a-z][A-Za-z0-9_]*\b')
_BAND = re.compile(r"(ANOMALY_DETECTION_BAND\s*\([^,()]+),\s*([0-9.]+)\s*\)")
_ALL_METRICS = re.compile(r'METRICS\(\s*(?:"([^"]*)")?\s*\)')
_DEEP = 20


@dataclass(frozen=True, slots=True)
class Signal:
    """What an alarm compares with its threshold.

    Attributes:
        shape: How it is computed, from metrics by their keys; two that mean the same are equal.
        statistic: The statistic of its metrics, where they have one; else an empty string.
        period: The longest of their periods in seconds, where it is known.
        band: The width of an anomaly band, if it is compared with one.
    """

    shape: str
    statistic: str
    period: float | None
    band: float | None


def signal(alarm: Resource, key: Callable[[WatchedMetric], str]) -> Signal:
    """What an alarm compares with its threshold.

    Args:
        alarm: The alarm.
        key: What a metric is called in the shape.
    """
    metrics = watched_metrics(alarm)
    statistics = {metric.statistic for metric in metrics}
    periods = [metric.period for metric in metrics if metric.period is not None]
    shape, band = _shape(alarm, key, is_told=len(statistics) > 1)
    periods += [
        period
        for query in listed(alarm.at("Metrics"))
        if isinstance(query, Mapping) and (period := number(query.get("Period"))) is not None
    ]
    return Signal(
        shape,
        statistics.pop() if len(statistics) == 1 else "",
        max(periods, default=None),
        band,
    )


def _shape(alarm: Resource, key: Callable[[WatchedMetric], str], *, is_told: bool) -> tuple[str, float | None]:
    if alarm.at("Metrics") is None:
        return "; ".join(sorted(map(key, watched_metrics(alarm)))), None
    names = {
        str(query.get("Id")): f"<{key(metric)}{f'|{metric.statistic}' if is_told else ''}>"
        for query, metric in metric_queries(alarm)
    }
    expressions = {
        str(query.get("Id")): query
        for query in listed(alarm.at("Metrics"))
        if isinstance(query, Mapping) and "MetricStat" not in query
    }
    bands: list[float] = []
    told = [
        _written(str(query.get("Id")), names, expressions, bands, 0)
        for query in listed(alarm.at("Metrics"))
        if isinstance(query, Mapping) and not is_false(query.get("ReturnData"))
    ]
    # A single metric that is returned as it is means the same as an alarm on that metric.
    plain = "; ".join(sorted(text[1:-1] if text in names.values() and not is_told else text for text in told))
    return plain, bands[0] if bands else None


def _written(
    name: str, names: Mapping[str, str], expressions: Mapping[str, Mapping[str, Any]], bands: list[float], depth: int
) -> str:
    """A query of metric math in which the ids of others are what they stand for."""
    if name in names:
        return names[name]
    if name not in expressions or depth > _DEEP:
        return name
    expression = expressions[name].get("Expression")
    if not isinstance(expression, str):
        return json.dumps(expression, sort_keys=True, default=str)
    found = _BAND.search(expression)
    if found:
        bands.append(number(found[2]) or 0.0)
        expression = _BAND.sub(r"\1, #)", expression)

    def every(match: re.Match[str]) -> str:
        part = match[1] or ""
        return "[" + ", ".join(sorted(text for other, text in names.items() if part in other)) + "]"

    def replaced(match: re.Match[str]) -> str:
        word = match[0]
        return word if word.startswith('"') else _written(word, names, expressions, bands, depth + 1)

    pieces = _ALL_METRICS.split(expression)
    if len(pieces) > 1:
        # What METRICS() gathers is put in last: what a metric is called is no expression.
        wholes = [every(match) for match in _ALL_METRICS.finditer(expression)]
        between = [_WORD.sub(replaced, piece) for piece in pieces[::2]]
        text = between[0] + "".join(f"{whole}{rest}" for whole, rest in zip(wholes, between[1:], strict=True))
    else:
        text = _WORD.sub(replaced, expression)
    return re.sub(r"\s+", "", text)
