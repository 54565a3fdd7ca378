"""Brokers of Kafka for a rehearsal, started while its system is still synthesized."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.topic_keeper import TopicKeeper, Wanted
    from streaming_constructs.planning import PipelinePlan


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


def _start(plan: PipelinePlan, wanted: Wanted) -> TopicKeeper:
    from streaming_constructs.local.kafka.planned_topic import planned_clusters
    from streaming_constructs.local.kafka.topic_keeper import BrokerKeeper, topic_keeper

    keeper = topic_keeper(wanted)
    if isinstance(keeper, BrokerKeeper):
        for settings in planned_clusters(plan):
            keeper.start_early(settings)
    return keeper
