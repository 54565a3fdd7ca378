"""What a cluster of Express brokers costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.planning.clusters.cluster_costs import kept_gib, not_known, written_gib
from streaming_constructs.planning.costs import msk
from streaming_constructs.planning.costs.charge import Charge

if TYPE_CHECKING:
    from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan


def express_costs(cluster: BrokerClusterPlan) -> Iterator[Charge]:
    """The charges of a cluster that is created.

    Args:
        cluster: The cluster with its numbers.
    """
    topics = cluster.topics
    yield from msk.express(cluster.instance_type, cluster.brokers, written_gib(topics), kept_gib(topics))
    yield from not_known(topics, storage=True)
