"""The CloudWatch alarms of a DynamoDB table. A write that a condition refused is what was asked for, and no alarm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import PERIOD_SECONDS, SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.numbers import exact, number

if TYPE_CHECKING:
    from streaming_constructs.facts.metrics import Metric
    from streaming_constructs.planning.stores.dynamodb import TablePlan
    from streaming_constructs.spec.stores.dynamodb import TableCapacity

CAPACITY_SHARE = 0.8
"""Share of a capacity at which there is still time to add some; the same as of a stream."""


def table_alarms(table: TablePlan) -> Iterator[AlarmPlan]:
    """The alarms of a table.

    Args:
        table: The table with its numbers.
    """
    if table.spec.is_provisioned:
        more = "raise the capacity, or set `billing: on_demand`"
    else:
        more = "on demand grows to twice the last peak within half an hour; set `warm_write_units` before a leap"
    yield _throttling(
        table,
        "write_throttling",
        metrics.TABLE_WRITE_THROTTLED,
        f"Writes to the table {table.name} are being throttled",
        f"look for a partition key that most writes share: one takes 1,000 write units/s; {more}",
    )
    yield _throttling(
        table,
        "read_throttling",
        metrics.TABLE_READ_THROTTLED,
        f"Reads from the table {table.name} are being throttled",
        f"look for a partition key that most reads share, and for scans; {more}",
    )
    for operation in table.operations:
        yield AlarmPlan(
            table.name,
            "system_errors",
            metrics.TABLE_SYSTEM_ERRORS,
            threshold=0,
            minutes=SUSTAINED_MINUTES,
            title=f"DynamoDB fails {operation} on the table {table.name}",
            action="check AWS Health; writers have to try again what failed, and what DynamoDB calls unprocessed of a batch",
            working=f"any failed request, {SUSTAINED_MINUTES} min in a row",
            instance=operation,
            dimensions={"Operation": operation},
        )
    for kind, metric, capacity in (
        ("write_capacity", metrics.TABLE_WRITE_UNITS, table.write_capacity),
        ("read_capacity", metrics.TABLE_READ_UNITS, table.read_capacity),
    ):
        if capacity is not None:
            yield _capacity(table, kind, metric, capacity)


def _throttling(table: TablePlan, kind: str, metric: Metric, title: str, action: str) -> AlarmPlan:
    return AlarmPlan(
        table.name,
        kind,
        metric,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=title,
        action=action,
        working=f"any throttled request, {SUSTAINED_MINUTES} min in a row",
    )


def _capacity(table: TablePlan, kind: str, metric: Metric, capacity: TableCapacity) -> AlarmPlan:
    what, field = kind.partition("_")[0], kind
    bound = "the most that it grows to" if capacity.scales else "its capacity"
    return AlarmPlan(
        table.name,
        kind,
        metric,
        threshold=float(exact(CAPACITY_SHARE) * capacity.maximum * PERIOD_SECONDS),
        minutes=SUSTAINED_MINUTES,
        title=f"The table {table.name} uses almost all {what} units that it can have",
        action=f"raise `{field}` before requests are throttled, or set `billing: on_demand`",
        working=f"{number(CAPACITY_SHARE * 100)}% of {bound}, {capacity.maximum:,} {what} units/s, in units a minute",
    )
