"""What a domain costs in a month by the list, and whether that is because of what is kept for long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts.prices import opensearch as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.opensearch import DomainPlan

MUCH_USD_A_MONTH = 10_000
"""Above this somebody should have meant it."""
DEFAULT_RETENTION_DAYS = int(OpenSearchDomainSpec.model_fields["retention_days"].default)


def month_usd(plan: DomainPlan) -> float:
    """What the nodes and volumes of a domain cost in a month, on demand in us-east-1, in USD.

    Args:
        plan: The domain.
    """
    nodes = prices.NODE_HOUR[plan.instance_type].usd(plan.instances * HOURS_A_MONTH)
    if plan.master_type is not None:
        nodes += prices.NODE_HOUR[plan.master_type].usd(plan.masters * HOURS_A_MONTH)
    return nodes + prices.GP3.usd(plan.instances * plan.volume_gb)


def cost_findings(plan: DomainPlan) -> Iterator[Finding]:
    """Says that a domain costs much because of its retention; the path is relative to it.

    Args:
        plan: The domain.
    """
    from streaming_constructs.planning.stores.opensearch import plan_domain

    usd = month_usd(plan)
    days = plan.spec.retention_days
    if usd <= MUCH_USD_A_MONTH or days <= DEFAULT_RETENTION_DAYS:
        return
    shorter = plan.spec.model_copy(update={"retention_days": DEFAULT_RETENTION_DAYS})
    other = plan_domain(plan.name, shorter, plan.removal_policy, plan.deliveries)
    less = month_usd(other)
    if less > usd / 2:
        return
    yield Finding(
        "OSD810",
        "what is kept for long costs much",
        ("retention_days",),
        note=f"{days:,} days take {plan.instances:,} x {plan.instance_type} with {plan.instances * plan.volume_gb:,} GiB, "
        f"about USD {usd:,.0f} a month by the list of us-east-1; {DEFAULT_RETENTION_DAYS} days would be about USD {less:,.0f}",
        help=f"keep in the index what people search, such as `retention_days: {DEFAULT_RETENTION_DAYS}`, and the rest in an "
        "archive beside it: `deliveries: {archive: {from: …, to: {kind: s3, format: parquet}}}`",
        edits=(Edit(("retention_days",), DEFAULT_RETENTION_DAYS),),
    )
