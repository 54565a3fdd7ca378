"""Whether a system is ready for production: the checklist of each of its nodes, answered.

A checklist is the module of its kind in this folder. No kind is named here; a kind without a checklist is in no list.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.planning.node import kind_of
from streaming_constructs.planning.readiness.item import Answer, Asked, Item

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan
    from streaming_constructs.spec.finding import SpecPath

CHECKLISTS = {
    "streams.kinesis": "kinesis",
    "queues.sqs": "sqs",
    "clusters.msk": "msk",
    "clusters.msk_express": "msk",
    "clusters.msk_serverless": "msk_serverless",
    "consumers.lambda_function": "lambda_function",
    "deliveries.firehose": "firehose",
    "analytics.flink_sql": "flink",
    "analytics.flink_app": "flink",
}
"""The checklist of each kind, by the kind's module: topics are asked with their cluster, writers with what they write to."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An item, and how a node answers it.

    Attributes:
        section: The section that the node stands in.
        name: The node.
        item: The item.
        answer: How it stands.
    """

    section: str
    name: str
    item: Item
    answer: Answer

    @property
    def path(self) -> SpecPath:
        """Where in the spec it is answered."""
        return (self.section, self.name, *self.answer.field)


def readiness(plan: PipelinePlan) -> Iterator[Answered]:
    """Answers the checklists of all nodes, in their order.

    Args:
        plan: The system.
    """
    for section, nodes in plan.sections.items():
        for name, node in nodes.items():
            checklist = CHECKLISTS.get(kind_of(section, node.spec).module)
            if checklist is None:
                continue
            asked = Asked(plan, section, name, node)
            for item in checklist_of(checklist):
                yield Answered(section, name, item, item.judge(asked))


def checklist_of(name: str) -> tuple[Item, ...]:
    """The items of a checklist; loads it.

    Args:
        name: Its module here, such as `kinesis`.
    """
    module = importlib.import_module(f"{__package__}.{name}")
    items: tuple[Item, ...] = module.CHECKLIST
    return items
