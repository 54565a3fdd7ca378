"""The limits of a cluster of brokers, standard or Express: what they write, send and keep, and their partitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import msk
from streaming_constructs.planning.limits.limit import Limit, limit_of
from streaming_constructs.spec.clusters.msk import MskClusterSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan

_Row = tuple[str, float, float, str, str]
"""What is limited, how much of it the topics use, what one broker has, its unit, and AWS's page."""


def limits(cluster: BrokerClusterPlan, region: str | None) -> Iterator[Limit]:  # noqa: ARG001 - as all kinds have it
    """The limits of a cluster at the peak; its size is derived where it is not given.

    Args:
        cluster: The cluster with its numbers.
        region: Its region; None where nothing says it.
    """
    spec = cluster.spec
    rows = _standard(cluster, spec) if isinstance(spec, MskClusterSpec) else _express(cluster)
    grows = any(getattr(spec, field, None) is None for field in ("brokers", "instance_type"))
    for what, used, each, unit, source in rows:
        if used:
            yield Limit(cluster.name, what, used, each * cluster.brokers, unit, source, grows, "MSK471")
    has_zookeeper = isinstance(spec, MskClusterSpec) and not spec.version.is_kraft
    most = msk.BROKERS_ZOOKEEPER if has_zookeeper else msk.BROKERS_KRAFT
    yield limit_of(cluster.name, "brokers", cluster.brokers, most)


def _standard(cluster: BrokerClusterPlan, spec: MskClusterSpec) -> Iterator[_Row]:
    from streaming_constructs.planning.clusters.msk import volume_mib_per_second

    load, broker = cluster.load, msk.STANDARD_BROKERS[cluster.instance_type]
    written = float(volume_mib_per_second(spec, cluster.instance_type))
    yield "bytes written with replicas", float(load.replicated), written, " MiB/s", msk.BASELINES
    yield "bytes sent", float(load.sent), broker.network_mib_per_second, " MiB/s", msk.BASELINES
    yield "partitions with replicas", load.partitions, broker.partitions, "", msk.PARTITIONS
    volume = spec.max_volume_gb or cluster.volume_gb
    if volume is not None:
        yield "kept on volumes", float(load.stored_gib), volume, " GiB", msk.VOLUME_GIB.source


def _express(cluster: BrokerClusterPlan) -> Iterator[_Row]:
    load, broker, page = (
        cluster.load,
        msk.EXPRESS_BROKERS[cluster.instance_type],
        msk.EXPRESS_PARTITION_MIB_PER_SECOND.source,
    )
    yield "bytes written", float(load.written), broker.ingress_most, " MiB/s", page
    yield "bytes read", float(load.read), broker.egress_most, " MiB/s", page
    yield "partitions with replicas", load.partitions, broker.partitions_most, "", page
