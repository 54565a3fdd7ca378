"""What functions of AWS Lambda cost, and the pollers of Kafka. Polling a stream of Kinesis costs nothing.

Source: https://aws.amazon.com/lambda/pricing/
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from streaming_constructs.facts import event_source
from streaming_constructs.facts.prices import lambda_function as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge, seconds
from streaming_constructs.planning.costs.kinesis import Flow
from streaming_constructs.planning.numbers import counted, number

Architecture = Literal["arm64", "x86_64"]


def invoked(
    invocations: float, memory_mb: int, architecture: Architecture, duration_seconds: float
) -> Iterator[Charge]:
    """The charges of a function that runs for a time that is known.

    Args:
        invocations: How often it is invoked in the month.
        memory_mb: Its memory.
        architecture: Its processor.
        duration_seconds: How long one invocation takes.
    """
    yield requests(invocations, f"{number(invocations)} invocations")
    price = prices.DURATION_ARM64 if architecture == "arm64" else prices.DURATION_X86
    working = f"{number(invocations)} invocations × {number(duration_seconds)} s × {memory_mb:,} MB"
    yield Charge("duration", price, invocations * duration_seconds * memory_mb / 1024, "usage", working)


def requests(invocations: float, working: str) -> Charge:
    """The charge for invocations.

    Args:
        invocations: How many.
        working: How their number came about.
    """
    return Charge("invocations", prices.REQUESTS, invocations, "usage", working)


def batches(
    flow: Flow, batch_size: int, window_seconds: float, partitions: int, *, hours: float = HOURS_A_MONTH
) -> float:
    """How often a function is invoked that reads a stream.

    As often as batches are full, by records or by bytes; or as each partition's window ends, or it is polled, once a second;
    and never oftener than there are records.

    Args:
        flow: What it reads.
        batch_size: The most records of a batch.
        window_seconds: How long a batch is gathered.
        partitions: The shards or partitions.
        hours: The hours of the month.
    """
    records = flow.records * seconds(hours)
    full = records / max(1.0, min(batch_size, event_source.PAYLOAD_MIB.value * 1024 / flow.kib))
    polled = partitions * seconds(hours) / max(1.0, window_seconds)
    return min(records, max(full, polled))


def poller_units(pollers: int, mb_per_second: float = 0.0, *, hours: float = HOURS_A_MONTH) -> Charge:
    """The charge for provisioned pollers of Kafka: of a mapping, or of several that share a group.

    Args:
        pollers: The pollers that are always there.
        mb_per_second: What they carry.
        hours: The hours of the month.
    """
    each = prices.UNIT_POLLERS.value
    units = max(1, math.ceil(pollers / each), math.ceil(mb_per_second / prices.UNIT_MB_PER_SECOND.value))
    working = f"{counted(pollers, 'poller')}, {number(each)} to a unit: {units} × {number(hours)} h"
    return Charge("pollers", prices.POLLER_UNIT, units * hours, "fixed", working)


def provisioned_concurrency(executions: int, memory_mb: float, *, hours: float = HOURS_A_MONTH) -> Charge:
    """The charge for concurrency of x86 that is kept ready.

    Args:
        executions: How many executions.
        memory_mb: The memory of the function.
        hours: The hours of the month.
    """
    working = f"{counted(executions, 'execution')} × {number(memory_mb)} MB × {number(hours)} h"
    quantity = executions * memory_mb / 1024 * seconds(hours)
    return Charge("provisioned concurrency", prices.PROVISIONED_X86, quantity, "fixed", working)
