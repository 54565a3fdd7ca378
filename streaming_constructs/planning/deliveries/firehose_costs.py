"""What a delivery costs in a month: Firehose itself, its function, and what it keeps in S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs import firehose, kms, s3
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of
from streaming_constructs.planning.costs.function_costs import function_costs
from streaming_constructs.planning.numbers import counted, number

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.kinesis import Flow
    from streaming_constructs.planning.deliveries.firehose import DeliveryPlan

_DAYS = HOURS_A_MONTH / 24


def delivery_costs(delivery: DeliveryPlan) -> Iterator[Charge]:
    """The charges of a delivery, whatever it is to; what its destination costs is told with that, if it is of the system.

    Args:
        delivery: The delivery with its numbers.
    """
    spec, flow = delivery.spec, flow_of(delivery.workload)
    if flow is None:
        yield unknown("records", NO_WORKLOAD)
    else:
        converts = bool(getattr(spec.to, "is_converted", False))
        yield from firehose.delivered(flow, _way(delivery), converts=converts)
        yield from _transform_costs(delivery, flow)
    zones = len(vpc.subnet_ids) if (vpc := getattr(spec.to, "vpc", None)) is not None else 0
    if zones:
        yield from firehose.in_vpc(flow.gib(HOURS_A_MONTH) if flow is not None else 0.0, zones)
    if flow is not None and spec.to.copies_all_records:
        yield from kept_costs(flow, None, _requests(delivery, flow), "a copy of all records")
    yield from kms.created_key(getattr(spec, "encryption", None))
    yield from delivery.costs_of_destination()


def kept_costs(flow: Flow, expire_days: int | None, puts: float, what: str) -> Iterator[Charge]:
    """The charges for what is kept in S3, as large as it comes.

    Args:
        flow: What comes.
        expire_days: After how many days it is deleted. None: never; then what a month brings is charged, as in the first.
        puts: Objects that are written in the month.
        what: What is kept, in words.
    """
    days = _DAYS if expire_days is None else expire_days
    span = f"{number(days)} days" if expire_days is not None else "a month, and as much more with each that follows"
    working = f"{what}: {number(flow.gib(24))} GB a day before compression, of {span}"
    yield from s3.bucket(flow.gib(24 * days), puts, why=working)


def _way(delivery: DeliveryPlan) -> firehose.Way:
    kind: Any = delivery.spec.to.kind
    if kind == "iceberg":
        return "iceberg"
    if kind == "snowflake":
        return "snowflake"
    return "kafka" if delivery.reads_topic else "records"


def _requests(delivery: DeliveryPlan, flow: Flow) -> float:
    """How often its buffer is full, or old enough, in a month."""
    by_size = flow.gib(HOURS_A_MONTH) * 1024 / delivery.buffer_mb
    by_age = HOURS_A_MONTH * 3600 / max(1, delivery.buffer_seconds)
    return max(by_size, by_age)


def _transform_costs(delivery: DeliveryPlan, flow: Flow) -> Iterator[Charge]:
    function = delivery.spec.transform
    if function is None:
        return
    by_size = flow.gib(HOURS_A_MONTH) * 1024 / float(function.buffer_mb)
    shards = (delivery.source.partitions if delivery.source is not None else None) or 1
    by_age = shards * HOURS_A_MONTH * 3600 / max(1, function.buffer_seconds)
    working = (
        f"batches of {number(function.buffer_mb)} MB or {function.buffer_seconds:,} s of {counted(shards, 'shard')}"
    )
    yield from function_costs(function, max(by_size, by_age), working)
