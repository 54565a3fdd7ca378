"""What a Lambda consumer costs in a month. What its stream charges for its reads is told with the stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import lambda_function
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of
from streaming_constructs.planning.costs.function_costs import function_costs
from streaming_constructs.planning.numbers import counted

if TYPE_CHECKING:
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan


def consumer_costs(consumer: ConsumerPlan) -> Iterator[Charge]:
    """The charges of a consumer.

    Args:
        consumer: The consumer with its numbers.
    """
    spec, source = consumer.spec, consumer.source
    flow = flow_of(source.workload) if source is not None else None
    if consumer.pollers is not None:
        mb = flow.records * flow.kib * 1024 / 1e6 if flow is not None else 0.0
        yield lambda_function.poller_units(consumer.pollers.minimum, mb)
    if source is None or flow is None:
        yield unknown("invocations", NO_WORKLOAD)
        return
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import queue_consumer_costs

        yield from queue_consumer_costs(consumer, flow)
        return
    # On demand the number of shards is AWS's; batches are full or polled once a second of at least one.
    partitions = source.partitions or 1
    invocations = lambda_function.batches(flow, spec.batch_size, spec.batch_window_seconds, partitions)
    window = f"{spec.batch_window_seconds:,} s of {counted(partitions, 'partition')}"
    batch = f"batches of up to {spec.batch_size:,} records or {window}"
    filtered = ", as if its filters let everything through" if spec.filter or spec.filters else ""
    yield from function_costs(spec, invocations, f"{batch}{filtered}")
