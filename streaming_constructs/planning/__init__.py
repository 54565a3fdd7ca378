"""Arithmetic and judgement: how many shards, which thresholds, and what in a spec is likely to go wrong.

Every number comes with its working. Knows the spec and the facts; knows nothing of CDK. Works without Node. What plans
deliveries and domains is loaded when it is first used: a system without them does not wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from streaming_constructs.planning.alarms import AlarmPlan, consumer_alarms, stream_alarms
from streaming_constructs.planning.capacity import Reader, StreamPlan, plan_stream
from streaming_constructs.planning.concurrency import ConsumerPlan, plan_consumer
from streaming_constructs.planning.load import load_plan, plan_document
from streaming_constructs.planning.plan import PipelinePlan, plan

if TYPE_CHECKING:
    from streaming_constructs.planning.delivery import DeliveryPlan, plan_delivery
    from streaming_constructs.planning.domain import DomainPlan, plan_domain

_MODULE_OF = {
    "DeliveryPlan": "delivery",
    "DomainPlan": "domain",
    "plan_delivery": "delivery",
    "plan_domain": "domain",
}

__all__ = [
    "AlarmPlan",
    "ConsumerPlan",
    "DeliveryPlan",
    "DomainPlan",
    "PipelinePlan",
    "Reader",
    "StreamPlan",
    "consumer_alarms",
    "load_plan",
    "plan",
    "plan_consumer",
    "plan_delivery",
    "plan_document",
    "plan_domain",
    "plan_stream",
    "stream_alarms",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
