"""An SNS topic of a system: it has no numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.spec.kept import Kept, State
from streaming_constructs.spec.sns_topics.sns import SnsTopicSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding


@dataclass(frozen=True, slots=True)
class SnsTopicPlan:
    """A topic.

    Attributes:
        name: The topic's name.
        spec: What was asked for.
        working: Nothing: nothing of it is computed.
    """

    name: str
    spec: SnsTopicSpec
    working: tuple[str, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        # SNS retries what it cannot deliver, and who publishes to it is told of a refusal.
        yield from ()

    def findings(self) -> Iterator[Finding]:
        yield from ()

    def state(self) -> State | None:
        topic = Kept(
            "the topic",
            self.spec.topic_arn or "one that is created",
            ("topic_arn",),
            "EVO973",
            note="who subscribed to this one is not told by the other",
            help="put it back, and add the other topic as a node of its own",
        )
        if self.spec.topic_arn is not None:
            return State("nothing of the topic itself changes", "nothing of the topic itself changes", (topic,))
        return State(
            "the topic stays in the account with its subscribers, outside of the stack; a node of its name makes another one",
            "the topic is deleted with its subscribers",
            (topic,),
        )

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.sns_topics.sns_costs import topic_costs

        yield from topic_costs()

    def graphs(self) -> tuple[Graph, ...]:
        return ()

    def heading(self) -> str:
        return ""

    def summary(self) -> Summary:
        people = [subscriber.email for subscriber in self.spec.subscribers]
        return Summary(
            noun="topic",
            title=f"tells {', '.join(people) or 'nobody that the spec names'}",
            values={"kind": self.spec.kind, "subscribers": people},
        )


def plan_node(name: str, spec: SnsTopicSpec, neighbours: Neighbours) -> SnsTopicPlan:
    """A topic of a system.

    Args:
        name: The topic's name.
        spec: What was asked for.
        neighbours: Nothing that changes it.
    """
    del neighbours
    return SnsTopicPlan(name, spec)
