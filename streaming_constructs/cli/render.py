"""Tables and words of the terminal: alarms, resources, thresholds and durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from streaming_constructs.planning.numbers import duration, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streaming_constructs.planning import AlarmPlan, PipelinePlan


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
