"""What Firehose costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from streaming_constructs.facts.prices import firehose as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.costs.kinesis import Flow
from streaming_constructs.planning.numbers import counted, number

Way = Literal["records", "kafka", "iceberg", "snowflake"]
"""How it is charged what comes in: by records of a stream or of direct puts, by what a topic has, or by destination."""

_IN = {"kafka": prices.IN_FROM_MSK, "iceberg": prices.ICEBERG, "snowflake": prices.SNOWFLAKE}


def delivered(
    flow: Flow, way: Way = "records", *, converts: bool = False, hours: float = HOURS_A_MONTH
) -> Iterator[Charge]:
    """The charges for what comes in, and is converted to Parquet or ORC.

    Args:
        flow: What comes in.
        way: How that is charged.
        converts: Whether records are converted.
        hours: The hours of the month.
    """
    step = prices.RECORD_KIB.value
    rounded = f"{flow}, each rounded up to {number(step)} KiB"
    if way == "records":
        yield Charge("records", prices.IN, flow.gib(hours, step), "usage", rounded)
    else:
        yield Charge("records", _IN[way], flow.gib(hours), "usage", str(flow))
    if converts:
        # Those of a topic are not rounded up as they come in, nor here.
        gib = flow.gib(hours) if way == "kafka" else flow.gib(hours, step)
        yield Charge("conversion", prices.CONVERSION, gib, "usage", str(flow) if way == "kafka" else rounded)


def partitioned(gib: float, objects: float, jq_hours: float | None = None) -> Iterator[Charge]:
    """The charges for partitions by what is in records.

    Args:
        gib: What is delivered in the month, in GiB.
        objects: Objects that are delivered in it.
        jq_hours: Hours that expressions of jq run. None: that is not known, and not charged here.
    """
    yield Charge("partitioning", prices.PARTITIONED, gib, "usage", f"{number(gib)} GB delivered")
    yield Charge("partitioned objects", prices.PARTITIONED_OBJECTS, objects, "usage", f"{number(objects)} objects")
    if jq_hours is not None:
        yield Charge("jq", prices.JQ_HOUR, jq_hours, "usage", f"{number(jq_hours)} h")


def in_vpc(gib: float, zones: int, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges for a destination in a VPC.

    Args:
        gib: What is delivered in the month, in GiB.
        zones: The zones that it is delivered to.
        hours: The hours of the month.
    """
    yield Charge("VPC", prices.VPC_HOUR, zones * hours, "fixed", f"{counted(zones, 'zone')} × {number(hours)} h")
    yield Charge("delivered in the VPC", prices.VPC_DATA, gib, "usage", f"{number(gib)} GB")
