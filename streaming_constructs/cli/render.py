"""Tables and words of the terminal: alarms, resources, thresholds and durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streaming_constructs.planning import AlarmPlan, PipelinePlan

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def alarm_table(plan: PipelinePlan) -> Table:
    """The alarms: where each threshold lies, in units that people use, for how long, and why there."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("alarm", no_wrap=True)
    table.add_column("threshold", no_wrap=True)
    table.add_column("for", no_wrap=True, justify="right")
    table.add_column("why")
    for alarm in plan.alarms:
        table.add_row(*map(Text, (alarm.name, threshold(alarm), f"{alarm.minutes} min", alarm.working)))
    return table


def resource_table(counts: Mapping[str, int]) -> Table:
    """The resources of a template: how many of each type, the most frequent first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("resources", justify="right")
    table.add_column("type")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(f"{count:,}", Text(name))
    return table


def threshold(alarm: AlarmPlan) -> str:
    """An alarm's threshold in the unit that people use."""
    if alarm.below:
        # A share of successes, from 0 to 1; or something that runs out, in its own unit.
        return "< 100%" if alarm.threshold == 1 else f"< {number(alarm.threshold)}"
    if alarm.metric.unit == "Milliseconds":
        return f"> {duration(alarm.threshold / 1000)}"
    if alarm.metric.unit == "Seconds":
        return f"> {duration(alarm.threshold)}"
    if alarm.metric.unit == "Bytes":
        return f"> {number(alarm.threshold / 1_048_576)} MiB/min"
    if alarm.threshold == 0:
        return "any"
    return f"> {number(alarm.threshold)}{'/min' if alarm.metric.statistic == 'Sum' else ''}"


def duration(seconds: float) -> str:
    """Seconds in units that people use: `1 d 12 h`, `30 min`, `1.5 s`."""
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{number(count)} {unit}")
    if seconds or not parts:
        parts.append(f"{number(seconds)} s")
    return " ".join(parts)


def counted(count: int, what: str) -> str:
    """How many there are of something: `1 shard`, `1,000 shards`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
