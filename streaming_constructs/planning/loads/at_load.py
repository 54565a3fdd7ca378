"""A system at another load: all that flows through it times a factor, and all that follows from it planned anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streaming_constructs.planning.numbers import exact
from streaming_constructs.planning.pipeline import PipelinePlan, replan

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.system_costs import SystemCosts
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.workload import Workload

SIZES = {
    "shards": "shards",
    "partitions": "partitions",
    "brokers": "brokers",
    "instance_type": "type",
    "instances": "nodes",
    "volume_gb": "GiB a volume",
    "kpus": "KPUs",
    "max_workers": "workers",
    "concurrency": "batches at once",
    "buffer_seconds": "s a buffer",
}
"""The values of a node's summary that say how large it is, and what they are called."""


@dataclass(frozen=True)
class AtLoad:
    """A system at a load.

    Attributes:
        factor: How many times the load of the spec it is.
        plan: The system with its numbers.
        costs: What it costs in a month; None where no prices of its region are known.
    """

    factor: float
    plan: PipelinePlan
    costs: SystemCosts | None

    def sizes(self) -> dict[tuple[str, str], Any]:
        """How large its nodes are: the value of each, by node and what it is."""
        return {
            (name, what): values[field]
            for name, node in self.plan.nodes.items()
            for values in [node.summary().values]
            for field, what in SIZES.items()
            if values.get(field) is not None
        }


def scaled(spec: PipelineSpec, factor: float) -> PipelineSpec:
    """A system with every workload times a factor; what the spec says of sizes stays as it is.

    Args:
        spec: The system.
        factor: The factor.
    """
    changed: dict[str, dict[str, NodeSpec]] = {}
    for section, name, node in spec.nodes():
        workload: Workload | None = getattr(node, "workload", None)
        if workload is not None:
            nodes = changed.setdefault(section, dict(getattr(spec, section)))
            nodes[name] = node.model_copy(update={"workload": times(workload, factor)})
    return spec.model_copy(update=changed)


def at_load(plan: PipelinePlan, factor: float) -> PipelinePlan:
    """A system at another load, with the findings of its nodes.

    Args:
        plan: The system with its numbers.
        factor: How many times its load.
    """
    return replan(scaled(plan.spec, factor))


def has_load(plan: PipelinePlan) -> bool:
    """Whether anything is known of what flows through a system.

    Args:
        plan: The system with its numbers.
    """
    return any(getattr(node, "workload", None) is not None for _, _, node in plan.spec.nodes())


def times(workload: Workload, factor: float) -> Workload:
    """A workload with so many times as many records.

    Args:
        workload: The workload.
        factor: The factor.
    """
    # Exact, so that twice a load that fills a shard needs two shards, and no third.
    records = float(exact(workload.records_per_second) * exact(factor))
    return workload.model_copy(update={"records_per_second": records})
