"""What happens in a simulation: the load, who is down and when, bursts, and how long functions take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from streaming_constructs.planning.simulation.clock import DAY, DEFAULT_START, minute_of, minutes_of, seconds_of

PRODUCERS_RETRY_MINUTES = 5
"""How long producers try again what was throttled, where nobody says. An assumption: it is in their own code."""
BURST_MINUTES = 30
"""How long a burst is where nobody says."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is written to a stream.

    Attributes:
        name: A preset, or the name of a file.
        stream: The stream that it is of; empty: all streams.
        points: What a file says of each minute of a day or a week; none of a preset.
        is_absolute: Whether these are records a second, and not factors of the workload's.
    """

    name: str
    stream: str = ""
    points: tuple[float, ...] = ()
    is_absolute: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a node takes nothing.

    Attributes:
        node: Its name.
        start: The first minute of it.
        minutes: How many there are.
    """

    node: str
    start: int
    minutes: int

    @property
    def end(self) -> int:
        """The first minute behind it."""
        return self.start + self.minutes


@dataclass(frozen=True, slots=True)
class Burst:
    """A time in which more is written.

    Attributes:
        factor: How many times as much.
        start: The first minute of it.
        minutes: How many there are.
        stream: The stream that it is of; empty: all streams.
    """

    factor: float
    start: int
    minutes: int
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Takes:
    """How long a function takes.

    Attributes:
        node: The name of its consumer.
        seconds: How long.
        per: For what: a batch, or each record of it.
    """

    node: str
    seconds: float
    per: Literal["batch", "record"]


@dataclass(frozen=True, slots=True)
class HotKey:
    """A key that has a share of all records of a stream; they go to one shard.

    Attributes:
        share: The share, from 0 to 1.
        stream: The stream that it is of; empty: all streams.
    """

    share: float
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that happens.

    Attributes:
        days: How many days are looked at; the first is a Monday.
        loads: What is written; of two that are of one stream the last.
        outages: Who is down.
        bursts: When more is written.
        takes: How long functions take.
        retry_minutes: How long producers try again what was throttled.
        hot_keys: Keys that have a share of all records; of two that are of one stream the last.
    """

    days: int = 7
    loads: tuple[Load, ...] = ()
    outages: tuple[Outage, ...] = ()
    bursts: tuple[Burst, ...] = ()
    takes: tuple[Takes, ...] = ()
    retry_minutes: int = PRODUCERS_RETRY_MINUTES
    hot_keys: tuple[HotKey, ...] = ()

    @property
    def minutes(self) -> int:
        """How many minutes are looked at."""
        return self.days * DAY

    def load_of(self, stream: str) -> Load:
        """What is written to a stream.

        Args:
            stream: Its name.
        """
        return _of_stream(self.loads, stream, Load("office-hours"))

    def hot_share_of(self, stream: str) -> float:
        """The share that the hot key of a stream has; 0 where it has none.

        Args:
            stream: Its name.
        """
        return _of_stream(self.hot_keys, stream, HotKey(0.0)).share


_Said = TypeVar("_Said", Load, HotKey)


def _of_stream(said: Sequence[_Said], stream: str, default: _Said) -> _Said:
    """What is said of a stream: what names it before what is of all, and of several the last."""
    fitting = [each for each in said if each.stream in {"", stream}]
    named = [each for each in fitting if each.stream]
    return (named or fitting or [default])[-1]


def merged(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """Outages of which none of a node overlaps another of it, or begins as it ends: it is down once, not twice.

    Args:
        outages: The outages.
    """
    apart: list[Outage] = []
    for outage in sorted(outages, key=lambda each: each.start):
        before = next(
            (at for at, each in enumerate(apart) if each.node == outage.node and each.end >= outage.start), None
        )
        if before is None:
            apart.append(outage)
        else:
            start = apart[before].start
            apart[before] = Outage(outage.node, start, max(apart[before].end, outage.end) - start)
    return tuple(apart)


def parse_outage(text: str) -> Outage:
    """An outage as it is written: `fraud=2h@09:00`.

    Raises:
        ValueError: If it is none; with what to write.
    """
    node, _, rest = text.rpartition("=")
    minutes, start = _span(*rest.partition("@")[::2])
    if not node or minutes is None or start is None:
        raise ValueError(
            f"`{text}` is no outage: write `CONSUMER=2h`, or `CONSUMER=2h@2d09:00` for nine on the second day"
        )
    return Outage(node, start, minutes)


def parse_burst(text: str) -> Burst:
    """A burst as it is written: `5x@09:00/30m`, or `clicks=5x@09:00/30m` of one stream.

    Raises:
        ValueError: If it is none; with what to write.
    """
    stream, _, rest = text.rpartition("=")
    times, at, when = rest.partition("@")
    begin, slash, span = when.partition("/")
    minutes, start = _span(span if slash else f"{BURST_MINUTES}m", begin if at else "")
    factor = _number(times.removesuffix("x")) if times.endswith("x") else None
    if not factor or minutes is None or start is None:
        raise ValueError(f"`{text}` is no burst: write `5x@09:00/30m`, or `STREAM=5x@2d09:00/30m` for one stream alone")
    return Burst(factor, start, minutes, stream)


def parse_takes(text: str) -> Takes:
    """How long a function takes, as it is written: `fraud=200ms` a batch, `fraud=2ms/record`.

    Raises:
        ValueError: If it is none; with what to write.
    """
    node, _, rest = text.rpartition("=")
    span, slash, per = rest.partition("/")
    seconds = seconds_of(span)
    per = per if slash else "batch"
    if not node or not seconds or per not in {"batch", "record"}:
        raise ValueError(f"`{text}` is no time: write `CONSUMER=200ms` for a batch, or `CONSUMER=2ms/record`")
    return Takes(node, seconds, "record" if per == "record" else "batch")


def parse_hot_key(text: str) -> HotKey:
    """A hot key as it is written: `30%`, or `clicks=30%` of one stream.

    Raises:
        ValueError: If it is none; with what to write.
    """
    stream, _, rest = text.rpartition("=")
    percent = _number(rest.removesuffix("%")) if rest.endswith("%") else None
    if not percent or percent > 100:
        raise ValueError(f"`{text}` is no share: write `30%`, or `STREAM=30%` of one stream alone")
    return HotKey(percent / 100, stream)


def _span(length: str, start: str) -> tuple[int | None, int | None]:
    return minutes_of(length), minute_of(start) if start else DEFAULT_START


def _number(text: str) -> float | None:
    digits = text.replace(".", "", 1)
    return float(text) if digits.isascii() and digits.isdigit() and len(text) <= 9 else None
