"""An application of Flink with code of one's own: what it is told, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.planning.analytics.flink_application import Capacity, FlinkApplicationPlan
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec


@dataclass(frozen=True, slots=True)
class FlinkAppPlan(FlinkApplicationPlan):
    """An application of code with its numbers.

    Attributes:
        spec: What was asked for.
    """

    spec: FlinkAppSpec


def plan_node(name: str, spec: FlinkAppSpec, neighbours: Neighbours) -> FlinkAppPlan:
    """Gives an application of code its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: What it reads.
    """
    return FlinkAppPlan(name=name, spec=spec, capacity=Capacity(1, 1, ()))
