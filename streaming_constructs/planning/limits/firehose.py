"""The limits of a delivery of Firehose: direct puts, and what it reads from a topic; of a stream it reads all that comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from streaming_constructs.facts import firehose
from streaming_constructs.planning.deliveries.direct_put_quota import direct_put_quota
from streaming_constructs.planning.limits.limit import Limit, limit_of
from streaming_constructs.planning.workload import peak_load

if TYPE_CHECKING:
    from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
    from streaming_constructs.planning.streams.kafka import TopicPlan


def limits(delivery: DeliveryPlan, region: str | None) -> Iterator[Limit]:
    """The limits of a delivery at the peak.

    Args:
        delivery: The delivery with its numbers.
        region: Its region; None where nothing says it.
    """
    if delivery.workload is None:
        return
    load, name = peak_load(delivery.workload), delivery.name
    if delivery.is_direct:
        mib, records = direct_put_quota(region)
        yield limit_of(name, "bytes put", float(load.mib), mib, unit=" MiB/s", code="FIR718")
        yield limit_of(name, "records put", float(load.records), records, unit=" records/s", code="FIR718")
    elif delivery.reads_topic and delivery.source is not None and delivery.source.partitions is not None:
        each = firehose.MSK_PARTITION_MIB_PER_SECOND
        topic = cast("TopicPlan", delivery.source)
        grows = topic.spec.partitions is None
        yield limit_of(
            name,
            "bytes read",
            float(load.mib),
            each,
            times=topic.partitions or 1,
            unit=" MiB/s",
            grows=grows,
            code="FIR754",
        )
