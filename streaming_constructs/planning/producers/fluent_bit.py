"""Fluent Bit on hosts: it is planned as the Kinesis Agent is."""

from streaming_constructs.planning.producers.kinesis_agent import HostProducerPlan, plan_node

__all__ = ["HostProducerPlan", "plan_node"]
