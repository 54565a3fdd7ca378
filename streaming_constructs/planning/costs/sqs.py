"""What Amazon SQS costs."""

from __future__ import annotations

from streaming_constructs.facts.prices import sqs as prices
from streaming_constructs.planning.costs.charge import Charge, rounded_up
from streaming_constructs.planning.numbers import counted, number


def messages(count: float, kib: float = 1.0, *, is_fifo: bool = False) -> Charge:
    """The charge for messages through a queue, one by one: each is sent, received and deleted.

    Each 64 KiB of what is sent and received is a request; a deletion has no payload, and is one.
    Source: https://aws.amazon.com/sqs/pricing/

    Args:
        count: How many in the month.
        kib: The size of one.
        is_fifo: Whether the queue keeps the order.
    """
    step = prices.REQUEST_KIB.value
    chunks = rounded_up(kib, step) / step
    each = 2 * chunks + 1
    working = (
        f"{number(count)} messages of {number(kib)} KiB, each sent and received as {counted(int(chunks), 'request')} of "
        f"{number(step)} KiB and deleted by one"
    )
    return Charge("requests to SQS", prices.FIFO if is_fifo else prices.STANDARD, count * each, "usage", working)
