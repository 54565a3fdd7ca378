"""The indices that deliveries write to: their names, shards, how many of them are kept, and what is wrong between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from streaming_constructs.facts import opensearch
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.numbers import exact
from streaming_constructs.planning.workload import mib_per_second
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.finding import Edit, Finding

ROTATION_HOURS = {"none": 0, "hourly": 1, "daily": 24, "weekly": 168, "monthly": 744}
"""How long one index takes documents at most; it is deleted whole, when the last of them is old enough."""
SHARD_GIB = opensearch.LOG_SHARD_GIB.minimum
"""Shards are planned at the lower end of what AWS advises for logs, so that they may grow by two thirds."""


def index_name(delivery: DeliveryPlan) -> str:
    """The index that a delivery writes to, without what rotation appends.

    Args:
        delivery: The delivery, to a domain or a collection.
    """
    # Names of indices have small letters; the name of a construct may have others.
    return getattr(delivery.spec.to, "index", None) or delivery.name.lower()


def primary_shards(delivery: DeliveryPlan) -> int:
    """The primary shards of one index of a delivery: as many as keep each at `SHARD_GIB`; 1 where the load is not known.

    Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html

    Args:
        delivery: The delivery.
    """
    daily = daily_gib(delivery)
    if daily is None:
        return 1
    data = daily * Fraction(rotation_hours(delivery), 24) * (1 + exact(opensearch.INDEXING_OVERHEAD.value))
    return max(1, math.ceil(data / SHARD_GIB))


def daily_gib(delivery: DeliveryPlan) -> Fraction | None:
    """What a delivery writes in a day, in GiB; None where its load is not known.

    Args:
        delivery: The delivery.
    """
    if delivery.workload is None:
        return None
    return mib_per_second(delivery.workload) * 86_400 / 1024


def rotation_hours(delivery: DeliveryPlan) -> int:
    """How long one index of a delivery takes documents at most; 0 where it is written to for ever.

    Args:
        delivery: The delivery, to a domain.
    """
    assert isinstance(delivery.spec.to, OpenSearchDestination)
    return ROTATION_HOURS[delivery.spec.to.index_rotation]


def kept_indices(retention_days: int, rotation_hours: int) -> int:
    """How many indices of one name are there at once: those that are kept, and the one that is written to.

    Args:
        retention_days: How long documents are kept.
        rotation_hours: How long one index takes them; 0 for ever.
    """
    return math.ceil(Fraction(retention_days * 24, rotation_hours)) + 1 if rotation_hours else 1


def index_findings(retention_days: int, deliveries: Iterable[DeliveryPlan]) -> Iterator[Finding]:
    """What is wrong between a domain and the deliveries that write to it; paths start at `deliveries`.

    Args:
        retention_days: How long the domain keeps documents.
        deliveries: What writes to it.
    """
    taken: dict[str, str] = {}
    for delivery in deliveries:
        assert isinstance(delivery.spec.to, OpenSearchDestination)
        if delivery.spec.to.index_rotation == "none":
            yield rotation_finding(retention_days).below("deliveries", delivery.name)
        other = taken.setdefault(index_name(delivery), delivery.name)
        if other != delivery.name:
            yield same_index_finding(index_name(delivery), other).below("deliveries", delivery.name)


def rotation_finding(retention_days: int) -> Finding:
    """Says that the retention of a domain deletes nothing of a delivery; its path is relative to the delivery.

    Args:
        retention_days: What the domain says.
    """
    return Finding(
        "OSD801",
        "without rotation nothing can be deleted",
        ("to", "index_rotation"),
        note=f"`retention_days: {retention_days}` of the domain deletes whole indices, and this one is written to for ever",
        help="take it out (daily), or choose hourly, weekly or monthly",
        edits=(Edit(("to", "index_rotation")),),
    )


def same_index_finding(index: str, other: str) -> Finding:
    """Says that two deliveries write to one index; its path is relative to the second.

    Args:
        index: The index.
        other: The delivery that writes to it already.
    """
    return Finding(
        "OSD809",
        "two deliveries write to the same index",
        ("to", "index"),
        note=f"`{index}` is that of `{other}`: its fields, shards and retention would be those of the last one deployed",
        help="give each an `index` of its own",
    )
