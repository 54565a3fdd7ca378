"""What a domain of Amazon OpenSearch Service costs."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import opensearch as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted, number


def nodes(what: str, instance_type: str, count: int, *, hours: float = HOURS_A_MONTH) -> Charge:
    """The charge for nodes.

    Args:
        what: What they are, such as `masters`.
        instance_type: Their type.
        count: How many.
        hours: The hours of the month.
    """
    working = f"{count:,} × {instance_type} × {number(hours)} h"
    return Charge(what, prices.NODE_HOUR[instance_type], count * hours, "fixed", working)


def domain(
    instance_type: str,
    count: int,
    volume_gb: float,
    *,
    master_type: str | None = None,
    masters: int = 0,
    hours: float = HOURS_A_MONTH,
) -> Iterator[Charge]:
    """The charges of a domain.

    Args:
        instance_type: The type of its data nodes.
        count: How many of them.
        volume_gb: The volume of each.
        master_type: The type of its dedicated masters. None: it has none.
        masters: How many of them.
        hours: The hours of the month.
    """
    yield nodes("data nodes", instance_type, count, hours=hours)
    if master_type is not None:
        yield nodes("masters", master_type, masters, hours=hours)
    working = f"{counted(count, 'node')} × {number(volume_gb)} GB"
    yield Charge("volumes", prices.GP3, count * volume_gb, "fixed", working)
