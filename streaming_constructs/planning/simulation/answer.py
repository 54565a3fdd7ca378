"""What a simulation says first, in sentences: is anything lost, and when is it level again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.simulation.clock import length, time
from streaming_constructs.planning.simulation.models import RECORD_SECONDS
from streaming_constructs.planning.simulation.reader import ReaderRun
from streaming_constructs.planning.simulation.scenario import Outage
from streaming_constructs.planning.simulation.simulate import Simulation
from streaming_constructs.planning.simulation.stream import StreamRun


def answers(simulation: Simulation) -> Iterator[str]:
    """A sentence or two about each outage, each stream that refused writes, and each other reader that was late.

    What loses most comes first.

    Args:
        simulation: What became of a system.
    """
    told = sorted(_answers(simulation), key=lambda answer: -answer.lost)
    yield from (answer.text for answer in told)
    is_all_kept = not simulation.lost and not any(any(reader.kept) for reader in simulation.readers)
    if is_all_kept and not simulation.scenario.outages:
        yield f"In {counted(simulation.scenario.days, 'day')} nothing is lost."


class _Answer(NamedTuple):
    """What is said of one event, and the records that are lost by it."""

    text: str
    lost: int = 0


def _answers(simulation: Simulation) -> Iterator[_Answer]:
    for outage in simulation.scenario.outages:
        for reader in simulation.readers:
            if reader.model.name == outage.node:
                yield _of_outage(simulation, outage, reader)
    for name, stream in simulation.streams.items():
        rejected = sum(stream.rejected)
        if any(stream.throttled):
            yield _Answer(_of_throttling(name, stream, simulation.scenario.retry_minutes), rejected)
        if stream.parts:
            yield _Answer(_of_hot_key(name, stream), rejected)
    down = {outage.node for outage in simulation.scenario.outages}
    for reader in simulation.readers:
        if reader.model.name not in down and any(reader.backlog):
            yield _Answer(_of_lag(reader, {take.node for take in simulation.scenario.takes}), sum(reader.expired))


def _of_outage(simulation: Simulation, outage: Outage, reader: ReaderRun) -> _Answer:
    stream = simulation.streams[reader.model.stream]
    read = f" ({reader.model.stream})" if len(_named(simulation, outage.node)) > 1 else ""
    what = f"{outage.node}{read} is down for {length(outage.minutes)} from {time(outage.start)}"
    before = reader.backlog[outage.start - 1] if outage.start else 0
    what += f", when {counted(before, 'record')} wait already" if before else ""
    end = min(outage.end, simulation.scenario.minutes)
    again = _next_start(simulation, outage)
    level = level_again(reader, end)
    is_level = level is not None and level <= again
    last = level if level is not None and is_level else again
    span = slice(outage.start, last)
    lost, kept = sum(reader.expired[span]), sum(reader.kept[span])
    parts = [f"{what}: {_fate(reader, lost, kept, span, stream)}."]
    waiting, age = reader.backlog[end - 1], reader.age[end - 1]
    if outage.end > simulation.scenario.minutes:
        parts.append(f"It is still down after {counted(simulation.scenario.days, 'day')}.")
        return _Answer(" ".join(parts), lost)
    if waiting:
        parts.append(f"When it is back {counted(waiting, 'record')} wait, the oldest for {length(age)}.")
    if not is_level and again < simulation.scenario.minutes:
        parts.append(f"It is not level again when it is down for the next time, from {time(again)}.")
    elif level is None:
        parts.append(
            f"It is not level again within {counted(simulation.scenario.days, 'day')}: "
            f"{counted(reader.backlog[-1], 'record')} still wait, {_pace(reader, stream, end)}."
        )
    elif waiting:
        parts.append(f"It is level again at {time(level)}, {length(level - end)} after it is back.")
    return _Answer(" ".join(parts), lost)


def _next_start(simulation: Simulation, outage: Outage) -> int:
    """When the same node is down for the next time; the end of the simulation where it never is."""
    starts = [
        each.start for each in simulation.scenario.outages if each.node == outage.node and each.start > outage.end
    ]
    return min(starts, default=simulation.scenario.minutes)


def _named(simulation: Simulation, node: str) -> Sequence[ReaderRun]:
    return [reader for reader in simulation.readers if reader.model.name == node]


def _fate(reader: ReaderRun, lost: int, kept: int, span: slice, stream: StreamRun) -> str:
    told = []
    if lost:
        first = next(minute for minute, records in enumerate(reader.expired[span], span.start) if records)
        told.append(
            f"{counted(lost, 'record')} {'is' if lost == 1 else 'are'} lost, expired unread after "
            f"{length(stream.model.retention_minutes)}, the first at {time(first)}"
        )
    if kept:
        age = length(reader.model.gives_up_minutes or 0)
        told.append(
            f"{counted(kept, 'record')} {'is' if kept == 1 else 'are'} given up at an age of {age}, {reader.model.given_up}"
        )
    if not lost:
        told.insert(0, "nothing is lost by it")
    return "; ".join(told)


def _pace(reader: ReaderRun, stream: StreamRun, start: int) -> str:
    came = sum(stream.accepted[start:])
    minutes = max(1, len(stream.accepted) - start)
    handled = sum(reader.handled[start:])
    return f"as it handles {handled / minutes / 60:,.0f} records/s and {came / minutes / 60:,.0f} records/s come"


def level_again(reader: ReaderRun, start: int) -> int | None:
    """The first minute with which nothing waits any more; None where that does not come.

    Args:
        reader: The reader.
        start: The minute from which on it is looked for.
    """
    for minute in range(max(0, start - 1), len(reader.backlog)):
        if not reader.backlog[minute]:
            return minute + 1 if minute >= start else start
    return None


def _of_throttling(name: str, stream: StreamRun, retry_minutes: int) -> str:
    rejected = sum(stream.rejected)
    minutes = sum(map(bool, stream.throttled))
    first = next(minute for minute, records in enumerate(stream.throttled) if records)
    what = f"{name} throttles writes in {counted(minutes, 'minute')}, for the first time at {time(first)}"
    if not rejected:
        return f"{what}; producers that try again for {length(retry_minutes)} lose nothing."
    return (
        f"{what}; {counted(rejected, 'record')} {'is' if rejected == 1 else 'are'} lost, as producers give them up after "
        f"{length(retry_minutes)}."
    )


def _of_hot_key(name: str, stream: StreamRun) -> str:
    """How full the shard of the hot key is, and how full the others are meanwhile."""
    hot, rest = stream.parts
    share = f"Its hot shard gets {sum(hot.arriving) / max(1, sum(stream.arriving)):.0%} of the records of {name}"
    if not hot.capacity:
        return f"{share}."
    return (
        f"{share}: in the busiest minute {told_use(hot)} what it takes, and the other "
        f"{counted(rest.model.shards, 'shard')} {told_use(rest)} what they take."
    )


def told_use(stream: StreamRun) -> str:
    """How full a stream is in its busiest minute, before `what it takes`."""
    most = use(stream)
    return f"{most:.0%} of" if most < 10 else f"{most:,.0f} times"


def use(stream: StreamRun) -> float:
    """The most of its capacity that is written to a stream in a minute, above 1 where it throttles; 0 without a limit.

    Args:
        stream: The stream.
    """
    pairs = zip(stream.arriving, stream.capacity, strict=False)
    return max((records / most for records, most in pairs if most), default=0.0)


def _of_lag(reader: ReaderRun, measured: set[str]) -> str:
    most = max(reader.age)
    when = reader.age.index(most)
    name = reader.model.name
    is_guessed = reader.model.kind == "lambda" and name not in measured
    if_so = (
        f"If it takes {number(RECORD_SECONDS * 1000)} ms for a record, which nobody measured (`--takes`), "
        if is_guessed
        else ""
    )
    what = f"{if_so}{name} falls behind: at {time(when)} its oldest record waits for {length(most)}"
    lost, kept = sum(reader.expired), sum(reader.kept)
    if lost:
        return f"{what}, and {counted(lost, 'record')} are lost, expired unread."
    if kept:
        return f"{what}, and {counted(kept, 'record')} are given up, {reader.model.given_up}."
    if reader.backlog[-1]:
        return f"{what}; at the end {counted(reader.backlog[-1], 'record')} still wait."
    return f"{what}; it catches up."


def peak(values: Sequence[int]) -> int:
    """The greatest of some values; 0 of none.

    Args:
        values: The values.
    """
    return max(values, default=0)
