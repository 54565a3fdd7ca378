"""What networks cost: NAT gateways, interface endpoints, transfer. Gateway endpoints of S3 and DynamoDB cost nothing.

Sources: https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/privatelink/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import vpc as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted, number


def nat_gateways(count: int, gb: float = 0.0, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges of NAT gateways.

    Args:
        count: How many; a regional one counts once for each zone.
        gb: What goes through them in the month.
        hours: The hours of the month.
    """
    working = f"{counted(count, 'gateway')} × {number(hours)} h"
    yield Charge("NAT gateways", prices.NAT_HOUR, count * hours, "fixed", working)
    if gb:
        yield Charge("through NAT gateways", prices.NAT_DATA, gb, "usage", f"{number(gb)} GB")


def endpoints(count: int, zones: int, gb: float = 0.0, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges of interface endpoints.

    Args:
        count: How many.
        zones: The zones that each is in.
        gb: What goes through them in the month.
        hours: The hours of the month.
    """
    working = f"{counted(count, 'endpoint')} × {counted(zones, 'zone')} × {number(hours)} h"
    yield Charge("VPC endpoints", prices.ENDPOINT_HOUR, count * zones * hours, "fixed", working)
    if gb:
        yield Charge("through VPC endpoints", prices.ENDPOINT_DATA, gb, "usage", f"{number(gb)} GB")


def between_zones(gb: float) -> Charge:
    """The charge for what goes from one zone to another, on both sides.

    Args:
        gb: What goes in the month.
    """
    return Charge("between zones", prices.BETWEEN_ZONES, 2 * gb, "usage", f"{number(gb)} GB, charged on both sides")


def between_regions(gb: float) -> Charge:
    """The charge for what leaves a region for another one.

    Args:
        gb: What goes in the month.
    """
    return Charge("to another region", prices.BETWEEN_REGIONS, gb, "usage", f"{number(gb)} GB")
