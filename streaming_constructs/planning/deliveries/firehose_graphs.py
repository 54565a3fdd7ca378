"""The dashboard graphs of a Firehose delivery."""

from __future__ import annotations

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.deliveries.firehose_alarms import backup_metric


def delivery_graphs(delivery: DeliveryPlan) -> tuple[Graph, ...]:
    """What is late, what succeeds, and what was throttled or failed.

    Args:
        delivery: The delivery.
    """
    to = delivery.spec.to
    late = [Graph("Age of the oldest record, in seconds", (to.facts.freshness,))]
    if delivery.reads_topic:
        late.append(Graph("Behind the topic, in records of a partition", (metrics.DELIVERY_OFFSET_LAG,)))
    elif not delivery.is_direct:
        late.append(Graph("Behind the stream", (metrics.DELIVERY_SOURCE_LAG,)))
    backup = backup_metric(delivery)
    success = (
        to.facts.success,
        *((metrics.TRANSFORM_SUCCESS,) if delivery.spec.transform is not None else ()),
        *((backup,) if backup is not None else ()),
    )
    slowed = metrics.DELIVERY_THROTTLED_RECORDS if delivery.is_direct else metrics.DELIVERY_THROTTLED_READS
    lost = (
        *((metrics.DELIVERY_BACKPRESSURED, metrics.DELIVERY_INVALID_RECORDS) if delivery.reads_topic else (slowed,)),
        *((metrics.FAILED_CONVERSION_RECORDS,) if to.is_converted else ()),
        *((to.facts.refused,) if to.facts.refused is not None else ()),
    )
    return (*late, Graph("Share of writes that succeed", success), Graph("Throttled and failed", lost))
