"""Tables of the terminal: alarms and resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from streaming_constructs.cli.console import plain
from streaming_constructs.planning.numbers import duration, number
from streaming_constructs.spec.notify import NotifyEmail, NotifyTopic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from streaming_constructs.planning import AlarmPlan
    from streaming_constructs.spec.alarms import AlarmsSpec

NARROW = 80
"""Columns below which a table with reasons would cut what it says."""
_MIB = 1_048_576


@dataclass(frozen=True)
class AlarmTable:
    """The alarms: where each threshold lies, in units that people use, for how long, and why there.

    Attributes:
        alarms: The alarms.
    """

    alarms: Sequence[AlarmPlan]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self.alarms:
            yield "no alarms"
        elif options.max_width >= NARROW:
            yield self._table()
        else:
            yield Text("alarms", "bold")
            for name, limit, lasting, working in self._rows():
                yield plain(f"{name}: {limit} for {lasting}")
                yield Padding(plain(working), (0, 0, 0, 2))

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("alarm", no_wrap=True)
        table.add_column("threshold", no_wrap=True)
        table.add_column("for", no_wrap=True, justify="right")
        table.add_column("why")
        for row in self._rows():
            table.add_row(*map(plain, row))
        return table

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Name, threshold, time and reason; an alarm that each part of a node has, such as each broker, stands there once."""
        rows: dict[tuple[str, str, str, str], list[AlarmPlan]] = {}
        for alarm in self.alarms:
            said = (alarm.name, threshold(alarm), minutes(alarm), alarm.working)
            rows.setdefault(said, []).append(alarm)
        for (name, *rest), alarms in rows.items():
            limit, lasting, working = rest
            yield f"{name} x {len(alarms)}" if len(alarms) > 1 else alarms[0].key, limit, lasting, working


def notified_lines(alarms: AlarmsSpec) -> list[str]:
    """Whom alarms tell, and which are silenced, with the reason.

    Args:
        alarms: What the spec says of alarms.
    """
    targets = [
        target.email
        if isinstance(target, NotifyEmail)
        else target.topic_arn
        if isinstance(target, NotifyTopic)
        else f"the topic {target.sns_topic}"
        for target in alarms.notify
    ]
    told = [f"alarms tell {', '.join(targets)}"] if targets else []
    return [*told, *(f"{alarm} is silenced: {reason}" for alarm, reason in alarms.silence.items())]


def resource_table(counts: Mapping[str, int]) -> Table:
    """The resources of a template: how many of each type, the most frequent first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("resources", justify="right")
    table.add_column("type", overflow="fold")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(f"{count:,}", plain(name))
    return table


def threshold(alarm: AlarmPlan) -> str:
    """An alarm's threshold in the unit that people use."""
    per = "min" if alarm.period_seconds == 60 else duration(alarm.period_seconds)
    rate = f"/{per}" if (alarm.statistic or alarm.metric.statistic) == "Sum" else ""
    if alarm.below:
        # A share of successes, from 0 to 1; or something that runs out, in its own unit.
        sign = "≤" if alarm.inclusive else "<"
        is_share = alarm.metric.name.endswith("Success")
        return f"{sign} 100%" if is_share else f"{sign} {number(alarm.threshold)}"
    sign = "≥" if alarm.inclusive else ">"
    in_unit = {
        "Milliseconds": lambda: duration(alarm.threshold / 1000),
        "Seconds": lambda: duration(alarm.threshold),
        "Bytes": lambda: f"{number(alarm.threshold / _MIB)} MiB{rate}",
        "Bytes/Second": lambda: f"{number(alarm.threshold / _MIB)} MiB/s",
    }.get(alarm.metric.unit)
    if in_unit is not None:
        return f"{sign} {in_unit()}"
    if alarm.threshold == 0 and not alarm.inclusive:
        return "any"
    return f"{sign} {number(alarm.threshold)}{rate}"


def minutes(alarm: AlarmPlan) -> str:
    """How long it takes until it alarms: `5 min`; `3 of 5 min` where some of them are enough."""
    if alarm.datapoints is None or alarm.datapoints == alarm.periods:
        one = alarm.period_seconds == 60 or alarm.periods == 1
        return duration(alarm.minutes * 60) if one else f"{alarm.periods} × {duration(alarm.period_seconds)}"
    period = "min" if alarm.period_seconds == 60 else f"× {duration(alarm.period_seconds)}"
    return f"{alarm.datapoints} of {alarm.periods} {period}"
