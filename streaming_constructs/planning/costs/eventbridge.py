"""What Amazon EventBridge costs."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import eventbridge as prices
from streaming_constructs.planning.costs.charge import Charge, rounded_up
from streaming_constructs.planning.numbers import number


def bus(events: float, kib: float = 1.0, *, archived_gb: float = 0.0, archive_gb: float = 0.0) -> Iterator[Charge]:
    """The charges of a bus; what AWS's own services send costs nothing.

    Args:
        events: Events of one's own in the month.
        kib: The size of one.
        archived_gb: What is archived in the month.
        archive_gb: What the archive holds.
    """
    step = prices.EVENT_KIB.value
    working = f"{number(events)} events of {number(kib)} KiB, each rounded up to {number(step)} KiB"
    yield Charge("events", prices.EVENTS, events * rounded_up(kib, step) / step, "usage", working)
    if archived_gb:
        yield Charge("archived", prices.ARCHIVED, archived_gb, "usage", f"{number(archived_gb)} GB")
    if archive_gb:
        yield Charge("archive", prices.ARCHIVE_STORAGE, archive_gb, "usage", f"{number(archive_gb)} GB")
