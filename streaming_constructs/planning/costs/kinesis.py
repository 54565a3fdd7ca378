"""What Kinesis data streams cost: provisioned, on demand, and with On-demand Advantage.

Source: https://aws.amazon.com/kinesis/data-streams/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streaming_constructs.facts.prices import kinesis as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import GIB_KIB, Charge, rounded_up, seconds
from streaming_constructs.planning.numbers import counted, number

DAY, WEEK = 24, 168
"""Hours that are kept for nothing; and until records cost as those that are kept long."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows through a stream, on average.

    Attributes:
        records: Records per second.
        kib: The size of one, in KiB.
    """

    records: float
    kib: float

    def gib(self, hours: float, step: float = 0.0) -> float:
        """What comes in, in GiB.

        Args:
            hours: In which time.
            step: What each record is rounded up to, in KiB. Left out: nothing.
        """
        size = rounded_up(self.kib, step) if step else self.kib
        return self.records * seconds(hours) * size / GIB_KIB

    def __str__(self) -> str:
        return f"{number(self.records)} records/s of {number(self.kib)} KiB"


def provisioned(
    shards: int,
    flow: Flow | None = None,
    *,
    retention_hours: int = DAY,
    fan_out_readers: int = 0,
    hours: float = HOURS_A_MONTH,
) -> Iterator[Charge]:
    """The charges of a stream with shards. Readers that share cost nothing.

    Args:
        shards: Its shards.
        flow: What flows through it. Left out: nothing that is charged by what flows.
        retention_hours: How long it keeps records.
        fan_out_readers: Readers with enhanced fan-out.
        hours: The hours of the month.
    """
    shard_hours = shards * hours
    each = f"{counted(shards, 'shard')} × {number(hours)} h"
    yield Charge("shards", prices.SHARD_HOUR, shard_hours, "fixed", each)
    if retention_hours > DAY:
        yield Charge(
            "retention beyond 24 hours",
            prices.EXTENDED_RETENTION,
            shard_hours,
            "fixed",
            f"{each}, whatever they hold",
        )
    yield from fan_out(shards, flow, fan_out_readers, hours=hours)
    if flow is None:
        return
    size = prices.PUT_UNIT_KIB.value
    units = flow.records * seconds(hours) * rounded_up(flow.kib, size) / size
    yield Charge("records written", prices.PUT_UNITS, units, "usage", f"{flow}, each rounded up to {number(size)} KiB")
    if retention_hours > WEEK:
        kept, working = _kept(flow, WEEK, retention_hours)
        yield Charge("retention beyond 7 days", prices.LONG_TERM_RETENTION, kept, "usage", working)


def fan_out(shards: int, flow: Flow | None, readers: int, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges for enhanced fan-out of a stream with shards.

    Args:
        shards: Its shards.
        flow: What flows through it. None: that is not charged.
        readers: Its readers with enhanced fan-out.
        hours: The hours of the month.
    """
    if not readers:
        return
    each = counted(readers, "reader")
    working = f"{each} × {counted(shards, 'shard')} × {number(hours)} h"
    yield Charge("enhanced fan-out", prices.FAN_OUT_HOUR, readers * shards * hours, "fixed", working)
    if flow is not None:
        gib = flow.gib(hours)
        working = f"{each} × {number(gib)} GB"
        yield Charge("read by enhanced fan-out", prices.FAN_OUT_DATA, readers * gib, "usage", working)


def on_demand(
    flow: Flow | None,
    *,
    retention_hours: int = DAY,
    shared_readers: int = 0,
    fan_out_readers: int = 0,
    hours: float = HOURS_A_MONTH,
) -> Iterator[Charge]:
    """The charges of a stream on demand.

    Args:
        flow: What flows through it. None: nothing that is charged by what flows.
        retention_hours: How long it keeps records.
        shared_readers: Readers that share.
        fan_out_readers: Readers with enhanced fan-out.
        hours: The hours of the month.
    """
    yield Charge("stream", prices.ON_DEMAND_STREAM_HOUR, hours, "fixed", f"{number(hours)} h")
    if flow is None:
        return
    yield Charge("written", prices.ON_DEMAND_IN, flow.gib(hours, 1), "usage", f"{flow}, each rounded up to 1 KiB")
    for what, price, readers in (
        ("read", prices.ON_DEMAND_OUT, shared_readers),
        ("read by enhanced fan-out", prices.ON_DEMAND_FAN_OUT, fan_out_readers),
    ):
        if readers:
            gib = flow.gib(hours)
            yield Charge(what, price, readers * gib, "usage", f"{counted(readers, 'reader')} × {number(gib)} GB")
    if retention_hours > DAY:
        kept, working = _kept(flow, DAY, min(retention_hours, WEEK))
        yield Charge("retention beyond 24 hours", prices.ON_DEMAND_EXTENDED_RETENTION, kept, "usage", working)
    if retention_hours > WEEK:
        kept, working = _kept(flow, WEEK, retention_hours)
        yield Charge("retention beyond 7 days", prices.ON_DEMAND_LONG_TERM_RETENTION, kept, "usage", working)


def advantage(
    gib_in: float, gib_out: float, kept_gib: float = 0.0, *, hours: float = HOURS_A_MONTH
) -> Iterator[Charge]:
    """The charges of all streams on demand of an account in a region, where On-demand Advantage is on.

    Args:
        gib_in: What is written to all of them in the month, in GiB, each record rounded up to 1 KiB.
        gib_out: What all readers read, also those with enhanced fan-out, in GiB.
        kept_gib: What is kept beyond 24 hours, in GiB.
        hours: The hours of the month.
    """
    rate = prices.ADVANTAGE_LEAST_MIB_PER_SECOND.value
    least = rate * seconds(hours) / 1024
    for what, price, gib in (("written", prices.ADVANTAGE_IN, gib_in), ("read", prices.ADVANTAGE_OUT, gib_out)):
        working = f"{number(gib)} GB, and at least {number(rate)} MiB/s: {number(least)} GB"
        yield Charge(what, price, max(gib, least), "fixed" if gib < least else "usage", working)
    if kept_gib:
        working = f"{number(kept_gib)} GB beyond 24 hours"
        yield Charge("retention", prices.ADVANTAGE_RETENTION, kept_gib, "usage", working)


def kept_gib(flow: Flow, start: int, end: int) -> float:
    """What a stream holds of records that are between two ages, in GiB.

    Args:
        flow: What flows through it.
        start: The younger age, in hours.
        end: The older one.
    """
    return flow.gib(1) * max(0, end - start)


def _kept(flow: Flow, start: int, end: int) -> tuple[float, str]:
    return kept_gib(flow, start, end), f"{number(flow.gib(DAY))} GB a day × {number((end - start) / DAY)} days"
