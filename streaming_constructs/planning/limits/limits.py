"""The limits of a system: those of each of its nodes, and those that the nodes of an account share.

The limits of a kind are in the module of its name in this folder. No kind is named here but in the list; a kind without a
module has no limit that is known.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.planning.limits.account import account_limits
from streaming_constructs.planning.limits.limit import Limit
from streaming_constructs.planning.node import kind_of

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan

LimitsOf = Callable[[Any, str | None], Iterator[Limit]]

MODULES = {
    "streams.kinesis": "kinesis",
    "streams.kafka": "kafka",
    "clusters.msk": "brokers",
    "clusters.msk_express": "brokers",
    "clusters.msk_serverless": "msk_serverless",
    "analytics.flink_sql": "flink",
    "analytics.flink_app": "flink",
    "deliveries.firehose": "firehose",
    "stores.dynamodb": "dynamodb",
}
"""The module of each kind, by the kind's own."""


def system_limits(plan: PipelinePlan) -> list[Limit]:
    """The limits of a system at the peak of its load, the nearest first.

    Args:
        plan: The system with its numbers.
    """
    return sorted([*_of_nodes(plan), *account_limits(plan)], key=lambda limit: -limit.share)


def _of_nodes(plan: PipelinePlan) -> Iterator[Limit]:
    for section, nodes in plan.sections.items():
        for node in nodes.values():
            module = MODULES.get(kind_of(section, node.spec).module)
            if module is not None:
                found = importlib.import_module(f"{__package__}.{module}")
                yield from cast("LimitsOf", found.limits)(node, plan.spec.region)
