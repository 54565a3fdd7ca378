"""An application of Flink that is SQL: its statements, what of Flink is set for them, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streaming_constructs.planning.analytics.flink_application import Capacity, FlinkApplicationPlan
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec


@dataclass(frozen=True, slots=True)
class FlinkSqlPlan(FlinkApplicationPlan):
    """An application of SQL with its numbers.

    Attributes:
        spec: What was asked for.
        statements: All that it runs: tables and views that the library writes, then the statements of the spec. Variables
            stand in them as `${CLICKS_STREAM_ARN}`.
        config: What of Flink is set before they run.
        connectors: The connectors that jars have to have, by the names that tables call them: `kinesis`, `kafka`,
            `upsert-kafka`, `firehose`, `dynamodb`; none of those that Flink has itself.
    """

    spec: FlinkSqlSpec
    statements: tuple[str, ...] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    connectors: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """What the jar has as `statements.json`."""
        return {"config": dict(self.config), "statements": list(self.statements)}


def plan_node(name: str, spec: FlinkSqlSpec, neighbours: Neighbours) -> FlinkSqlPlan:
    """Gives an application of SQL its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: What it reads.
    """
    return FlinkSqlPlan(name=name, spec=spec, capacity=Capacity(1, 1, ()))
