"""Brokers of Kafka for a rehearsal, started while its system is still synthesized."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.topic_keeper import TopicKeeper, Wanted
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.spec.document import Document


@contextmanager
def topics_kept(plan: PipelinePlan, wanted: Wanted) -> Iterator[Callable[[], TopicKeeper]]:
    """Chooses who keeps the topics of a system, and starts what that takes, in the background; ends it at the end of a `with`.

    Args:
        plan: The system.
        wanted: What was asked for.

    Yields:
        What gives the choice; of a system without clusters it is made when it is asked for.

    Raises:
        SpecError: If a broker was asked for, and something that it takes is missing: before anything else is done.
    """
    from streaming_constructs.local.kafka.planned_topic import planned_clusters
    from streaming_constructs.local.kafka.topic_keeper import topic_keeper

    if not plan.sections["clusters"]:
        yield lambda: topic_keeper(wanted)
        return
    keeper = topic_keeper(wanted)
    try:
        for settings in planned_clusters(plan):
            keeper.start_early(settings)
        yield lambda: keeper
    finally:
        keeper.close()


def unreachable_topics(plan: PipelinePlan, document: Document, why: str) -> list[Finding]:
    """Which functions write to topics that no client can connect to, because this process keeps them.

    Args:
        plan: The system.
        document: The file of its spec.
        why: Why no broker keeps them.
    """
    streams = plan.spec.streams
    return [
        document.locate(
            Finding(
                "LOC996",
                f"`{name}` writes to the topic `{edge.target}`, and is not rehearsed",
                ("consumers", name, *edge.path),
                note=f"no client connects to topics in memory; {why}",
                help="run `streaming-constructs jars`, and give `--broker kafka`",
            )
        )
        for name, consumer in plan.spec.consumers.items()
        for edge in consumer.edges()
        if edge.role == "to" and isinstance(streams.get(edge.target), KafkaTopicSpec)
    ]
