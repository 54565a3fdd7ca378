"""What Amazon SQS costs."""

from __future__ import annotations

from streaming_constructs.facts.prices import sqs as prices
from streaming_constructs.planning.costs.charge import Charge, rounded_up
from streaming_constructs.planning.numbers import number


def requests(count: float, kib: float = 1.0, *, is_fifo: bool = False) -> Charge:
    """The charge for requests to queues. A message takes three: it is sent, received and deleted, ten at a time at most.

    Args:
        count: How many in the month.
        kib: The size of one.
        is_fifo: Whether the queue keeps the order.
    """
    step = prices.REQUEST_KIB.value
    quantity = count * rounded_up(kib, step) / step
    working = f"{number(count)} requests of {number(kib)} KiB, each rounded up to {number(step)} KiB"
    return Charge("requests to SQS", prices.FIFO if is_fifo else prices.STANDARD, quantity, "usage", working)
