"""Two alarms of which one takes the place of the other: what it means for what is watched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from streaming_constructs.review.alarms.alarm_metrics import WatchedMetric, metric_problems, named_by, watched_metrics
from streaming_constructs.review.alarms.alarm_watch import (
    LAGS,
    MAPPING,
    STREAM,
    is_gone_too,
    key_of,
    keys_of,
    others_that_watch,
    read_stream,
    successors,
    watched_resources,
)
from streaming_constructs.review.alarms.metric_math import signal
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import shown
from streaming_constructs.review.meaning import Meaning

_NARROWER = ("Resource", "ExecutedVersion")
"""Dimensions of a function's metrics beside its name: they choose one of its versions.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html, read 2026-11-29
"""


def called(metric: WatchedMetric) -> str:
    """A metric in words.

    Args:
        metric: The metric.
    """
    dimensions = ", ".join(f"{name}={shown(value)}" for name, value in sorted(metric.dimensions.items()))
    return f"{shown(metric.name)} of {dimensions}" if dimensions else f"{shown(metric.name)} without dimensions"


def watch_same(pair: Pair, old: Resource, new: Resource) -> bool:
    """Whether two alarms have a metric in common, or neither has one.

    Args:
        pair: The two templates.
        old: An alarm of the old template.
        new: One of the new template.
    """
    before, after = set(keys_of(pair.old, old, successors(pair))), set(keys_of(pair.new, new))
    return bool(before & after) or before == after


def signal_meanings(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """What it means that an alarm watches something else.

    Args:
        pair: The two templates.
        old: The alarm as it is.
        new: The alarm as it would be.
    """
    names = successors(pair)
    before, after = keys_of(pair.old, old, names), keys_of(pair.new, new)
    lost = {key: metric for key, metric in before.items() if key not in after}
    dead = {key for key, metric in before.items() if any(metric_problems(pair.old, metric))}
    earlier = {problem for metric in watched_metrics(old) for problem in metric_problems(pair.old, metric)}
    problems = [
        problem
        for metric in watched_metrics(new)
        for problem in metric_problems(pair.new, metric)
        if problem not in earlier
    ]
    for problem in problems:
        yield Meaning(
            "REV505",
            f"it watches nothing then: {problem}",
            "give it each dimension of its metric, by a reference to the resource that it watches",
            path=_place(new),
            resource=new,
        )
    if problems:
        return
    if dead and not any(any(metric_problems(pair.new, metric)) for metric in watched_metrics(new)):
        yield Meaning(
            "REV507",
            f"it watches {_list(after)}; before, it had no data",
            path=_place(new),
            resource=new,
        )
        return
    for key, metric in lost.items():
        yield _lost(pair, new, key, metric, after)
    if not lost and _shape(pair, old, new):
        yield Meaning(
            "REV506",
            f"it compares something else that is computed from {_list(before)}",
            path=_place(new),
            resource=new,
        )


def _shape(pair: Pair, old: Resource, new: Resource) -> bool:
    """Whether what an alarm compares is computed otherwise."""
    names = successors(pair)
    before = signal(old, lambda metric: key_of(pair.old, metric, names))
    return before.shape != signal(new, lambda metric: key_of(pair.new, metric)).shape


def _lost(pair: Pair, new: Resource, key: str, metric: WatchedMetric, after: Mapping[str, WatchedMetric]) -> Meaning:
    """What it means that an alarm no longer watches a metric."""
    now = _list(after)
    place = _place(new)
    if others_that_watch(pair, [key], new.logical_id, told=True)[key]:
        return Meaning(
            "REV506", f"it watches {now} then; another alarm watches {called(metric)}", path=place, resource=new
        )
    renamed_away = _named_in_words(pair, metric, after)
    if is_gone_too(pair, metric):
        if renamed_away:
            return Meaning(
                "REV506", f"what it watches leaves the stack: {called(metric)}; it stays", path=place, resource=new
            )
        return Meaning("REV507", f"it watches {now} then; what it watched leaves the stack", path=place, resource=new)
    if renamed_away:
        return Meaning(
            "REV505",
            f"it still watches {called(metric)}, and nothing here has that name any more",
            "write a reference to the resource in place of its name",
            path=place,
            resource=new,
        )
    if _is_narrower(pair, metric, after) or _is_other_lag(pair, metric, after):
        return Meaning("REV506", f"it watches {now} in place of {called(metric)}", path=place, resource=new)
    return Meaning(
        "REV504",
        f"it watches {now or 'no metric'} then, and nothing watches {called(metric)} any more",
        "add a second alarm for what is new, and leave this one",
        path=place,
        resource=new,
    )


def _named_in_words(pair: Pair, metric: WatchedMetric, after: Mapping[str, WatchedMetric]) -> bool:
    """Whether a metric is the same in words, but what its words named has another name now."""
    names = successors(pair)
    for other in after.values():
        if (other.namespace, other.name, other.account) != (metric.namespace, metric.name, metric.account):
            continue
        if same(renamed(dict(metric.dimensions), names), dict(other.dimensions)):
            return any(
                named_by(pair.old, name, value) is not None and named_by(pair.new, name, value) is None
                for name, value in metric.dimensions.items()
            )
    return False


def _is_narrower(pair: Pair, metric: WatchedMetric, after: Mapping[str, WatchedMetric]) -> bool:
    """Whether the same metric of the same function is watched, of one of its versions alone, or of all of them."""
    if metric.namespace != "AWS/Lambda" or "FunctionName" not in metric.dimensions:
        return False
    before = key_of(pair.old, _of_all(metric), successors(pair))
    return any(before == key_of(pair.new, _of_all(other)) for other in after.values())


def _of_all(metric: WatchedMetric) -> WatchedMetric:
    dimensions = {name: value for name, value in metric.dimensions.items() if name not in _NARROWER}
    return replace(metric, dimensions=dimensions)


def _is_other_lag(pair: Pair, metric: WatchedMetric, after: Mapping[str, WatchedMetric]) -> bool:
    """Whether another metric says as well how far a reader of the same stream is behind."""
    if (metric.namespace, metric.name) not in LAGS:
        return False
    names = successors(pair)
    streams = {names.get(name, name) for name in _streams(pair.old, metric)}
    return any(
        (other.namespace, other.name) in LAGS and bool(streams & _streams(pair.new, other)) for other in after.values()
    )


def _streams(template: Template, metric: WatchedMetric) -> set[str]:
    """The streams that a lag is of, by logical id: that it names, or that the function it names reads."""
    named = watched_resources(template, metric)
    found = {resource.logical_id for resource in named if resource.type == STREAM}
    for mapping in template.of_type(MAPPING):
        stream = read_stream(template, mapping)
        if stream is not None and template.target(mapping.at("FunctionName")) in named:
            found.add(stream.logical_id)
    return found


def _list(metrics: Mapping[str, WatchedMetric]) -> str:
    return ", ".join(called(metric) for metric in metrics.values())


def _place(alarm: Resource) -> str:
    return "Properties.Metrics" if alarm.at("Metrics") is not None else "Properties.Dimensions"
