"""Connectors that are a source: sources and sinks are built alike."""

from streaming_constructs.cdk.connectors.connector import KafkaConnector, build_node

__all__ = ["KafkaConnector", "build_node"]
