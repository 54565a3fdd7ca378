"""Which runtimes of Flink, and which connectors for each, the applications of a system need on this machine."""

from __future__ import annotations

from collections.abc import Iterable

from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.planning.node import NodePlan


def flink_jars_needed(nodes: Iterable[NodePlan]) -> dict[str, frozenset[str]]:
    """The connectors that applications of SQL need, by the runtime of each; none for those that bring jars of their own.

    Args:
        nodes: The nodes of a system with their numbers; those that are no such application are passed over.
    """
    needed: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, FlinkSqlPlan):
            needed.setdefault(node.spec.runtime, set()).update(() if node.spec.connectors else node.connectors)
    return {runtime: frozenset(identifiers) for runtime, identifiers in sorted(needed.items())}
