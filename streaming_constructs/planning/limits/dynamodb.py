"""The limits of a DynamoDB table: its capacity for writes, or the quota of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import dynamodb
from streaming_constructs.planning.limits.limit import Limit, limit_of

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.dynamodb import TablePlan


def limits(table: TablePlan, region: str | None) -> Iterator[Limit]:  # noqa: ARG001 - as all kinds have it
    """The limits of a table at the peak.

    Args:
        table: The table with its numbers.
        region: Its region; None where nothing says it.
    """
    if table.written is None:
        return
    peak, quota = float(table.written.peak), dynamodb.TABLE_WRITE_UNITS_QUOTA
    yield limit_of(table.name, "write units", peak, quota, unit=" units/s")
    if table.write_capacity is not None:
        most, grows = table.write_capacity.maximum, table.spec.write_capacity is None
        source = dynamodb.CAPACITY_UNITS.source
        yield Limit(table.name, "write capacity", peak, float(most), " units/s", source, grows)
