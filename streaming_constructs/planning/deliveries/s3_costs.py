"""What an archive in S3 costs in a month, beside what Firehose costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs import firehose, kms
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.costs.flows import flow_of
from streaming_constructs.planning.deliveries.firehose_costs import kept_costs

if TYPE_CHECKING:
    from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan


def archive_costs(archive: S3DeliveryPlan) -> Iterator[Charge]:
    """The charges of an archive.

    Args:
        archive: The archive with its numbers.
    """
    to, flow = archive.to, flow_of(archive.workload)
    if flow is not None:
        gib = flow.gib(HOURS_A_MONTH)
        # Where the partitions are not known that are written at once, objects are at least those that are full.
        full = gib * 1024 / archive.buffer_mb
        objects = archive.objects.per_day * HOURS_A_MONTH / 24 if archive.objects is not None else full
        if to.is_dynamic:
            yield from firehose.partitioned(gib, objects)
            yield unknown("jq", "how long Firehose takes to read the fields of records is not known")
        yield from kept_costs(flow, to.expire_after_days, objects, "archive")
        if archive.objects is None:
            yield unknown(
                "more objects", "how many partitions are written at once is not known; each has its own objects"
            )
    yield from kms.created_key(to.encryption)
