"""What a DynamoDB table of a system costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs import dynamodb, kms
from streaming_constructs.planning.costs.charge import Charge, seconds, unknown
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.dynamodb import TablePlan


def table_costs(table: TablePlan) -> Iterator[Charge]:
    """The charges of a table that is created; the requests of one that exists are charged too.

    Args:
        table: The table with its numbers.
    """
    spec, written = table.spec, table.written
    if spec.is_provisioned:
        if spec.arn is None:
            yield from _capacity(table)
    elif written is not None:
        for charge in dynamodb.on_demand(float(written.average) * seconds()):
            how = "" if written.is_told else ", if each record that is read becomes an item"
            yield replace(charge, working=f"{number(written.average)} write units/s on average{how}")
    else:
        yield unknown("writes", "how much is written is not known: give `workload`")
    if not spec.is_provisioned:
        yield unknown("reads", "how much is read is not known")
    if spec.arn is None:
        yield unknown("storage", "how much it holds is not known")
        yield from kms.created_key(spec.encryption)


def _capacity(table: TablePlan) -> Iterator[Charge]:
    for what, capacity in (("write capacity", table.write_capacity), ("read capacity", table.read_capacity)):
        if capacity is None:
            yield unknown(what, "it is not known")
            continue
        least = float(capacity.minimum)
        units = (least, 0.0) if what == "write capacity" else (0.0, least)
        charge = next(one for one in dynamodb.provisioned(*units, hours=HOURS_A_MONTH) if one.what == what)
        more = f", at least; it scales to {capacity.maximum:,}" if capacity.maximum > capacity.minimum else ""
        yield replace(charge, working=f"{charge.working}{more}")
