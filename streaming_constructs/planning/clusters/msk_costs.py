"""What a cluster of standard brokers costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts.prices.msk import PRIVATE_CONNECTIVITY_DATA
from streaming_constructs.planning.clusters.cluster_costs import endpoint_costs, kept_gib, not_known
from streaming_constructs.planning.costs import kms, msk
from streaming_constructs.planning.costs.charge import Charge, unknown

if TYPE_CHECKING:
    from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
    from streaming_constructs.spec.clusters.msk import MskClusterSpec


def standard_costs(cluster: BrokerClusterPlan, spec: MskClusterSpec) -> Iterator[Charge]:
    """The charges of a cluster that is created.

    Args:
        cluster: The cluster with its numbers.
        spec: What was asked for.
    """
    is_tiered = spec.storage_mode == "tiered"
    yield from msk.standard(
        cluster.instance_type,
        cluster.brokers,
        cluster.volume_gb or 0,
        throughput_mb=float(spec.volume_throughput_mb_per_second or 0),
        tiered_gb=kept_gib(cluster.topics) if is_tiered else 0.0,
    )
    if is_tiered:
        yield from not_known(cluster.topics, storage=True)


def broker_costs(cluster: BrokerClusterPlan) -> Iterator[Charge]:
    """What both kinds of brokers are charged beside themselves.

    Args:
        cluster: The cluster with its numbers.
    """
    if cluster.spec.enhanced_monitoring != "default":
        yield unknown("metrics", f"those of {cluster.spec.enhanced_monitoring} are charged; how many is not known")
    if cluster.has_private_connections:
        yield from msk.private_connectivity(len(cluster.spec.auth))
        each = PRIVATE_CONNECTIVITY_DATA.usd(1)
        yield unknown("private traffic", f"how much goes through it is not known: each GB is {each:g} USD")
    if cluster.spec.vpc is None:
        yield from endpoint_costs(cluster.needs)
    yield from kms.created_key(cluster.spec.encryption)
