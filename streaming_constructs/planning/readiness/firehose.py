"""Is a delivery of Firehose ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.numbers import counted, duration, number
from streaming_constructs.planning.readiness.common_items import (
    dashboard_item,
    failure_test,
    load_test,
    permissions_item,
    told_item,
    watched,
)
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, passed

_BUFFERING = "https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html"
_QUOTAS = "https://docs.aws.amazon.com/firehose/latest/dev/limits.html"
_BACKUP = "https://docs.aws.amazon.com/firehose/latest/dev/retry.html"
_METRICS = "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html"
_TRANSFORM = "https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html"


def _planned(asked: Asked) -> DeliveryPlan:
    return cast("DeliveryPlan", asked.node)


def _buffers(asked: Asked) -> Answer:
    delivery = _planned(asked)
    return passed(
        f"{number(delivery.buffer_mb)} MiB or {duration(delivery.buffer_seconds)}, whichever comes first", "to"
    )


def _quota(asked: Asked) -> Answer:
    delivery = _planned(asked)
    if delivery.source is not None and delivery.spec.from_ is not None:
        return passed(f"it reads `{delivery.spec.from_}`, as fast as that is written")
    return confirm(
        "it is written to directly: its quota is one of the account and Region",
        "look at the quota, and at `ThrottledRecords`",
    )


def _backup(asked: Asked) -> Answer:
    return passed("what cannot be delivered is kept in S3, under its error prefix", "to")


def _alarms(asked: Asked) -> Answer:
    delivery = _planned(asked)
    needed = ["freshness", "delivery_success"]
    needed.append("throttled_records" if delivery.source is None else "source_lag")
    return watched(asked, tuple(needed))


def _logs(asked: Asked) -> Answer:
    return passed(f"its errors are logged, and kept for {counted(_planned(asked).spec.log_retention_days, 'day')}")


def _transform(asked: Asked) -> Answer:
    if _planned(asked).spec.transform is None:
        return passed("records are delivered as they come")
    return confirm(
        "a function transforms its records",
        "its code answers for each record, within 6 MB and five minutes: look",
        "transform",
    )


CHECKLIST = (
    Item("FI1", "Infrastructure", "its buffers were computed", _buffers, _BUFFERING),
    Item("FI2", "Infrastructure", "its traffic is within its quota", _quota, _QUOTAS),
    Item("FI3", "Infrastructure", "what cannot be delivered is kept", _backup, _BACKUP),
    Item("FC1", "Code", "its transformation answers for each record", _transform, _TRANSFORM),
    Item("FO1", "Operations", "freshness and failures have alarms", _alarms, _METRICS),
    dashboard_item("FO2"),
    Item("FO3", "Operations", "its errors are logged", _logs, _METRICS),
    failure_test("FO4", "send it a record that its schema refuses"),
    load_test("FO5"),
    told_item("FO6"),
    permissions_item("FS1"),
)
