"""What writing to a DynamoDB table costs in a month by the list, and whether the other billing would be far cheaper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import dynamodb
from streaming_constructs.facts.prices import dynamodb as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.numbers import exact
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.dynamodb import TablePlan, Written

WORTH_A_WORD_USD, TIMES = 500, 2
"""What has to be saved in a month, and how many times the cheaper billing the other one costs, before it is told."""


def on_demand_usd(written: Written) -> float:
    """What the writes of a month cost on demand, in us-east-1, in USD.

    Args:
        written: What is written.
    """
    return prices.WRITE_UNITS.usd(float(written.average) * HOURS_A_MONTH * 3600)


def provisioned_usd(written: Written) -> float:
    """What a capacity for the peak costs in a month, of which it uses what is usual, in us-east-1, in USD.

    Args:
        written: What is written.
    """
    units = float(written.peak * 100 / exact(dynamodb.SCALING_DEFAULT_PERCENT.value))
    return prices.WRITE_CAPACITY.usd(units * HOURS_A_MONTH)


def cost_findings(table: TablePlan) -> Iterator[Finding]:
    """Says that a table on demand costs far more than a provisioned one would; the path is relative to it.

    Args:
        table: The table with its numbers.
    """
    written = table.written
    if written is None or not written.is_told or table.spec.is_provisioned or table.spec.arn is not None:
        return
    on_demand, provisioned = on_demand_usd(written), provisioned_usd(written)
    if on_demand - provisioned < WORTH_A_WORD_USD or on_demand < TIMES * provisioned:
        return
    yield Finding(
        "DDB852",
        "a steady load costs far more on demand than with provisioned capacity",
        ("workload",),
        note=f"its writes are about USD {on_demand:,.0f} a month on demand by the list of us-east-1, and about USD "
        f"{provisioned:,.0f} with a capacity for the peak",
        help="set `billing: provisioned` with `read_capacity`, if the load is as steady as it says; or acknowledge it",
    )
