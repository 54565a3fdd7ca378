"""Arithmetic and judgement: how many shards, which thresholds, and what in a spec is likely to go wrong.

Every number comes with its working. Knows the spec and the facts; knows nothing of CDK. Works without Node.
"""

from streaming_constructs.planning.alarms import AlarmPlan, consumer_alarms, stream_alarms
from streaming_constructs.planning.capacity import Reader, StreamPlan, plan_stream
from streaming_constructs.planning.concurrency import ConsumerPlan, plan_consumer
from streaming_constructs.planning.delivery import DeliveryPlan, plan_delivery
from streaming_constructs.planning.delivery_alarms import delivery_alarms
from streaming_constructs.planning.domain import DomainPlan, plan_domain
from streaming_constructs.planning.domain_alarms import domain_alarms
from streaming_constructs.planning.load import load_plan, plan_document
from streaming_constructs.planning.plan import PipelinePlan, plan

__all__ = [
    "AlarmPlan",
    "ConsumerPlan",
    "DeliveryPlan",
    "DomainPlan",
    "PipelinePlan",
    "Reader",
    "StreamPlan",
    "consumer_alarms",
    "delivery_alarms",
    "domain_alarms",
    "load_plan",
    "plan",
    "plan_consumer",
    "plan_delivery",
    "plan_document",
    "plan_domain",
    "plan_stream",
    "stream_alarms",
]
