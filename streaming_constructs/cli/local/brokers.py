"""Brokers of Kafka for a rehearsal, started while its system is still synthesized."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
        What waits for the choice, and gives it. It raises `SpecError` if a broker was asked for, and something is missing.
    """
    from streaming_constructs.local.kafka.topic_keeper import topic_keeper

    if not plan.sections["clusters"]:
        yield lambda: topic_keeper(wanted)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="brokers") as executor:
        keeper = executor.submit(_start, plan, wanted)
        try:
            yield keeper.result
        finally:
            if keeper.exception() is None:
                keeper.result().close()


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


def _start(plan: PipelinePlan, wanted: Wanted) -> TopicKeeper:
    from streaming_constructs.local.kafka.planned_topic import planned_clusters
    from streaming_constructs.local.kafka.topic_keeper import topic_keeper

    keeper = topic_keeper(wanted)
    for settings in planned_clusters(plan):
        keeper.start_early(settings)
    return keeper
