"""What a replicator costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs import msk
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of, gib_of

if TYPE_CHECKING:
    from streaming_constructs.planning.replicators.msk import ReplicatorPlan


def replicator_costs(replicator: ReplicatorPlan) -> Iterator[Charge]:
    """The charges of a replicator, as if it replicated every topic of its cluster.

    Args:
        replicator: The replicator with its numbers.
    """
    flows = [flow for workload in replicator.workloads if (flow := flow_of(workload)) is not None]
    identical = replicator.spec.topic_names == "identical"
    yield from msk.replicator(gib_of(flows, HOURS_A_MONTH), identical_names=identical)
    if not flows or len(flows) < len(replicator.workloads):
        yield unknown("replicated", f"{NO_WORKLOAD} of each topic")
