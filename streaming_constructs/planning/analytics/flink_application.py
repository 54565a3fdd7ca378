"""An application of Flink with its numbers: parallelism, KPUs, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec


class Bound(NamedTuple):
    """What a variable of the SQL, or a property of an application, is bound to when it is built.

    Attributes:
        node: The node that it is of; empty of the region.
        ending: How the variable of the node ends, such as `STREAM_ARN`; of the region `AWS_REGION`.
    """

    node: str
    ending: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much of Flink an application has.

    Attributes:
        parallelism: How many subtasks each operator has.
        parallelism_per_kpu: How many of them share a KPU.
        working: How that came about, line by line.
    """

    parallelism: int
    parallelism_per_kpu: int
    working: tuple[str, ...]

    @property
    def kpus(self) -> int:
        """The KPUs that the job runs on; one more is charged for its orchestration."""
        return -(-self.parallelism // self.parallelism_per_kpu)


@dataclass(frozen=True, slots=True)
class FlinkApplicationPlan:
    """An application with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        capacity: Its parallelism and KPUs.
        bindings: What `${variables}` of SQL are bound to by what is built, by name, such as `CLICKS_STREAM_ARN`; of a
            `flink_app` the properties of its groups.
        variables: The same for those whose value the spec says.
    """

    name: str
    spec: FlinkApplicationSpec
    capacity: Capacity
    bindings: Mapping[str, Bound] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
