"""What MSK Serverless costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.planning.clusters.cluster_costs import (
    endpoint_costs,
    kept_gib,
    not_known,
    read_gib,
    written_gib,
)
from streaming_constructs.planning.costs import msk
from streaming_constructs.planning.costs.charge import Charge, unknown

if TYPE_CHECKING:
    from streaming_constructs.planning.clusters.msk_serverless import ServerlessClusterPlan


def serverless_costs(cluster: ServerlessClusterPlan) -> Iterator[Charge]:
    """The charges of a cluster; nothing of one that exists.

    Args:
        cluster: The cluster with its numbers.
    """
    if cluster.spec.arn is not None:
        return
    topics = cluster.topics
    partitions = sum(topic.partitions or 0 for topic in topics)
    yield from msk.serverless(partitions, written_gib(topics), read_gib(topics), kept_gib(topics))
    if any(topic.partitions is None for topic in topics):
        yield unknown("partitions", "those of a topic that exists are not known")
    yield from not_known(topics, storage=True)
    if cluster.spec.vpc is None:
        yield from endpoint_costs(cluster.needs)
