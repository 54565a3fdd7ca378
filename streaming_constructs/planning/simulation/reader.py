"""Who reads a stream, minute by minute: what is handled, what waits and how old it is, what is given up, and what expires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from streaming_constructs.planning.simulation.backlog import Backlog
from streaming_constructs.planning.simulation.scenario import Outage
from streaming_constructs.planning.simulation.stream import StreamRun


@dataclass(frozen=True, slots=True)
class ReaderModel:
    """A reader, as far as the arithmetic goes.

    Attributes:
        name: The name of its node.
        kind: What it is.
        stream: The stream that it reads.
        per_shard: Records a minute that it handles of each shard; None: as many as it gets.
        whole: Records a minute that it handles altogether; None: as many as it gets.
        fan_out: Whether it has the read throughput of each shard for itself.
        reads: How often it reads each record: a delivery that copies all of them does twice.
        gives_up_minutes: The age at which it gives a record up; None: never.
        gives_up_when_down: Whether it does so only while it is down.
        given_up: What becomes of what it gives up, in words.
        working: How its capacity came about.
    """

    name: str
    kind: Literal["lambda", "firehose", "flink"]
    stream: str
    working: str
    per_shard: float | None = None
    whole: float | None = None
    fan_out: bool = False
    reads: int = 1
    gives_up_minutes: int | None = None
    gives_up_when_down: bool = False
    given_up: str = ""

    def capacity(self, shards: int, read_per_shard: float | None) -> int | None:
        """The records a minute that it handles, if nobody else reads; None: no limit is known.

        Args:
            shards: The shards that there are.
            read_per_shard: The records a minute that can be read of each.
        """
        limits = [shards * each for each in (self.per_shard, read_per_shard) if each is not None]
        limits += [self.whole] if self.whole is not None else []
        return int(min(limits)) if limits else None


@dataclass(slots=True)
class ReaderRun:
    """What becomes of a reader.

    Attributes:
        model: The reader.
        handled: Records that it handles, each minute.
        kept: Records that it gives up, which are kept elsewhere, or whose position is.
        expired: Records that expire unread.
        backlog: Records that wait at the end of the minute.
        age: The age of the oldest of them, in minutes; 0 where none waits.
        capacity: Records that it could have handled, were it up and alone; none where no limit is known.
        crowded: Whether it got less than it could have handled, as others read too.
        down: Whether it is down.
    """

    model: ReaderModel
    handled: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    expired: list[int] = field(default_factory=list)
    backlog: list[int] = field(default_factory=list)
    age: list[int] = field(default_factory=list)
    capacity: list[int] = field(default_factory=list)
    crowded: list[bool] = field(default_factory=list)
    down: list[bool] = field(default_factory=list)


def run_readers(stream: StreamRun, models: Sequence[ReaderModel], outages: Sequence[Outage]) -> list[ReaderRun]:
    """Reads a stream.

    Args:
        stream: The stream, with what it took.
        models: Who reads it.
        outages: Who is down, and when.
    """
    runs = [ReaderRun(model) for model in models]
    waits = [Backlog() for _ in models]
    minutes = len(stream.accepted)
    for run in runs:
        run.down = [False] * minutes
        for outage in outages:
            if outage.node == run.model.name:
                until = min(outage.end, minutes)
                run.down[outage.start : until] = [True] * max(0, until - outage.start)
    read = stream.model.read_records_per_shard
    for minute in range(minutes):
        shards = stream.shards[minute]
        wanted = []
        for run, wait in zip(runs, waits, strict=True):
            wait.add(stream.accepted[minute])
            wanted.append(_wanted(run, wait, minute, shards, read))
        got = wanted if read is None else shared(wanted, models, int(shards * read))
        for run, wait, want, most in zip(runs, waits, wanted, got, strict=True):
            run.handled.append(wait.take(most))
            run.crowded.append(most < want)
            _give_up(run, wait, minute, stream.model.retention_minutes)
            run.backlog.append(wait.records)
            run.age.append(wait.age(minute + 1))
    return runs


def _give_up(run: ReaderRun, wait: Backlog, minute: int, retention_minutes: int) -> None:
    """At the end of a minute a minute's records are gone when the last of them is too old."""
    run.expired.append(wait.drop_before(minute - retention_minutes + 1))
    age = run.model.gives_up_minutes
    is_over = age is not None and (run.down[minute] or not run.model.gives_up_when_down)
    run.kept.append(wait.drop_before(minute - age + 1) if is_over and age is not None else 0)


def _wanted(run: ReaderRun, wait: Backlog, minute: int, shards: int, read: float | None) -> int:
    most = run.model.capacity(shards, read)
    if most is not None:
        run.capacity.append(most)
    if run.down[minute]:
        return 0
    return wait.records if most is None else min(most, wait.records)


def shared(wanted: Sequence[int], models: Sequence[ReaderModel], room: int) -> list[int]:
    """What each reader gets of what shared readers can read together: who wants little gets it, the others the same.

    Args:
        wanted: The records that each wants.
        models: The readers; those with enhanced fan-out get what they want.
        room: The records that can be read by all shared ones.
    """
    got = list(wanted)
    among = sorted((index for index, model in enumerate(models) if not model.fan_out), key=lambda index: wanted[index])
    if sum(wanted[index] * models[index].reads for index in among) <= room:
        return got
    reads = sum(models[index].reads for index in among)
    for index in among:
        got[index] = min(wanted[index], room // reads)
        room -= got[index] * models[index].reads
        reads -= models[index].reads
    return got
