"""What an SQS queue of a system costs in a month. What it gives up is sent to its dead-letter queue at no charge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.facts import sqs as facts
from streaming_constructs.planning.costs import kms, sqs
from streaming_constructs.planning.costs.charge import Charge, seconds, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.planning.queues.sqs import QueuePlan


def queue_costs(queue: QueuePlan) -> Iterator[Charge]:
    """The charges of a queue; the requests of one that exists are charged too.

    Args:
        queue: The queue with its numbers.
    """
    spec, flow = queue.spec, flow_of(queue.workload)
    if flow is None:
        yield unknown("requests to SQS", NO_WORKLOAD)
    else:
        charge = sqs.messages(flow.records * seconds(), flow.kib, is_fifo=spec.is_fifo)
        batch = number(facts.MESSAGES_OF_A_REQUEST.value)
        yield replace(charge, working=f"{charge.working}; with {batch} in a request a tenth")
    if spec.arn is None:
        yield from kms.created_key(spec.encryption)
