"""Connectors that are a sink: sources and sinks are planned alike."""

from streaming_constructs.planning.connectors.connector import ConnectorPlan, plan_node

__all__ = ["ConnectorPlan", "plan_node"]
