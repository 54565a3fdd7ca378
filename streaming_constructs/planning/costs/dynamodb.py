"""What a DynamoDB table costs."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import dynamodb as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import number


def on_demand(write_units: float, read_units: float = 0.0) -> Iterator[Charge]:
    """The charges for requests on demand.

    Args:
        write_units: Write request units of the month.
        read_units: Read request units of the month.
    """
    if write_units:
        yield Charge("writes", prices.WRITE_UNITS, write_units, "usage", f"{number(write_units)} units")
    if read_units:
        yield Charge("reads", prices.READ_UNITS, read_units, "usage", f"{number(read_units)} units")


def provisioned(write_units: float, read_units: float, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges for capacity that is provisioned.

    Args:
        write_units: Write capacity units; their average, where they scale.
        read_units: Read capacity units.
        hours: The hours of the month.
    """
    for what, price, units in (
        ("write capacity", prices.WRITE_CAPACITY, write_units),
        ("read capacity", prices.READ_CAPACITY, read_units),
    ):
        yield Charge(what, price, units * hours, "fixed", f"{number(units)} units × {number(hours)} h")


def stored(gb: float, *, is_restorable: bool = False) -> Iterator[Charge]:
    """The charges for items that are kept.

    Args:
        gb: What they take.
        is_restorable: Whether the table can be restored to any point in time.
    """
    yield Charge("storage", prices.STORAGE, gb, "usage", f"{number(gb)} GB")
    if is_restorable:
        yield Charge("point-in-time recovery", prices.POINT_IN_TIME, gb, "usage", f"{number(gb)} GB")


def stream_reads(requests: float) -> Charge:
    """The charge for reads of a table's stream; those of Lambda cost nothing.

    Args:
        requests: How many in the month.
    """
    return Charge("reads of its stream", prices.STREAM_READS, requests, "usage", f"{number(requests)} requests")
