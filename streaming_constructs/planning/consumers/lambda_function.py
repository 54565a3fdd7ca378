"""How many executions of a function a stream can keep busy at once."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.planning.streams.kinesis import StreamPlan
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec


@dataclass(frozen=True, slots=True)
class ConsumerPlan:
    """A consumer with its numbers.

    Attributes:
        name: The consumer's name.
        spec: What was asked for.
        stream: The stream it reads, with its numbers; None when only the stream itself is known.
        concurrency: Batches in flight at once; None where the number of shards is unknown.
        working: How the number came about.
    """

    name: str
    spec: LambdaConsumerSpec
    stream: StreamPlan | None
    concurrency: int | None
    working: tuple[str, ...]


def plan_consumer(name: str, spec: LambdaConsumerSpec, stream: StreamPlan | None = None) -> ConsumerPlan:
    """Gives a consumer its numbers.

    Args:
        name: The consumer's name.
        spec: What was asked for.
        stream: The stream it reads, if its numbers are known.
    """
    factor = spec.parallelization_factor
    if stream is None or stream.shards is None:
        working = f"{factor} batches at once from each shard; the number of shards is unknown"
        return ConsumerPlan(name, spec, stream, None, (working,))
    concurrency = stream.shards * factor
    working = f"{stream.shards:,} shards × parallelization factor {factor} = {concurrency:,} batches at once"
    return ConsumerPlan(name, spec, stream, concurrency, (working,))
