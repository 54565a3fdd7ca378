"""The dashboard graphs of a cluster: a line for each broker, of what its kind publishes at its level of monitoring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics, msk
from streaming_constructs.planning.clusters.broker_alarms import CPU, CPU_SUM
from streaming_constructs.planning.dashboard import Graph, Part

if TYPE_CHECKING:
    from streaming_constructs.facts.metrics import Metric
    from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan


def cluster_graphs(cluster: BrokerClusterPlan) -> tuple[Graph, ...]:
    """The graphs of a cluster: those of its brokers first.

    Args:
        cluster: The cluster with its numbers.
    """
    brokers = tuple(Part(f"broker {number}", {metrics.BROKER: str(number)}) for number in range(1, cluster.brokers + 1))
    return (
        Graph("CPU, user and system, in percent", (metrics.BROKER_CPU_USER,), (), brokers, CPU_SUM, CPU),
        *(Graph(title, shown, (), brokers) for title, shown in _of_brokers(cluster)),
        *(Graph(title, shown) for title, shown in _of_cluster(cluster)),
    )


def _of_brokers(cluster: BrokerClusterPlan) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    """What every broker publishes of itself, beside its processor."""
    express = cluster.spec.express
    if not express:
        yield "Volume in use, in percent", (metrics.BROKER_DISK,)
        yield "Heap in use after it was collected, in percent", (metrics.BROKER_HEAP,)
    yield "Bytes written per second", (metrics.BROKER_BYTES_IN,)
    yield "Bytes read per second", (metrics.BROKER_BYTES_OUT,)
    yield "Partitions with replicas", (metrics.BROKER_PARTITIONS,)
    yield "Connections", (metrics.BROKER_CONNECTIONS,)
    if not express:
        yield "Partitions that lack replicas", (metrics.BROKER_UNDER_REPLICATED, metrics.BROKER_UNDER_MIN_ISR)
        yield "Packets above what the network of a broker takes", (metrics.BROKER_TRAFFIC_SHAPING,)
    if cluster.instance_type == msk.BURSTABLE_BROKER:
        yield "Credits of the processor", (metrics.BROKER_CPU_CREDITS,)
    if cluster.spec.enhanced_monitoring != "default":
        yield from _of_brokers_paid(cluster)


def _of_brokers_paid(cluster: BrokerClusterPlan) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    """What they publish from the level `per_broker` on."""
    yield "Idle request handlers, of 1", (metrics.BROKER_REQUEST_IDLE,)
    yield "Idle network processors, of 1", (metrics.BROKER_NETWORK_IDLE,)
    if "iam" in cluster.spec.auth:
        yield "New connections above what IAM takes", (metrics.BROKER_IAM_REFUSED,)
    if cluster.spec.express:
        yield "Throttling, in ms", (metrics.BROKER_PRODUCE_THROTTLE, metrics.BROKER_FETCH_THROTTLE)
    elif getattr(cluster.spec, "is_tiered", False):
        yield "Bytes that are not yet in tiered storage", (metrics.BROKER_TIER_LAG,)


def _of_cluster(cluster: BrokerClusterPlan) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    """What a cluster publishes as a whole."""
    if cluster.spec.express:
        yield "Bytes stored, without replicas", (metrics.STORAGE_USED,)
    else:
        yield "Partitions without a leader", (metrics.OFFLINE_PARTITIONS,)
    yield "Partitions without replicas", (metrics.GLOBAL_PARTITIONS,)
