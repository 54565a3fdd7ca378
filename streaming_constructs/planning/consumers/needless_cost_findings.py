"""What of a Lambda consumer costs money for nothing, or does the work of a queue: notes, as it works all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from streaming_constructs.facts import event_source
from streaming_constructs.planning.consumers.lambda_function_findings import LARGEST_LAMBDA_RECORD_KIB
from streaming_constructs.planning.costs import kinesis as costs
from streaming_constructs.planning.costs.flows import flow_of
from streaming_constructs.planning.numbers import duration, number
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.finding import Edit, Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
    from streaming_constructs.planning.streams.kinesis import StreamPlan
    from streaming_constructs.spec.workload import Workload

SHARE_WELL = 2
"""Readers for which a shard has enough without enhanced fan-out: it takes 1 MiB/s, and gives 2 MiB/s to all that share it."""
_USUAL_BATCH = 100


def fan_out_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """Enhanced fan-out that brings nothing: the shards have enough, and the time that it saves is waited for a batch.

    Args:
        consumer: The consumer with its numbers.
    """
    spec = consumer.spec
    poll = 1 / event_source.POLLS_PER_SECOND_PER_SHARD.value
    if not spec.enhanced_fan_out or consumer.kind != "kinesis" or consumer.source is None:
        return
    stream = cast("StreamPlan", consumer.source)
    if len(stream.readers) > SHARE_WELL or any(reader.is_flink for reader in stream.readers):
        return
    if spec.batch_window_seconds < poll:
        return  # records come within 70 ms instead of a second, which may be what is wanted
    yield Finding(
        "LAM567",
        "enhanced fan-out brings nothing here",
        ("enhanced_fan_out",),
        note=f"a shard gives its readers twice what it takes, which is enough for {SHARE_WELL} of them; it is read each second "
        f"without, and a batch waits {duration(spec.batch_window_seconds)}{_price(stream)}",
        help="take `enhanced_fan_out` out; or, where each tenth of a second counts, set `batch_window_seconds: 0`",
        edits=(Edit(("enhanced_fan_out",)),),
    )


def _price(stream: StreamPlan) -> str:
    """What it costs, where that is known."""
    if stream.shards is None:
        return ""
    charges = costs.fan_out(stream.shards, flow_of(stream.workload), 1)
    usd = sum(charge.price.usd(charge.quantity) for charge in charges if charge.price is not None)
    return f"; it costs about {usd:,.0f} USD a month by list prices in us-east-1"


def _fills_a_batch(workload: Workload) -> bool:
    """Whether one record fills an invocation, so that a batch never has two."""
    return 2 * workload.kb > LARGEST_LAMBDA_RECORD_KIB


def single_record_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """A function that is given records one by one, as a queue gives out tasks.

    Args:
        consumer: The consumer with its numbers.
    """
    spec, source = consumer.spec, consumer.source
    if spec.batch_size > 1 or (source is not None and source.workload is not None and _fills_a_batch(source.workload)):
        return
    part = "shard" if consumer.kind == "kinesis" else "partition"
    pace = ""
    if source is not None and source.workload is not None and consumer.concurrency:
        records = float(peak_load(source.workload).records)
        each = number(consumer.concurrency / records * 1000)
        pace = f"; {number(records)} records/s at the peak are as many invocations, and each has {each} ms"
    yield Finding(
        "LAM568",
        "records are handed over one by one, as tasks of a queue are",
        ("batch_size",),
        note=f"records of a {part} wait for the one before, also while it fails{pace}",
        help=f"set `batch_size: {_USUAL_BATCH}`; or, where no order matters, have the tasks sent to a queue of SQS, which "
        "gives each to whoever is free",
        edits=(Edit(("batch_size",), _USUAL_BATCH),),
    )
