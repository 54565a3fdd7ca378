"""What a connector of MSK Connect costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import msk
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted

if TYPE_CHECKING:
    from streaming_constructs.planning.connectors.connector import ConnectorPlan


def connector_costs(connector: ConnectorPlan) -> Iterator[Charge]:
    """The charges of a connector; of one that scales, those of its least workers.

    Args:
        connector: The connector with its numbers.
    """
    capacity = connector.spec.capacity
    for charge in msk.connect(capacity.least, capacity.mcu):
        more = f", at least; it scales to {counted(capacity.most, 'worker')}" if capacity.scales else ""
        yield replace(charge, working=f"{charge.working}{more}")
