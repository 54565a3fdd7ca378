"""What Amazon MSK costs: standard brokers, Express, Serverless, Connect, Replicator. Traffic between brokers costs nothing.

Source: https://aws.amazon.com/msk/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import msk as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted, number


def standard(
    instance_type: str,
    brokers: int,
    volume_gb: float,
    *,
    throughput_mb: float = 0.0,
    tiered_gb: float = 0.0,
    tiered_read_gb: float = 0.0,
    hours: float = HOURS_A_MONTH,
) -> Iterator[Charge]:
    """The charges of standard brokers.

    Args:
        instance_type: Their type.
        brokers: How many there are.
        volume_gb: The volume of each.
        throughput_mb: The throughput that is provisioned for each volume, in MB/s.
        tiered_gb: What is kept in tiered storage.
        tiered_read_gb: What is read from it in the month.
        hours: The hours of the month.
    """
    each = f"{counted(brokers, 'broker')} × "
    working = f"{brokers:,} × {instance_type} × {number(hours)} h"
    yield Charge("brokers", prices.STANDARD_BROKER[instance_type], brokers * hours, "fixed", working)
    yield Charge("volumes", prices.VOLUME, brokers * volume_gb, "fixed", f"{each}{number(volume_gb)} GB")
    if throughput_mb:
        quantity = brokers * throughput_mb
        working = f"{each}{number(throughput_mb)} MB/s"
        yield Charge("throughput of volumes", prices.VOLUME_THROUGHPUT, quantity, "fixed", working)
    if tiered_gb:
        yield Charge("tiered storage", prices.TIERED, tiered_gb, "usage", f"{number(tiered_gb)} GB, once")
    if tiered_read_gb:
        yield Charge(
            "read from tiered storage", prices.TIERED_READ, tiered_read_gb, "usage", f"{number(tiered_read_gb)} GB"
        )


def express(
    instance_type: str, brokers: int, gib_in: float = 0.0, stored_gib: float = 0.0, *, hours: float = HOURS_A_MONTH
) -> Iterator[Charge]:
    """The charges of Express brokers.

    Args:
        instance_type: Their type.
        brokers: How many there are.
        gib_in: What producers write in the month, in GiB.
        stored_gib: What is stored, in GiB, each record once.
        hours: The hours of the month.
    """
    working = f"{brokers:,} × {instance_type} × {number(hours)} h"
    yield Charge("brokers", prices.EXPRESS_BROKER[instance_type], brokers * hours, "fixed", working)
    if gib_in:
        yield Charge("written", prices.EXPRESS_IN, gib_in, "usage", f"{number(gib_in)} GB, before replication")
    if stored_gib:
        yield Charge("storage", prices.EXPRESS_STORAGE, stored_gib, "usage", f"{number(stored_gib)} GB, once")


def serverless(
    partitions: int,
    gib_in: float = 0.0,
    gib_out: float = 0.0,
    stored_gib: float = 0.0,
    *,
    hours: float = HOURS_A_MONTH,
) -> Iterator[Charge]:
    """The charges of MSK Serverless.

    Args:
        partitions: Partitions of all topics, without replicas.
        gib_in: What producers write in the month, in GiB.
        gib_out: What all consumers read, in GiB.
        stored_gib: What is stored, in GiB, each record once.
        hours: The hours of the month.
    """
    yield Charge("cluster", prices.SERVERLESS_CLUSTER, hours, "fixed", f"{number(hours)} h")
    if partitions:
        working = f"{counted(partitions, 'partition')} × {number(hours)} h"
        yield Charge("partitions", prices.SERVERLESS_PARTITION, partitions * hours, "fixed", working)
    for what, price, gib in (
        ("written", prices.SERVERLESS_IN, gib_in),
        ("read", prices.SERVERLESS_OUT, gib_out),
        ("storage", prices.SERVERLESS_STORAGE, stored_gib),
    ):
        if gib:
            yield Charge(what, price, gib, "usage", f"{number(gib)} GB")


def connect(workers: float, mcu: int, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges of a connector.

    Args:
        workers: Its workers; their average, where they scale.
        mcu: The MCU of each.
        hours: The hours of the month.
    """
    working = f"{number(workers)} × {mcu} MCU × {number(hours)} h"
    yield Charge("workers", prices.CONNECT_MCU, workers * mcu * hours, "fixed", working)


def replicator(gib: float = 0.0, *, identical_names: bool = False, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges of a replicator; what leaves a region is not in them.

    Args:
        gib: What it replicates in the month, in GiB.
        identical_names: Whether topics keep their names: it processes data twice then.
        hours: The hours of the month.
    """
    yield Charge("replicator", prices.REPLICATOR, hours, "fixed", f"{number(hours)} h")
    if gib:
        times = 2 if identical_names else 1
        working = f"{number(gib)} GB" + (" × 2, as topics keep their names" if identical_names else "")
        yield Charge("replicated", prices.REPLICATOR_DATA, times * gib, "usage", working)


def private_connectivity(schemes: int, gib: float = 0.0, *, hours: float = HOURS_A_MONTH) -> Iterator[Charge]:
    """The charges of a cluster that clients reach from other VPCs.

    Args:
        schemes: Its ways to log in.
        gib: What goes that way in the month, in GiB.
        hours: The hours of the month.
    """
    working = f"{counted(schemes, 'way')} to log in × {number(hours)} h"
    yield Charge("private connectivity", prices.PRIVATE_CONNECTIVITY, schemes * hours, "fixed", working)
    if gib:
        yield Charge("private traffic", prices.PRIVATE_CONNECTIVITY_DATA, gib, "usage", f"{number(gib)} GB")
