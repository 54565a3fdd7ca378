"""How large each option would be, by what plans its kind, and what it is charged in a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from streaming_constructs.facts import kinesis, msk, sqs
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.constraints import Reason, region_of
from streaming_constructs.planning.advice.options import MSK
from streaming_constructs.planning.advice.reading import fan_out_readers, shared_readers
from streaming_constructs.planning.costs import eventbridge, firehose
from streaming_constructs.planning.costs import kinesis as kinesis_costs
from streaming_constructs.planning.costs import sqs as sqs_costs
from streaming_constructs.planning.costs.charge import Charge, seconds
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.streams.kinesis import shards_for
from streaming_constructs.planning.streams.kinesis_quotas import shards_quota

HEADROOM = 1.3
"""Shards beyond what the peak needs, as a stream has them that says nothing else."""


@dataclass(frozen=True, slots=True)
class Size:
    """An option with its numbers.

    Attributes:
        text: How large it is, in a few words.
        charges: What it is charged in a month.
        shortfalls: What it does not carry, where it is as large as it can be.
    """

    text: str
    charges: tuple[Charge, ...]
    shortfalls: tuple[Reason, ...] = ()


def size(option: str, answers: Answers) -> Size:
    """The size of an option.

    Args:
        option: Its name.
        answers: The answers.
    """
    return _SIZES[option](answers)


def _provisioned(said: Answers) -> Size:
    fan_out = fan_out_readers(said, on_demand=False)
    shards = shards_for(said.peak, shared_readers(said, on_demand=False), HEADROOM)
    charges = kinesis_costs.provisioned(shards, said.flow, retention_hours=kept_hours(said), fan_out_readers=fan_out)
    most = shards_quota(region_of(said))
    short = f"it needs {shards:,} shards; an account has {number(most.value)} in {region_of(said)}"
    shortfalls = (Reason("H14", short, most.source),) if shards > most.value else ()
    return Size(f"{counted(shards, 'shard')}{_fan_out(fan_out)}", (*charges, *_delivery(said)), shortfalls)


def _on_demand(said: Answers) -> Size:
    fan_out, shared = fan_out_readers(said, on_demand=True), shared_readers(said, on_demand=True)
    charges = kinesis_costs.on_demand(
        said.flow, retention_hours=kept_hours(said), shared_readers=shared, fan_out_readers=fan_out
    )
    return Size(f"up to {_doubled(said)}{_fan_out(fan_out)}", (*charges, *_delivery(said)))


def _advantage(said: Answers) -> Size:
    hours, flow = seconds() / 3600, said.flow
    kept = kinesis_costs.kept_gib(flow, kinesis_costs.DAY, kept_hours(said))
    charges = kinesis_costs.advantage(flow.gib(hours, 1), said.all_readers * flow.gib(hours), kept)
    fan_out = fan_out_readers(said, on_demand=True)
    return Size(f"up to {_doubled(said)}{_fan_out(fan_out)}", (*charges, *_delivery(said)))


def _doubled(said: Answers) -> str:
    doubled = float(said.peak.mib) * kinesis.ON_DEMAND_PEAK_MULTIPLE.value
    return f"{number(max(kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.value, doubled))} MiB/s"


def _fan_out(readers: int) -> str:
    return f", {readers:,} with fan-out" if readers else ""


def kept_hours(said: Answers) -> int:
    """How long a stream of Kinesis keeps records: at least as long as it has to.

    Args:
        said: The answers.
    """
    return max(said.hours, kinesis.RETENTION_HOURS.minimum)


def _delivery(said: Answers) -> tuple[Charge, ...]:
    """What delivers the records of a stream, where they land in a store."""
    return tuple(firehose.delivered(said.flow)) if said.delivers else ()


def _cluster(option: str) -> Callable[[Answers], Size]:
    def sized(said: Answers) -> Size:
        from streaming_constructs.planning.advice import clusters

        ways = {"msk_serverless": clusters.serverless, "msk_express": clusters.express, "msk": clusters.standard}
        text, charges, short = ways[option](said)
        delivery = tuple(firehose.delivered(said.flow, "kafka")) if said.delivers else ()
        source = msk.SERVERLESS_PARTITIONS.source
        return Size(text, (*charges, *delivery), tuple(Reason("H3", line, source) for line in short))

    return sized


def _firehose(said: Answers) -> Size:
    return Size("1 delivery stream", tuple(firehose.delivered(said.flow)))


def _sqs(said: Answers) -> Size:
    is_fifo = said.ordering != "none"
    charge = sqs_costs.messages(said.records * seconds(), said.kib, is_fifo=is_fifo)
    batched = f"{charge.working}; a {number(sqs.BATCH_MESSAGES.value)}th of that in full batches of small ones"
    return Size("1 FIFO queue" if is_fifo else "1 queue", (replace(charge, working=batched),))


def _eventbridge(said: Answers) -> Size:
    month = seconds() / 3600
    is_archived = said.replay or said.hours > kinesis.RETENTION_HOURS.minimum
    archived = said.flow.gib(month) if is_archived else 0.0
    kept = said.flow.gib(said.hours) if is_archived else 0.0
    charges = eventbridge.bus(said.records * seconds(), said.kib, archived_gb=archived, archive_gb=kept)
    return Size("1 bus" + (" with an archive" if is_archived else ""), tuple(charges))


_SIZES: dict[str, Callable[[Answers], Size]] = {
    "kinesis_provisioned": _provisioned,
    "kinesis_on_demand": _on_demand,
    "kinesis_advantage": _advantage,
    **{option: _cluster(option) for option in MSK},
    "firehose": _firehose,
    "sqs": _sqs,
    "eventbridge": _eventbridge,
}
