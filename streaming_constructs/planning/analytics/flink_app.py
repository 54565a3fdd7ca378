"""An application of Flink with code of one's own: what it is told, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.planning.analytics.flink_application import (
    Bound,
    FlinkApplicationPlan,
    reading_group,
    watched_topics,
)
from streaming_constructs.planning.analytics.flink_capacity import plan_capacity
from streaming_constructs.planning.analytics.property_groups import Groups, property_groups
from streaming_constructs.planning.analytics.shard_readers import shard_readers
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec, code_findings

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Finding


@dataclass(frozen=True, slots=True)
class FlinkAppPlan(FlinkApplicationPlan):
    """An application of code with its numbers.

    Attributes:
        spec: What was asked for.
        directory: The folder that the path of its code is relative to; None where it stands alone.
        groups: The groups of properties that it is told, by name, beside the one of the deployment.
    """

    spec: FlinkAppSpec
    directory: Path | None = None
    groups: Groups = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.analytics.property_findings import group_findings

        if self.directory is not None:
            for finding in code_findings(self.spec, self.directory):
                yield finding.below("analytics", self.name)
        for finding in group_findings(self.spec, self.groups):
            yield finding.below("analytics", self.name)
        # Python's own super() does not know a class with slots.
        yield from FlinkApplicationPlan.findings(self)


def plan_node(name: str, spec: FlinkAppSpec, neighbours: Neighbours) -> FlinkAppPlan:
    """Gives an application of code its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: What it reads, and the system that it stands in.
    """
    system = neighbours.system
    groups = property_groups(spec, system)
    as_told = [one for one in spec.from_ if isinstance(groups.get(one, {}).get("group.id"), Bound)]
    return FlinkAppPlan(
        name=name,
        spec=spec,
        capacity=plan_capacity(spec, neighbours.sources, is_event_time=False),
        sources=neighbours.sources,
        group=reading_group(system.name if system is not None else "", name),
        max_lag_seconds=neighbours.max_lag_seconds,
        topics=watched_topics(as_told, system),
        shard_readers=shard_readers(name, spec.from_, system),
        directory=system.directory if system is not None else None,
        groups=groups,
    )
