"""What all nodes of an account share in a region: shards, and concurrent executions of functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source
from streaming_constructs.planning.account_concurrency import asked_concurrency
from streaming_constructs.planning.limits.limit import Limit, limit_of
from streaming_constructs.planning.streams.kinesis_quotas import shards_quota

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan


def account_limits(plan: PipelinePlan) -> Iterator[Limit]:
    """The limits of an account, of which the system is taken to be all that is in it.

    Args:
        plan: The system with its numbers.
    """
    shards = sum(getattr(stream, "shards", None) or 0 for stream in plan.streams.values() if stream.spec.arn is None)
    if shards:
        yield limit_of("", "shards", shards, shards_quota(plan.spec.region), code="KIN412")
    busy = asked_concurrency(plan.sections)
    if busy:
        yield limit_of("", "concurrent executions", busy, event_source.ACCOUNT_CONCURRENCY, code="LAM516")
