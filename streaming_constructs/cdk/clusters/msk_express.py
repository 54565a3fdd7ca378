"""A cluster of Express brokers is a `KafkaCluster` like one of Standard brokers."""

from __future__ import annotations

from streaming_constructs.cdk.clusters.msk import KafkaCluster, build_node

__all__ = ["KafkaCluster", "build_node"]
