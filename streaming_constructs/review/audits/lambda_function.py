"""What is wrong with Lambda functions: concurrency that stops them or slows their streams, and runtimes without patches."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.event_source import MAPPING_DEFAULTS
from streaming_constructs.facts.lambda_function import DEPRECATED_RUNTIMES
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import number
from streaming_constructs.review.events.event_sources import FUNCTION, MAPPING, function_of, stream_of
from streaming_constructs.review.meaning import Meaning


@audits(FUNCTION)
def concurrency(template: Template, function: Resource) -> Iterator[Meaning]:
    """Fewer calls at a time than its streams want, or none."""
    reserved = number(function.at("ReservedConcurrentExecutions"))
    if reserved is None:
        return
    if reserved == 0:
        yield Meaning(
            "AUD210",
            "it is stopped: with a reserved concurrency of 0 every call of it is refused",
            "take the reservation out, or raise it",
        )
        return
    wanted = sum(
        _wanted(template, mapping) for mapping in template.of_type(MAPPING) if _calls(template, mapping, function)
    )
    if reserved < wanted:
        yield Meaning(
            "AUD211",
            f"it gets {reserved:g} calls at a time, and its streams want {wanted:g}, one for each shard and batch: the shards "
            "that are left out fall behind",
            f"reserve {wanted:g} or more, or lower `ParallelizationFactor`",
        )


def _calls(template: Template, mapping: Resource, function: Resource) -> bool:
    return function_of(template, mapping.at("FunctionName")) == function


def _wanted(template: Template, mapping: Resource) -> float:
    """How many calls at a time a mapping makes of a provisioned stream; 0 of what nobody knows."""
    stream = stream_of(template, mapping)
    if (
        stream is None
        or stream.type != "AWS::Kinesis::Stream"
        or stream.at("StreamModeDetails", "StreamMode") == "ON_DEMAND"
    ):
        return 0
    factor = mapping.at("ParallelizationFactor")
    shards = number(stream.at("ShardCount"))
    each = number(MAPPING_DEFAULTS["ParallelizationFactor"] if factor is None else factor)
    return (shards or 0) * (each or 0)


@audits(FUNCTION)
def runtime(template: Template, function: Resource) -> Iterator[Meaning]:
    """A runtime that is no longer patched."""
    if function.at("Runtime") in DEPRECATED_RUNTIMES:
        yield Meaning(
            "AUD212",
            f"{function.at('Runtime')} gets no patches any more, and AWS blocks creating and updating functions with it",
            "move to a runtime that AWS supports",
        )
