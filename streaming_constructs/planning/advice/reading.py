"""How readers of a Kinesis stream read it: sharing what a shard gives, or each with enhanced fan-out, which costs more."""

from __future__ import annotations

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.advice.answers import Answers


def fans_out(answers: Answers, *, on_demand: bool) -> bool:
    """Whether readers need enhanced fan-out: they are too many to share, or would have records too late.

    A shard answers 5 calls a second, one of each reader; a stream on demand gives twice what is written; and each reader that
    shares adds as much to the delay as the first one has.
    Source: https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html

    Args:
        answers: The answers.
        on_demand: Whether the stream is on demand.
    """
    readers = answers.all_readers
    most = kinesis.ON_DEMAND_SHARED_READERS if on_demand else kinesis.SHARD_GET_RECORDS_PER_SECOND
    delay = kinesis.SHARED_DELAY_MILLISECONDS.value * readers
    return readers > most.value or (answers.latency_ms is not None and answers.latency_ms < delay)


def fan_out_readers(answers: Answers, *, on_demand: bool) -> int:
    """How many readers have enhanced fan-out; deliveries cannot, and share.

    Args:
        answers: The answers.
        on_demand: Whether the stream is on demand.
    """
    return answers.applications if fans_out(answers, on_demand=on_demand) else 0


def shared_readers(answers: Answers, *, on_demand: bool) -> int:
    """How many readers share.

    Args:
        answers: The answers.
        on_demand: Whether the stream is on demand.
    """
    return answers.all_readers - fan_out_readers(answers, on_demand=on_demand)
