"""A node of no kind: a plan that says what a test wants it to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from streaming_constructs.cdk.node import Output
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.planning.node import Summary
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.node import NodeSpec

CPU_USER = Metric("AWS/Kafka", "CpuUser", ("Cluster Name", "Broker ID"), "Percent", "Average", "https://x")
CPU_SYSTEM = Metric("AWS/Kafka", "CpuSystem", ("Cluster Name", "Broker ID"), "Percent", "Average", "https://x")
CONTROLLERS = Metric("AWS/Kafka", "ActiveControllerCount", ("Cluster Name",), "Count", "Average", "https://x")
LATENCY = Metric("AWS/Kafka", "ProduceTotalTimeMs", ("Cluster Name",), "Milliseconds", "Average", "https://x")


def alarm(kind: str, metric: Metric, threshold: float = 5, minutes: int = 5, **more: object) -> AlarmPlan:
    fields = {"title": "It is late", "action": "add brokers", "working": "as told", **more}
    return AlarmPlan("main", kind, metric, threshold, minutes, **fields)  # type: ignore[arg-type]


@dataclass(frozen=True)
class StubPlan:
    """Attributes: what its methods give back."""

    the_alarms: tuple[AlarmPlan, ...] = ()
    the_graphs: tuple[Graph, ...] = ()
    name: str = "main"
    spec: NodeSpec = field(default_factory=NodeSpec)
    working: tuple[str, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        yield from self.the_alarms

    def findings(self) -> Iterator[Finding]:
        yield from ()

    def graphs(self) -> tuple[Graph, ...]:
        return self.the_graphs

    def state(self) -> None:
        return None

    def heading(self) -> str:
        return "three brokers"

    def summary(self) -> Summary:
        return Summary("cluster", "three brokers")


@dataclass(frozen=True)
class StubNode:
    """Attributes: the plan, and the dimensions that its metrics are published under."""

    plan: StubPlan
    dimensions: Mapping[str, str] = field(default_factory=lambda: {"Cluster Name": "main"})

    def outputs(self) -> Iterator[Output]:
        yield from ()
