"""Arithmetic and judgement: how many shards, which thresholds, and what in a spec is likely to go wrong.

Every number comes with its working. Knows the spec and the facts; knows nothing of CDK. Works without Node. What plans
deliveries and domains is loaded when it is first used: a system without them does not wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan, plan_consumer
from streaming_constructs.planning.consumers.lambda_function_alarms import consumer_alarms
from streaming_constructs.planning.load import load_plan, plan_document
from streaming_constructs.planning.plan import PipelinePlan, plan
from streaming_constructs.planning.streams.kinesis import Reader, StreamPlan, plan_stream
from streaming_constructs.planning.streams.kinesis_alarms import stream_alarms

if TYPE_CHECKING:
    from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, plan_delivery
    from streaming_constructs.planning.stores.opensearch import DomainPlan, plan_domain

_MODULE_OF = {
    "DeliveryPlan": "deliveries.firehose",
    "DomainPlan": "stores.opensearch",
    "plan_delivery": "deliveries.firehose",
    "plan_domain": "stores.opensearch",
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
