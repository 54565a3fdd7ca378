"""The limits of a cluster of MSK Serverless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import msk
from streaming_constructs.planning.limits.limit import Limit, limit_of

if TYPE_CHECKING:
    from streaming_constructs.planning.clusters.msk_serverless import ServerlessClusterPlan


def limits(cluster: ServerlessClusterPlan, region: str | None) -> Iterator[Limit]:  # noqa: ARG001 - as all kinds have it
    """The limits of a cluster at the peak.

    Args:
        cluster: The cluster with its numbers.
        region: Its region; None where nothing says it.
    """
    partitions = sum(topic.partitions or 0 for topic in cluster.topics)
    for what, used, quota, unit in (
        ("bytes written", float(cluster.load.written), msk.SERVERLESS_INGRESS_MIB_PER_SECOND, " MiB/s"),
        ("bytes read", float(cluster.load.read), msk.SERVERLESS_EGRESS_MIB_PER_SECOND, " MiB/s"),
        ("partitions", float(partitions), msk.SERVERLESS_PARTITIONS, ""),
    ):
        if used:
            yield limit_of(cluster.name, what, used, quota, unit=unit, code="MSK470")
