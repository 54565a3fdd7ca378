"""Connectors that are a sink: sources and sinks are built alike."""

from streaming_constructs.cdk.connectors.connector import Connector, build_node

__all__ = ["Connector", "build_node"]
