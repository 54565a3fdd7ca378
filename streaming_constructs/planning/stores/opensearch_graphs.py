"""The dashboard graphs of an OpenSearch Service domain."""

from __future__ import annotations

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph


def domain_graphs() -> tuple[Graph, ...]:
    """Storage, processors and heap, and the status of the cluster."""
    return (
        Graph("Free storage on the fullest node, in MiB", (metrics.DOMAIN_FREE_STORAGE,)),
        Graph("Processors and heap, in percent", (metrics.DOMAIN_CPU, metrics.DOMAIN_HEAP)),
        Graph("Cluster status", (metrics.DOMAIN_RED, metrics.DOMAIN_YELLOW, metrics.DOMAIN_WRITES_BLOCKED)),
    )
