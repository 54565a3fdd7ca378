"""Which alarms of a plan would have rung, and when: those whose metrics the arithmetic has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from streaming_constructs.facts import metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.simulation.reader import ReaderRun
from streaming_constructs.planning.simulation.simulate import Simulation
from streaming_constructs.planning.simulation.stream import StreamRun

_MS = 60_000
Series = Sequence[float]


@dataclass(frozen=True, slots=True)
class Ringing:
    """A time in which an alarm rings.

    Attributes:
        alarm: The alarm.
        start: The first minute in which it does.
        end: The first in which it does no more; None: it still does when the last day ends.
    """

    alarm: AlarmPlan
    start: int
    end: int | None


def ringing(simulation: Simulation) -> tuple[list[Ringing], list[AlarmPlan]]:
    """The alarms that ring, in the order in which they begin, and those that nothing is known of.

    Args:
        simulation: What became of a system.
    """
    found, unknown = list[Ringing](), list[AlarmPlan]()
    for alarm in simulation.plan.alarms:
        series = series_of(simulation, alarm)
        if series is None:
            unknown.append(alarm)
        else:
            found += [Ringing(alarm, *span) for span in spans(alarm, series)]
    return sorted(found, key=lambda each: (each.start, each.alarm.key)), unknown


def spans(alarm: AlarmPlan, series: Series) -> Iterator[tuple[int, int | None]]:
    """When an alarm rings: while enough of its last periods are past its threshold, as CloudWatch evaluates M of N.

    Args:
        alarm: The alarm.
        series: The values of its metric, a minute each.
    """
    size, periods = alarm.period_seconds // 60, alarm.periods
    values: Series = series
    if size > 1:
        statistic = _statistic(alarm)
        values = [statistic(series[start : start + size]) for start in range(0, len(series) - size + 1, size)]
    past = [_is_past(alarm, value) for value in values]
    wanted = alarm.datapoints or periods
    start: int | None = None
    count = 0
    for period, is_past in enumerate(past):
        count += is_past - (past[period - periods] if period >= periods else 0)
        now = (period + 1) * size
        if count >= wanted and start is None:
            start = now
        elif count < wanted and start is not None:
            yield start, now
            start = None
    if start is not None:
        yield start, None


def _statistic(alarm: AlarmPlan) -> Callable[[Series], float]:
    named: Mapping[str, Callable[[Series], float]] = {"Sum": sum, "Minimum": min, "Average": lambda s: sum(s) / len(s)}
    return named.get(alarm.statistic or alarm.metric.statistic, max)


def _is_past(alarm: AlarmPlan, value: float) -> bool:
    if alarm.inclusive and value == alarm.threshold:
        return True
    return value < alarm.threshold if alarm.below else value > alarm.threshold


def series_of(simulation: Simulation, alarm: AlarmPlan) -> Series | None:
    """The metric of an alarm, a value each minute; None where the arithmetic does not have it.

    Args:
        simulation: What became of a system.
        alarm: The alarm.
    """
    if alarm.expression:
        return None
    stream = simulation.streams.get(alarm.node)
    if stream is not None:
        return _of_stream(stream, simulation.readers_of(alarm.node), alarm.metric)
    readers = [reader for reader in simulation.readers if reader.model.name == alarm.node]
    if alarm.instance:
        readers = [reader for reader in readers if reader.model.stream == alarm.instance]
    if not readers:
        return None
    found = [_of_reader(simulation, reader, alarm) for reader in readers]
    series = [each for each in found if each is not None]
    return [max(values) for values in zip(*series, strict=True)] if series else None


def _of_stream(stream: StreamRun, readers: Sequence[ReaderRun], metric: Metric) -> Series | None:
    known: dict[Metric, Callable[[], Series]] = {
        metrics.INCOMING_RECORDS: lambda: stream.accepted,
        metrics.INCOMING_BYTES: lambda: [stream.bytes_of(records) for records in stream.accepted],
        metrics.WRITE_THROTTLED: lambda: stream.throttled,
    }
    shared = [reader for reader in readers if not reader.model.fan_out]
    if shared:
        ages = zip(*(reader.age for reader in shared), strict=True)
        crowded = zip(*(reader.crowded for reader in shared), strict=True)
        known[metrics.STREAM_ITERATOR_AGE] = lambda: [max(each) * _MS for each in ages]
        known[metrics.READ_THROTTLED] = lambda: [any(each) for each in crowded]
    return known[metric]() if metric in known else None


def _of_reader(simulation: Simulation, reader: ReaderRun, alarm: AlarmPlan) -> Series | None:
    shards = simulation.streams[reader.model.stream].model.shards
    throttled = (down and waiting > 0 for down, waiting in zip(reader.down, reader.backlog, strict=True))
    known: dict[Metric, Callable[[], Series]] = {
        metrics.FUNCTION_ITERATOR_AGE: lambda: [age * _MS for age in reader.age],
        metrics.FAN_OUT_LAG: lambda: [age * _MS for age in reader.age],
        metrics.DELIVERY_SOURCE_LAG: lambda: [age * _MS for age in reader.age],
        metrics.GROUP_TIME_LAG: lambda: [age * 60 for age in reader.age],
        metrics.FUNCTION_OFFSET_LAG: lambda: reader.backlog,
        metrics.DELIVERY_OFFSET_LAG: lambda: [waiting / shards for waiting in reader.backlog],
        metrics.FUNCTION_THROTTLES: lambda: list(throttled),
        metrics.MAPPING_DROPPED: lambda: reader.expired,
        metrics.MAPPING_KEPT_FAILURES: lambda: reader.kept,
        metrics.QUEUE_DEPTH: lambda: _depth(reader),
        metrics.DELIVERY_THROTTLED_READS: lambda: reader.crowded,
    }
    return known[alarm.metric]() if alarm.metric in known else _of_delivery(simulation, reader, alarm.metric)


def _depth(reader: ReaderRun) -> Series:
    """Whether a queue has messages: once it has, nobody takes them out."""
    return [min(total, 1) for total in accumulate(reader.kept)]


def _of_delivery(simulation: Simulation, reader: ReaderRun, metric: Metric) -> Series | None:
    delivery = simulation.plan.deliveries.get(reader.model.name)
    if delivery is None:
        return None
    facts = delivery.spec.to.facts
    if metric is facts.freshness:
        return [age * 60 + delivery.buffer_seconds for age in reader.age]
    if metric is facts.success:
        return [0 if down else 1 for down in reader.down]
    return None
